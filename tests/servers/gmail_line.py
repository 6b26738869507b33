"""One connection to Gmail: what Dovecot says on it, with Gmail's numbers and labels put in.

X-GM-MSGID is drawn from the content; X-GM-LABELS are the folders that show the same content, but
for the open one. Each letter is a thread of its own. Labels are read here, not stored or searched
for; folder names come as atoms or in quotes, as the programs here send them.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import shlex
import threading
from base64 import b64decode
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress

from .account import TestAccount
from .process import LOOPBACK

_NO_LABEL = b"[Gmail]/All Mail"
_SYSTEM_LABELS = {
    b"INBOX": rb"\\Inbox",
    b"[Gmail]/Starred": rb"\\Starred",
    b"[Gmail]/Important": rb"\\Important",
    b"[Gmail]/Sent Mail": rb"\\Sent",
    b"[Gmail]/Drafts": rb"\\Draft",
    b"[Gmail]/Spam": rb"\\Spam",
    b"[Gmail]/Bin": rb"\\Trash",
}
"""As they stand between quotes."""

_FOR_PROGRAMS = b" NO [ALERT] Application-specific password required (Failure)\r\n"
_WRONG = b" NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n"

_OURS = re.compile(rb"X-GM-(?:MSGID|THRID|LABELS)", re.I)
_ROW = re.compile(rb"(\* \d+ FETCH \()(.*?\bUID (\d+).*)", re.I | re.S)
_END = re.compile(rb"(\S+) (OK|NO|BAD) ", re.I)
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n\Z")
_LONGEST_LINE = 1 << 20
_PIECE = 1 << 16


class Numbers:
    """The letters of one mailbox by folder and UID, as numbers drawn from what they say."""

    def __init__(self) -> None:
        self._folders: dict[bytes, tuple[int, dict[int, int]]] = {}
        self._lock = threading.Lock()

    def look(self, account: TestAccount) -> None:
        """Read, over a line of its own, what is not known yet, and forget what is gone."""
        with self._lock, account.client() as client:
            # Names stay as the server writes them, which is how labels are told.
            client.folder_encode = False
            before, now = self._folders, dict[bytes, tuple[int, dict[int, int]]]()
            for attributes, _, name in client.list_folders():
                if {b"\\Noselect", b"\\NonExistent"} & set(attributes):
                    continue
                validity = client.select_folder(name, readonly=True)[b"UIDVALIDITY"]
                known = before[name][1] if before.get(name, [0])[0] == validity else {}
                uids = client.search("ALL")
                told = client.fetch([uid for uid in uids if uid not in known], ["BODY.PEEK[]"])
                fresh = {uid: _number(data[b"BODY[]"]) for uid, data in told.items()}
                now[name] = validity, {uid: fresh.get(uid) or known[uid] for uid in uids}
            # At once: rows are being answered meanwhile.
            self._folders = now

    def of(self, folder: bytes, uid: int) -> int | None:
        _, numbers = self._folders.get(folder, (0, dict[int, int]()))
        return numbers.get(uid)

    def labels(self, number: int, but: bytes) -> list[bytes]:
        """Of the letter, except that of one folder."""
        shown = (name for name, (_, numbers) in self._folders.items() if number in numbers.values())
        return [_SYSTEM_LABELS.get(name, name) for name in shown if name not in (but, _NO_LABEL)]


def _number(content: bytes) -> int:
    """Gmail's are of 64 bits."""
    return int.from_bytes(hashlib.sha256(content).digest()[:8])


class GmailLine:
    """`numbers` are by address; `ordinary` passwords are those that are not for programs."""

    def __init__(
        self, port: int, numbers: Mapping[str, Numbers], ordinary: Collection[str]
    ) -> None:
        self._port, self._all_numbers, self._ordinary = port, numbers, ordinary
        self._under_way: dict[bytes, bytes] = {}
        self._account = TestAccount(LOOPBACK, port, "", "")
        self._folder = b""

    async def lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until one of the two ends the connection."""
        there, to_there = await asyncio.open_connection(LOOPBACK, self._port, limit=_LONGEST_LINE)
        ways = [
            asyncio.create_task(_pass_on(reader, to_there, self._asked)),
            asyncio.create_task(_pass_on(there, writer, self._answered)),
        ]
        try:
            # Cancelled with the server; asyncio would report it as a fault.
            with suppress(OSError, asyncio.CancelledError):
                ended, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                for way in ended:
                    way.result()
                writer.close()
                await writer.wait_closed()
        finally:
            for way in ways:
                way.cancel()
            for end in (to_there, writer):
                end.transport.abort()

    async def _asked(self, line: bytes) -> bytes:
        """A command as Dovecot knows it; each row has to tell its UID."""
        tag, _, command = line.rstrip(b"\r\n").partition(b" ")
        self._under_way[tag] = command
        if _OURS.search(command):
            await self._look()
        return _OURS.sub(b"UID", line)

    async def _answered(self, line: bytes) -> bytes:
        if (end := _END.match(line)) and end[1] in self._under_way:
            return self._ended(end[1], end[2].upper() == b"OK", line)
        wanted = _OURS.findall(b" ".join(self._under_way.values()))
        if wanted and (row := _ROW.match(line)):
            return row[1] + await self._told(int(row[3]), wanted) + row[2]
        return line

    def _ended(self, tag: bytes, ok: bool, line: bytes) -> bytes:
        command = self._under_way.pop(tag)
        verb, _, rest = command.partition(b" ")
        if verb.upper() in (b"SELECT", b"EXAMINE"):
            self._folder = _words(rest)[0].encode() if ok else b""
        elif verb.upper() in (b"LOGIN", b"AUTHENTICATE"):
            login, password = _credentials(verb.upper(), rest)
            self._account = TestAccount(LOOPBACK, self._port, login, password)
            if not ok:
                return tag + (_FOR_PROGRAMS if password in self._ordinary else _WRONG)
        return line

    async def _told(self, uid: int, wanted: list[bytes]) -> bytes:
        """The attributes that were asked for; Gmail puts them first."""
        if self._numbers.of(self._folder, uid) is None:
            await self._look()
        number = self._numbers.of(self._folder, uid)
        assert number is not None, (self._folder, uid)
        labels = b" ".join(b'"%b"' % one for one in self._numbers.labels(number, self._folder))
        values = {b"X-GM-LABELS": b"(" + labels + b")"}
        names = dict.fromkeys(name.upper() for name in wanted)
        return b"".join(b"%b %b " % (name, values.get(name, b"%d" % number)) for name in names)

    @property
    def _numbers(self) -> Numbers:
        return self._all_numbers[self._account.login]

    async def _look(self) -> None:
        await asyncio.to_thread(self._numbers.look, self._account)


def _words(text: bytes) -> list[str]:
    return shlex.split(text.decode())


def _credentials(verb: bytes, rest: bytes) -> tuple[str, str]:
    """Of a LOGIN, or of an AUTHENTICATE that brings all at once."""
    words = _words(rest)
    if verb == b"AUTHENTICATE":
        words = b64decode(words[1]).decode().split("\0")
    return words[-2], words[-1]


async def _pass_on(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    altered: Callable[[bytes], Awaitable[bytes]],
) -> None:
    """Line by line; a literal, and what follows it of its line, stay as they are."""
    with suppress(OSError, asyncio.IncompleteReadError):
        while line := await reader.readline():
            writer.write(await altered(line))
            while literal := _LITERAL.search(line):
                left = int(literal[1])
                while left:
                    piece = await reader.readexactly(min(left, _PIECE))
                    left -= len(piece)
                    writer.write(piece)
                    await writer.drain()
                line = await reader.readline()
                writer.write(line)
            await writer.drain()
