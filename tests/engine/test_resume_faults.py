"""The faults that simpler resume rules got wrong, each by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from omm_desktop.model.plan import FolderRule
from omm_desktop.model.ports import Fidelity
from omm_desktop.model.report import Grade
from omm_desktop.store.ledger import Ledger

from .memory import Mail, Server
from .world import World, account

INBOX = ("INBOX",)
BESIDE = ("Copie",)
PATIENCE = 30.0


def mail(number: int, body: bytes = b"") -> Mail:
    day = datetime(2020, 1, 1 + number % 28, tzinfo=UTC)
    return Mail(b"Message-ID: %d" % number, body or b"body %d" % number, day)


def bodies(mails: Sequence[Mail]) -> Counter[bytes]:
    return Counter(m.body for m in mails)


def inbox(server: Server) -> list[Mail]:
    return list(server.boxes[INBOX].mails.values())


@pytest.fixture(params=[1, 3], ids=["one writer", "three writers"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    return World(tmp_path, request.param)


def complete(world: World) -> None:
    report, _ = world.run()
    world.let_all_arrive()
    assert report is not None
    assert report.grade in (Grade.COMPLETE, Grade.COMPLETE_WITH_NOTES)


@pytest.mark.parametrize("stored", [0, 1, 3])
def test_duplicates_in_the_source_and_the_answer_to_the_second_lost(
    world: World, stored: int
) -> None:
    world.source.put(INBOX, *[mail(1)] * 9)
    faults = world.destination.faults
    faults.lose_answer_at, faults.store_before_loss = 2, stored
    complete(world)
    assert bodies(inbox(world.destination)) == bodies(inbox(world.source))


def test_several_writers_without_keys_killed(tmp_path: Path) -> None:
    """A position noted while another batch is on its way proves nothing."""
    for step in range(40, 110, 3):
        folder = tmp_path / str(step)
        folder.mkdir()
        world = World(folder, 3)
        world.destination.faults.tells_keys = False
        world.source.put(INBOX, *(mail(n) for n in range(24)))
        world.run(dies_at=step)
        complete(world)
        assert bodies(inbox(world.destination)) == bodies(inbox(world.source)), step


def test_an_upload_that_arrives_long_after_its_intent(world: World) -> None:
    """The wait counts from the fresh connection, not from the intent."""
    world.source.put(INBOX, *(mail(n) for n in range(12)))
    faults = world.destination.faults
    faults.lose_answer_at, faults.store_before_loss = 1, 4
    faults.late_by = PATIENCE + 25.0
    world.die_when_an_answer_is_lost()
    world.clock.pass_by(PATIENCE + 1.0)
    complete(world)
    assert bodies(inbox(world.destination)) == bodies(inbox(world.source))


def test_the_source_renumbered_while_an_answer_was_open(world: World) -> None:
    world.source.put(INBOX, *(mail(n) for n in range(12)))
    faults = world.destination.faults
    faults.lose_answer_at, faults.store_before_loss, faults.late_by = 1, 3, 25.0
    world.die_when_an_answer_is_lost()
    world.source.boxes[INBOX].renumber()
    complete(world)
    assert bodies(inbox(world.destination)) == bodies(inbox(world.source))


def test_mail_already_there_with_the_same_headers_and_another_body(world: World) -> None:
    world.source.put(INBOX, *(mail(n) for n in range(6)))
    world.destination.put(INBOX, *(mail(n, b"theirs %d" % n) for n in range(6)))
    complete(world)
    expected = bodies(inbox(world.source)) + Counter(b"theirs %d" % n for n in range(6))
    assert bodies(inbox(world.destination)) == expected


def test_the_server_rewrites_headers_and_an_answer_is_lost(world: World) -> None:
    world.source.put(INBOX, *(mail(n) for n in range(24)))
    faults = world.destination.faults
    faults.rewrites_headers = True
    faults.lose_answer_at, faults.store_before_loss = 5, 3
    complete(world)
    assert bodies(inbox(world.destination)) == bodies(inbox(world.source))


def test_the_records_are_lost_and_a_write_comes_late(world: World) -> None:
    world.source.put(INBOX, *(mail(n) for n in range(12)))
    world.destination.put(INBOX, mail(50))
    faults = world.destination.faults
    faults.lose_answer_at, faults.store_before_loss, faults.late_by = 0, 4, 25.0
    world.die_when_an_answer_is_lost()
    for file in world.path.parent.glob("ledger.db*"):
        file.unlink()
    complete(world)
    expected = bodies(inbox(world.source)) + bodies([mail(50)])
    assert bodies(inbox(world.destination)) == expected


def test_two_source_folders_into_one(world: World) -> None:
    world.rules = (FolderRule(BESIDE, INBOX),)
    world.source.put(INBOX, *(mail(n) for n in range(8)))
    world.source.put(BESIDE, *(mail(n) for n in range(4, 12)))
    faults = world.destination.faults
    faults.tells_keys = False
    faults.lose_answer_at, faults.store_before_loss = 3, 2
    complete(world)
    both = inbox(world.source) + list(world.source.boxes[BESIDE].mails.values())
    assert bodies(inbox(world.destination)) == bodies(both)


@pytest.mark.parametrize("end", ["source", "destination"])
def test_a_renumbering_where_the_server_rewrites_headers(world: World, end: str) -> None:
    world.source.put(INBOX, *(mail(n) for n in range(6)))
    world.destination.faults.rewrites_headers = True
    complete(world)
    side = world.source if end == "source" else world.destination
    side.boxes[INBOX].renumber()
    complete(world)
    assert bodies(inbox(world.destination)) == bodies(inbox(world.source))


def test_a_doubt_that_the_check_resolves_is_not_sent_again(tmp_path: Path) -> None:
    """Without keys, bodies rebuilt: what the check finds is no longer in doubt."""
    world = World(tmp_path, 3)
    world.source.put(INBOX, mail(1), mail(2))
    faults = world.destination.faults
    faults.tells_keys, faults.rebuilds_bodies = False, True
    faults.lose_answer_at, faults.store_before_loss = 0, 1
    world.run()
    complete(world)
    assert len(inbox(world.destination)) == 2


def test_a_doubt_is_judged_anew_by_every_copy(world: World) -> None:
    world.source.put(INBOX, mail(1))
    faults = world.destination.faults
    faults.rebuilds_bodies = True
    faults.lose_answer_at = 0
    world.destination.when_lost = lambda: world.destination.put(INBOX, mail(9))
    report, _ = world.run()
    assert report is not None
    assert report.folders[0].unsure == 1
    world.destination.when_lost = lambda: None
    world.destination.boxes[INBOX].mails.clear()
    complete(world)
    assert len(inbox(world.destination)) == 1


@pytest.mark.parametrize("lie", [1, 900])
def test_a_key_that_is_a_lie_does_not_tell_what_the_server_keeps(world: World, lie: int) -> None:
    world.destination.put(INBOX, mail(50))
    world.source.put(INBOX, *(mail(n) for n in range(8)))
    world.destination.faults.lying_key = lie
    world.run()
    assert bodies(inbox(world.destination)) == bodies([*inbox(world.source), mail(50)])
    ledger = Ledger(world.path)
    fidelity = ledger.fidelity(ledger.account(account("new").identity))
    ledger.close()
    assert fidelity is Fidelity.EXACT


def test_what_the_server_keeps_is_learnt_in_every_copy(world: World) -> None:
    world.source.put(INBOX, mail(1))
    complete(world)
    world.destination.faults.rebuilds_bodies = True
    world.source.put(INBOX, mail(2))
    complete(world)
    ledger = Ledger(world.path)
    fidelity = ledger.fidelity(ledger.account(account("new").identity))
    ledger.close()
    assert fidelity is Fidelity.REBUILT
