"""Commands in one flight, answers as they come, over the socket imaplib opened (RFC 3501).

imapclient sends one command at a time and holds whole answers; copying needs neither.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...model.items import Payload
from ...model.problem import OmmError, OwnerNeeded, Place, Problem, ProblemId, TryAgain
from .. import translate
from ..convert.payload import IN_MEMORY, payload_of

# A SEARCH or LIST line may be long; imaplib gives up at a million bytes otherwise.
imaplib._MAXLINE = 64 << 20  # type: ignore[attr-defined]

_LITERAL_AT_END = re.compile(rb"\{(\d+)\}\r\n\Z")
_TAGGED = re.compile(rb"(\S+) (OK|NO|BAD)(?: (.*))?\Z", re.I | re.S)
_PIECE = 1 << 18
IN_FLIGHT = 200
"""Commands that are sent ahead of their answers: so few that neither side blocks over them."""


@dataclass(slots=True)
class Response:
    """One response: its text with `{n}` kept in place of each literal, and the literals.

    `tag` and `status` (OK, NO, BAD) are set for the response that ends a command.
    """

    text: bytes
    literals: list[Payload] = field(default_factory=list)
    tag: bytes = b""
    status: str = ""

    @property
    def is_continuation(self) -> bool:
        return self.text.startswith(b"+") and not self.tag

    def close(self) -> None:
        for literal in self.literals:
            literal.close()


@dataclass(slots=True)
class Answer:
    """All that came for one command. `text` is what follows the status."""

    status: str
    text: bytes
    untagged: list[Response]

    @property
    def ok(self) -> bool:
        return self.status == "OK"


class Wire:
    """Sends commands under tags of its own and hands out responses in order of arrival.

    `refusals` counts the commands that ended with NO or BAD.
    """

    def __init__(self, stream: imaplib.IMAP4, place: Place, host: str) -> None:
        self._stream = stream
        self._place = place
        self._host = host
        self._count = 0
        self._open: deque[bytes] = deque()
        self._early: dict[bytes, Response] = {}
        self.leaving = False
        self.refusals = 0

    def go_on_with(self, other: Wire) -> None:
        """Use the line of another, of which no answer is awaited, in place of this one's."""
        self._stream = other._stream
        self._open.clear()
        self._early.clear()
        self.leaving = False
        self.refusals = 0

    # -- sending -------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Send bytes; raises `TryAgain` (CONNECTION_LOST) when the line is gone."""
        try:
            self._stream.send(data)
        except (OSError, ssl.SSLError) as error:
            raise self._lost(error) from error

    def new_tag(self) -> bytes:
        """A tag for a command whose parts the caller sends."""
        self._count += 1
        tag = b"O%d" % self._count
        self._open.append(tag)
        return tag

    def start(self, command: bytes) -> bytes:
        """Send one command (without line end) behind those under way; its tag."""
        tag = self.new_tag()
        self.send(tag + b" " + command + b"\r\n")
        return tag

    def start_all(self, commands: Sequence[bytes]) -> list[bytes]:
        """Send many commands in one flight; their tags."""
        tags = [self.new_tag() for _ in commands]
        lines = (tag + b" " + command for tag, command in zip(tags, commands, strict=True))
        self.send(b"".join(line + b"\r\n" for line in lines))
        return tags

    # -- receiving -----------------------------------------------------------------------

    def next(self) -> Response:
        """The next response. A goodbye, a cut or silence is raised as `TryAgain`."""
        try:
            response = self._read()
        except (OSError, ssl.SSLError, ValueError, imaplib.IMAP4.error) as error:
            raise self._lost(error) from error
        text = response.text
        if text.startswith(b"* "):
            if text[2:5].upper() == b"BYE" and not self.leaving:
                raise translate.goodbye(text[6:], self._place)
        elif not text.startswith(b"+"):
            self._tagged(response)
        return response

    def _read(self) -> Response:
        line = self._line()
        found = _LITERAL_AT_END.search(line) if line.endswith(b"}\r\n") else None
        if found is None:
            return Response(line.rstrip(b"\r\n"))
        texts: list[bytes] = []
        literals: list[Payload] = []
        while found is not None:
            texts.append(line[:-2])
            size = int(found[1])
            literals.append(payload_of(size, self._literal(size)))
            line = self._line()
            found = _LITERAL_AT_END.search(line) if line.endswith(b"}\r\n") else None
        texts.append(line.rstrip(b"\r\n"))
        return Response(b"".join(texts), literals)

    def _line(self) -> bytes:
        line: bytes = self._stream.readline()
        if not line.endswith(b"\n"):
            raise ConnectionResetError("the server closed the connection")
        return line

    def _literal(self, size: int) -> Iterator[bytes]:
        at_most = size if size <= IN_MEMORY else _PIECE
        while size:
            piece: bytes = self._stream.read(min(size, at_most))
            if not piece:
                raise ConnectionResetError("the server closed the connection inside a literal")
            size -= len(piece)
            yield piece

    def _tagged(self, response: Response) -> None:
        found = _TAGGED.match(response.text)
        if found is None or found[1] not in self._open:
            detail = translate.shown(response.text[:80])
            problem = Problem(ProblemId.CONNECTION_LOST, self._place, detail, self._host)
            raise TryAgain(problem)
        self._open.remove(found[1])
        response.tag, response.status = found[1], found[2].decode().upper()
        response.text = found[3] or b""
        self.refusals += response.status != "OK"

    def responses(self, tag: bytes) -> Iterator[Response]:
        """Untagged responses until the end of the command, which comes last.

        The end of another command under way is kept until that one is read.
        """
        while tag not in self._early:
            if tag not in self._open:
                raise RuntimeError("another command was sent before this one was read")
            response = self.next()
            if response.tag:
                self._early[response.tag] = response
            else:
                yield response
        yield self._early.pop(tag)

    def settle(self) -> None:
        """Read and drop what is left of commands nobody waits for any more."""
        while self._open:
            self.next().close()
        self._early.clear()

    # -- both ----------------------------------------------------------------------------

    def ask(self, command: bytes) -> Answer:
        """One command and all of its answer."""
        return self.ask_all([command])[0]

    def ask_all(self, commands: Sequence[bytes]) -> list[Answer]:
        """Many commands in one flight, or in several on each other's heels; the answers in order.

        A server that waits until its answers are read reads no more commands meanwhile.
        """
        self.settle()
        answers: list[Answer] = []
        ahead: list[bytes] = []
        for start in range(0, len(commands) + IN_FLIGHT, IN_FLIGHT):
            awaited = ahead
            ahead = self.start_all(commands[start : start + IN_FLIGHT])
            answers += [self.collect(tag) for tag in awaited]
        return answers

    def collect(self, tag: bytes) -> Answer:
        """All that comes up to the end of one command."""
        untagged: list[Response] = []
        for response in self.responses(tag):
            if response.tag:
                return Answer(response.status, response.text, untagged)
            untagged.append(response)
        raise AssertionError("responses() ends with the tagged one")

    def _lost(self, error: Exception) -> OmmError:
        known = translate.connection_failed(error, self._place, self._host)
        if isinstance(known, OwnerNeeded):
            # On an open connection even a broken TLS record is a lost line, not a wrong setting.
            return TryAgain(Problem(ProblemId.CONNECTION_LOST, self._place, known.problem.detail))
        return known
