"""Whole copies between servers in memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from omm_desktop.model.items import FolderRole, Holds
from omm_desktop.model.plan import Selection
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.progress import Event, ItemsTooBig, Phase, PhaseChanged
from omm_desktop.model.report import Grade

from .memory import Box, Mail, MemoryDestination, Server
from .world import World

INBOX = ("INBOX",)
WORK = ("Clients", "Été")


def mail(number: int, body: bytes = b"body") -> Mail:
    return Mail(b"Message-ID: %d" % number, body, datetime(2020, 1, 1 + number % 28, tzinfo=UTC))


def bodies(server: Server, path: tuple[str, ...]) -> Counter[tuple[bytes, bytes]]:
    return Counter((m.headers, m.body) for m in server.boxes[path].mails.values())


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.source.put(INBOX, *(mail(n) for n in range(30)))
    world.source.put(WORK, *(mail(n, b"work") for n in range(10)))
    return world


def discard(box: Box, uid: int) -> None:
    box.mails.pop(uid, None)


def equal(world: World) -> bool:
    world.let_all_arrive()
    return all(
        bodies(world.source, path) == bodies(world.destination, path) for path in world.source.boxes
    )


def test_mail_of_others_that_cannot_be_read_hides_nothing_that_is_missing(world: World) -> None:
    server = world.destination
    box = server.boxes[INBOX]

    def meanwhile(event: Event) -> None:
        if event == PhaseChanged(Phase.CHECKING):
            discard(box, max(box.mails))
            server.put(INBOX, mail(99))
            server.faults.keeps_bodies_back = True

    world.on_event = meanwhile
    report, _ = world.run()
    assert report is not None
    assert [one.problem.id for one in report.failed] == [ProblemId.ITEM_NOT_FOUND_AFTER]
    assert report.notes == ()


def test_everything_arrives_once_and_a_second_run_adds_nothing(world: World) -> None:
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.COMPLETE
    assert (report.copied, report.present) == (40, 0)
    assert equal(world)
    again, _ = world.run()
    assert again is not None
    assert (again.grade, again.copied, again.present) == (Grade.COMPLETE, 0, 40)
    assert equal(world)


def test_mail_already_there_is_counted_not_doubled(world: World) -> None:
    world.destination.put(INBOX, mail(3), mail(3), mail(7), mail(100))
    world.source.put(INBOX, mail(3))
    report, _ = world.run()
    assert report is not None
    assert (report.copied, report.present) == (38, 3)
    assert bodies(world.destination, INBOX) == bodies(world.source, INBOX) + Counter(
        {(mail(100).headers, mail(100).body): 1}
    )


def test_equal_headers_with_another_body_are_another_mail(world: World) -> None:
    world.destination.put(INBOX, mail(3, b"something else"))
    report, _ = world.run()
    assert report is not None
    assert report.copied == 40
    assert bodies(world.source, INBOX) <= bodies(world.destination, INBOX)


def test_two_folders_into_one(world: World) -> None:
    world.source.put(("Sent",), *(mail(n) for n in range(5)))
    world.source.put(("Éléments envoyés",), *(mail(n) for n in range(5)))
    report, _ = world.run()
    assert report is not None
    assert report.copied == 50


def test_a_refused_message_is_told_and_stops_nothing(world: World) -> None:
    world.destination.faults.refuse = frozenset({mail(4).fingerprint})
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.INCOMPLETE
    assert report.copied == 38
    assert [f.problem.id for f in report.failed] == [ProblemId.ITEM_REFUSED] * 2
    kept = {Path(note.problem.detail) for note in report.notes}
    assert {note.problem.id for note in report.notes} == {ProblemId.ITEM_RESCUED}
    assert kept == {world.rescue / "1" / "INBOX" / "5.eml", world.rescue / "1/Clients/Été/5.eml"}
    assert (world.rescue / "1/INBOX/5.eml").read_bytes() == mail(4).headers + b"\r\nbody"
    world.destination.faults.refuse = frozenset()
    again, _ = world.run()
    assert again is not None
    assert (again.grade, again.copied) == (Grade.COMPLETE, 2)
    assert equal(world)


@pytest.mark.parametrize(("told_by_server", "left_behind"), [(None, 1), (5_000, 0)])
def test_a_limit_known_of_the_provider_counts_where_the_server_tells_none(
    world: World, monkeypatch: pytest.MonkeyPatch, told_by_server: int | None, left_behind: int
) -> None:
    limits = replace(MemoryDestination.limits, largest_item=told_by_server)
    monkeypatch.setattr(MemoryDestination, "limits", limits)
    world.largest_known = 1_000
    world.source.put(INBOX, mail(30, b"x" * 1_000))
    events: list[Event] = []
    world.on_event = events.append
    report, _ = world.run()
    assert report is not None
    assert (report.copied, len(report.failed)) == (41 - left_behind, left_behind)
    for failed in report.failed:
        assert failed.problem.id is ProblemId.ITEM_TOO_BIG
        assert failed.problem.detail.endswith("known of this provider, not told by the server")
    found = [event.found for event in events if isinstance(event, ItemsTooBig)]
    assert [(one.limit, one.count, one.told) for one in found] == [(1_000, 1, False)] * left_behind
    for one in found:
        copying = events.index(PhaseChanged(Phase.COPYING))
        assert events.index(ItemsTooBig(one)) < copying


def test_what_was_refused_before_travels_alone_the_next_time(world: World) -> None:
    """So it cannot take a whole batch down with it; what is new keeps its company."""
    culprit = mail(4).fingerprint
    world.destination.faults.refuse = frozenset({culprit})
    world.run()
    assert any(culprit in batch and len(batch) > 1 for batch in world.destination.batches)
    world.source.put(INBOX, *(mail(n) for n in range(30, 40)))
    world.destination.batches.clear()
    report, _ = world.run()
    assert report is not None
    assert (report.copied, len(report.failed)) == (10, 2)
    assert [batch for batch in world.destination.batches if culprit in batch] == [[culprit]] * 2
    assert any(len(batch) > 1 for batch in world.destination.batches)


def test_a_full_mailbox_ends_resumable_and_loses_nothing(world: World) -> None:
    world.destination.faults.room = 17
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.INTERRUPTED
    assert report.stopped_by is not None
    assert report.stopped_by.id is ProblemId.MAILBOX_FULL
    world.destination.faults.room = None
    again, _ = world.run()
    assert again is not None
    assert again.grade is Grade.COMPLETE
    assert equal(world)


def test_an_answer_lost_in_the_middle(world: World) -> None:
    faults = world.destination.faults
    faults.lose_answer_at, faults.store_before_loss, faults.late_by = 3, 2, 25.0
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.COMPLETE
    assert report.copied == 40
    assert equal(world)


def test_a_renumbered_source_is_recognised(world: World) -> None:
    world.run()
    world.source.boxes[INBOX].renumber()
    report, _ = world.run()
    assert report is not None
    assert report.copied == 0
    assert report.present == 40
    assert report.grade is Grade.COMPLETE_WITH_NOTES
    assert equal(world)


def test_a_renumbered_destination_is_recognised(world: World) -> None:
    world.run()
    world.destination.boxes[INBOX].renumber()
    world.source.put(INBOX, mail(77))
    report, _ = world.run()
    assert report is not None
    assert report.copied == 1
    assert equal(world)


def test_what_the_owner_removed_does_not_come_back(world: World) -> None:
    world.run()
    world.destination.boxes[INBOX].mails.popitem()
    world.source.put(INBOX, mail(77))
    report, _ = world.run()
    assert report is not None
    assert report.copied == 1


def test_a_lost_ledger_doubles_nothing(world: World) -> None:
    world.run()
    world.path.unlink()
    report, _ = world.run()
    assert report is not None
    assert (report.copied, report.present) == (0, 40)
    assert equal(world)


def test_a_twin_in_flight_does_not_pass_for_a_rebuilt_body(tmp_path: Path) -> None:
    """No keys told, equal headers, other bodies: what the first writer finds may be another's."""
    world = World(tmp_path, connections=3)
    world.destination.faults.tells_keys = False
    world.source.put(INBOX, *(mail(1, b"body %d" % n) for n in range(6)))
    world.source.put(WORK, mail(1, b"mine"))
    world.destination.put(WORK, mail(1, b"theirs"))
    report, _ = world.run()
    assert report is not None
    assert report.copied == 7
    assert equal(world) is False
    assert bodies(world.source, INBOX) == bodies(world.destination, INBOX)
    assert bodies(world.source, WORK) < bodies(world.destination, WORK)


def test_what_the_owner_removes_meanwhile_is_a_remark(world: World) -> None:
    inbox = world.source.boxes[INBOX]
    world.source.before_fetch = lambda: discard(inbox, 5)
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.COMPLETE_WITH_NOTES
    assert [note.problem.id for note in report.notes] == [ProblemId.ITEM_GONE]
    assert (report.listed, report.copied, report.not_copied) == (39, 39, 0)


def put_special(world: World, path: tuple[str, ...], role: FolderRole, holds: Holds) -> None:
    world.source.put(path, *(mail(n, b"all") for n in range(5)))
    box = world.source.boxes[path]
    box.role, box.holds = role, holds


def test_what_is_in_no_other_folder_comes_last_and_vouches_for_the_views(world: World) -> None:
    put_special(world, ("A", "All"), FolderRole.ALL, Holds.REST)
    put_special(world, ("A", "Starred"), FolderRole.FLAGGED, Holds.VIEW)
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.COMPLETE
    assert [folder.source for folder in report.folders] == ["INBOX", "Clients/Été", "A/All"]
    assert bodies(world.destination, ("Archives",)) == bodies(world.source, ("A", "All"))
    assert ("A", "Starred") not in world.destination.boxes


def test_a_view_left_out_is_told(world: World) -> None:
    put_special(world, ("All",), FolderRole.ALL, Holds.VIEW)
    report, _ = world.run()
    assert report is not None
    assert report.copied == 40
    assert [(n.folder, n.problem.id) for n in report.notes] == [("All", ProblemId.FOLDER_LEFT_OUT)]


def test_a_view_that_is_named_is_copied(world: World) -> None:
    put_special(world, ("All",), FolderRole.ALL, Holds.VIEW)
    world.selection = Selection(include=("All",))
    report, _ = world.run()
    assert report is not None
    assert (report.grade, report.copied) == (Grade.COMPLETE, 5)


def test_a_folder_renumbered_meanwhile_fails_once_and_stops_no_other(world: World) -> None:
    world.source.put(INBOX, *(mail(n) for n in range(100, 160)))
    inbox = world.source.boxes[INBOX]
    renumber = iter([inbox.renumber])
    world.source.before_fetch = lambda: next(renumber, lambda: None)()
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.INCOMPLETE
    assert [(f.folder, f.key, f.problem.id) for f in report.failed] == [
        ("INBOX", "", ProblemId.FOLDER_RENUMBERED)
    ]
    results = {folder.source: folder for folder in report.folders}
    assert (results["Clients/Été"].copied, results["INBOX"].listed) == (10, 90)
    assert results["INBOX"].copied + results["INBOX"].failed == 90
    world.source.before_fetch = lambda: None
    again, _ = world.run()
    assert again is not None
    assert again.grade is Grade.COMPLETE_WITH_NOTES
    assert equal(world)


def test_a_destination_folder_that_vanishes_fails_once(world: World) -> None:
    world.destination.put(WORK, mail(500))
    world.destination.faults.vanished = frozenset({WORK})
    report, _ = world.run()
    assert report is not None
    assert [(f.folder, f.key, f.problem.id) for f in report.failed] == [
        ("Clients/Été", "", ProblemId.FOLDER_UNREADABLE)
    ]
    assert (report.copied, report.not_copied) == (30, 10)


def test_a_destination_made_anew_is_filled_again(world: World) -> None:
    """The owner deleted and created the new mailbox once more: what we put there is gone."""
    world.run()
    box = world.destination.boxes[INBOX]
    box.mails.clear()
    box.validity += 1
    box.next_uid = 1
    report, _ = world.run()
    assert report is not None
    assert (report.copied, report.present) == (30, 10)
    assert equal(world)


def test_what_is_gone_from_the_destination_is_told(world: World) -> None:
    world.run()
    world.destination.boxes[INBOX].mails.clear()
    report, _ = world.run()
    assert report is not None
    assert report.grade is Grade.COMPLETE_WITH_NOTES
    assert [note.problem.id for note in report.notes] == [ProblemId.ITEMS_REMOVED_SINCE]


def test_a_repaired_mail_is_found_again_without_the_records(world: World) -> None:
    world.destination.faults.refuse = frozenset({mail(4).fingerprint})
    world.destination.faults.repairs = True
    first, _ = world.run()
    assert first is not None
    assert (first.copied, first.not_copied) == (40, 0)
    there = world.destination.all_mail()
    assert [note.problem.id for note in first.notes] == 2 * [ProblemId.ITEM_ATTACHED]
    for file in world.path.parent.glob("ledger.db*"):
        file.unlink()
    again, _ = world.run()
    assert again is not None
    assert (again.copied, again.present, again.not_copied) == (0, 40, 0)
    assert [note.problem.id for note in again.notes] == 2 * [ProblemId.ITEM_ATTACHED]
    assert world.destination.all_mail() == there


def test_what_the_period_leaves_out_is_counted(world: World) -> None:
    world.selection = Selection(since=date(2020, 1, 20))
    report, _ = world.run()
    assert report is not None
    left_out = {one.source: (one.listed, one.not_selected) for one in report.folders}
    assert left_out == {"INBOX": (9, 21), "Clients/Été": (0, 10)}
    world.selection = Selection()
    whole, _ = world.run()
    assert whole is not None
    assert [one.not_selected for one in whole.folders] == [0, 0]
