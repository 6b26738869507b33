"""Pause, resume, stop, and questions to the person: one state that every worker consults."""

from __future__ import annotations

import threading
from collections.abc import Callable

from omm_desktop.model.problem import Place, Problem
from omm_desktop.model.secret import Secret

from .clock import Clock


class Stopped(Exception):
    """Raised by `checkpoint` in every worker once the run is being stopped."""


class Control:
    """`attended` tells whether somebody can answer a question; otherwise a question stops the run.

    `asked` is called with each question, on the thread that asks.
    """

    def __init__(
        self, clock: Clock, *, attended: bool, asked: Callable[[Problem], None] = lambda _: None
    ) -> None:
        self._clock = clock
        self._attended = attended
        self._asked = asked
        self._changed = threading.Condition()
        self._asking = threading.Lock()
        self._paused = False
        self._stopping = False
        self._question: Problem | None = None
        self._answers = 0
        self._answered: dict[Place, int] = {}
        self._secrets: dict[Place, Secret | None] = {}
        self._accepted: list[tuple[Place, Secret]] = []
        self.reason: Problem | None = None
        self.error: BaseException | None = None

    @property
    def stopping(self) -> bool:
        return self._stopping

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def question(self) -> Problem | None:
        return self._question

    @property
    def answers(self) -> int:
        """How many questions were answered; tells an old refusal from a new one."""
        return self._answers

    def pause(self) -> None:
        with self._changed:
            self._paused = True

    def resume(self) -> None:
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def stop(self, reason: Problem | None = None, error: BaseException | None = None) -> None:
        """End the run. The first reason stays."""
        with self._changed:
            if not self._stopping:
                self._stopping = True
                self.reason = reason
                self.error = error
            self._changed.notify_all()

    def checkpoint(self) -> None:
        """Return, wait while paused, or raise `Stopped`."""
        with self._changed:
            while self._paused and not self._stopping:
                self._changed.wait()
            if self._stopping:
                raise Stopped

    def sleep(self, seconds: float) -> None:
        """Wait on the run's clock. Raises `Stopped`."""
        self._clock.wait(self._changed, seconds, lambda: self._stopping)
        if self._stopping:
            raise Stopped

    def ask(self, problem: Problem, answers_before: int) -> Secret | None:
        """Pause the whole run until the person has acted; the new password, if one was given.

        `answers_before` is `answers` as it was when the refused attempt began: when somebody has
        answered for the same place since, the attempt is simply worth repeating. A password typed
        for one place is given to no other. Raises `Stopped`.
        """
        place = problem.place
        with self._asking:
            if self._answered.get(place, 0) > answers_before:
                return self._secrets[place]
            if not self._attended:
                self.stop(problem)
                raise Stopped
            with self._changed:
                self._question = problem
            self._asked(problem)
            with self._changed:
                while self._question is not None and not self._stopping:
                    self._changed.wait()
            if self._stopping:
                raise Stopped
            return self._secrets[place]

    def answer(self, secret: Secret | None = None) -> None:
        """The person has acted; `secret` is a new password where one was asked for."""
        with self._changed:
            if self._question is None:
                return
            place, self._question = self._question.place, None
            self._answers += 1
            self._answered[place], self._secrets[place] = self._answers, secret
            self._changed.notify_all()

    def accept(self, place: Place, secret: Secret) -> None:
        """A password that the person typed has opened a connection to its mailbox."""
        with self._changed:
            self._accepted.append((place, secret))

    def take_accepted(self) -> list[tuple[Place, Secret]]:
        """What was accepted since the last time."""
        with self._changed:
            accepted, self._accepted = self._accepted, []
        return accepted
