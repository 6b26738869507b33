"""Contacts, events and tasks: what is there already, and what stays behind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from omm_desktop.model.items import FolderRole, ItemKind
from omm_desktop.model.plan import FolderRule, Selection
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.progress import Event, KindsLeftOut, Phase, PhaseChanged
from omm_desktop.model.report import Grade

from .memory import Box, Mail
from .world import World

INBOX, CONTACTS, CALENDAR, TASKS = ("INBOX",), ("Contacts",), ("Calendrier",), ("Tâches",)


def entry(name: str, says: str = "") -> Mail:
    """A contact by its name, an event by its UID, and what else it says."""
    return Mail(name.encode(), says.encode())


@pytest.fixture
def world(tmp_path: Path) -> World:
    found = World(tmp_path)
    found.carry(ItemKind.MAIL)
    found.source.put(INBOX, entry("mail"))
    return found


def put(world: World, path: tuple[str, ...], kind: ItemKind, *entries: Mail) -> None:
    """And ask for them."""
    world.source.put(path, *entries, kind=kind)
    world.carry(*world.selection.kinds, kind)


def there(world: World, path: tuple[str, ...]) -> Counter[Mail]:
    return Counter(world.destination.boxes[path].mails.values())


def notes(report: object) -> set[ProblemId]:
    return {note.problem.id for note in report.notes}  # type: ignore[attr-defined]


def test_every_kind_arrives_in_a_folder_of_its_kind_and_nothing_twice(world: World) -> None:
    put(world, CONTACTS, ItemKind.CONTACTS, entry("Zoé"), entry("Ali"))
    put(world, CALENDAR, ItemKind.EVENTS, entry("uid-1"))
    put(world, TASKS, ItemKind.TASKS, entry("uid-2"))
    first, _ = world.run()
    second, _ = world.run()
    assert first is not None
    assert second is not None
    assert (first.grade, first.copied) == (Grade.COMPLETE, 5)
    assert (second.grade, second.copied, second.present) == (Grade.COMPLETE, 0, 5)
    kinds = {path: box.kind for path, box in world.destination.boxes.items()}
    assert kinds == {
        INBOX: ItemKind.MAIL,
        CONTACTS: ItemKind.CONTACTS,
        CALENDAR: ItemKind.EVENTS,
        TASKS: ItemKind.TASKS,
    }
    assert {f.source: (f.kind, f.copied) for f in first.folders}["Contacts"] == (
        ItemKind.CONTACTS,
        2,
    )
    assert [first.of_kind(kind).copied for kind in first.kinds] == [1, 2, 1, 1]


def test_what_was_not_asked_for_stays_out_and_is_no_loss(world: World) -> None:
    put(world, CONTACTS, ItemKind.CONTACTS, entry("Zoé"))
    world.selection = Selection()
    report, _ = world.run()
    assert report is not None
    assert (report.grade, [f.source for f in report.folders]) == (Grade.COMPLETE, ["INBOX"])
    assert CONTACTS not in world.destination.boxes


def test_what_the_new_mailbox_does_not_take_is_told_first_and_the_rest_arrives(
    world: World,
) -> None:
    put(world, CONTACTS, ItemKind.CONTACTS, entry("Zoé"), entry("Ali"))
    world.destination.kinds = frozenset({ItemKind.MAIL})
    events: list[Event] = []
    world.on_event = events.append
    report, _ = world.run()
    assert report is not None
    assert (report.grade, report.copied, report.not_copied) == (Grade.INCOMPLETE, 1, 2)
    assert [(f.folder, f.problem.id) for f in report.failed] == [
        ("Contacts", ProblemId.KIND_NOT_ACCEPTED)
    ]
    (told,) = [event for event in events if isinstance(event, KindsLeftOut)]
    assert [kind for kind, _ in told.kinds] == [ItemKind.CONTACTS]
    assert events.index(told) < events.index(PhaseChanged(Phase.COPYING))
    assert CONTACTS not in world.destination.boxes


def test_an_empty_folder_that_cannot_be_carried_is_no_loss(world: World) -> None:
    put(world, CONTACTS, ItemKind.CONTACTS)
    world.destination.kinds = frozenset({ItemKind.MAIL})
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.COMPLETE_WITH_NOTES
    assert notes(report) == {ProblemId.KIND_NOT_ACCEPTED}


def test_a_kind_the_old_mailbox_does_not_hold_is_told(world: World) -> None:
    world.selection = Selection(kinds=frozenset({ItemKind.MAIL, ItemKind.TASKS}))
    report, _ = world.run()
    assert report is not None
    assert (report.grade, report.copied) == (Grade.COMPLETE_WITH_NOTES, 1)
    assert [(n.problem.id, n.problem.subject) for n in report.notes] == [
        (ProblemId.KIND_NOT_FOUND, "tasks")
    ]


def test_an_event_of_the_same_uid_is_never_added_again(world: World) -> None:
    """Whatever it says: of the owner's own nobody knows, of one of ours the person is told."""
    put(world, CALENDAR, ItemKind.EVENTS, entry("a", "new"), entry("b", "new"), entry("c"))
    box = world.destination.boxes.setdefault(CALENDAR, Box(kind=ItemKind.EVENTS))
    box.add(entry("a", "of the owner"))
    box.add_marked(entry("b", "old"))
    report, _ = world.run()
    assert report is not None
    assert (report.copied, report.present) == (2, 2)
    assert there(world, CALENDAR) == Counter(
        [entry("a", "of the owner"), entry("b", "old"), entry("c")]
    )
    assert [(n.problem.id, n.problem.subject) for n in report.notes] == [
        (ProblemId.ITEM_OTHER_VERSION, "b")
    ]


@pytest.mark.parametrize("connections", [1, 3])
def test_events_of_one_uid_become_one_event(tmp_path: Path, connections: int) -> None:
    """Also out of two folders that lead into one, by several connections."""
    world = World(tmp_path, connections)
    other = ("Autre",)
    world.rules = (FolderRule(other, CALENDAR),)
    many = [entry(str(number), "one") for number in range(30)]
    put(world, CALENDAR, ItemKind.EVENTS, *many, *many)
    put(world, other, ItemKind.EVENTS, *(entry(str(number), "two") for number in range(30)))
    first, _ = world.run()
    second, _ = world.run()
    assert first is not None
    assert second is not None
    uids = Counter(event.headers for event in world.destination.boxes[CALENDAR].mails.values())
    assert uids == Counter(event.headers for event in many)
    assert (first.copied, first.present, first.not_copied) == (30, 60, 0)
    assert ProblemId.ITEM_OTHER_VERSION in notes(first)
    assert (second.grade, second.copied, second.present) == (Grade.COMPLETE, 0, 90)


@pytest.mark.parametrize("kind", [ItemKind.CONTACTS, ItemKind.TASKS])
def test_contacts_and_tasks_are_counted(world: World, kind: ItemKind) -> None:
    """Twins stay twins; one of the owner's, of unknown content, stands for one of ours."""
    path = ("Là",)
    put(world, path, kind, entry("Zoé"), entry("Zoé"), entry("Zoé", "another number"))
    box = world.destination.boxes.setdefault(path, Box(kind=kind))
    box.add(entry("Zoé", "of the owner"))
    report, _ = world.run()
    assert report is not None
    assert (report.of_kind(kind).copied, report.of_kind(kind).present) == (2, 1)
    assert len(box.mails) == 3


def test_one_of_ours_with_another_content_is_another_contact(world: World) -> None:
    put(world, CONTACTS, ItemKind.CONTACTS, entry("Zoé", "new"))
    box = world.destination.boxes.setdefault(CONTACTS, Box(kind=ItemKind.CONTACTS))
    box.add_marked(entry("Zoé", "old"))
    report, _ = world.run()
    assert report is not None
    assert there(world, CONTACTS) == Counter([entry("Zoé", "old"), entry("Zoé", "new")])


def test_a_lost_answer_is_judged_by_the_mark(world: World) -> None:
    put(world, CONTACTS, ItemKind.CONTACTS, *(entry(str(number)) for number in range(6)))
    faults = world.destination.faults
    faults.lose_answer_at, faults.store_before_loss, faults.late_by = 1, 2, 25.0
    report, _ = world.run()
    assert report is not None
    assert (report.grade, report.copied) == (Grade.COMPLETE, 7)
    assert there(world, CONTACTS) == Counter(entry(str(number)) for number in range(6))


def test_a_name_that_another_kind_has_is_kept_apart(world: World) -> None:
    world.destination.boxes[CONTACTS] = Box(kind=ItemKind.CONTACTS, role=FolderRole.CONTACTS)
    world.source.put(CONTACTS, entry("a mail"))
    report, _ = world.run()
    again, _ = world.run()
    assert report is not None
    assert again is not None
    assert there(world, ("Contacts (2)",)) == Counter([entry("a mail")])
    assert not there(world, CONTACTS)
    assert notes(report) >= {ProblemId.FOLDER_RENAMED}
    assert (again.copied, set(world.destination.boxes)) == (
        0,
        {INBOX, CONTACTS, ("Contacts (2)",)},
    )
