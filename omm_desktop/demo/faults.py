"""What can go wrong in the demo, for training: chosen by name, `--demo=full` for instance."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum

from pymap.exceptions import ResponseError
from pymap.parsing.message import AppendMessage
from pymap.parsing.response import Response, ResponseNo
from pymap.parsing.specials.flag import Flag

SPOKEN_PASSWORD = "demo"
"""What a trainee types where the fault is about a password. It opens invented mail alone."""


class Fault(StrEnum):
    """The manual's chapter on training says of each what it shows, and the way out."""

    WRONG_PASSWORD = "wrong-password"
    APP_PASSWORD = "app-password"
    PASSWORD_CHANGED = "password-changed"
    SILENT = "silent"
    SLOW = "slow"
    CUT = "cut"
    BUSY = "busy"
    FULL = "full"
    REFUSED = "refused"

    @property
    def is_told_the_password(self) -> bool:
        """Whether the mailboxes open with `SPOKEN_PASSWORD`, and the draft holds a wrong one."""
        return self in (Fault.WRONG_PASSWORD, Fault.APP_PASSWORD)


class Refusal(ResponseError):
    """The server says NO to a command, in these words."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self._words = words.encode("ascii")

    def get_response(self, tag: bytes) -> Response:
        return ResponseNo(tag, self._words)


class Severed(Exception):
    """The line to one client breaks, without a word."""


@dataclass(slots=True)
class Trouble:
    """What a server does to its clients; by itself it does nothing.

    Everything runs in the servers' one event loop.
    """

    def silence(self) -> float:
        """Seconds before the greeting of a new connection."""
        return 0

    def password(self) -> str | None:
        """The only one that opens the mailbox now; None: the one of the demo."""
        return None

    def refused(self) -> Refusal | None:
        """What is said of a wrong password instead of the usual."""
        return None

    def read(self) -> float:
        """Before a FETCH is answered: seconds to wait. Raises `Severed`."""
        return 0

    def add(self, messages: tuple[AppendMessage, ...]) -> None:
        """Before messages are stored. Raises `Refusal`."""


@dataclass(slots=True)
class WantsAppPassword(Trouble):
    def refused(self) -> Refusal | None:
        return Refusal("[ALERT] Application-specific password required")


@dataclass(slots=True)
class ChangesPassword(Trouble):
    """At the `after`th reading the line breaks, and from then on a new password holds."""

    after: int = 10
    readings: int = 0

    def password(self) -> str | None:
        return SPOKEN_PASSWORD if self.readings >= self.after else None

    def read(self) -> float:
        self.readings += 1
        if self.readings == self.after:
            raise Severed
        return 0


@dataclass(slots=True)
class SilentAtFirst(Trouble):
    """The first connection is never greeted."""

    met: bool = False

    def silence(self) -> float:
        wait = 0 if self.met else 3600
        self.met = True
        return wait


@dataclass(slots=True)
class Slow(Trouble):
    seconds: float = 3.0

    def read(self) -> float:
        return self.seconds


@dataclass(slots=True)
class Cuts(Trouble):
    """Every `every`th reading breaks the line, `times` in all."""

    every: int = 6
    times: int = 3
    readings: int = 0

    def read(self) -> float:
        self.readings += 1
        if self.times and self.readings % self.every == 0:
            self.times -= 1
            raise Severed
        return 0


@dataclass(slots=True)
class Busy(Trouble):
    """After `after` messages it asks to slow down, `times` in all."""

    after: int = 60
    times: int = 2
    added: int = 0

    def add(self, messages: tuple[AppendMessage, ...]) -> None:
        if self.times and self.added >= self.after:
            self.times -= 1
            raise Refusal("[UNAVAILABLE] Too many requests, slow down")
        self.added += len(messages)


@dataclass(slots=True)
class Full(Trouble):
    """Has room for `room` messages; `seconds` after the first refusal somebody has bought more."""

    room: int = 200
    seconds: float = 10
    full_since: float | None = None

    def add(self, messages: tuple[AppendMessage, ...]) -> None:
        now = time.monotonic()
        if self.full_since is not None and now - self.full_since >= self.seconds:
            return
        if self.room < len(messages):
            self.full_since = self.full_since or now
            raise Refusal("[OVERQUOTA] Mailbox is full")
        self.room -= len(messages)


@dataclass(slots=True)
class RefusesDrafts(Trouble):
    def add(self, messages: tuple[AppendMessage, ...]) -> None:
        if any(Flag(b"\\Draft") in message.flag_set for message in messages):
            raise Refusal("Message rejected by policy")


_AT_THE_SOURCE = {
    Fault.APP_PASSWORD: WantsAppPassword,
    Fault.PASSWORD_CHANGED: ChangesPassword,
    Fault.SLOW: Slow,
    Fault.CUT: Cuts,
}
_AT_THE_DESTINATION = {
    Fault.SILENT: SilentAtFirst,
    Fault.BUSY: Busy,
    Fault.FULL: Full,
    Fault.REFUSED: RefusesDrafts,
}


def troubles(fault: Fault | None) -> tuple[Trouble, Trouble]:
    """Of the source and of the destination."""
    at_source = _AT_THE_SOURCE.get(fault, Trouble) if fault else Trouble
    at_destination = _AT_THE_DESTINATION.get(fault, Trouble) if fault else Trouble
    return at_source(), at_destination()
