"""A file copied into a folder by the engine, again, after a change, and after the program died."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm_desktop.endpoints.any_file import open_file
from omm_desktop.endpoints.files.people_destination import PeopleFolder
from omm_desktop.engine.run import Migration
from omm_desktop.model.account import EndpointKind
from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import MigrationPlan, Options, Selection
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.report import Grade, Report
from omm_desktop.model.secret import Secret, Secrets
from tests.engine.world import FastClock, Killed, Life, MortalLedger, account

from .reading import calendar, card, event, read

KINDS = frozenset({ItemKind.CONTACTS, ItemKind.EVENTS, ItemKind.TASKS})


def copied(file: Path, top: Path, life: Life | None = None) -> Report | None:
    """One run of the program over a file; no report when it died."""
    life = life or Life()
    top.mkdir(exist_ok=True)
    plan = MigrationPlan(account("old"), account("new"), Selection(kinds=KINDS), Options(2, 30.0))
    try:
        ledger = MortalLedger(top.parent / "ledger.db", life)
    except Killed:
        return None
    try:
        migration = Migration(
            plan,
            Secrets(Secret("a"), Secret("b")),
            ledger,
            lambda _, __: open_file(EndpointKind.ICS, file),
            lambda _, __: PeopleFolder(top),
            attended=False,
            clock=FastClock(),
            rescue=top.parent / "rescue",
        )
        return migration.run(lambda event: None)
    except Killed:
        return None
    finally:
        ledger.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "all.ics"
    people = [card(f"FN:{name}") for name in ("Zoé", "Ali", "Bo", "Bo")]
    events = [event(f"e{number}", "SUMMARY:x", "DTSTART:20240101") for number in range(8)]
    task = event("t", "SUMMARY:y", kind="VTODO")
    path.write_bytes(calendar(*events, task) + b"".join(people))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file for each contact, event and task."""
    place = tmp_path / "exports"
    place.mkdir()
    for name in ("Zoé", "Ali", "Bo"):
        (place / f"{name}.vcf").write_bytes(card(f"FN:{name}"))
    for number in range(8):
        entry = event(f"e{number}", "SUMMARY:x", "DTSTART:20240101")
        (place / f"{number}.ics").write_bytes(calendar(entry))
    for number in range(2):
        task = event(f"t{number}", "SUMMARY:y", kind="VTODO")
        (place / f"task {number}.ics").write_bytes(calendar(task))
    return place


def everything(top: Path) -> list[bytes]:
    places = [place for place in top.rglob("*.*") if place.suffix in (".ics", ".vcf")]
    return sorted(one for place in places for found in read(place).values() for one in found)


def test_everything_arrives_once_and_a_second_run_adds_nothing(file: Path, tmp_path: Path) -> None:
    first, second = copied(file, tmp_path / "to"), copied(file, tmp_path / "to")
    assert first is not None
    assert second is not None
    assert (first.grade, first.copied) == (Grade.COMPLETE, 13)
    assert (second.grade, second.copied, second.present) == (Grade.COMPLETE, 0, 13)
    assert everything(tmp_path / "to") == sorted(
        one for some in read(file).values() for one in some
    )


def test_of_a_file_that_changed_only_what_is_new_is_added(file: Path, tmp_path: Path) -> None:
    copied(file, tmp_path / "to")
    file.write_bytes(card("FN:New") + file.read_bytes())
    report = copied(file, tmp_path / "to")
    assert report is not None
    assert report.copied == 1
    assert ProblemId.FOLDER_RENUMBERED in {note.problem.id for note in report.notes}
    assert everything(tmp_path / "to") == sorted(
        one for some in read(file).values() for one in some
    )


def test_of_files_with_an_item_each_only_what_is_new_is_added(folder: Path, tmp_path: Path) -> None:
    first, second = copied(folder, tmp_path / "to"), copied(folder, tmp_path / "to")
    assert first is not None
    assert second is not None
    assert (first.grade, first.copied) == (Grade.COMPLETE, 13)
    assert (second.grade, second.copied, second.present) == (Grade.COMPLETE, 0, 13)
    elsewhere = folder.rename(tmp_path / "moved")
    (elsewhere / "New.vcf").write_bytes(card("FN:New"))
    (elsewhere / "Bo.vcf").rename(elsewhere / "Bob.vcf")
    third = copied(elsewhere, tmp_path / "to")
    assert third is not None
    assert (third.grade, third.copied, third.present) == (Grade.COMPLETE, 1, 13)
    assert everything(tmp_path / "to") == everything(elsewhere)


def test_a_lost_ledger_doubles_nothing(file: Path, tmp_path: Path) -> None:
    copied(file, tmp_path / "to")
    for place in tmp_path.glob("ledger.db*"):
        place.unlink()
    report = copied(file, tmp_path / "to")
    assert report is not None
    assert (report.copied, report.present) == (0, 13)


@pytest.mark.parametrize("source", ["file", "folder"])
def test_whenever_the_program_dies_the_next_run_brings_the_rest(
    source: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file: Path = request.getfixturevalue(source)
    places = [file] if file.is_file() else [*file.iterdir()]
    expected = sorted(one for place in places for some in read(place).values() for one in some)
    for step in range(5, 200, 15):
        (tmp_path / str(step)).mkdir()
        top = tmp_path / str(step) / "to"
        life = Life(step)
        if copied(file, top, life) is not None:
            assert not life.dead
            return
        report = copied(file, top)
        assert report is not None
        assert report.grade is Grade.COMPLETE, step
        assert everything(top) == expected, step
    pytest.fail("the program never lived to the end")
