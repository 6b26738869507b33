"""Items that were edited in the old mailbox after they were copied."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from omm_desktop.engine import recorder
from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.ports import Refused, Stored
from omm_desktop.model.problem import Place, Problem, ProblemId, TryAgain
from omm_desktop.model.report import Grade, Report

from .memory import Mail, MemoryDestination
from .world import Life, World

CONTACTS, CALENDAR = ("Contacts",), ("Calendrier",)
OLD, NEW = b"old", b"new"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Three contacts and an event were copied; then one of each was edited."""
    world = World(tmp_path)
    world.carry(ItemKind.CONTACTS, ItemKind.EVENTS)
    for name in (b"Ali", b"Bo", b"Zoe"):
        world.source.put(CONTACTS, Mail(name, OLD), kind=ItemKind.CONTACTS)
    world.source.put(CALENDAR, Mail(b"uid", OLD), kind=ItemKind.EVENTS)
    world.run()
    for path in (CONTACTS, CALENDAR):
        world.source.boxes[path].edit(1, NEW)
    return world


def run(world: World, *, update: bool = False) -> Report:
    world.update = update
    report, _ = world.run()
    assert report is not None
    return report


def test_a_report_lists_so_many_edited_items_and_remarks_and_counts_the_rest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "LISTED_NOTES", 1)
    report = run(world)
    assert (len(report.edited), report.unlisted_edited) == (1, 1)
    assert (len(report.notes), report.unlisted_notes) == (1, 1)


def there(world: World, path: tuple[str, ...] = CONTACTS) -> Counter[tuple[bytes, bytes]]:
    box = world.destination.boxes[path]
    return Counter((mail.headers, mail.body) for mail in box.mails.values())


UPDATED = Counter([(b"Ali", NEW), (b"Bo", OLD), (b"Zoe", OLD)])


def test_they_are_told_and_left_as_they_are(world: World) -> None:
    report = run(world)
    assert (report.grade, report.copied, report.present) == (Grade.COMPLETE_WITH_NOTES, 0, 4)
    assert there(world) == Counter([(b"Ali", OLD), (b"Bo", OLD), (b"Zoe", OLD)])
    assert {f.source: (f.edited, f.updated) for f in report.folders if f.edited} == {
        "Contacts": (1, 0),
        "Calendrier": (1, 0),
    }
    assert {(e.folder, e.key, e.problem.id) for e in report.edited} == {
        (name, "1", ProblemId.ITEM_EDITED) for name in ("Contacts", "Calendrier")
    }
    assert run(world).totals == report.totals


def test_on_request_they_are_brought_again_over_ours(world: World) -> None:
    report = run(world, update=True)
    assert (report.grade, report.copied, report.present) == (Grade.COMPLETE, 0, 4)
    assert there(world) == UPDATED
    assert there(world, CALENDAR) == Counter([(b"uid", NEW)])
    assert {(e.problem.id, e.label.subject) for e in report.edited} == {
        (ProblemId.ITEM_UPDATED, "Ali"),
        (ProblemId.ITEM_UPDATED, "uid"),
    }
    again = run(world, update=True)
    assert (again.totals.edited, again.totals.updated, again.edited) == (0, 0, ())


@pytest.mark.parametrize("update", [True, False])
def test_what_changed_in_version_only_is_neither_sent_nor_told(world: World, update: bool) -> None:
    for path in (CONTACTS, CALENDAR):
        world.source.boxes[path].edit(1, OLD)
    report = run(world, update=update)
    assert (report.totals.edited, report.totals.updated, report.edited) == (0, 0, ())
    assert run(world).grade is Grade.COMPLETE


@pytest.mark.parametrize("arrives", [True, False])
def test_a_lost_answer_is_judged_by_the_mark_before_anything_is_sent(
    world: World, arrives: bool
) -> None:
    faults = world.destination.faults
    faults.lose_update_at, faults.update_before_loss = 0, arrives
    report = run(world, update=True)
    assert report.grade is Grade.COMPLETE
    assert there(world) == UPDATED
    assert report.totals.edited == 0


@pytest.mark.parametrize("arrives", [True, False])
def test_a_death_with_the_answer_is_made_good_by_the_next_run(world: World, arrives: bool) -> None:
    faults = world.destination.faults
    faults.lose_update_at, faults.update_before_loss = 0, arrives
    world.update = True
    world.die_when_an_answer_is_lost()
    report = run(world)
    assert report.totals.edited == (1 if arrives else 2)
    run(world, update=True)
    assert there(world) == UPDATED
    assert there(world, CALENDAR) == Counter([(b"uid", NEW)])


def test_what_is_edited_while_its_arrival_is_in_doubt_is_told_by_the_same_run(
    world: World,
) -> None:
    world.source.put(CONTACTS, Mail(b"Yan", OLD))
    faults = world.destination.faults
    faults.lose_answer_at, faults.store_before_loss = 0, 1
    world.die_when_an_answer_is_lost()
    world.source.boxes[CONTACTS].edit(4, NEW)
    report = run(world, update=True)
    assert report.grade is Grade.COMPLETE
    assert there(world) == UPDATED + Counter([(b"Yan", NEW)])


def test_what_the_owner_changed_there_is_told_and_left(world: World) -> None:
    world.destination.boxes[CONTACTS].edit(1, b"by the owner")
    report = run(world, update=True)
    assert report.grade is Grade.COMPLETE_WITH_NOTES
    assert there(world)[b"Ali", b"by the owner"] == 1
    assert {e.label.subject: e.problem.id for e in report.edited} == {
        "Ali": ProblemId.ITEM_CHANGED_THERE,
        "uid": ProblemId.ITEM_UPDATED,
    }


def test_an_edit_that_never_arrives_is_a_failure_and_the_others_arrive(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = MemoryDestination.update

    def losing(self: MemoryDestination, folder_key: str, key: str, item: Item) -> Stored | Refused:
        if item.label.subject == "Ali":
            raise TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.DESTINATION))
        return plain(self, folder_key, key, item)

    monkeypatch.setattr(MemoryDestination, "update", losing)
    report = run(world, update=True)
    assert (report.grade, report.present, report.not_copied) == (Grade.INCOMPLETE, 3, 1)
    assert [(f.folder, f.problem.id) for f in report.failed] == [
        ("Contacts", ProblemId.CONNECTION_LOST)
    ]
    assert report.totals.updated == 1


@pytest.mark.parametrize("step", range(4, 41))
def test_killed_anywhere_the_next_run_brings_every_edit(world: World, step: int) -> None:
    world.update = True
    world.run(life=Life(step))
    run(world, update=True)
    assert there(world) == UPDATED
    assert there(world, CALENDAR) == Counter([(b"uid", NEW)])


def test_an_event_there_in_another_version_counts_as_edited_until_it_is_brought(
    world: World,
) -> None:
    """Records were lost meanwhile: what is ours is known by its mark alone."""
    for file in world.path.parent.glob("ledger.db*"):
        file.unlink()
    first = run(world)
    assert ProblemId.ITEM_OTHER_VERSION in {note.problem.id for note in first.notes}
    assert {e.folder for e in run(world).edited} == {"Calendrier"}
    run(world, update=True)
    assert there(world, CALENDAR) == Counter([(b"uid", NEW)])


def test_of_two_events_with_one_uid_neither_overwrites_the_other(world: World) -> None:
    calendar = world.source.boxes[CALENDAR]
    calendar.add(Mail(b"uid", b"second"))
    run(world)
    calendar.edit(2, b"second, edited")
    run(world, update=True)
    assert there(world, CALENDAR) == Counter([(b"uid", OLD)])
