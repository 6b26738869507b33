"""Counting: which folders, where they lead, what is in them, and whether it all fits."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from omm_desktop.model.items import (
    Folder,
    Holds,
    ItemKind,
    ItemRef,
    unread_label,
)
from omm_desktop.model.plan import Labels, MigrationPlan
from omm_desktop.model.ports import Destination, FolderWish, Limits, Source
from omm_desktop.model.problem import (
    ItemError,
    Place,
    Problem,
    ProblemId,
    TryAgain,
)
from omm_desktop.model.progress import (
    Event,
    FilesChanged,
    FoldersRenamed,
    FolderState,
    KindsLeftOut,
    TooBig,
    TooBigItem,
)
from omm_desktop.model.settings import SettingKind
from omm_desktop.store.backlog import ALONE, Backlog, Task
from omm_desktop.store.edits import Edits
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.listed import Listed
from omm_desktop.store.made_folders import Met, note_met
from omm_desktop.store.moved_files import led_to_by_content
from omm_desktop.store.rows import ARRIVED, RowState

from .accounts import Accounts
from .board import Tally
from .clock import Clock
from .control import Control
from .folder_plan import folder_plans, turn
from .jobs import Job
from .lane import Lane
from .left_out import tell_folders_left_out, tell_kinds_left_out
from .legs import Leg
from .mapping import Route, folded
from .pace import only_waits
from .recorder import Recorder
from .settings import settings_left_out

LISTING_TRIES = 3
LISTED_TOO_BIG = 500
NOTED_AT_ONCE = 500
"""Folders in one transaction."""

T = TypeVar("T")
Found = tuple[Leg, list[Folder]]
"""A source with its folders."""


@dataclass(slots=True)
class Inventory:
    """Makes the jobs of a run and fills the backlog."""

    plan: MigrationPlan
    accounts: Accounts
    ledger: Ledger
    backlog: Backlog
    edits: Edits
    listed: Listed
    recorder: Recorder
    control: Control
    clock: Clock
    limits: Limits
    lanes: dict[str, Lane] = field(default_factory=dict)
    awaited: list[Lane] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    changed: dict[Problem, None] = field(default_factory=dict)
    kinds_left_out: list[tuple[ItemKind | SettingKind, Problem]] = field(default_factory=list)
    _large: dict[int, list[ItemRef]] = field(default_factory=dict)
    _too_big: list[TooBigItem] = field(default_factory=list)
    _too_big_kinds: set[ItemKind] = field(default_factory=set)
    _listed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def jobs(self, found: Sequence[Found], destination: Destination) -> list[Job]:
        """Folders on both sides; missing ones are created. Raises `OmmError`."""
        there = destination.folders()
        mapped = self._mapped(found, there, destination)
        wishes = [
            FolderWish(route.destination, route.role, kind=route.source.kind) for _, route in mapped
        ]
        targets = destination.ensure_folders(wishes)
        made: list[Job] = []
        for pairs in _portions(list(zip(mapped, targets, strict=True))):
            with self.ledger.writing():
                for (leg, route), target in pairs:
                    self._add_job(made, leg, route, target)
        for leg in dict.fromkeys(job.leg for job in made if job.once):
            self._await_outcomes(leg, there)
        before = {folder.key for folder in there}
        lanes = self.lanes.values()
        met = (Met(lane.id, lane.folder, lane.folder.key not in before) for lane in lanes)
        note_met(self.ledger, self.recorder.run, met)
        for some in _portions(list(lanes)):
            with self.ledger.writing():
                for lane in some:
                    lane.open_if_empty(destination)
        return made

    def _add_job(self, made: list[Job], leg: Leg, route: Route, target: Folder | Problem) -> None:
        """`target` is what the destination answered to the wish for the folder."""
        tally = self._tally(leg, route.source, "/".join(route.destination))
        if isinstance(target, Problem):
            self._folder_failed(tally, route.source, target)
        elif target.kind is not route.source.kind:
            other = Problem(ProblemId.FOLDER_NOT_CREATED, Place.DESTINATION, "of another kind")
            self._folder_failed(tally, route.source, other)
        else:
            made.append(self._job(len(made), leg, route, target, tally))

    def _mapped(
        self, found: Sequence[Found], there: Sequence[Folder], destination: Destination
    ) -> list[tuple[Leg, Route]]:
        """Every route of every source, in the order in which they are taken."""
        plans = folder_plans(
            self.plan,
            [folders for _, folders in found],
            there,
            destination.delimiter_free,
            [self._led_to(leg, folders) for leg, folders in found],
            self.limits.kinds,
        )
        of_legs = [(leg, plan) for (leg, _), plan in zip(found, plans, strict=True)]
        listed, takes = [folders for _, folders in found], self.limits.kinds
        tell_folders_left_out(self.plan.selection, listed, of_legs, self.recorder)
        self.kinds_left_out += tell_kinds_left_out(
            self.plan.selection, listed, of_legs, takes, self.recorder, self._fail
        )
        self.kinds_left_out += settings_left_out(self.plan)
        mapped = [
            (turn(route.source, number), leg, route)
            for number, (leg, plan) in enumerate(of_legs)
            for route in plan.routes
        ]
        return [(leg, route) for _, leg, route in sorted(mapped, key=lambda one: one[0])]

    def _led_to(self, leg: Leg, folders: Sequence[Folder]) -> dict[str, str]:
        destination = self.accounts.destination
        led_to = self.ledger.led_to(leg.id, destination)
        if not leg.account.kind.is_on_disk:
            return led_to
        unknown = [folder for folder in folders if folder.key not in led_to]
        return {**led_to, **led_to_by_content(self.ledger, unknown, destination)}

    def _tally(self, leg: Leg, folder: Folder, destination: str) -> Tally:
        tally = Tally(folder, leg.named(folder.name), destination)
        self.recorder.board.tallies.append(tally)
        return tally

    def events(self) -> Iterator[Event]:
        """What the person should know of the folders before anything is copied."""
        if self.kinds_left_out:
            yield KindsLeftOut(tuple(self.kinds_left_out))
        if self.renamed:
            yield FoldersRenamed(tuple(self.renamed))
        if self.changed:
            for problem in self.changed:
                self.recorder.remark(problem.subject, problem)
            yield FilesChanged(tuple(self.changed))

    def _await_outcomes(self, leg: Leg, there: Sequence[Folder]) -> None:
        """What may have arrived elsewhere must be known before it is copied to another place."""
        folders = {folder.key: folder for folder in there}
        for key in leg.elsewhere.doubtful_folders():
            if key in self.lanes:
                self.awaited.append(self.lanes[key])
            elif key in folders:
                self.awaited.append(self._lane(folders[key]))

    def _lane(self, target: Folder) -> Lane:
        return Lane(
            self.ledger,
            self.accounts,
            target,
            self.plan.options.settle_seconds,
            self.clock,
        )

    def _fail(self, leg: Leg, folder: Folder, problem: Problem) -> None:
        self._folder_failed(self._tally(leg, folder, ""), folder, problem)

    def _folder_failed(self, tally: Tally, folder: Folder, problem: Problem) -> None:
        board = self.recorder.board
        board.add(tally, listed=folder.count or 0, failed=folder.count or 0)
        board.state(tally, FolderState.FAILED)
        self.recorder.folder_failure(tally.source, problem)

    def _job(self, number: int, leg: Leg, route: Route, target: Folder, tally: Tally) -> Job:
        folder = route.source
        lane = self.lanes.get(target.key)
        if lane is None:
            lane = self.lanes[target.key] = self._lane(target)
        validity = folder.validity or 0
        known, renumbered = self.ledger.source_folder(leg.id, folder.key, validity)
        name = tally.source
        if renumbered and leg.account.kind.is_on_disk:
            problem = Problem(ProblemId.FILE_CHANGED, Place.SOURCE, "", leg.account.name)
            self.changed[problem] = None
        elif renumbered:
            problem = Problem(ProblemId.FOLDER_RENUMBERED, Place.SOURCE, "", folder.name)
            self.recorder.remark(name, problem)
        for problem in folder.remarks:
            self.recorder.remark(name, problem)
        if route.renamed or folded(target.path) != folded(route.destination):
            self.recorder.board.leads_to(tally, target.name)
            self.renamed.append((name, target.name))
            detail = f"{folder.name} -> {target.name}"
            problem = Problem(ProblemId.FOLDER_RENAMED, Place.DESTINATION, detail, folder.name)
            self.recorder.remark(name, problem)
        return Job(number, leg, folder, known, validity, lane, tally, once=self._once(folder))

    def _once(self, folder: Folder) -> bool:
        if folder.holds is Holds.LABEL:
            return self.plan.options.labels is Labels.ONCE
        return folder.holds is Holds.REST

    def unchanged(self, job: Job) -> bool:
        """Whether all of the folder was copied before and nothing was added since.

        What is no mail may have been edited since, which neither number tells.
        """
        if job.folder.kind is not ItemKind.MAIL:
            return False
        if not self.plan.is_whole:
            return False
        folder = job.folder
        if folder.holds is Holds.LABEL and not job.once:
            # It may have been finished when mail of several labels was wanted once.
            return False
        if folder.next_key is None or folder.count is None:
            return False
        return self.ledger.finished(job.source_folder, job.lane.id) == (
            folder.next_key,
            folder.count,
        )

    def list_job(self, job: Job) -> None:
        """Fill the backlog with what of the folder has not arrived yet."""
        if self.unchanged(job):
            tally = self.ledger.tally(job.source_folder, job.lane.id)
            # What was removed at the source since it arrived is no item of this copy.
            items = min(tally.arrived, job.folder.count or 0)
            self._count(job, items, tally.bytes_arrived)
            self._note_elsewhere(job, (job.folder.count or 0) - items if job.once else 0)
            self.recorder.accepted(job, tally.accepted)
            return
        tries = 0
        while tries < LISTING_TRIES:
            try:
                with job.leg.sources.connection() as source:
                    self._large[job.number] = self._list(job, source)
                return
            except TryAgain as error:
                self._restart(job)
                tries += not only_waits(error)
                if tries == LISTING_TRIES:
                    self._folder_failed(job.tally, job.folder, error.problem)
            except ItemError as error:
                self._restart(job)
                self._folder_failed(job.tally, job.folder, error.problem)
                return

    def _restart(self, job: Job) -> None:
        self.backlog.drain(job.number)
        self.edits.clear(job.number)
        self.listed.clear(job.source_folder)
        self.recorder.board.clear(job.tally)

    def _list(self, job: Job, source: Source) -> list[ItemRef]:
        """The items that are above the destination's limit; the others are in the backlog then."""
        too_big: list[ItemRef] = []
        elsewhere = 0
        for window in source.refs(job.folder, self.plan.selection.since):
            self.control.checkpoint()
            if not job.folder.keys_last:
                self.listed.add(job.source_folder, [ref.key for ref in window])
            window = self._within_trial(window)
            states = self.ledger.states(
                job.source_folder, job.validity, job.lane.id, [ref.key for ref in window]
            )
            self.edits.note(job.number, job.place, window)
            arrived = self._arrived_elsewhere(job, window)
            waiting = []
            for ref in window:
                state = states.get(ref.key)
                if state in ARRIVED:
                    self._count(job, 1, ref.size or 0)
                    self.recorder.accepted(job, int(state is RowState.ACCEPTED))
                    continue
                if ref.object_id in arrived:
                    elsewhere += 1
                    continue
                self.recorder.board.add(job.tally, listed=1, size_total=ref.size or 0)
                if self._above_limit(ref):
                    too_big.append(ref)
                else:
                    waiting.append(Task(ref, ALONE if state is RowState.FAILED else 0))
            self.backlog.add(job.number, waiting)
        self._note_elsewhere(job, elsewhere)
        return too_big

    def _arrived_elsewhere(self, job: Job, window: Sequence[ItemRef]) -> frozenset[str | None]:
        ids = [ref.object_id for ref in window if ref.object_id is not None] if job.once else []
        states = job.leg.elsewhere.states(ids)
        return frozenset(object_id for object_id, state in states.items() if state in ARRIVED)

    def _note_elsewhere(self, job: Job, items: int) -> None:
        if items > 0 and job.folder.holds is Holds.LABEL:
            problem = Problem(ProblemId.COPIED_ONCE, Place.SOURCE, "", job.folder.name)
            self.recorder.remark(job.name, problem, count=items)

    def conclude(self, jobs: Sequence[Job]) -> None:
        """Once all is listed: each item is left to the first job that has it."""
        by_number = {job.number: job for job in jobs}
        once = [job.number for job in jobs if job.once]
        for number, items, size in self.backlog.drop_shown_before(once):
            self._left_to_another(by_number[number], items, size)
        known: set[str] = set()
        for job in jobs:
            large = self._large.get(job.number, [])
            here = [ref for ref in large if not job.once or ref.object_id not in known]
            known.update(ref.object_id for ref in here if ref.object_id is not None)
            shown_before = len(large) - len(here)
            size = sum(ref.size or 0 for ref in large) - sum(ref.size or 0 for ref in here)
            self._left_to_another(job, shown_before, size)
            self._leave_behind(job, here)
            if job.tally.state is not FolderState.FAILED:
                left_out = max(0, (job.folder.count or 0) - job.tally.listed)
                self.recorder.board.left_out(job.tally, left_out)

    def _left_to_another(self, job: Job, items: int, size: int) -> None:
        self.recorder.board.add(job.tally, listed=-items, size_total=-size)
        self._note_elsewhere(job, items)

    def _within_trial(self, window: list[ItemRef]) -> list[ItemRef]:
        most = self.plan.options.at_most
        if most is None:
            return window
        with self._lock:
            kept = window[-(most - self._listed) :] if self._listed < most else []
            self._listed += len(kept)
        return kept

    def _count(self, job: Job, items: int, size: int) -> None:
        self.recorder.board.add(
            job.tally, listed=items, present=items, size_total=size, size_done=size
        )

    def _above_limit(self, ref: ItemRef) -> bool:
        largest = self._largest
        return largest is not None and ref.size is not None and ref.size > largest

    @property
    def _largest(self) -> int | None:
        """Bytes of the largest item: as the server tells, else as known of its provider."""
        told = self.limits.largest_item
        return self.plan.largest_known if told is None else told

    @property
    def _told(self) -> bool:
        return self.limits.largest_item is not None

    def _leave_behind(self, job: Job, refs: Sequence[ItemRef]) -> None:
        unsaid = "" if self._told else ", known of this provider, not told by the server"
        for ref in refs:
            detail = f"{ref.size} > {self._largest} bytes{unsaid}"
            problem = Problem(ProblemId.ITEM_TOO_BIG, Place.DESTINATION, detail)
            self.recorder.failure(job, Task(ref), problem, unread_label(ref))
        with self._lock:
            if refs:
                self._too_big_kinds.add(job.folder.kind)
            self._too_big += [TooBigItem(job.name, ref.size or 0, ref.received) for ref in refs]

    def too_big(self) -> TooBig | None:
        """What will stay behind for its size, once everything is counted."""
        if not self._too_big:
            return None
        ordered = sorted(self._too_big, key=lambda item: -item.size)
        shown = tuple(ordered[:LISTED_TOO_BIG])
        kinds = frozenset(self._too_big_kinds)
        return TooBig(self._largest or 0, len(ordered), shown, self._told, kinds)


def _portions(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), NOTED_AT_ONCE):
        yield things[start : start + NOTED_AT_ONCE]
