"""A POP3 server that is right, or wrong in just the way a test wants."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from omm_desktop.model.account import EndpointKind

from .account import TestAccount
from .certificates import ServerCertificate
from .scripted import HangUp, ScriptedServer, Step

CAPABILITIES = ("TOP", "UIDL", "USER", "PIPELINING")


class ScriptedPop3(ScriptedServer):
    """Context manager around a mailbox of `messages`, by default with UIDLs `id1`, `id2`…

    `steps` and `once` come before the right answers; their regular expressions match whole lines.
    Lists may be changed between two sessions.
    """

    def __init__(
        self,
        messages: Sequence[bytes] = (),
        steps: Iterable[Step] = (),
        *,
        once: Iterable[Step] = (),
        ids: Sequence[str] | None = None,
        capabilities: Sequence[str] = CAPABILITIES,
        greeting: bytes = b"+OK ready\r\n",
        certificate: ServerCertificate | None = None,
    ) -> None:
        self.messages = list(messages)
        self.ids = list(ids or (f"id{n}" for n in range(1, len(self.messages) + 1)))
        self.capabilities = list(capabilities)
        right: list[Step] = [
            (rb"CAPA", lambda match: listing(self.capabilities)),
            (rb"STAT", lambda match: b"+OK %d %d\r\n" % (len(self.messages), self._size)),
            (rb"LIST", lambda match: listing(self._numbered(map(len, self.messages)))),
            (rb"UIDL", lambda match: listing(self._numbered(self.ids))),
            (rb"RETR (\d+)", self._give),
            (rb"TOP (\d+) 0", self._give_header),
            (rb"TOP (\d+) \d+", self._give),
            (rb"(USER|PASS|NOOP|RSET|QUIT).*", b"+OK\r\n"),
            (rb".*", b"-ERR unknown command\r\n"),
        ]
        super().__init__([*steps, *right], once=once, greeting=greeting, certificate=certificate)

    @property
    def account(self) -> TestAccount:
        return TestAccount(self.host, self.port, "someone", "secret", kind=EndpointKind.POP3)

    @property
    def _size(self) -> int:
        return sum(map(len, self.messages))

    @staticmethod
    def _numbered(values: Iterable[object]) -> list[str]:
        return [f"{number} {value}" for number, value in enumerate(values, 1)]

    def _give(self, match: re.Match[bytes]) -> bytes:
        return body(self.messages[int(match[1]) - 1])

    def _give_header(self, match: re.Match[bytes]) -> bytes:
        return body(self.messages[int(match[1]) - 1].partition(b"\r\n\r\n")[0] + b"\r\n\r\n")

    def sent(self, verb: str) -> list[bytes]:
        """The commands that began with this word."""
        return [command for command in self.commands if command.startswith(verb.encode())]

    def _converse(self, connection: socket.socket, lines: BinaryIO) -> None:
        while line := lines.readline():
            command = line.rstrip(b"\r\n")
            with self._lock:
                self.commands.append(command)
                answer = self._answer(command)
            connection.sendall(answer)
            if command.upper() == b"QUIT":
                raise HangUp


def body(message: bytes) -> bytes:
    """A message as RFC 1939 wants it on the line."""
    stuffed = (b"\r\n" + message).replace(b"\r\n.", b"\r\n..")[2:]
    end = b"" if message.endswith(b"\r\n") or not message else b"\r\n"
    return b"+OK\r\n" + stuffed + end + b".\r\n"


def listing(lines: Iterable[str]) -> bytes:
    return b"".join([b"+OK\r\n", *(f"{line}\r\n".encode() for line in lines), b".\r\n"])
