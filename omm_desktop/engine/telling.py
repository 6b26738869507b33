"""What changed since it was told last, as events."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from omm_desktop.model.problem import Problem
from omm_desktop.model.progress import (
    Event,
    FolderEnded,
    FolderState,
    Mood,
    MoodChanged,
    OwnerAsked,
    PasswordAccepted,
)

from .board import Board
from .jobs import Job, Schedule


class Teller:
    """Tells each change once, on the thread that asks for it."""

    def __init__(self, board: Board, tell: Callable[[Event], None] = lambda event: None) -> None:
        self.tell = tell
        self._board = board
        self._mood = Mood.RUNNING
        self._question: Problem | None = None
        self._folders: set[int] = set()

    def passwords(self) -> None:
        """Those that were typed and have been accepted."""
        for place, secret in self._board.accepted():
            self.tell(PasswordAccepted(place, secret))

    def changes(self) -> None:
        """The mood and the question of the moment, when they are new."""
        self.passwords()
        if self._board.mood is self._mood and self._board.question is self._question:
            return
        snapshot = self._board.snapshot()
        if snapshot.mood is not self._mood:
            self._mood = snapshot.mood
            self.tell(MoodChanged(snapshot.mood, snapshot.waiting_for, snapshot.waiting_until))
        if snapshot.owner_needed is not self._question:
            self._question = snapshot.owner_needed
            if self._question is not None:
                self.tell(OwnerAsked(self._question))

    def folders(self, jobs: Iterable[Job], schedule: Schedule) -> None:
        """Those that have come to their end."""
        unfinished = schedule.unfinished()
        for job in jobs:
            if job.number not in self._folders and job.number not in unfinished:
                self._folders.add(job.number)
                if job.tally.state is not FolderState.FAILED:
                    self._board.state(job.tally, FolderState.DONE)
                self.tell(FolderEnded(job.tally.progress()))
