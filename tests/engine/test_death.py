"""Killed at every step, restarted at once: nothing is lost and nothing is doubled."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from omm_desktop.engine import recorder
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.report import Grade, Report
from omm_desktop.store.doubts import Doubts
from omm_desktop.store.ledger import Ledger

from .memory import Faults, Mail
from .world import World, account

INBOX = ("INBOX",)
OTHER = ("Other",)


def mail(number: int, body: bytes = b"body") -> Mail:
    return Mail(b"Message-ID: %d" % number, body, datetime(2020, 1, 1 + number % 28, tzinfo=UTC))


def furnish(world: World) -> None:
    """Duplicates, equal headers with other bodies, mail already there, a second folder."""
    world.source.put(INBOX, *(mail(n) for n in range(6)))
    world.source.put(INBOX, mail(1), mail(1), mail(2, b"another"), mail(3, b"another"))
    world.source.put(OTHER, mail(1), mail(9), mail(9))
    world.destination.put(INBOX, mail(1), mail(3, b"third"), mail(50))


def wanted(world: World) -> dict[tuple[str, ...], Counter[Mail]]:
    """The union: for each mail the larger of the two counts."""
    result = {}
    for path, box in world.source.boxes.items():
        there = world.destination.boxes.get(path)
        old = Counter(there.mails.values()) if there else Counter[Mail]()
        result[path] = Counter(box.mails.values()) | old
    return result


def held(world: World) -> dict[tuple[str, ...], Counter[Mail]]:
    world.let_all_arrive()
    return {
        path: Counter(world.destination.boxes[path].mails.values()) for path in world.source.boxes
    }


VARIANTS = {
    "keys": Faults(),
    "no keys": Faults(tells_keys=False),
    "no numbers": Faults(tells_keys=False, tells_numbers=False),
    "late": Faults(lose_answer_at=2, store_before_loss=3, late_by=20.0),
    "late without keys": Faults(
        tells_keys=False, lose_answer_at=2, store_before_loss=3, late_by=20.0
    ),
}


STRIDE = {"keys": 1, "no keys": 1, "no numbers": 2, "late": 3, "late without keys": 3}


@pytest.mark.parametrize("writers", [1, 3])
@pytest.mark.parametrize("variant", VARIANTS)
def test_killed_at_every_step(tmp_path: Path, variant: str, writers: int) -> None:
    """Every one on the plainest line; with several writers no two runs have the same steps."""
    step = 1
    while True:
        folder = tmp_path / str(step)
        folder.mkdir()
        world = World(folder, writers)
        world.destination.faults = Faults(
            **{name: getattr(VARIANTS[variant], name) for name in Faults.__dataclass_fields__}
        )
        furnish(world)
        goal = wanted(world)
        report, _ = world.run(dies_at=step)
        survived = report is not None
        for _ in range(3):
            report, _ = world.run()
            if report is not None and report.grade is Grade.COMPLETE:
                break
        assert report is not None, step
        if not VARIANTS[variant].tells_numbers and report.grade is Grade.INCOMPLETE:
            assert only_one_doubt(report, goal, held(world)), step
        else:
            assert held(world) == goal, f"killed at step {step}"
            assert report.grade is Grade.COMPLETE, (step, report)
        if survived:
            break
        step += STRIDE[variant] * writers


def only_one_doubt(
    report: Report,
    goal: dict[tuple[str, ...], Counter[Mail]],
    there: dict[tuple[str, ...], Counter[Mail]],
) -> bool:
    """Killed over the first items ever sent, one for each writer, and told so."""
    doubts = [failed.problem.id for failed in report.failed]
    missing = sum((goal[path] - there[path]).total() for path in goal)
    doubled = sum((there[path] - goal[path]).total() for path in goal)
    return set(doubts) == {ProblemId.ITEM_UNSURE} and missing <= len(doubts) <= 3 and not doubled


@pytest.mark.parametrize("writers", [1, 3])
def test_killed_twice(tmp_path: Path, writers: int) -> None:
    for first in range(20, 80, 7):
        for second in range(3, 60, 9):
            folder = tmp_path / f"{first}-{second}"
            folder.mkdir()
            world = World(folder, writers)
            furnish(world)
            goal = wanted(world)
            world.run(dies_at=first)
            world.run(dies_at=second)
            report, _ = world.run()
            assert report is not None
            assert held(world) == goal, (first, second)


def test_a_server_that_rewrites_headers_gets_nothing_twice(tmp_path: Path) -> None:
    step = 1
    while True:
        folder = tmp_path / str(step)
        folder.mkdir()
        world = World(folder, 1)
        world.destination.faults.rewrites_headers = True
        world.destination.faults.tells_keys = False
        world.source.put(INBOX, *(mail(n, b"body %d" % n) for n in range(10)))
        report, _ = world.run(dies_at=step)
        survived = report is not None
        for _ in range(2):
            report, _ = world.run()
        assert report is not None
        bodies = Counter(m.body for m in world.destination.boxes[INBOX].mails.values())
        assert bodies == Counter(b"body %d" % n for n in range(10)), step
        if survived:
            break
        step += 1


def nobody_can_tell() -> Faults:
    """Of a server whose answer is lost, and that changes whatever would tell."""
    return Faults(
        tells_keys=False,
        rewrites_headers=True,
        rebuilds_bodies=True,
        lose_answer_at=1,
        store_before_loss=9,
    )


def doubtful(tmp_path: Path) -> tuple[World, Report]:
    """Headers and bodies rebuilt, and the answer lost."""
    world = World(tmp_path, 1)
    world.destination.faults = nobody_can_tell()
    world.source.put(INBOX, *(mail(n) for n in range(8)))
    report, _ = world.run()
    assert report is not None
    return world, report


def test_where_nobody_can_tell_nothing_is_sent_twice(tmp_path: Path) -> None:
    world, report = doubtful(tmp_path)
    assert len(world.destination.boxes[INBOX].mails) == 8
    assert report.grade is Grade.INCOMPLETE
    assert {f.problem.id for f in report.failed} == {ProblemId.ITEM_UNSURE}


def test_a_report_lists_so_many_doubts_and_counts_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "LISTED_NOTES", 2)
    _, report = doubtful(tmp_path)
    assert len(report.failed) == 2
    assert report.unlisted == report.not_copied - 2 > 0


def test_what_the_person_calls_copied_counts_and_is_told_by_every_later_report(
    tmp_path: Path,
) -> None:
    world, report = doubtful(tmp_path)
    ledger = Ledger(world.path)
    doubts = Doubts(ledger)
    unsure = doubts.open(report.run)
    assert unsure == len(report.failed) > 0
    doubts.accept(report.run)
    assert (doubts.open(report.run), doubts.accepted(report.run)) == (0, unsure)
    ledger.close()
    for _ in range(2):
        later, _ = world.run()
        assert later is not None
        assert (later.grade, later.copied) == (Grade.COMPLETE_WITH_NOTES, 0)
        assert later.present == 8
        notes = {note.problem.id: note.count for note in later.notes}
        assert notes[ProblemId.ITEM_ACCEPTED] == unsure
    assert len(world.destination.boxes[INBOX].mails) == 8


def test_what_the_person_wants_again_is_sent_once_more(tmp_path: Path) -> None:
    world, report = doubtful(tmp_path)
    ledger = Ledger(world.path)
    doubts = Doubts(ledger)
    unsure = doubts.open(report.run)
    doubts.send_again(report.run)
    assert (doubts.open(report.run), doubts.accepted(report.run)) == (0, 0)
    ledger.close()
    later, _ = world.run()
    assert later is not None
    assert (later.copied, len(later.failed)) == (unsure, 0)
    assert len(world.destination.boxes[INBOX].mails) == 8 + unsure


def test_a_decision_leaves_other_mailboxes_alone(tmp_path: Path) -> None:
    world, report = doubtful(tmp_path)
    ledger = Ledger(world.path)
    other = ledger.begin_run(
        MigrationPlan(account("old"), account("third")),
        ledger.account(account("old").identity),
        ledger.account(account("third").identity),
        0.0,
    )
    doubts = Doubts(ledger)
    doubts.accept(other)
    doubts.send_again(other)
    assert doubts.open(report.run) == len(report.failed)
    ledger.close()
