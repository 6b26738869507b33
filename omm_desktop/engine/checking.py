"""After the copy: is everything that was acknowledged really there, and only once?

The check never sends anything again; it reports, and the person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from omm_desktop.model.items import NAMELESS, ItemKind
from omm_desktop.model.ports import Destination, Fidelity
from omm_desktop.model.problem import ItemError, Place, Problem, ProblemId, TryAgain
from omm_desktop.model.progress import FolderState
from omm_desktop.model.report import Proof
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.roll_call import RollCall
from omm_desktop.store.rows import Absent, Outcome, Row, RowState, SeenRow
from omm_desktop.store.survey import Survey
from omm_desktop.store.twins import Twins
from omm_desktop.store.uids import Uids

from .jobs import Job
from .lane import Lane
from .pace import only_waits
from .pool import Pool
from .recorder import Recorder
from .settle import KEEPS_BODIES, OPEN, Verdict, claim, judge_unclaimed

TRIES = 3
LOOKED_AT = 10
"""Messages of others, each read whole: of what another copy adds any may tell it."""


@dataclass(frozen=True, slots=True)
class Checker:
    """Of one run, when all that was to be copied has its outcome."""

    ledger: Ledger
    recorder: Recorder
    destinations: Pool[Destination]

    def check(self, jobs: Sequence[Job]) -> dict[int, Proof]:
        """How far each job's items were proved, by job number."""
        proofs: dict[int, Proof] = {}
        twins = Twins(self.ledger, self.recorder.run)
        lanes: dict[Lane, list[Job]] = {}
        for job in jobs:
            lanes.setdefault(job.lane, []).append(job)
        for lane, mine in lanes.items():
            touched = any(job.tally.copied or job.tally.unsure for job in mine) or lane.doubtful
            proof = self._patiently(lane, mine) if touched else self._unread(lane, mine, twins)
            proofs.update((job.number, proof) for job in mine)
        return proofs

    def _unread(self, lane: Lane, jobs: Sequence[Job], twins: Twins) -> Proof:
        """Of a folder nothing was added to: proved earlier, unless some of it was removed since."""
        arrived = self._arrived(lane, jobs, twins)
        held = lane.folder.count
        if held is None or held >= arrived:
            return Proof.KEYS
        self._remark(jobs, ProblemId.ITEMS_REMOVED_SINCE, f"{held} of {arrived} left")
        return Proof.NONE

    def _arrived(self, lane: Lane, jobs: Sequence[Job], twins: Twins) -> int:
        """What the folder held of these jobs, what several of them had counted once."""
        folders = [job.source_folder for job in jobs]
        if lane.kind is ItemKind.EVENTS:
            return Uids(self.ledger).held(lane.id, folders)
        return twins.held(lane.id, folders)

    def _remark(self, jobs: Sequence[Job], id: ProblemId, detail: str = "") -> None:
        for job in jobs:
            name = job.name
            self.recorder.remark(name, Problem(id, Place.DESTINATION, detail, name))

    def _patiently(self, lane: Lane, jobs: Sequence[Job]) -> Proof:
        tries, detail = 0, ""
        while tries < TRIES:
            try:
                with self.destinations.connection() as destination:
                    return self._check(lane, jobs, destination)
            except TryAgain as error:
                tries, detail = tries + (not only_waits(error)), error.problem.detail
            except ItemError as error:
                detail = error.problem.detail
                break
        self._remark(jobs, ProblemId.FOLDER_NOT_CHECKED, detail)
        return Proof.NONE

    def _check(self, lane: Lane, jobs: Sequence[Job], destination: Destination) -> Proof:
        position = destination.position(lane.folder.key)
        if position.validity is not None and position.validity != lane.validity:
            # Renumbered meanwhile: no key tells anything. The next copy looks for every item.
            return Proof.NONE
        roll = RollCall(self.ledger, lane.id, lane.validity, self.recorder.run)
        for keys in destination.keys(lane.folder.key):
            roll.add(keys)
        by_fingerprint = lane.doubtful or bool(roll.keyless())
        proof = self._by_fingerprint(lane, jobs, destination) if by_fingerprint else Proof.KEYS
        for absent in roll.absent():
            self._missing(jobs, absent)
        if position.next_key is not None:
            foreign = roll.first_foreign()
            self.ledger.set_explained(lane.id, position.next_key if foreign is None else foreign)
        if not by_fingerprint:
            # Ours was checked: mail of others that nobody can read changes nothing of that.
            with suppress(ItemError):
                self._look_for_another_copy(lane, jobs, destination, roll)
        return proof

    def _look_for_another_copy(
        self, lane: Lane, jobs: Sequence[Job], destination: Destination, roll: RollCall
    ) -> None:
        """Some of what others added meanwhile, as another user or computer has locks of its own."""
        if lane.first_quiet is None or lane.kind is not ItemKind.MAIL:
            return
        if lane.fidelity not in KEEPS_BODIES:
            return
        added = roll.foreign(lane.first_quiet, LOOKED_AT)
        if added and any(
            roll.has_stored(content) for _, content in destination.contents(lane.folder.key, added)
        ):
            self._remark(jobs, ProblemId.ANOTHER_COPY)

    def _by_fingerprint(self, lane: Lane, jobs: Sequence[Job], destination: Destination) -> Proof:
        """Find the items without a key, and see whether anything of ours is there twice."""
        survey = Survey(self.ledger, lane.id, lane.validity, lane.first_quiet)
        for window in destination.existing(lane.folder.key, lane.first_quiet):
            survey.add(window)
        survey.explain_by_key()
        fidelity = lane.fidelity
        unclaimed: list[Row] = []
        for fingerprint, rows in survey.keyless_groups():
            spare = lane.with_contents(destination, survey, survey.spare(fingerprint))
            for row, message in claim(rows, spare, fidelity, lane.kind):
                if message is None:
                    unclaimed.append(row)
                else:
                    self._found(lane, survey, row, message)
        proof = Proof.FINGERPRINTS if fidelity in KEEPS_BODIES else Proof.COUNTS
        for row in unclaimed:
            if row.state is not RowState.DONE:
                continue
            if fidelity in (Fidelity.EXACT, Fidelity.MARKED):
                absent = survey.absent(row.id, self.recorder.run)
                if absent is not None:
                    self._missing(jobs, absent)
                continue
            nobodys = lane.with_contents(destination, survey, survey.unexplained(row.quiet))
            verdict, message = judge_unclaimed(row, nobodys, fidelity)
            if verdict is Verdict.ARRIVED and message is not None:
                self._found(lane, survey, row, message)
            else:
                proof = Proof.COUNTS
        self._twice(lane, jobs, destination, survey)
        return proof

    def _found(self, lane: Lane, survey: Survey, row: Row, message: SeenRow) -> None:
        survey.take(message.key)
        if message.number or lane.kind is not ItemKind.MAIL:
            # A row in doubt that kept its state would be explained by its key, and sent again.
            state = RowState.DONE if row.state in OPEN else row.state
            self.ledger.note_outcomes([Outcome(row.id, state, message.key, lane.validity)])

    def _twice(
        self, lane: Lane, jobs: Sequence[Job], destination: Destination, survey: Survey
    ) -> None:
        for fingerprint in survey.fingerprints_of_ours():
            contents = survey.contents_of_ours(fingerprint)
            spare = lane.with_contents(destination, survey, survey.spare(fingerprint))
            for message in spare:
                if message.content in contents:
                    problem = Problem(ProblemId.ITEM_TWICE, Place.DESTINATION, f"key {message.key}")
                    self.recorder.remark_item(jobs[0], problem, NAMELESS)

    def _missing(self, jobs: Sequence[Job], absent: Absent) -> None:
        self.ledger.note_outcomes([Outcome(absent.row, RowState.MISSING)])
        job = next((job for job in jobs if job.source_folder == absent.source_folder), None)
        if job is None:
            return
        problem = Problem(ProblemId.ITEM_NOT_FOUND_AFTER, Place.DESTINATION)
        self.recorder.missing(job, absent.key, absent.size, problem)

    def close_books(self, jobs: Sequence[Job], *, whole: bool) -> None:
        """Note which folders are finished, so that an unchanged one is not listed again.

        `whole` is False when the plan left out part of the folders' items.
        """
        # What one folder lacks may be what another left to it.
        shared = all(_clean(job) for job in jobs if job.once)
        with self.ledger.writing():
            for job in jobs:
                self._close_book(job, whole=whole and (shared if job.once else _clean(job)))

    def _close_book(self, job: Job, *, whole: bool) -> None:
        tally, folder = job.tally, job.folder
        if tally.state is not FolderState.FAILED:
            self.recorder.board.state(tally, FolderState.DONE)
        numbered = folder.next_key is not None and folder.count is not None
        finished = whole and numbered and tally.state is FolderState.DONE
        position = (folder.next_key or 0, folder.count or 0) if finished else None
        self.ledger.set_finished(job.source_folder, job.lane.id, position)


def _clean(job: Job) -> bool:
    """An item that is gone may have been left to this folder by another that shows it still."""
    tally = job.tally
    return tally.done == tally.listed and not (tally.failed or tally.unsure or tally.gone)
