"""Commands in one flight, answers in the order of the commands (RFC 1939, pipelining of RFC 2449).

The stream is read here and not by poplib: that refuses lines above 2,048 octets, which real mail
has, changes line ends, and holds a whole message as a list of lines.
"""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from ...model.problem import OmmError, OwnerNeeded, Place, Problem, ProblemId, TryAgain
from .. import translate

_PIECE = 1 << 16
_LONGEST_LINE = 1 << 16
# What RFC 1939 allows; a UIDL has 70 octets at the most.
_LONGEST_LISTED = 1 << 9
_CRLF, _LF = b"\r\n", b"\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """The first line of an answer: whether it was +OK, and what followed."""

    ok: bool
    text: bytes


class Wire:
    """One open socket. Every answer is read to its end before the next one."""

    def __init__(self, connection: socket.socket, place: Place, host: str) -> None:
        self._socket = connection
        self._place = place
        self._host = host
        self._buffer = b""
        self._expected: deque[bool] = deque()
        self._line_end = _CRLF
        self._inside = False
        self._at_start = False
        self._broken = False

    @property
    def quiet(self) -> bool:
        """Whether the line holds and nothing is under way on it."""
        return not (self._broken or self._inside or self._expected)

    # -- sending -------------------------------------------------------------------------

    def start(self, command: bytes, *, many_lines: bool = False) -> None:
        """Send one command (without line end) behind those under way."""
        self.start_all([(command, many_lines)])

    def start_all(self, commands: list[tuple[bytes, bool]]) -> None:
        """Send commands in one flight; each with whether its +OK is followed by many lines."""
        self._expected.extend(many_lines for _, many_lines in commands)
        self.send(_CRLF.join(command for command, _ in commands))

    def send(self, line: bytes) -> None:
        """Send what continues a command; raises `TryAgain` when the line is gone."""
        try:
            self._socket.sendall(line + _CRLF)
        except OSError as error:
            raise self._lost(error) from error

    # -- receiving -----------------------------------------------------------------------

    def greeting(self) -> bytes:
        """The first line of all; what it says is the caller's to judge."""
        return self._line()

    def continuation(self) -> Answer | None:
        """None when the server wants the rest of the command (`+`), else how it refused it."""
        line = self._line()
        return None if line[:1] == b"+" and line[:3].upper() != b"+OK" else self._judged(line)

    def answer(self) -> Answer:
        """The first line of the oldest answer that is still to be read."""
        self._skip_rest()
        return self._judged(self._line())

    def _judged(self, line: bytes) -> Answer:
        ok = line[:3].upper() == b"+OK"
        if not ok and line[:4].upper() != b"-ERR":
            detail = translate.shown(line[:80])
            raise TryAgain(Problem(ProblemId.CONNECTION_LOST, self._place, detail, self._host))
        many_lines = self._expected.popleft()
        self._inside = self._at_start = ok and many_lines
        if self._inside:
            # As if a line had ended before it, so that its first dot is like any other.
            self._buffer = self._line_end + self._buffer
        return Answer(ok, line[4:] if ok else line[5:])

    def octets(self) -> Iterator[bytes]:
        """What follows a +OK, in pieces, without the dots that were put before other dots.

        A line ends as the server ended its first line: a dot after a bare LF is left alone when
        that was CRLF. The line end before the final dot belongs to the last piece.
        """
        end = self._line_end
        final = end + b"." + end
        while self._inside:
            found = self._buffer.find(final)
            cut = found + len(end) if found >= 0 else self._safe_cut(len(final))
            piece = self._buffer[:cut].replace(end + b".", end)
            self._buffer = self._buffer[cut:]
            if found >= 0:
                self._buffer = self._buffer[len(final) - len(end) :]
                self._inside = False
            if piece and self._at_start:
                piece, self._at_start = piece[len(end) :], False
            if piece:
                yield piece
            if self._inside and found < 0:
                self._read_more()

    def _safe_cut(self, final: int) -> int:
        """How much of the buffer holds no part of a line end that may be followed by a dot."""
        cut = max(0, len(self._buffer) - final + 1)
        for length in range(len(self._line_end), 0, -1):
            if self._buffer.endswith(self._line_end[:length], 0, cut):
                return cut - length
        return cut

    def _lines(self, most: int, endless: ProblemId) -> Iterator[bytes]:
        rest, left = b"", most
        for piece in self.octets():
            *whole, rest = (rest + piece).split(_LF)
            left -= len(whole)
            if left < 0 or max(map(len, (*whole, rest))) > _LONGEST_LISTED:
                self._broken = True
                detail = f"more than {most} lines, or a line without end"
                raise TryAgain(Problem(endless, self._place, detail, self._host))
            yield from (line.rstrip(b"\r") for line in whole)

    def settle(self) -> None:
        """Read and drop what is left of commands nobody waits for any more."""
        self._skip_rest()
        while self._expected:
            self.answer()
            self._skip_rest()

    def _skip_rest(self) -> None:
        for _ in self.octets():
            pass

    def _line(self) -> bytes:
        while (at := self._buffer.find(_LF)) < 0:
            if len(self._buffer) > _LONGEST_LINE:
                raise self._lost(ValueError("an answer has no end"))
            self._read_more()
        line, self._buffer = self._buffer[:at], self._buffer[at + 1 :]
        self._line_end = _CRLF if line.endswith(b"\r") else _LF
        return line.rstrip(b"\r")

    def _read_more(self) -> None:
        try:
            piece = self._socket.recv(_PIECE)
            if not piece:
                raise ConnectionResetError("the server closed the connection")
        except OSError as error:
            raise self._lost(error) from error
        self._buffer += piece

    # -- both ----------------------------------------------------------------------------

    def ask(self, command: bytes) -> Answer:
        """One command and the first line of its answer."""
        self.settle()
        self.start(command)
        return self.answer()

    def ask_lines(
        self, command: bytes, most: int, endless: ProblemId
    ) -> tuple[Answer, Iterator[bytes]]:
        """One command, the first line of its answer, and the lines that follow when it was +OK.

        These come without line ends. With more than `most`, or one without end, `TryAgain` with
        the problem `endless` is raised: a server must not fill the memory.
        """
        self.settle()
        self.start(command, many_lines=True)
        return self.answer(), self._lines(most, endless)

    def _lost(self, error: Exception) -> OmmError:
        self._broken = True
        known = translate.connection_failed(error, self._place, self._host)
        if isinstance(known, OwnerNeeded):
            # On an open connection even a broken TLS record is a lost line, not a wrong setting.
            return TryAgain(Problem(ProblemId.CONNECTION_LOST, self._place, known.problem.detail))
        return known
