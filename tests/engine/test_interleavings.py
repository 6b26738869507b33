"""What several threads, lost connections and a full disk may do to each other."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from omm_desktop.engine.lane import Lane
from omm_desktop.model.items import Item
from omm_desktop.model.plan import Selection
from omm_desktop.model.ports import Destination, Position, Refused, Stored
from omm_desktop.model.problem import CannotGoOn, Place, Problem, ProblemId, TryAgain
from omm_desktop.model.report import Grade, Proof
from omm_desktop.store.ledger import Ledger

from .memory import Mail, MemoryDestination
from .world import World

INBOX = ("INBOX",)


def mail(number: int, body: bytes = b"body") -> Mail:
    return Mail(b"Message-ID: %d" % number, body, datetime(2020, 1, 1 + number % 28, tzinfo=UTC))


def test_the_last_lost_answer_of_many_is_judged_like_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, connections=1)
    world.source.put(INBOX, mail(1))
    losses = iter([0, 0, 0, 0, 1])
    plain = MemoryDestination.store

    def losing(
        self: MemoryDestination, folder_key: str, items: Sequence[Item]
    ) -> Iterator[Stored | Refused]:
        stored = next(losses, None)
        if stored is not None:
            faults = world.destination.faults
            faults.lose_answer_at, faults.store_before_loss, faults.late_by = 0, stored, 25.0
        return plain(self, folder_key, items)

    monkeypatch.setattr(MemoryDestination, "store", losing)
    report, _ = world.run()
    assert report is not None
    assert (report.grade, report.copied) == (Grade.COMPLETE, 1)
    world.let_all_arrive()
    assert list(world.destination.boxes[INBOX].mails.values()) == [mail(1)]


def test_a_mail_that_always_loses_the_connection_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, connections=1)
    world.source.put(INBOX, mail(1), mail(2), mail(3))
    plain = MemoryDestination.store

    def losing(
        self: MemoryDestination, folder_key: str, items: Sequence[Item]
    ) -> Iterator[Stored | Refused]:
        if any(item.fingerprint == mail(2).fingerprint for item in items):
            raise TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.DESTINATION))
        return plain(self, folder_key, items)

    monkeypatch.setattr(MemoryDestination, "store", losing)
    report, _ = world.run()
    assert report is not None
    assert (report.grade, report.copied) == (Grade.INCOMPLETE, 2)
    assert [f.problem.id for f in report.failed] == [ProblemId.ITEM_REFUSED]


def test_a_folder_that_always_loses_the_connection_fails_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, connections=1)
    world.source.put(INBOX, mail(1))
    world.source.put(("Work",), mail(2))
    world.destination.put(("Work",), mail(3))

    def losing(self: MemoryDestination, folder_key: str, from_key: int | None) -> Iterator[object]:
        raise TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.DESTINATION))

    monkeypatch.setattr(MemoryDestination, "existing", losing)
    report, _ = world.run()
    assert report is not None
    assert (report.grade, report.copied) == (Grade.INCOMPLETE, 1)
    assert [(f.folder, f.problem.id) for f in report.failed] == [
        ("Work", ProblemId.CONNECTION_LOST)
    ]


def test_a_folder_is_not_read_anew_while_somebody_looks_for_mail_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twins at the source, one of them there: one is present, the other must be sent."""
    world = World(tmp_path, connections=2)
    world.destination.put(INBOX, mail(1))
    world.source.put(INBOX, mail(1), *(mail(n) for n in range(2, 12)), mail(1))
    looking, lost, reopened = threading.Event(), threading.Event(), threading.Event()
    find, store, open_ = Lane.find_present, MemoryDestination.store, Lane._open

    def slow(self: Lane, destination: Destination, item: Item) -> str | None:
        found = find(self, destination, item)
        if found is not None and not looking.is_set():
            looking.set()
            reopened.wait(1.0)
        return found

    def losing(
        self: MemoryDestination, folder_key: str, items: Sequence[Item]
    ) -> Iterator[Stored | Refused]:
        if looking.wait(1.0) and not lost.is_set():
            world.destination.faults.lose_answer_at = 0
            lost.set()
        return store(self, folder_key, items)

    def opening(self: Lane, destination: Destination, position: Position) -> None:
        open_(self, destination, position)
        if lost.is_set():
            reopened.set()

    monkeypatch.setattr(Lane, "find_present", slow)
    monkeypatch.setattr(MemoryDestination, "store", losing)
    monkeypatch.setattr(Lane, "_open", opening)
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.COMPLETE
    assert Counter(world.destination.boxes[INBOX].mails.values()) == Counter(
        world.source.boxes[INBOX].mails.values()
    )


def test_a_destination_renumbered_before_the_check_is_not_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, connections=1)
    world.destination.put(INBOX, mail(50))
    world.source.put(INBOX, mail(1), mail(2))
    stored = MemoryDestination.store
    box = world.destination.boxes[INBOX]

    def renumbering(
        self: MemoryDestination, folder_key: str, items: Sequence[Item]
    ) -> Iterator[Stored | Refused]:
        yield from stored(self, folder_key, items)
        if len(box.mails) == 3:
            box.mails.pop(1)
            box.renumber()

    monkeypatch.setattr(MemoryDestination, "store", renumbering)
    report, _ = world.run()
    assert report is not None
    assert (report.copied, report.not_copied) == (2, 0)
    monkeypatch.undo()
    world.run()
    assert Counter(box.mails.values()) == Counter([mail(1), mail(2)])


def test_records_that_hit_a_full_disk_work_again_once_there_is_room(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    with ledger.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for number in range(10_000):
            ledger.account(f"account {number}" * 100)

    with pytest.raises(CannotGoOn) as raised:
        fill()
    assert raised.value.problem.id is ProblemId.DISK_FULL
    with ledger.reading() as connection:
        assert not connection.in_transaction
        connection.execute("PRAGMA max_page_count = 100000")
    assert ledger.account("another") > 0
    ledger.close()


def test_a_full_disk_ends_a_copy_with_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, connections=1)
    world.source.put(INBOX, *(mail(n) for n in range(12)))
    writing = Ledger.writing
    full = threading.Event()

    @contextmanager
    def filling(self: Ledger) -> Iterator[sqlite3.Connection]:
        if full.is_set():
            raise CannotGoOn(Problem(ProblemId.DISK_FULL, Place.COMPUTER))
        with writing(self) as connection:
            yield connection

    def store(
        self: MemoryDestination, folder_key: str, items: Sequence[Item]
    ) -> Iterator[Stored | Refused]:
        yield from plain(self, folder_key, items)
        full.set()

    plain = MemoryDestination.store
    monkeypatch.setattr(Ledger, "writing", filling)
    monkeypatch.setattr(MemoryDestination, "store", store)
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.INTERRUPTED
    assert report.stopped_by is not None
    assert report.stopped_by.id is ProblemId.DISK_FULL
    monkeypatch.undo()
    again, _ = world.run()
    assert again is not None
    assert again.grade is Grade.COMPLETE
    assert Counter(world.destination.boxes[INBOX].mails.values()) == Counter(
        world.source.boxes[INBOX].mails.values()
    )


@pytest.mark.parametrize("step", range(8, 26, 2))
def test_a_death_while_waiting_at_first_contact_does_not_end_the_wait(
    tmp_path: Path, step: int
) -> None:
    """Records were lost, and something of ours is still on its way in."""
    world = World(tmp_path, connections=1)
    world.source.put(INBOX, mail(1))
    world.destination.put(INBOX, mail(50))
    world.destination.late.append((world.clock.now() + 25.0, INBOX, [mail(1)]))
    world.run(dies_at=step)
    world.run()
    world.let_all_arrive()
    assert Counter(world.destination.boxes[INBOX].mails.values()) == Counter([mail(50), mail(1)])


def test_a_folder_of_the_plan_that_does_not_exist_is_told(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1))
    world.selection = Selection(include=("INBOX", "Archive/*"))
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.INCOMPLETE
    assert [(f.folder, f.problem.id) for f in report.failed] == [
        ("Archive/*", ProblemId.FOLDER_UNREADABLE)
    ]


def test_mail_removed_at_the_source_is_not_counted_any_more(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1), mail(2), mail(3))
    world.run()
    del world.source.boxes[INBOX].mails[2]
    world.run()
    report, _ = world.run()
    assert report is not None
    assert (report.listed, report.present) == (2, 2)


def test_what_the_owner_removed_in_an_earlier_copy_is_not_called_missing(tmp_path: Path) -> None:
    world = World(tmp_path, connections=1)
    world.destination.faults.tells_keys = False
    world.destination.faults.tells_numbers = False
    world.source.put(INBOX, mail(1), mail(2))
    world.run()
    world.destination.boxes[INBOX].mails.popitem()
    world.source.put(INBOX, mail(3))
    report, _ = world.run()
    assert report is not None
    assert (report.grade, report.copied, report.not_copied) == (Grade.COMPLETE, 1, 0)


def test_what_was_removed_at_the_destination_is_not_called_proved(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1), mail(2))
    world.run()
    again, _ = world.run()
    assert again is not None
    assert [folder.proof for folder in again.folders] == [Proof.KEYS]
    world.destination.boxes[INBOX].mails.clear()
    report, _ = world.run()
    assert report is not None
    assert [folder.proof for folder in report.folders] == [Proof.NONE]
