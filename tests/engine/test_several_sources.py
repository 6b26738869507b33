"""A mailbox and files in one run: each counts, and what they have in common arrives once."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omm_desktop.model.items import FolderRole, ItemKind
from omm_desktop.model.plan import Selection
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.progress import Event, KindsLeftOut, Phase, PhaseChanged
from omm_desktop.model.report import Grade, Report
from omm_desktop.store.doubts import Doubts
from omm_desktop.store.history import History
from omm_desktop.store.ledger import Ledger

from .memory import Box, Mail, Server
from .test_death import nobody_can_tell
from .world import World, account, file

INBOX = ("INBOX",)
CALENDAR = ("Calendar",)


def mail(number: int) -> Mail:
    return Mail(b"Message-ID: %d" % number, b"body %d" % number)


def holding(*numbers: int) -> Server:
    server = Server()
    server.put(INBOX, *map(mail, numbers))
    return server


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1), mail(2))
    return world


def copied(world: World) -> Report:
    report, _ = world.run()
    world.let_all_arrive()
    assert report is not None
    return report


def there(world: World, path: tuple[str, ...] = INBOX) -> Counter[bytes]:
    return Counter(one.body for one in world.destination.boxes[path].mails.values())


def of(*numbers: int) -> Counter[bytes]:
    return Counter(b"body %d" % number for number in numbers)


def test_all_arrives_what_is_in_both_once_and_a_second_run_adds_nothing(world: World) -> None:
    world.files = {file("a.pst"): holding(2, 2, 3), file("b.mbox"): holding(3, 4)}
    first, second = copied(world), copied(world)
    assert there(world) == of(1, 2, 2, 3, 4)
    assert (first.grade, first.copied, first.present) == (Grade.COMPLETE, 5, 2)
    assert (second.grade, second.copied, second.present) == (Grade.COMPLETE, 0, 7)
    assert first.source == "old, a.pst, b.mbox"
    assert [folder.source for folder in first.folders] == [
        "old/INBOX",
        "a.pst/INBOX",
        "b.mbox/INBOX",
    ]


def test_of_what_nobody_can_tell_the_person_decides_for_every_source(world: World) -> None:
    world.source.boxes.clear()
    world.files = {file("a.pst"): holding(*range(3, 11))}
    world.destination.faults = nobody_can_tell()
    report = copied(world)
    assert {item.folder for item in report.failed} == {"a.pst/INBOX"}
    ledger = Ledger(world.path)
    doubts = Doubts(ledger)
    assert doubts.open(report.run) == len(report.failed) > 0
    doubts.accept(report.run)
    assert (doubts.open(report.run), doubts.accepted(report.run)) == (0, len(report.failed))
    ledger.close()
    assert copied(world).grade is Grade.COMPLETE_WITH_NOTES


def test_files_of_one_name_are_told_apart_by_the_folders_they_are_in(world: World) -> None:
    world.files = {file("a/x.mbox"): holding(3), file("b/x.mbox"): holding(4)}
    told = [folder.source for folder in copied(world).folders]
    assert told == ["old/INBOX", "a/x.mbox/INBOX", "b/x.mbox/INBOX"]


def test_a_file_alone_keeps_what_it_has_twice(world: World) -> None:
    world.old = file("a.pst")
    world.source = holding(2, 2, 3)
    copied(world)
    assert there(world) == of(2, 2, 3)


@pytest.mark.parametrize("tells_keys", [True, False])
@pytest.mark.parametrize("file_first", [True, False])
def test_what_an_earlier_run_brought_from_the_other_is_known(
    world: World, file_first: bool, tells_keys: bool
) -> None:
    world.destination.faults.tells_keys = tells_keys
    ends = [(account("old"), holding(1, 2, 2)), (file("a.pst"), holding(2, 3))]
    for world.old, world.source in reversed(ends) if file_first else ends:
        copied(world)
    assert there(world) == of(1, 2, 2, 3)


def test_a_copy_of_a_file_under_another_name_adds_nothing(world: World) -> None:
    for name in ("a.pst", "b.pst"):
        world.old, world.source = file(name), holding(1, 1, 2)
        copied(world)
    assert there(world) == of(1, 1, 2)


def test_what_was_removed_since_comes_from_the_other_source(world: World) -> None:
    copied(world)
    box = world.destination.boxes[INBOX]
    del box.mails[next(uid for uid, one in box.mails.items() if one == mail(2))]
    world.files = {file("a.pst"): holding(1, 2)}
    copied(world)
    assert there(world) == of(1, 2)


def test_nothing_is_counted_as_removed_because_two_sources_share_it(world: World) -> None:
    world.files = {file("a.pst"): holding(1, 2)}
    copied(world)
    report = copied(world)
    assert ProblemId.ITEMS_REMOVED_SINCE not in {note.problem.id for note in report.notes}
    assert report.grade is Grade.COMPLETE


def test_one_event_of_a_uid_arrives_and_the_other_version_is_told(world: World) -> None:
    world.destination.kinds = frozenset(ItemKind)
    world.selection = Selection(kinds=frozenset(ItemKind))
    world.source.boxes[CALENDAR] = Box(kind=ItemKind.EVENTS, role=FolderRole.CALENDAR)
    world.source.put(CALENDAR, Mail(b"uid-1", b"as it is"), Mail(b"uid-2", b"same"))
    calendar = Server()
    calendar.boxes = {("Export",): Box(kind=ItemKind.EVENTS, role=FolderRole.CALENDAR)}
    calendar.put(("Export",), Mail(b"uid-1", b"older"), Mail(b"uid-2", b"same"), Mail(b"3", b"3"))
    world.files = {file("a.ics"): calendar}
    world.destination.boxes[CALENDAR] = Box(kind=ItemKind.EVENTS, role=FolderRole.CALENDAR)
    report = copied(world)
    assert there(world, CALENDAR) == Counter([b"as it is", b"same", b"3"])
    told = [note.folder for note in report.notes if note.problem.id is ProblemId.ITEM_OTHER_VERSION]
    assert told == ["a.ics/Export"]


def test_a_name_that_another_source_takes_for_another_kind_gets_a_number(world: World) -> None:
    world.destination.kinds = frozenset(ItemKind)
    world.selection = Selection(kinds=frozenset(ItemKind))
    world.source.put(("Famille",), mail(5))
    people = Server()
    people.boxes = {}
    people.put(("Famille",), Mail(b"Zoe", b"card"), kind=ItemKind.CONTACTS)
    world.files = {file("a.vcf"): people}
    copied(world)
    assert there(world, ("Famille",)) == of(5)
    assert there(world, ("Famille (2)",)) == Counter([b"card"])


def test_of_files_nobody_is_told_what_is_not_in_them(world: World) -> None:
    world.destination.kinds = frozenset(ItemKind)
    world.selection = Selection(kinds=frozenset(ItemKind))
    world.files = {file("a.pst"): holding(1)}
    assert copied(world).grade is Grade.COMPLETE


def test_a_file_of_which_nothing_can_be_carried_is_told(world: World) -> None:
    people = Server()
    people.boxes = {}
    people.put(("People",), Mail(b"Zoe", b"card"), kind=ItemKind.CONTACTS)
    world.files = {file("a.vcf"): people}
    events: list[Event] = []
    world.on_event = events.append
    report = copied(world)
    assert (report.grade, there(world)) == (Grade.INCOMPLETE, of(1, 2))
    assert [(one.folder, one.problem.id) for one in report.failed] == [
        ("a.vcf/People", ProblemId.KIND_NOT_ACCEPTED)
    ]
    left_out = next(n for n, event in enumerate(events) if isinstance(event, KindsLeftOut))
    assert left_out < events.index(PhaseChanged(Phase.COPYING))


def test_what_a_file_holds_beyond_what_the_new_mailbox_takes_is_told_first(world: World) -> None:
    """Nobody chose to leave it out: a plan that names no kinds, a box that cannot be ticked."""
    outlook = holding(3)
    outlook.put(("People",), Mail(b"Zoe", b"card"), Mail(b"Ali", b"card"), kind=ItemKind.CONTACTS)
    outlook.put(("Tasks",), kind=ItemKind.TASKS)
    world.files = {file("a.pst"): outlook}
    world.destination.kinds = frozenset({ItemKind.MAIL})
    world.selection = Selection(told=frozenset(ItemKind) - {ItemKind.MAIL})
    events: list[Event] = []
    world.on_event = events.append
    report = copied(world)
    assert (report.grade, there(world)) == (Grade.COMPLETE_WITH_NOTES, of(1, 2, 3))
    (note,) = report.notes
    assert (note.folder, note.problem.id, note.count) == (
        "a.pst/People",
        ProblemId.KIND_NOT_ACCEPTED,
        2,
    )
    (told,) = [event for event in events if isinstance(event, KindsLeftOut)]
    assert [kind for kind, _ in told.kinds] == [ItemKind.CONTACTS]
    assert events.index(told) < events.index(PhaseChanged(Phase.COPYING))


def test_forgetting_a_run_with_files_forgets_all_of_its_sources(world: World) -> None:
    world.files = {file("a.pst"): holding(3)}
    copied(world)
    world.files = {}
    copied(world)
    ledger = Ledger(world.path)
    history = History(ledger)
    alone, both = history.runs()
    assert (both.done, both.total, alone.done) == (3, 3, 2)
    history.forget(both.id)
    with ledger.reading() as connection:
        keys = connection.execute("SELECT count(*) FROM item").fetchone()
    assert keys == (2,)
    history.forget(alone.id)
    with ledger.reading() as connection:
        for table in ("run", "run_source", "item", "batch"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    ledger.close()


NUMBERS = st.lists(st.integers(1, 4), max_size=6)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(
    mailbox=NUMBERS,
    files=st.lists(NUMBERS, max_size=2),
    deaths=st.lists(st.integers(1, 120), max_size=2),
    tells_keys=st.booleans(),
    lost=st.integers(-1, 3),
)
def test_whatever_happens_the_most_that_any_source_has_arrives(
    mailbox: Sequence[int],
    files: Sequence[Sequence[int]],
    deaths: Sequence[int],
    tells_keys: bool,
    lost: int,
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        world = World(folder)
        world.source = holding(*mailbox)
        world.files = {file(f"{n}.mbox"): holding(*one) for n, one in enumerate(files)}
        world.destination.faults.tells_keys = tells_keys
        world.destination.faults.lose_answer_at = lost
        world.destination.faults.store_before_loss = 1
        for step in deaths:
            world.run(dies_at=step)
            world.let_all_arrive()
        report = copied(world)
        assert report.grade is Grade.COMPLETE
        expected: Counter[bytes] = Counter()
        for numbers in (mailbox, *files):
            expected |= of(*numbers)
        assert there(world) == expected
    finally:
        shutil.rmtree(folder)
