"""The counters of a run, and the snapshot made of them."""

from __future__ import annotations

import threading

from omm_desktop.model.items import Folder
from omm_desktop.model.problem import Place, Problem
from omm_desktop.model.progress import (
    FolderProgress,
    FolderState,
    Mood,
    Phase,
    Reading,
    Snapshot,
    TooBig,
)
from omm_desktop.model.secret import Secret

from .clock import Clock
from .control import Control
from .estimate import Estimate


class Tally:
    """The counters of one source folder, under the `name` that the person knows it by.

    Changed only through the board.
    """

    def __init__(self, folder: Folder, name: str, destination: str) -> None:
        self.source = name
        self.destination = destination
        self.role = folder.role
        self.kind = folder.kind
        self.state = FolderState.PENDING
        self.listed = 0
        self.not_selected = 0
        self.copied = 0
        self.present = 0
        self.failed = 0
        self.unsure = 0
        self.gone = 0
        self.remarks = 0
        self.edited = 0
        self.updated = 0
        self.bytes_total = 0
        self.bytes_done = 0
        self.bytes_copied = 0
        self.shown: FolderProgress | None = None
        """What was last shown, as long as nothing has changed since."""

    @property
    def done(self) -> int:
        return self.copied + self.present + self.failed + self.unsure

    def progress(self) -> FolderProgress:
        if self.shown is None:
            self.shown = self._progress()
        return self.shown

    def _progress(self) -> FolderProgress:
        return FolderProgress(
            self.source,
            self.destination,
            self.role,
            self.state,
            self.listed,
            self.copied,
            self.present,
            self.failed + self.unsure,
            self.remarks,
            self.kind,
        )


class Board:
    """Shared by all threads; each change is one short lock."""

    def __init__(self, clock: Clock, control: Control) -> None:
        self._clock = clock
        self._control = control
        self._lock = threading.Lock()
        self._began = clock.now()
        self._ended: float | None = None
        self._phase = Phase.CONNECTING
        self._waits: dict[str, tuple[Problem, float]] = {}
        self._estimate = Estimate()
        self._too_big: TooBig | None = None
        self._reading: Reading | None = None
        self._starts_at: float | None = None
        self.tallies: list[Tally] = []

    def phase(self, phase: Phase) -> None:
        with self._lock:
            self._phase = phase
            self._reading = None
            if phase is Phase.COPYING:
                self._estimate.begin()
            if phase is Phase.ENDED:
                self._ended = self._clock.now()

    def scheduled(self, until: float) -> None:
        """It begins at that Unix time; what lasts until then is not part of the run."""
        with self._lock:
            self._phase, self._starts_at = Phase.SCHEDULED, until

    def begin(self) -> None:
        """The time of the run counts from now on."""
        with self._lock:
            self._began, self._starts_at = self._clock.now(), None

    def too_big(self, found: TooBig) -> None:
        with self._lock:
            self._too_big = found

    def reading(self, file: Reading) -> None:
        """How far a file was read; read to its end it is none to tell of any more."""
        with self._lock:
            self._reading = file if file.done < file.size else None

    def waiting(self, who: str, problem: Problem | None, until: float) -> None:
        """`who` waits until that Unix time because of the problem, or no longer (None)."""
        with self._lock:
            if problem is None:
                self._waits.pop(who, None)
            else:
                self._waits[who] = (problem, until)

    def add(
        self,
        tally: Tally,
        *,
        listed: int = 0,
        copied: int = 0,
        present: int = 0,
        failed: int = 0,
        unsure: int = 0,
        gone: int = 0,
        remarks: int = 0,
        edited: int = 0,
        updated: int = 0,
        size_total: int = 0,
        size_done: int = 0,
    ) -> None:
        """Add to a folder's counters; sizes in bytes."""
        with self._lock:
            tally.listed += listed
            tally.copied += copied
            tally.present += present
            tally.failed += failed
            tally.unsure += unsure
            tally.gone += gone
            tally.remarks += remarks
            tally.edited += edited
            tally.updated += updated
            tally.bytes_total += size_total
            tally.bytes_done += size_done
            if copied:
                tally.bytes_copied += size_done
            tally.shown = None

    def leads_to(self, tally: Tally, destination: str) -> None:
        """The folder goes into one of that name."""
        with self._lock:
            tally.destination, tally.shown = destination, None

    def left_out(self, tally: Tally, items: int) -> None:
        """So many items of the folder are not part of this copy."""
        with self._lock:
            tally.not_selected = items
            tally.shown = None

    def clear(self, tally: Tally) -> None:
        """Count the folder from the beginning."""
        with self._lock:
            tally.listed = tally.copied = tally.present = tally.failed = tally.unsure = 0
            tally.bytes_total = tally.bytes_done = 0
            tally.shown = None

    def state(self, tally: Tally, state: FolderState) -> None:
        with self._lock:
            tally.state = state
            tally.shown = None

    @property
    def seconds(self) -> float:
        return (self._ended or self._clock.now()) - self._began

    @property
    def mood(self) -> Mood:
        """As in the snapshot, which takes long where there are ten thousand folders."""
        with self._lock:
            return self._mood(waiting=bool(self._waits))

    @property
    def question(self) -> Problem | None:
        """What the person is asked, as in the snapshot."""
        return self._control.question

    def accepted(self) -> list[tuple[Place, Secret]]:
        """Passwords that were typed and accepted since the last time."""
        return self._control.take_accepted()

    def snapshot(self) -> Snapshot:
        with self._lock:
            folders = tuple(tally.progress() for tally in self.tallies)
            total = sum(t.bytes_total for t in self.tallies)
            done = sum(t.bytes_done for t in self.tallies)
            wait = next(iter(self._waits.values()), None)
            mood = self._mood(waiting=wait is not None)
            return Snapshot(
                phase=self._phase,
                mood=mood,
                items_total=sum(f.total for f in folders),
                items_done=sum(f.done for f in folders),
                bytes_total=total,
                bytes_done=done,
                copied=sum(f.copied for f in folders),
                present=sum(f.present for f in folders),
                failed=sum(f.failed for f in folders),
                seconds=self.seconds,
                remaining=self._remaining(total, done, mood),
                folders=folders,
                waiting_for=wait[0] if wait else None,
                waiting_until=wait[1] if wait else None,
                owner_needed=self._control.question,
                too_big=self._too_big,
                reading=self._reading,
                starts_at=self._starts_at,
            )

    def _mood(self, *, waiting: bool) -> Mood:
        if self._control.stopping:
            return Mood.STOPPING
        if self._control.paused or self._control.question is not None:
            return Mood.PAUSED
        return Mood.WAITING if waiting else Mood.RUNNING

    def _remaining(self, total: int, done: int, mood: Mood) -> float | None:
        if self._phase is not Phase.COPYING or not total:
            return None
        if mood is not Mood.RUNNING:
            self._estimate.suspend()
            return None
        return self._estimate.seconds(self._clock.now(), done, total)
