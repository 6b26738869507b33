"""The undo of one run removes what that run put there, and nothing else, whatever happens to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from omm_desktop.model.items import FolderPath, FolderRole, ItemKind
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.report import Grade
from omm_desktop.model.undoing import UndoReport
from omm_desktop.store.history import History
from omm_desktop.store.ledger import Ledger

from .memory import Box, Faults, Mail
from .memory_remover import TRASH
from .test_death import INBOX, OTHER, furnish, held, mail, wanted
from .world import World, account, file

Held = dict[FolderPath, Counter[Mail]]
CONTACTS, CALENDAR = ("Contacts",), ("Calendar",)


def before(world: World) -> Held:
    """What the person had, with folders that are empty as if they were not there."""
    return {
        path: Counter(box.mails.values())
        for path, box in world.destination.boxes.items()
        if box.mails and path != TRASH
    }


def in_trash(world: World) -> Counter[Mail]:
    return Counter(world.destination.boxes[TRASH].mails.values())


def copy(world: World) -> int:
    report, _ = world.run()
    assert report is not None
    assert report.grade.nothing_missing
    return report.run


def undo(world: World, run: int) -> UndoReport:
    report, _ = world.undo(run)
    assert report is not None
    return report


def why(report: UndoReport) -> dict[ProblemId, int]:
    return {kept.problem.id: kept.items for kept in report.kept}


def test_all_that_the_run_brought_goes_to_the_trash_and_comes_again_with_the_next(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    furnish(world)
    mine, goal = before(world), wanted(world)
    run = copy(world)
    brought = sum(held(world).values(), Counter()) - sum(mine.values(), Counter())
    report = undo(world, run)
    assert (report.grade, report.removed, report.gone) == (Grade.COMPLETE, brought.total(), 0)
    assert before(world) == mine
    assert in_trash(world) == brought
    assert report.folders_removed == ("Other",)
    again = undo(world, run)
    assert (again.removed, before(world)) == (0, mine)
    copy(world)
    assert held(world) == goal


VARIANTS = {
    "moves": Faults(),
    "copies": Faults(moves=False),
    "answer lost": Faults(lose_removal_at=1),
    "copies, answer lost": Faults(moves=False, lose_removal_at=1),
    "no keys": Faults(tells_keys=False),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_killed_at_every_step_nothing_is_removed_twice_or_wrongly(
    tmp_path: Path, variant: str
) -> None:
    step, survived = 1, False
    stride = 2 if variant == "moves" else 5
    while not survived:
        folder = tmp_path / str(step)
        folder.mkdir()
        world = World(folder, 1)
        world.destination.faults = replace(VARIANTS[variant])
        furnish(world)
        mine = before(world)
        run = copy(world)
        brought = sum(held(world).values(), Counter()) - sum(mine.values(), Counter())
        first, _ = world.undo(run, dies_at=step)
        survived = first is not None
        report = first or undo(world, run)
        assert before(world) == mine, f"killed at step {step}"
        assert in_trash(world) == brought, f"killed at step {step}"
        ended_before = not survived and not report.removed
        assert ended_before or (report.removed, report.gone) == (brought.total(), 0), step
        assert undo(world, run).removed == 0
        step += stride


def test_what_its_owner_has_worked_with_since_stays(tmp_path: Path) -> None:
    """Merely read is still ours; deleted or moved is told as gone."""
    world = World(tmp_path)
    starred = replace(mail(9), flags=frozenset({"\\Flagged"}))
    world.source.put(INBOX, *(mail(n) for n in range(5)), starred)
    run = copy(world)
    mails = world.destination.boxes[INBOX].mails
    by_name = {one.headers: uid for uid, one in mails.items()}
    for number, flag in ((0, "\\Seen"), (1, "\\Answered"), (2, "$Forwarded")):
        uid = by_name[mail(number).headers]
        mails[uid] = replace(mails[uid], flags=frozenset({flag}))
    world.destination.put(OTHER, mails.pop(by_name[mail(3).headers]))
    report = undo(world, run)
    assert (report.removed, report.gone, report.items_kept) == (3, 1, 2)
    assert (report.grade, why(report)) == (
        Grade.COMPLETE_WITH_NOTES,
        {ProblemId.KEPT_CHANGED: 2},
    )
    left = {one.headers for one in mails.values()}
    assert left == {mail(1).headers, mail(2).headers}
    assert list(world.destination.boxes[OTHER].mails.values()) == [mail(3)]
    # Nothing is doubled by the next copy but what its owner had moved away.
    copy(world)
    assert Counter(one.headers for one in mails.values()) == Counter(
        one.headers for one in world.source.boxes[INBOX].mails.values()
    )


def test_what_an_attempt_marked_and_its_owner_works_with_bears_no_mark_any_more(
    tmp_path: Path,
) -> None:
    step, met, survived = 1, 0, False
    while not survived:
        folder = tmp_path / str(step)
        folder.mkdir()
        world = World(folder, 1)
        world.destination.faults = Faults(moves=False)
        world.source.put(INBOX, mail(1), mail(2))
        run = copy(world)
        survived = world.undo(run, dies_at=step)[0] is not None
        mails = world.destination.boxes[INBOX].mails
        met += any("\\Deleted" in one.flags for one in mails.values())
        starred = frozenset({"\\Flagged"})
        mails.update({uid: replace(m, flags=m.flags | starred) for uid, m in mails.items()})
        undo(world, run)
        assert {one.flags for one in mails.values()} <= {starred}, step
        step += 1
    assert met


def test_only_what_this_run_brought_goes(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1), mail(2))
    first = copy(world)
    world.source.put(INBOX, mail(3), mail(1))
    second = copy(world)
    assert undo(world, second).removed == 2
    assert held(world) == {INBOX: Counter([mail(1), mail(2)])}
    ledger = Ledger(world.path)
    History(ledger).forget(second)
    ledger.close()
    assert undo(world, first).removed == 2
    assert held(world) == {INBOX: Counter()}


def test_what_a_forgotten_run_brought_is_not_taken_for_another_runs(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1), mail(2))
    first = copy(world)
    world.source.put(INBOX, mail(3))
    second = copy(world)
    ledger = Ledger(world.path)
    History(ledger).forget(first)
    assert [run.removable for run in History(ledger).runs()] == [1]
    ledger.close()
    assert undo(world, second).removed == 1
    assert held(world) == {INBOX: Counter([mail(1), mail(2)])}


def test_what_another_copy_counts_on_stays_as_long_as_it_does(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.carry(ItemKind.EVENTS)
    world.destination.faults = Faults(tells_numbers=False)
    world.source.put(CALENDAR, Mail(b"uid 1", b"1"), Mail(b"uid 2", b"2"), kind=ItemKind.EVENTS)
    first = copy(world)
    world.old = account("another")
    world.source.put(CALENDAR, Mail(b"uid 3", b"3"), kind=ItemKind.EVENTS)
    second = copy(world)
    report = undo(world, first)
    assert (report.removed, report.items_kept) == (0, 2)
    assert why(report)[ProblemId.KEPT_SHARED] == 2
    assert undo(world, second).removed == 1
    assert undo(world, first).removed == 2
    assert CALENDAR not in world.destination.boxes


def test_what_stands_at_the_address_is_known_again_before_it_goes(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1), mail(2))
    run = copy(world)
    box = world.destination.boxes[INBOX]
    box.mails[1] = mail(77)
    report = undo(world, run)
    assert (report.removed, why(report)) == (1, {ProblemId.KEPT_NOT_OURS: 1})
    assert list(box.mails.values()) == [mail(77)]


def test_a_renumbered_folder_is_left_alone(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1), mail(2))
    run = copy(world)
    world.destination.boxes[INBOX].renumber()
    report = undo(world, run)
    assert (report.grade, report.removed) == (Grade.INCOMPLETE, 0)
    assert why(report) == {ProblemId.KEPT_UNKNOWN: 2}
    assert len(world.destination.boxes[INBOX].mails) == 2


def test_what_the_copy_left_open_is_settled_first(tmp_path: Path) -> None:
    world = World(tmp_path, 1)
    world.source.put(INBOX, *(mail(n) for n in range(9)))
    world.destination.put(INBOX, mail(50))
    world.destination.faults = Faults(lose_answer_at=1, store_before_loss=3, late_by=20.0)
    world.die_when_an_answer_is_lost()
    report = undo(world, 1)
    assert report.grade is Grade.COMPLETE
    assert held(world) == {INBOX: Counter([mail(50)])}


def test_what_the_server_refuses_is_told_and_tried_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1), mail(2))
    run = copy(world)
    world.destination.faults.refuse = frozenset({mail(1).fingerprint})
    report = undo(world, run)
    assert (report.grade, report.removed) == (Grade.INCOMPLETE, 1)
    assert why(report) == {ProblemId.REMOVING_REFUSED: 1}
    world.destination.faults.refuse = frozenset()
    assert undo(world, run).removed == 1
    assert held(world) == {INBOX: Counter()}


def test_mail_that_the_copy_put_into_the_trash_stays_there(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.destination.boxes[TRASH] = Box(role=FolderRole.TRASH)
    world.source.put(TRASH, mail(1))
    world.source.put(INBOX, mail(2))
    run = copy(world)
    report = undo(world, run)
    assert (report.removed, why(report)) == (1, {ProblemId.KEPT_IN_TRASH: 1})
    assert in_trash(world) == Counter([mail(1), mail(2)])


def test_folders_stay_that_others_made_or_use(tmp_path: Path) -> None:
    world = World(tmp_path)
    for path in (("Mine",), ("Made",), ("Made", "Below"), ("Used",), ("Filed",)):
        world.source.put(path, mail(1))
    world.destination.put(("Mine",))
    run = copy(world)
    world.destination.put(("Used",), mail(8))
    world.destination.filed_into = frozenset({"Filed"})
    report = undo(world, run)
    assert report.folders_removed == ("Made/Below", "Made")
    assert set(world.destination.boxes) == {INBOX, TRASH, ("Mine",), ("Used",), ("Filed",)}
    assert why(report) == {ProblemId.FOLDER_STAYS: 1, ProblemId.FOLDER_IN_A_RULE: 1}


def test_a_folder_that_stays_is_told_once_though_the_line_breaks_after_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    for path in (("Used",), ("Filed",), ("Made",), ("Too",)):
        world.source.put(path, mail(1))
    run = copy(world)
    world.destination.put(("Used",), mail(8))
    world.destination.filed_into = frozenset({"Filed"})
    world.destination.faults.lose_folder_removal_at = 1
    report = undo(world, run)
    assert set(world.destination.boxes) == {INBOX, TRASH, ("Used",), ("Filed",)}
    assert why(report) == {ProblemId.FOLDER_STAYS: 1, ProblemId.FOLDER_IN_A_RULE: 1}


def test_contacts_go_and_those_edited_since_stay(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.carry(*ItemKind)
    cards = [Mail(b"name %d" % n, b"card %d" % n) for n in range(4)]
    world.source.put(CONTACTS, *cards, kind=ItemKind.CONTACTS)
    world.destination.put(CONTACTS, cards[0], kind=ItemKind.CONTACTS)
    run = copy(world)
    box = world.destination.boxes[CONTACTS]
    box.edit(next(uid for uid, one in box.mails.items() if one == cards[3]), b"edited")
    report = undo(world, run)
    assert (report.removed, why(report)) == (2, {ProblemId.KEPT_CHANGED: 1})
    assert [one.body for one in box.mails.values()] == [b"card 0", b"edited"]
    assert report.kinds == (ItemKind.CONTACTS,)


def test_files_beside_a_mailbox_are_part_of_their_run(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1))
    attached = type(world.source)()
    attached.put(INBOX, mail(1), mail(2))
    world.files = {file("archive.mbox"): attached}
    run = copy(world)
    arrived = held(world)[INBOX].total()
    assert undo(world, run).removed == arrived
    assert held(world) == {INBOX: Counter()}
