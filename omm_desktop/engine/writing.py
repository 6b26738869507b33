"""The writer's side: intents, store, outcomes. The only place that adds to a mailbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace

from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.ports import Destination, Fidelity, Refused, Repaired, Stored
from omm_desktop.model.problem import (
    ItemError,
    NotNow,
    OwnerNeeded,
    Place,
    Problem,
    ProblemId,
    TryAgain,
)
from omm_desktop.store.backlog import Task
from omm_desktop.store.edits import OTHER_VERSION
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.rows import Bearer, Intent, Outcome, RowState, SeenRow
from omm_desktop.store.survey import number
from omm_desktop.store.twins import Twins
from omm_desktop.store.uids import Uids

from .byte_queue import ByteQueue
from .choosing import Choice, Sent, choose, choose_events
from .clock import Clock
from .control import Control
from .jobs import Job, Schedule
from .pace import only_waits
from .pool import Pool
from .reading import MOST_TRIES, Fetched, one_try_more
from .recorder import Recorder, intent
from .rescue import Rescue
from .settle import KEEPS_BODIES


class Writer:
    """Run by each writing thread until the queue is closed. `account`: the ledger's number."""

    def __init__(
        self,
        destinations: Pool[Destination],
        account: int,
        schedule: Schedule,
        queue: ByteQueue[Fetched],
        recorder: Recorder,
        ledger: Ledger,
        control: Control,
        clock: Clock,
        rescue: Rescue | None = None,
    ) -> None:
        self._destinations = destinations
        self._account = account
        self._schedule = schedule
        self._queue = queue
        self._recorder = recorder
        self._ledger = ledger
        self._uids = Uids(ledger)
        self._twins = Twins(ledger, recorder.run)
        self._control = control
        self._clock = clock
        self._rescue = rescue
        self._learnt = False

    def work(self) -> None:
        while self._write_next():
            pass

    def _write_next(self) -> bool:
        """False when there is nothing more. What was written is let go before the next wait."""
        fetched = self._queue.get()
        if fetched is None:
            return False
        reserved = fetched.reserved
        try:
            self._write(fetched)
            self._schedule.done(fetched.batch)
        finally:
            fetched.close()
            self._queue.release(reserved)
        return True

    def _write(self, fetched: Fetched) -> None:
        job = fetched.batch.job
        answers = self._control.answers
        waiting = [Sent(task, item, item) for task, item in fetched.items]
        try:
            with self._destinations.connection() as destination:
                if not self._set_present_aside(destination, job, waiting):
                    self._schedule.give_back(job, _tasks(waiting))
                    return
            self._set_hopeless_aside(job, waiting)
            # Nobody keeps a connection for the hours this may take.
            self._destinations.spend(sum(sent.item.payload.size for sent in waiting))
            with self._destinations.connection() as destination:
                while waiting and self._leave(destination, job, waiting):
                    if not self._set_present_aside(destination, job, waiting, repaired=True):
                        self._schedule.give_back(job, _tasks(waiting))
                        return
        except TryAgain as error:
            self._after_loss(job, waiting, error)
        except OwnerNeeded as error:
            self._schedule.give_back(job, _tasks(waiting))
            self._control.ask(error.problem, answers)
        except ItemError as error:
            for sent in waiting:
                self._recorder.failure(job, sent.task, error.problem, sent.item.label)

    def _after_loss(self, job: Job, waiting: list[Sent], error: TryAgain) -> None:
        """All go back, whatever their tries: only the opened lane tells which of them arrived."""
        tasks = _tasks(waiting)
        if not only_waits(error):
            tasks = [one_try_more(task) for task in tasks]
        self._schedule.give_back(job, tasks)

    def _set_hopeless_aside(self, job: Job, waiting: list[Sent]) -> None:
        """Take the items off `waiting` that lost the connection every time and did not arrive.

        At its last try an item says so, and the destination may know what to change in it.
        """
        for sent in waiting:
            if sent.task.tries == MOST_TRIES - 1:
                sent.item = replace(sent.item, ends_connections=True)
        problem = Problem(ProblemId.ITEM_REFUSED, Place.DESTINATION, "connection lost every time")
        for sent in [sent for sent in waiting if sent.task.tries >= MOST_TRIES]:
            waiting.remove(sent)
            self._note_refused(job, sent, problem)

    def _set_present_aside(
        self, destination: Destination, job: Job, waiting: list[Sent], *, repaired: bool = False
    ) -> bool:
        """Take the items off `waiting` that are there already, and note them: those as they were
        read, or the `repaired` ones.

        The lane is not read anew meanwhile: what was taken and not yet noted would be free again.
        False when it is closed.
        """
        if not job.lane.depart():
            return False
        try:
            self._find_present(
                destination, job, waiting, [s for s in waiting if bool(s.item.repairs) is repaired]
            )
        finally:
            job.lane.return_answered([])
        return True

    def _find_present(
        self, destination: Destination, job: Job, waiting: list[Sent], wanted: list[Sent]
    ) -> None:
        present: list[tuple[Intent, str | None]] = []
        try:
            for sent in wanted:
                found = job.lane.find_present(destination, sent.item)
                if found is not None:
                    present.append(self._found_there(job, sent, found))
                    self._remark(job, sent)
                    waiting.remove(sent)
        finally:
            self._recorder.present(job, present)
        if self._twins.possible and job.lane.kind is not ItemKind.EVENTS:
            self._look_for_twins(destination, job, [sent for sent in wanted if sent in waiting])

    def _look_for_twins(self, destination: Destination, job: Job, wanted: list[Sent]) -> None:
        """Whether what other sources once brought is there still: its owner may not want it."""
        lane, keys = job.lane, set[str]()
        for sent in wanted:
            keys |= self._twins.of_earlier_runs(job.leg.id, lane.id, intent(job, sent.item))
        if keys:
            told = {key for key, _ in destination.contents(lane.folder.key, sorted(keys))}
            with lane.lock:
                lane.gone |= keys - told

    def _found_there(self, job: Job, sent: Sent, found: SeenRow) -> tuple[Intent, str]:
        """Of an event of another content the row says what is there, so that it stays known."""
        noted = intent(job, sent.item)
        is_event = job.lane.kind is ItemKind.EVENTS
        if is_event and found.content is not None and found.content != noted.content:
            noted = replace(noted, content=found.content, version=OTHER_VERSION)
            self._tell_other_version(job, sent)
        return noted, found.key

    def _tell_other_version(self, job: Job, sent: Sent) -> None:
        label = sent.item.label
        problem = Problem(ProblemId.ITEM_OTHER_VERSION, Place.DESTINATION, "", label.subject)
        self._recorder.remark_item(job, problem, label)

    def _leave(self, destination: Destination, job: Job, waiting: list[Sent]) -> bool:
        """Send one batch and note its outcomes. What remains in `waiting` was not stored.

        True while there is more to send at once (repaired items); items that must wait for others
        are given back. Raises what the destination raises, with the lane informed.
        """
        lane = job.lane
        self._control.checkpoint()
        if not lane.depart():
            self._schedule.give_back(job, _tasks(waiting))
            waiting.clear()
            return False
        answered: list[Outcome] = []
        keys: list[str | None] = []
        choice = Choice([])
        lost = True
        try:
            choice = self._intend(job, waiting)
            if choice.leaving:
                self._store(destination, job, choice.leaving, waiting, answered, keys)
            lost = False
        except (OwnerNeeded, NotNow):
            answered.extend(Outcome(s.row, None) for s in choice.leaving if s in waiting)
            lost = False
            raise
        finally:
            self._ledger.note_outcomes(answered)
            if lost:
                lane.return_lost()
            else:
                lane.return_answered(keys)
        for twin in choice.held:
            waiting.remove(twin)
        self._schedule.give_back(job, _tasks(choice.held), held=True)
        return bool(waiting)

    def _intend(self, job: Job, waiting: list[Sent]) -> Choice:
        """Write the intents of what leaves now. What turns out to be there is no more `waiting`."""
        by_uid = job.lane.kind is ItemKind.EVENTS
        with job.lane.lock if by_uid or self._twins.possible else nullcontext():
            if by_uid:
                choice = choose_events(waiting, job, self._uids)
            else:
                choice = choose(waiting, job.lane.fidelity, self._brought_by_others(job))
            self._write_intents(job, choice.leaving)
            self._note_borne(job, choice.there)
        for sent, _ in choice.there:
            waiting.remove(sent)
        return choice

    def _brought_by_others(self, job: Job) -> Callable[[Sent], Sequence[Bearer]]:
        """Of an item: what other sources brought that is equal to it."""
        if not self._twins.possible:
            return lambda sent: ()
        return lambda sent: self._twins.bearers(
            job.leg.id, job.lane.id, intent(job, sent.item), job.lane.gone
        )

    def _write_intents(self, job: Job, leaving: list[Sent]) -> None:
        if not leaving:
            return
        lane = job.lane
        rows = self._ledger.intend(
            self._recorder.run,
            lane.id,
            lane.quiet,
            lane.validity,
            self._clock.time(),
            [intent(job, sent.item) for sent in leaving],
        )
        for sent, row in zip(leaving, rows, strict=True):
            sent.row = row

    def _note_borne(self, job: Job, there: list[tuple[Sent, Bearer]]) -> None:
        for sent, bearer in there:
            if bearer.content != sent.item.content:
                self._tell_other_version(job, sent)
            self._remark(job, sent)
        self._recorder.present(job, [(intent(job, s.item), bearer.key) for s, bearer in there])

    def _store(
        self,
        destination: Destination,
        job: Job,
        batch: list[Sent],
        waiting: list[Sent],
        answered: list[Outcome],
        keys: list[str | None],
    ) -> None:
        """Store the batch; fill `answered` and `keys`, and take what is settled off `waiting`."""
        by_key = {sent.item.ref.key: sent for sent in batch}
        first: tuple[str | None, Item] | None = None
        size = 0
        began = self._clock.now()
        for answer in destination.store(job.lane.folder.key, [sent.item for sent in batch]):
            sent = by_key[answer.ref.key]
            match answer:
                case Stored():
                    waiting.remove(sent)
                    key = _believable(answer.key, job.lane.quiet)
                    keys.append(key)
                    size += sent.item.payload.size
                    answered.append(Outcome(sent.row, RowState.DONE, key, job.lane.validity))
                    self._note_stored(job, sent, answer)
                    if not sent.item.repairs:
                        first = first or (key, sent.item)
                case Repaired():
                    answered.append(Outcome(sent.row, None))
                    sent.item = answer.item
                case Refused():
                    waiting.remove(sent)
                    answered.append(Outcome(sent.row, RowState.FAILED))
                    self._note_refused(job, sent, answer.problem)
        self._destinations.governor.moved(size, self._clock.now() - began)
        if first is not None and not self._learnt and job.lane.kind is ItemKind.MAIL:
            self._learn(destination, job, first)

    def _note_stored(self, job: Job, sent: Sent, answer: Stored) -> None:
        size = sent.item.payload.size
        self._recorder.board.add(job.tally, copied=1, size_done=size)
        self._remark(job, sent, answer.adapted)

    def _remark(self, job: Job, sent: Sent, adapted: tuple[Problem, ...] = ()) -> None:
        """What the item lacks of what it was, or has otherwise."""
        for problem in (*sent.item.remarks, *sent.item.repairs, *adapted):
            self._recorder.remark_item(job, problem, sent.item.label)

    def _note_refused(self, job: Job, sent: Sent, problem: Problem) -> None:
        label = sent.original.label
        self._recorder.failure(job, sent.task, problem, label)
        if self._rescue is None or problem.id is ProblemId.ITEM_LOOKS_HARMFUL:
            return
        ref, payload = sent.task.ref, sent.original.payload
        file = self._rescue.save(job.folder, ref, payload, job.leg.name)
        if file is not None:
            saved = Problem(ProblemId.ITEM_RESCUED, Place.DESTINATION, str(file), file.name)
            self._recorder.remark_item(job, saved, label)

    def _learn(self, destination: Destination, job: Job, first: tuple[str | None, Item]) -> None:
        """Once in each copy, since servers change: does it give back what it was given?

        The key may be a lie, and then it leads to another message: a body that is not the item's is
        believed only when the item's is nowhere.
        """
        key, item = first
        fidelity = Fidelity.UNKNOWN
        if key is not None:
            fidelity = destination.fidelity(job.lane.folder.key, key, item)
        if fidelity not in KEEPS_BODIES:
            fidelity = _fidelity_without_key(destination, job, item)
        self._learnt = True
        if fidelity is not self._ledger.fidelity(self._account):
            self._ledger.set_fidelity(self._account, fidelity)


def _believable(key: str | None, quiet: int | None) -> str | None:
    """The key of a new message; None for the number of an older one, which is a server's error."""
    return None if key and quiet and 0 < number(key) < quiet else key


def _fidelity_without_key(destination: Destination, job: Job, item: Item) -> Fidelity:
    """Look for an acknowledged item whose key is not known, and see what became of it.

    Another message may have its headers, or its body; the item itself is there all the same.
    """
    folder = job.lane.folder.key
    same: list[str] = []
    others: list[str] = []
    for window in destination.existing(folder, job.lane.quiet):
        for seen in window:
            (same if seen.fingerprint == item.fingerprint else others).append(seen.key)
    contents = {content for _, content in destination.contents(folder, same or others)}
    if item.content not in contents:
        return Fidelity.REBUILT
    return Fidelity.EXACT if same else Fidelity.BODY


def _tasks(waiting: list[Sent]) -> list[Task]:
    return [sent.task for sent in waiting]
