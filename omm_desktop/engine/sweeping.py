"""Taking what a run put into one folder out of it again.

Intents are durable before anything is asked of the server, and outcomes come from looking at the
folder, never from an answer: after a lost answer or a death the next look tells what has gone. An
item whose removal was begun and that is gone was removed by us; any other that is gone was removed
or moved by its owner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from omm_desktop.model.items import ContentHash, Folder
from omm_desktop.model.problem import ItemError, Place, Problem, ProblemId
from omm_desktop.model.progress import FolderState
from omm_desktop.model.removing import Remover, Standing
from omm_desktop.model.undoing import Kept
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.removals import PutThere, Removals, UndoPlace

from .accounts import Accounts
from .board import Board, Tally
from .clock import Clock
from .control import Control
from .lane import Lane
from .ours import kept_because
from .pool import Pool, patiently

AT_ONCE = 200
"""Rows in one transaction."""


@dataclass
class Sweeper:
    """Of one undo. `trash` is None where what is removed is gone at once."""

    ledger: Ledger
    removals: Removals
    accounts: Accounts
    destinations: Pool[Remover]
    control: Control
    board: Board
    clock: Clock
    settle_seconds: float
    trash: Folder | None = None
    _kept: Counter[tuple[str, Problem]] = field(default_factory=Counter)

    def sweep(self, place: UndoPlace, folder: Folder | None, tally: Tally) -> None:
        """Remove from one folder; `folder` is None when the mailbox has it no longer."""
        self.board.state(tally, FolderState.COPYING)
        try:
            if folder is None or self._is_empty(folder):
                self._all_gone(place, tally)
            elif self.trash is not None and folder.key == self.trash.key:
                self.keep(place, tally, ProblemId.KEPT_IN_TRASH, place.items)
            else:
                lane = self._settled(folder)
                inside = _Folder(self, place, lane, tally)
                inside.empty()
                self._keep_unaddressed(place, inside.validity, tally)
        except ItemError as error:
            left = tally.listed - tally.done
            self.keep(place, tally, error.problem.id, left, error.problem.detail)
        self.board.state(tally, FolderState.DONE)

    def _is_empty(self, folder: Folder) -> bool:
        empty = False

        def look() -> None:
            nonlocal empty
            with self.destinations.connection() as there:
                empty = there.position(folder.key).count == 0

        if folder.count == 0:
            patiently(look)
        return empty

    def _all_gone(self, place: UndoPlace, tally: Tally) -> None:
        """Whatever its address was: there is nothing where it could be."""
        while rows := self.removals.anywhere(place.id, AT_ONCE):
            self.control.checkpoint()
            removed = [row for row, begun in rows if begun]
            gone = [row for row, begun in rows if not begun]
            self.removals.note_absent(place.id, removed=removed, gone=gone)
            self.board.add(tally, copied=len(removed), present=len(gone), size_done=len(rows))

    def _keep_unaddressed(self, place: UndoPlace, validity: int, tally: Tally) -> None:
        unknown = self.removals.unaddressed(place.id, validity)
        self.keep(place, tally, ProblemId.KEPT_UNKNOWN, unknown)

    def _settled(self, folder: Folder) -> Lane:
        """The folder, where need be with every outcome settled that a copy left open."""
        lane = Lane(self.ledger, self.accounts, folder, self.settle_seconds, self.clock)

        def settle() -> None:
            while True:
                with self.destinations.connection() as there:
                    wait = lane.advance(there)
                if wait is None:
                    return
                self.control.sleep(wait)

        if self.removals.is_open(lane.id, lane.validity):
            patiently(settle)
        return lane

    def keep(
        self, place: UndoPlace, tally: Tally, why: ProblemId, items: int = 1, detail: str = ""
    ) -> None:
        if items > 0:
            self.board.add(tally, failed=items, size_done=items)
            self.remark(place.name, Problem(why, Place.DESTINATION, detail), items)

    def remark(self, folder: str, problem: Problem, items: int = 1) -> None:
        self._kept[folder, problem] += items

    @property
    def kept(self) -> tuple[Kept, ...]:
        return tuple(Kept(name, problem, items) for (name, problem), items in self._kept.items())


@dataclass
class _Folder:
    """One folder, some hundred items at a time."""

    sweeper: Sweeper
    place: UndoPlace
    lane: Lane
    tally: Tally
    _after: int = 0

    def __post_init__(self) -> None:
        self.validity = self.lane.validity

    def empty(self) -> None:
        while self._next(1):
            self.sweeper.control.checkpoint()
            patiently(self._step)

    def _next(self, most: int) -> list[PutThere]:
        return self.sweeper.removals.rows(self.lane.id, self.validity, self._after, most)

    def _step(self) -> None:
        """Read anew each time: what an attempt before this one began is known by its intents."""
        kept: list[ProblemId] = []
        with self.sweeper.destinations.connection() as there:
            rows = self._next(there.at_once)
            removed, gone = self._take_out(there, rows, kept)
        self.sweeper.board.add(
            self.tally,
            copied=removed,
            present=gone,
            size_done=removed + gone,
        )
        for why, items in Counter(kept).items():
            self.sweeper.keep(self.place, self.tally, why, items)
        self._after = rows[-1].id

    def _take_out(
        self, there: Remover, rows: Sequence[PutThere], kept: list[ProblemId]
    ) -> tuple[int, int]:
        """How many we removed, and how many were gone."""
        removals = self.sweeper.removals
        standing = self._standing(there, rows)
        removed = [row.id for row in rows if row.begun and row.key not in standing]
        gone = [row.id for row in rows if not row.begun and row.key not in standing]
        removals.note_absent(self.lane.id, removed=removed, gone=gone)
        ours = []
        for row in rows:
            if row.key in standing:
                why = self._kept_because(there, row, standing[row.key])
                if why is None:
                    ours.append(row)
                else:
                    kept.append(why)
        known = {row.id for row in ours}
        stay = [r for r in rows if r.begun and r.key in standing and r.id not in known]
        if stay:
            keys = [row.key for row in stay]
            there.let_be(self.lane.folder.key, self.validity or None, keys)
            removals.leave(row.id for row in stay)
        begun, others = [r for r in ours if r.begun], [r for r in ours if not r.begun]
        number = len(removed)
        if begun:
            number += self._remove(there, begun, kept)
            # What is taken out of a file moves what stands behind it.
            moved = {row.id: row for row in self._next(there.at_once)}
            others = [moved[row.id] for row in others]
        if others:
            number += self._remove(there, others, kept)
        return number, len(gone)

    def _standing(self, there: Remover, rows: Sequence[PutThere]) -> dict[str, Standing]:
        keys = [row.key for row in rows]
        found = there.standing(self.lane.folder.key, self.validity or None, keys)
        return {one.key: one for one in found}

    def _kept_because(self, there: Remover, row: PutThere, standing: Standing) -> ProblemId | None:
        def content(key: str) -> ContentHash | None:
            return dict(there.contents(self.lane.folder.key, [key])).get(key)

        return kept_because(row, standing, self.lane.kind, self.lane.fidelity, content)

    def _remove(self, there: Remover, rows: Sequence[PutThere], kept: list[ProblemId]) -> int:
        """How many of them are gone then."""
        removals, key = self.sweeper.removals, self.lane.folder.key
        begun = min(row.before or 0 for row in rows) if rows[0].begun else None
        removals.intend(self.lane.id, (row.id for row in rows), there.before_removing(key))
        keys = [row.key for row in rows]
        try:
            found = there.remove(key, self.validity or None, keys, begun)
        except ItemError:
            removals.leave(row.id for row in rows)
            raise
        gone = [row.id for row in rows if row.key in found.gone]
        removals.note_absent(
            self.lane.id, removed=gone, gone=(), moved=found.moved, validity=found.validity
        )
        self.validity = found.validity or self.validity
        left = [row.id for row in rows if row.key not in found.gone]
        removals.leave(left)
        kept.extend([ProblemId.REMOVING_REFUSED] * len(left))
        return len(gone)
