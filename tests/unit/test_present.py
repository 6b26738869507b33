"""What the pages say, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from omm_desktop import language
from omm_desktop.language import set_language
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import FolderProgress, FolderState, Mood, Phase, Reading, Snapshot
from omm_desktop.model.report import Grade
from omm_desktop.support.catalogue import catalogue
from omm_desktop.wizard.present import person, progress, result

from .reports import failed_item, report

NNBSP = "\u202f"


@pytest.fixture(autouse=True)
def _french() -> Iterator[None]:
    before = language.current()
    set_language("fr")
    yield
    set_language(before)


def folder(state: FolderState = FolderState.DONE, failed: int = 0) -> FolderProgress:
    return FolderProgress("Factures", "Factures", None, state, 88, 88 - failed, 0, failed)


def snapshot(**values: object) -> Snapshot:
    given: dict[str, object] = {
        "phase": Phase.COPYING, "mood": Mood.RUNNING, "items_total": 8300, "items_done": 3214,
        "bytes_total": 4_200_000_000, "bytes_done": 1_600_000_000, "copied": 3214, "present": 0,
        "failed": 0, "seconds": 60.0, "remaining": 2_900.0, "folders": (folder(),),
    }  # fmt: skip
    return Snapshot(**(given | values))  # type: ignore[arg-type]


def said(**values: object) -> progress.ProgressText:
    return progress.progress(snapshot(**values), catalogue())


def test_a_copy_under_way() -> None:
    text = said()
    assert text.headline == "Copie en cours"
    assert text.percent == f"38{NNBSP}%"
    assert text.permille == 380
    assert f"3{NNBSP}214" in text.numbers
    assert text.numbers.endswith(f"1,6{NNBSP}Go sur 4,2{NNBSP}Go")
    assert text.remaining == f"Il reste environ 50{NNBSP}minutes"


def test_nothing_is_estimated_while_too_little_is_known_nor_in_a_pause() -> None:
    assert said(remaining=None).remaining == ""
    assert said(mood=Mood.PAUSED).remaining == ""
    assert said(mood=Mood.WAITING).remaining == "Estimation suspendue"


def test_while_counting_there_is_no_percentage() -> None:
    text = said(phase=Phase.COUNTING, items_total=1250)
    assert (text.permille, text.percent) == (None, "")
    assert text.numbers == f"1{NNBSP}250{NNBSP}messages comptés"
    reading = Reading("Archives.pst", 512_000_000, 2_100_000_000)
    text = said(phase=Phase.COUNTING, items_total=1250, reading=reading)
    assert text.numbers == f"Archives.pst{NNBSP}: 512{NNBSP}Mo lus sur 2,1{NNBSP}Go"


def test_without_sizes_messages_are_the_measure() -> None:
    assert said(bytes_total=0, bytes_done=0, items_done=4150).permille == 500


def test_a_wait_tells_why_until_when_and_its_code() -> None:
    slow = Problem(ProblemId.ASKED_TO_SLOW_DOWN, Place.DESTINATION)
    text = said(mood=Mood.WAITING, waiting_for=slow, waiting_until=1_773_321_600.0)
    assert text.headline == "En attente du serveur"
    assert "Reprise prévue à" in text.waiting
    assert text.waiting.endswith("Code 27-01")


def test_a_question_is_not_a_pause() -> None:
    assert said(mood=Mood.PAUSED).headline == "En pause"
    refused = Problem(ProblemId.SIGN_IN_REFUSED, Place.SOURCE)
    assert said(mood=Mood.PAUSED, owner_needed=refused).headline == "Votre réponse est attendue"


@pytest.mark.parametrize(
    ("failed", "begins"), [(1, f"1{NNBSP}message n’a"), (2, f"2{NNBSP}messages n’ont")]
)
def test_failures_in_singular_and_plural(failed: int, begins: str) -> None:
    assert said(failed=failed).failures.startswith(begins)
    assert said(failed=0).failures == ""


def test_folders_say_their_state_by_sign_and_word() -> None:
    states = (FolderState.PENDING, FolderState.COPYING, FolderState.FAILED)
    shown = (folder(), folder(failed=2), *map(folder, states))
    rows = progress.FolderRows().of(shown)
    assert rows[0].state == "✓ terminé"
    assert rows[0].numbers == "88"
    assert rows[1].state == f"! terminé, 2{NNBSP}remarques"
    assert rows[1].numbers == "86 sur 88"
    assert [row.state[0] for row in rows[2:]] == ["·", "▸", "!"]


def test_only_the_rows_of_folders_that_changed_are_made_anew() -> None:
    shown = progress.FolderRows()
    one, other = folder(), replace(folder(), source="Archives", role=None)
    before = list(shown.of((one, other)))
    after = shown.of((one, replace(other, copied=1)))
    assert after[0] is before[0]
    assert after[1] != before[1]
    twin = replace(other, source="Envoyés", role=one.role)
    assert [row.name for row in shown.of((one, other, twin))] != [row.name for row in before]
    assert len(shown.of((one,))) == 1


def test_very_many_folders_are_told_by_and_by_and_none_is_forgotten() -> None:
    shown = progress.FolderRows()
    many = tuple(replace(folder(), source=f"Folder {n}", role=None, copied=0) for n in range(2_500))
    seen = [len(shown.of(many)) for _look in range(3)]
    assert seen[0] < seen[1] <= seen[2] == len(many)
    changed = tuple(replace(one, copied=88) for one in many)
    looks = [[row.numbers for row in shown.of(changed)].count("88") for _look in range(3)]
    assert 0 < looks[0] < looks[1] < looks[2] == len(many)


def test_a_role_names_a_folder_unless_two_share_it() -> None:
    names = person.folders([("INBOX", "inbox"), ("Sent Items", "sent"), ("Clients/Été", None)])
    assert list(names.values()) == ["Boîte de réception", "Envoyés", "Clients › Été"]
    names = person.folders([("Sent", "sent"), ("Sent Items", "sent")])
    assert list(names.values()) == ["Sent", "Sent Items"]


def test_the_result_groups_failures_by_reason() -> None:
    items = (
        failed_item("Un"), failed_item("Deux"), failed_item("Trois", ProblemId.ITEM_REFUSED),
    )  # fmt: skip
    text = result.result(report(Grade.INCOMPLETE, items), catalogue())
    assert not text.good
    assert text.icon == "!"
    assert [len(group.lines) for group in text.failures] == [2, 1]
    assert "Deux" in text.failures[0].lines[1]
    assert all(group.code_line.startswith("Code ") for group in text.failures)
    assert result.result(report(Grade.COMPLETE, ()), catalogue()).good
