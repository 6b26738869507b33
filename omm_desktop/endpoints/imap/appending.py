"""Sending APPEND commands: MULTIAPPEND, pipelined, or waiting for each (RFC 3502, 7888, 4315).

Bytes go out exactly as given; imaplib's APPEND would rewrite line ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ...model.items import Item, Payload
from . import dates
from .connection import Connection
from .responses import code, uids
from .wire import IN_FLIGHT, Response

_SHORT_LITERAL = 4096
"""What LITERAL- allows without waiting (RFC 7888)."""

_WAIT_ABOVE = 4 << 20
"""Octets from which a literal waits for the server's consent, so that a refusal costs nothing."""

_PIECE = 1 << 18
_LIES_ALLOWED = 3
_FEW_LEFT = 4
"""Below so many errors left a new connection is worth its sign-in."""


@dataclass(slots=True)
class Letter:
    """One item as it will be sent."""

    item: Item
    payload: Payload
    flags: tuple[str, ...]
    received: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the server said to an APPEND of one or several letters; keys only when it told them."""

    ok: bool
    text: bytes
    keys: tuple[str, ...] | None = None
    validity: int | None = None


class Appender:
    """Appends over one connection in the fastest way its capabilities allow."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._wire = connection.wire
        self._free = connection.has("LITERAL+") or connection.has("IMAP4REV2")
        self._short = self._free or connection.has("LITERAL-")
        self._lies = 0
        self.together = self._free and connection.has("MULTIAPPEND")
        self.pipelined = self._short

    def append_together(self, folder_key: str, letters: Sequence[Letter]) -> Outcome:
        """All letters in one command: all are stored or none (RFC 3502)."""
        self._wire.settle()
        tag = self._wire.new_tag()
        buffer = _Buffer(self._wire.send)
        buffer.add(tag + b" APPEND " + self._connection.name(folder_key))
        for letter in letters:
            refused = self._add(buffer, tag, letter)
            if refused is not None:
                return _outcome(refused, None)
        buffer.add(b"\r\n")
        buffer.flush()
        return self._finish(tag, len(letters))

    def append_each(
        self, folder_key: str, letters: Sequence[Letter]
    ) -> Iterator[tuple[Letter, Outcome]]:
        """One command for each letter, many in flight where literals need no consent.

        Every answer of commands in flight is read before anything can be raised by the caller.
        """
        self._wire.settle()
        flight: deque[tuple[bytes, Letter]] = deque()
        buffer = _Buffer(self._wire.send)
        most = self._most_in_flight()
        for letter in letters:
            if len(flight) >= most or not self._immediate(letter.payload):
                buffer.flush()
                while flight:
                    yield self._landed(flight)
                most = self._most_in_flight()
            tag = self._wire.new_tag()
            buffer.add(tag + b" APPEND " + self._connection.name(folder_key))
            refused = self._add(buffer, tag, letter)
            if refused is not None:
                yield letter, _outcome(refused, None)
                continue
            buffer.add(b"\r\n")
            flight.append((tag, letter))
        buffer.flush()
        while flight:
            yield self._landed(flight)

    def _most_in_flight(self) -> int:
        """So few that the server cannot hang up over them, were all refused; on a fresh line
        where it would soon. Nothing may be in flight.
        """
        left = self._connection.errors_left
        if left is not None and left < _FEW_LEFT:
            self._connection.renew()
            left = self._connection.errors_left
        return IN_FLIGHT if left is None else min(left, IN_FLIGHT)

    def _landed(self, flight: deque[tuple[bytes, Letter]]) -> tuple[Letter, Outcome]:
        tag, letter = flight.popleft()
        return letter, self._finish(tag, 1)

    def _immediate(self, payload: Payload) -> bool:
        """True when the literal may follow its length without waiting."""
        if payload.size <= _SHORT_LITERAL:
            return self._short
        return self._free and payload.size <= _WAIT_ABOVE

    def _add(self, buffer: _Buffer, tag: bytes, letter: Letter) -> Response | None:
        """Flags, date and literal of one letter; the answer when the server refuses it already."""
        flags = b" (" + " ".join(letter.flags).encode("ascii", "replace") + b")"
        date = b" " + dates.write(letter.received) if letter.received else b""
        immediate = self._immediate(letter.payload)
        plus = b"+" if immediate else b""
        buffer.add(flags + date + b" {%d%b}\r\n" % (letter.payload.size, plus))
        if not immediate:
            buffer.flush()
            refused = self._consent(tag)
            if refused is not None:
                return refused
        for piece in letter.payload.pieces(_PIECE):
            buffer.add(piece)
        return None

    def _consent(self, tag: bytes) -> Response | None:
        while True:
            response = self._wire.next()
            if response.tag == tag:
                return response
            if response.is_continuation:
                return None

    def _finish(self, tag: bytes, count: int) -> Outcome:
        for response in self._wire.responses(tag):
            if response.tag:
                return self._checked(_outcome(response, count))
        raise AssertionError("responses() ends with the tagged one")

    def _checked(self, outcome: Outcome) -> Outcome:
        """Without the keys, once the server has told wrong numbers of them three times."""
        if not outcome.ok:
            return outcome
        if code(outcome.text)[0] == b"APPENDUID" and outcome.keys is None:
            self._lies += 1
        if self._lies >= _LIES_ALLOWED:
            return Outcome(True, outcome.text)
        return outcome


def _outcome(response: Response, count: int | None) -> Outcome:
    if response.status != "OK" or count is None:
        return Outcome(response.status == "OK", response.text)
    name, argument = code(response.text)
    if name == b"APPENDUID":
        validity, _, numbers = argument.partition(b" ")
        try:
            keys = tuple(str(number) for number in uids(numbers))
            if len(keys) == count and len(set(keys)) == count and "0" not in keys:
                return Outcome(True, response.text, keys, int(validity))
        except ValueError:
            pass
    return Outcome(True, response.text)


class _Buffer:
    """Joins small parts so that few system calls and packets leave; large ones go unchanged."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        if self._size >= _PIECE:
            self.flush()

    def flush(self) -> None:
        if self._parts:
            self._send(b"".join(self._parts))
            self._parts.clear()
            self._size = 0
