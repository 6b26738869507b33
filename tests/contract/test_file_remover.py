"""What was saved in files and is taken out again; what others put there stays, octet by octet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO, NoReturn

import pytest

from omm_desktop.copies import Copies
from omm_desktop.endpoints.files import durable
from omm_desktop.endpoints.files.removing import FileRemover
from omm_desktop.engine.undo import Undo
from omm_desktop.model.account import Account, EndpointKind, MailFormat, on_disk
from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import MigrationPlan, Options, Selection
from omm_desktop.model.problem import CannotGoOn, ProblemId
from omm_desktop.model.report import Grade, Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.model.undoing import UndoReport
from omm_desktop.store.history import History
from omm_desktop.store.ledger import Ledger
from omm_desktop.support.redact import Redactor

from . import entries

NOTHING = Secrets(Secret(""), Secret(""))
FOREIGN = b"From somebody@example.test Thu Jan  1 00:00:00 2026\nSubject: mine\n\nstays\n\n"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{0}\r\nFN:{0}\r\nN:{0};;;;\r\nEND:VCARD\r\n"


class Killed(BaseException):
    """The program ends here."""


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copies:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return Copies(Redactor(), tmp_path / "state")


def mbox(*numbers: int) -> bytes:
    return b"".join(
        b"From a@example.test Thu Jan  1 00:00:%02d 2026\nMessage-ID: <%d>\n\nhello %d\n\n"
        % (n % 60, n, n)
        for n in numbers
    )


def exports(tmp_path: Path, *numbers: int, cards: int = 0, name: str = "inbox.mbox") -> Account:
    top = tmp_path / "exports"
    top.mkdir(parents=True, exist_ok=True)
    (top / name).write_bytes(mbox(*numbers))
    if cards:
        text = "".join(CARD.format(f"Zoe {n}") for n in range(cards))
        (top / "people.vcf").write_text(text, newline="")
    return on_disk(EndpointKind.FILE, top)


def saved(tmp_path: Path, format: MailFormat) -> Account:
    return on_disk(EndpointKind.FILES, tmp_path / "saved", format)


def copy(copies: Copies, source: Account, destination: Account) -> Report:
    kinds = frozenset(ItemKind)
    plan = MigrationPlan(source, destination, Selection(kinds), Options(settle_seconds=0))
    report = copies.open(plan, NOTHING, attended=False).run()
    assert report.grade.nothing_missing, report
    return report


def undo(copies: Copies, run: int) -> UndoReport:
    return copies.open_undo(run, Secret(""), attended=False).run()


def bodies(top: Path) -> list[str]:
    """The lines that tell one message from another, in their order."""
    files = sorted(top.rglob("*.mbox")) + sorted(top.rglob("*.eml"))
    lines = [line for file in files for line in file.read_text().splitlines()]
    return [line for line in lines if line.startswith(("hello", "stays"))]


@pytest.mark.parametrize("format", MailFormat)
def test_each_run_is_taken_out_by_itself(
    tmp_path: Path, copies: Copies, format: MailFormat
) -> None:
    """Also the first of two, after which the other's messages are elsewhere in the file."""
    destination = saved(tmp_path, format)
    first = copy(copies, exports(tmp_path, 1, 2, 3), destination)
    second = copy(copies, exports(tmp_path, 1, 2, 3, 4, 2), destination)
    assert (first.copied, second.copied) == (3, 2)
    third = copy(copies, exports(tmp_path, 1, 2, 3, 4, 2, 5), destination)
    report = undo(copies, first.run)
    assert (report.grade, report.removed) == (Grade.COMPLETE, 3)
    assert bodies(destination.place) == ["hello 4", "hello 2", "hello 5"]
    for run, number in ((second.run, 2), (third.run, 1)):
        report = undo(copies, run)
        assert (report.grade, report.removed) == (Grade.COMPLETE, number)
    assert bodies(destination.place) == []
    again = copy(copies, exports(tmp_path, 1, 2, 3, 4, 2), destination)
    assert again.copied == 5
    assert len(bodies(destination.place)) == 5
    copies.close()


def test_what_others_put_into_the_file_stays(tmp_path: Path, copies: Copies) -> None:
    """Before ours and behind it, and the file is found again by the next copy."""
    destination = saved(tmp_path, MailFormat.MBOX)
    file = destination.place / "mail" / "letters.mbox"
    file.parent.mkdir(parents=True)
    file.write_bytes(FOREIGN)
    source = exports(tmp_path, 1, 2, name="letters.mbox")
    run = copy(copies, source, destination).run
    with file.open("ab") as more:
        more.write(FOREIGN)
    report = undo(copies, run)
    assert (report.grade, report.removed) == (Grade.COMPLETE, 2)
    assert file.read_bytes() == FOREIGN * 2
    assert copy(copies, source, destination).copied == 2
    assert copy(copies, source, destination).copied == 0
    copies.close()


def undo_killed_at(
    owner: type, step: str, copies: Copies, run: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Just before it does this."""

    def die(*_: object) -> NoReturn:
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(owner, step, die)
        with pytest.raises(Killed):
            undo(copies, run)


def test_what_is_left_of_a_cut_removal_is_found_where_it_has_moved_to(
    tmp_path: Path, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of equal length, another's message stands then where ours stood."""
    destination = saved(tmp_path, MailFormat.MBOX)
    run = copy(copies, exports(tmp_path, 1, 2, 3, name="letters.mbox"), destination).run
    other = copy(copies, exports(tmp_path / "other", 3, name="letters.mbox"), destination)
    assert other.present == 1
    file = destination.place / "mail" / "letters.mbox"
    with file.open("ab") as more:
        more.write(mbox(4, 5).replace(b"a@", b"anothers@"))
    undo_killed_at(FileRemover, "remove", copies, run, monkeypatch)
    assert len(bodies(destination.place)) == 5
    History(copies.ledger).forget(other.run)
    report = undo(copies, run)
    assert (report.removed, report.gone) == (3, 0)
    assert bodies(destination.place) == ["hello 4", "hello 5"]
    copies.close()


def test_what_comes_into_the_file_meanwhile_is_not_lost(
    tmp_path: Path, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = saved(tmp_path, MailFormat.MBOX)
    run = copy(copies, exports(tmp_path, 1, 2, name="letters.mbox"), destination).run
    file = destination.place / "mail" / "letters.mbox"
    to_disk = durable._to_disk

    def comes_in(part: IO[bytes]) -> None:
        to_disk(part)
        with file.open("ab") as more:
            more.write(FOREIGN)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(durable, "_to_disk", comes_in)
        report = undo(copies, run)
    assert report.kept[0].problem.id is ProblemId.REMOVING_LEFT_FILE
    assert bodies(destination.place) == ["hello 1", "hello 2", "stays"]
    assert undo(copies, run).removed == 2
    assert bodies(destination.place) == ["stays"]
    copies.close()


def test_no_file_is_open_that_another_takes_the_place_of(
    tmp_path: Path, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows wants it."""
    replace, replaced = Path.replace, []

    def replace_closed(part: Path, place: Path) -> Path:
        handles = [handle for handle in Path("/proc/self/fd").iterdir() if handle.exists()]
        assert not any(handle.samefile(place) for handle in handles if place.exists())
        replaced.append(place.suffix)
        return replace(part, place)

    destination = saved(tmp_path, MailFormat.MBOX)
    run = copy(copies, exports(tmp_path, 1, cards=2), destination).run
    monkeypatch.setattr(Path, "replace", replace_closed)
    assert undo(copies, run).removed == 3
    assert replaced == [".mbox", ".vcf"]
    copies.close()


OTHERS = {
    ".mbox": b"no mail at all",
    ".vcf": b"a note about somebody",
    ".ics": entries.calendar("UID:1", kind="VJOURNAL"),
}


@pytest.mark.parametrize("suffix", OTHERS)
def test_a_file_that_others_use_for_what_is_not_copied_stays(
    tmp_path: Path, copies: Copies, suffix: str
) -> None:
    destination = saved(tmp_path, MailFormat.MBOX)
    source = exports(tmp_path, 1, cards=1, name="letters.mbox")
    event = entries.calendar("UID:1", "DTSTART:20260101T000000Z")
    (source.place / "dates.ics").write_bytes(event)
    run = copy(copies, source, destination).run
    file = next(destination.place.rglob(f"*{suffix}"))
    file.write_bytes(OTHERS[suffix])
    report = undo(copies, run)
    assert file.read_bytes() == OTHERS[suffix]
    assert ProblemId.FOLDER_STAYS in {one.problem.id for one in report.kept}
    copies.close()


def test_a_folder_keeps_its_number_as_long_as_others_use_it(tmp_path: Path, copies: Copies) -> None:
    destination = saved(tmp_path, MailFormat.EML)
    run = copy(copies, exports(tmp_path, 1, name="letters.mbox"), destination).run
    folder = next(destination.place.rglob("*.eml")).parent
    (folder / "notes.txt").write_text("mine")
    number = (folder / ".omm-desktop").read_bytes()
    assert undo(copies, run).removed == 1
    assert (folder / ".omm-desktop").read_bytes() == number
    copies.close()


def test_an_undo_and_a_copy_are_not_at_one_mailbox_together(tmp_path: Path) -> None:
    copies = Copies(Redactor(), tmp_path / "state", locks=tmp_path / "locks")
    source, destination = exports(tmp_path, 1), saved(tmp_path, MailFormat.MBOX)
    run = copy(copies, source, destination).run
    second = copies.open(MigrationPlan(source, destination), NOTHING, attended=False)
    with pytest.raises(CannotGoOn) as refused:
        copies.open_undo(run, Secret(""), attended=False)
    assert refused.value.problem.id is ProblemId.RECORDS_IN_USE
    second.run()
    assert undo(copies, run).removed == 1
    copies.close()


def test_a_file_of_contacts_is_emptied_only_when_all_of_it_is_ours(
    tmp_path: Path, copies: Copies
) -> None:
    destination = saved(tmp_path, MailFormat.MBOX)
    source = exports(tmp_path, 1, cards=3)
    run = copy(copies, source, destination).run
    file = next(destination.place.rglob("*.vcf"))
    ours = file.read_text()
    file.write_text(ours + CARD.format("Somebody"), newline="")
    report = undo(copies, run)
    assert (report.grade, report.removed) == (Grade.INCOMPLETE, 1)
    assert [one.problem.id for one in report.kept] == [
        ProblemId.REMOVING_LEFT_FILE,
        ProblemId.FOLDER_STAYS,
    ]
    file.write_text(ours, newline="")
    assert undo(copies, run).removed == 3
    copies.close()


@pytest.mark.parametrize("format", MailFormat)
def test_killed_at_every_commit(
    tmp_path: Path,
    copies: Copies,
    format: MailFormat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    destination = saved(tmp_path, format)
    kept = copy(copies, exports(tmp_path, 7, 8), destination)
    number, survived = 1, False
    while not survived:
        run = copy(copies, exports(tmp_path, 7, 8, 1, 1, 2), destination).run
        survived = die_at(copies.ledger, number, lambda run=run: undo(copies, run))
        undo(copies, run)
        assert sorted(bodies(destination.place)) == ["hello 7", "hello 8"], number
        number += 1
    assert number > 5
    assert undo(copies, kept.run).removed == 2
    assert bodies(destination.place) == []
    copies.close()


def test_what_has_nothing_left_but_its_end_can_be_gone_on_with(
    tmp_path: Path, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = copy(
        copies, exports(tmp_path, 1, name="letters.mbox"), saved(tmp_path, MailFormat.MBOX)
    ).run
    undo_killed_at(Undo, "_remove_folders", copies, run, monkeypatch)
    assert offered(copies, run) == (0, True)
    report = undo(copies, run)
    assert (report.grade, report.folders_removed) == (Grade.COMPLETE, ("letters",))
    assert offered(copies, run) == (0, False)
    copies.close()


def offered(copies: Copies, run: int) -> tuple[int, bool]:
    found = copies.preview_undo(run)
    assert found is not None
    return found.items, found.is_offered


def die_at(ledger: Ledger, number: int, act: Callable[[], object]) -> bool:
    """Whether it survived so many commits."""
    left = [number]

    def committed() -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed

    ledger._committed = committed
    try:
        act()
    except Killed:
        return False
    finally:
        ledger._committed = lambda: None
    return True
