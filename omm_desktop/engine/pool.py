"""The open connections of one account: lent to one thread at a time, reopened with patience."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Generic, TypeVar

from omm_desktop.model.ports import Endpoint
from omm_desktop.model.problem import (
    NotNow,
    OmmError,
    OwnerNeeded,
    Problem,
    ProblemId,
    TryAgain,
)
from omm_desktop.model.secret import Secret

from .allowance import Allowance
from .clock import Clock
from .connecting import Opening
from .control import Control, Stopped
from .pace import Governor, is_tomorrows, only_waits

E = TypeVar("E", bound=Endpoint)

TICK = 0.05
KEEP_ALIVE = 120.0
"""Seconds after which an idle connection is used for nothing, and a paused one closed."""

ALLOWANCE_LOOK = 60.0
"""Seconds between two looks whether more may be moved today."""

UNATTENDED_PATIENCE = 120.0
"""Seconds a run that nobody watches tries to get a lost connection back."""

TRIES = 3


def patiently(step: Callable[[], None]) -> None:
    """Do a step that may be repeated until its connection holds; the pool waits in between.

    Raises `TryAgain` when it was lost every time.
    """
    tries = 0
    while True:
        try:
            return step()
        except TryAgain as error:
            tries += not only_waits(error)
            if tries == TRIES:
                raise


class Pool(Generic[E]):
    """`open_one` makes a connection from a secret; `waiting` is told why and until when we wait.

    `patience` is how many seconds an unattended run tries to get a connection back, None: for ever.
    `allowance` is what the provider lets through in a day, None: whatever comes.
    `accepted` is told of each secret other than the first, once it has opened a connection.
    """

    def __init__(
        self,
        open_one: Callable[[Secret], E],
        secret: Secret,
        governor: Governor,
        control: Control,
        clock: Clock,
        *,
        waiting: Callable[[Problem | None, float], None] = lambda problem, until: None,
        patience: float | None = None,
        allowance: Allowance | None = None,
        accepted: Callable[[Secret], None] = lambda secret: None,
    ) -> None:
        self._open_one = open_one
        self._secret = self._known = secret
        self.governor = governor
        self._control = control
        self._clock = clock
        self._waiting = waiting
        self._patience = patience
        self._allowance = allowance
        self._accepted = accepted
        self._changed = threading.Condition()
        self._idle: list[tuple[float, E]] = []
        self._lent: set[E] = set()
        self._opening = 0
        self._cuts = 0
        self._not_before = 0.0
        self._lost_at: float | None = None

    def adopt(self, connection: E) -> None:
        """Add a connection that somebody else opened."""
        with self._changed:
            self._idle.append((self._clock.now(), connection))
            self._changed.notify()

    @contextmanager
    def connection(self) -> Iterator[E]:
        """A connection for this thread alone.

        `TryAgain` raised inside closes it and makes everybody wait; it passes on to the caller.
        Raises `Stopped`, `OmmError`.
        """
        connection = self._take()
        try:
            yield connection
        except TryAgain as error:
            self._drop(connection)
            self._note_failure(error)
            raise
        except OmmError:
            self._give(connection)
            raise
        except BaseException:
            self._drop(connection)
            raise
        else:
            self._lost_at = None
            self.governor.answered()
            self._give(connection)

    def spend(self, size: int) -> None:
        """Count bytes about to be moved, and wait while the day's are used up. Raises `Stopped`."""
        if self._allowance is None:
            return
        waited = False
        while (wait := self._allowance.spend(size)) > 0:
            waited = True
            self._waiting(self._allowance.problem, self._clock.time() + wait)
            # In small steps: while the computer sleeps, the day goes on and the wait does not.
            self._control.sleep(min(wait, ALLOWANCE_LOOK))
            self._control.checkpoint()
        if waited:
            self._waiting(None, 0.0)

    def _take(self) -> E:
        while True:
            self._control.checkpoint()
            self._pause_if_told()
            with self._changed:
                if self._idle:
                    _, connection = self._idle.pop()
                    self._lent.add(connection)
                    return connection
                if len(self._lent) + self._opening < self.governor.limit:
                    self._opening += 1
                else:
                    self._changed.wait(TICK)
                    continue
            opened = self._open()
            if opened is not None:
                return opened

    def _open(self) -> E | None:
        """One connection more; None when the server allows no more than there are."""
        try:
            while True:
                answers, secret = self._control.answers, self._secret
                try:
                    connection = self._opened(secret)
                except TryAgain as error:
                    if self._has_enough(error):
                        return None
                    self._note_failure(error)
                    self._pause_if_told()
                except OwnerNeeded as error:
                    self._secret = self._control.ask(error.problem, answers) or self._secret
                else:
                    self._lost_at = None
                    self._note_accepted(secret)
                    try:
                        self._control.checkpoint()
                    except Stopped:
                        self._drop(connection)
                        raise
                    return connection
        finally:
            with self._changed:
                self._opening -= 1
                self._changed.notify()

    def _note_accepted(self, secret: Secret) -> None:
        with self._changed:
            is_new, self._known = secret != self._known, secret
        if is_new:
            self._accepted(secret)

    def _opened(self, secret: Secret) -> E:
        """A connection lent to this thread; tried anew when what it would lead through is cut.

        Raises `Stopped`, `OmmError`.
        """
        while True:
            cuts = self._cuts
            opening = Opening(partial(self._open_one, secret))
            opening.start()
            while opening.is_alive() and cuts == self._cuts:
                opening.join(TICK)
            with self._changed:
                if cuts == self._cuts:
                    connection = opening.result()
                    self._lent.add(connection)
                    return connection
            opening.discard()
            self._control.checkpoint()

    def _has_enough(self, error: TryAgain) -> bool:
        """Whether the server only refuses more connections than it already gave us."""
        if error.problem.id is not ProblemId.TOO_MANY_CONNECTIONS:
            return False
        with self._changed:
            number = len(self._lent) + len(self._idle)
            if number:
                self.governor.keep_to(number)
            return number > 0

    def _pause_if_told(self) -> None:
        delay = self._not_before - self._clock.now()
        if delay > 0:
            self._control.sleep(delay)
        if self._not_before:
            self._not_before = 0.0
            self._waiting(None, 0.0)

    def _note_failure(self, error: TryAgain) -> None:
        now = self._clock.now()
        self._lost_at = self._lost_at or now
        delay = self.governor.refused(error.problem.id, error.after)
        told_when = isinstance(error, NotNow) and error.after > 0
        if told_when or is_tomorrows(error.problem):
            self._lost_at = None
        elif self._patience is not None and now + delay - self._lost_at > self._patience:
            self._control.stop(error.problem)
        self._not_before = max(self._not_before, now + delay)
        self._waiting(error.problem, self._clock.time() + delay)

    def _give(self, connection: E) -> None:
        with self._changed:
            self._lent.discard(connection)
            if len(self._lent) + len(self._idle) >= self.governor.limit:
                surplus: E | None = connection
            else:
                self._idle.append((self._clock.now(), connection))
                surplus = None
            self._changed.notify()
        if surplus is not None:
            surplus.close()

    def _drop(self, connection: E) -> None:
        with self._changed:
            self._lent.discard(connection)
            self._changed.notify()
        connection.close()

    def keep_alive(self) -> None:
        """Use connections that rested too long, or close them while the run is paused."""
        now = self._clock.now()
        with self._changed:
            tired = [c for at, c in self._idle if now - at > KEEP_ALIVE]
            self._idle = [(at, c) for at, c in self._idle if now - at <= KEEP_ALIVE]
            self._lent.update(tired)
        for connection in tired:
            if self._control.paused:
                self._drop(connection)
                continue
            try:
                connection.idle()
            except OmmError:
                self._drop(connection)
            else:
                self._give(connection)

    def abort(self) -> None:
        """Unblock every thread that holds a connection, or waits for one. Any thread."""
        with self._changed:
            self._cuts += 1
            lent = list(self._lent)
        for connection in lent:
            connection.abort()

    def cut(self) -> None:
        """What is open is believed dead, and whoever holds it finds out at once. Any thread."""
        self.abort()
        with self._changed:
            idle, self._idle = self._idle, []
        for _, connection in idle:
            connection.abort()
            with contextlib.suppress(OmmError):
                connection.close()

    def close(self) -> None:
        with self._changed:
            idle, self._idle = self._idle, []
        for _, connection in idle:
            with contextlib.suppress(OmmError):
                connection.close()
