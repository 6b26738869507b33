"""One mbox file that mail is added to (mboxrd).

A key is the place of a separator in the file, counted from 1. The file's validity is a number in
its first separator; a file that somebody else began is known by its first line.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Sequence
from pathlib import Path

from ....model.items import Folder, FolderPath, Item, Payload
from ....model.ports import Position, Seen
from ....model.problem import ItemError, Place, Problem, ProblemId
from ...convert import mail
from ...roles import role_by_name
from .. import durable
from ..content import Brake, Content
from . import own
from .index import Index, read_index
from .messages import Messages
from .quoting import quoted

LetGo = Callable[[], None]
Rewrite = Callable[[Path, Content, Index, frozenset[int], LetGo], dict[str, str]]

_FIRST_LINE = 1000
_SEPARATOR_AT_MOST = 16 << 10
_BITS = 62


class SavedMbox:
    """Raises OSError where the disk does not do what is asked, else as `Content.read` does."""

    def __init__(self, place: Path, brake: Brake) -> None:
        self.place = place
        durable.mend(place, _is_ours)
        self._content = Content.open(place, brake)
        self._state: tuple[int, int] | None = None
        self._index = Index()

    def close(self) -> None:
        self._content.close()
        durable.tidy(self.place)

    # -- what is there -------------------------------------------------------------------

    def index(self) -> Index:
        """Of the file as it is now; read anew only when somebody else has changed it."""
        state = self._content.state()
        if state != self._state:
            self._index = read_index(self._content, numbered=False)
            self._index.validity = self._validity()
            self._state = state
        return self._index

    def _validity(self) -> int:
        line = self._content.read(0, _FIRST_LINE).split(b"\n", 1)[0] + b"\n"
        told = own.particulars(line, None)
        if told is not None and told.file:
            return told.file
        if line != b"\n":
            return _number(line)
        # The same for everybody who asks before the first message is there.
        found = self.place.stat()
        return _number(f"{found.st_dev} {found.st_ino} {found.st_ctime_ns}".encode())

    @property
    def validity(self) -> int:
        return self.index().validity

    def folder(self, path: FolderPath, key: str) -> Folder:
        """The folder it is."""
        index, size = self.index(), self._content.size
        return Folder(path, key, role_by_name(path), len(index), size, index.validity, size + 1)

    def position(self) -> Position:
        return Position(self.index().validity, len(self.index()), self._content.size + 1)

    def keys(self, from_key: int | None = None) -> list[int]:
        """The keys of the messages there, in order."""
        starts = self.index().starts
        first = bisect_left(starts, (from_key or 1) - 1)
        return [start + 1 for start in starts[first:]]

    def seen(self, key: int) -> Seen:
        """A message there by what identifies it."""
        index = self.index()
        place = bisect_left(index.starts, key - 1)
        messages = Messages(self._content, index)
        fingerprint = mail.fingerprint(messages.header(place))
        return Seen(str(key), fingerprint, None, messages.received(place))

    def payload(self, key: str) -> Payload | None:
        """The message of a key, None when there is none."""
        index = self.index()
        place = bisect_left(index.starts, int(key) - 1)
        if place >= len(index) or index.starts[place] != int(key) - 1:
            return None
        return Messages(self._content, index).message(place).payload

    # -- adding --------------------------------------------------------------------------

    def add(self, items: Sequence[Item]) -> list[str]:
        """Add the items, all or none; their keys. Raises as `durable.add` does."""
        index = self.index()
        entries = _Entries(self._content, index.validity)
        most = sum(item.payload.size * 7 // 6 + _SEPARATOR_AT_MOST for item in items)
        durable.add(self.place, most, lambda put: entries.write(items, put))
        index.starts.extend(entries.starts)
        index.ends.extend(entries.ends)
        self._state = self._content.state()
        return [str(start + 1) for start in entries.starts]

    # -- taking out ----------------------------------------------------------------------

    def without(self, gone: frozenset[int], rewrite: Rewrite) -> dict[str, str]:
        """Take out the messages that begin at these places; the keys of the others, old to new.

        Not to be used any more afterwards: another file is in its place. Raises `ItemError`
        (REMOVING_LEFT_FILE) when somebody else has written to the file meanwhile.
        """
        return rewrite(self.place, self._content, self.index(), gone, self._let_go)

    def _let_go(self) -> None:
        told = self.place.stat()
        if (told.st_size, told.st_mtime_ns) != self._state:
            detail = "another program is writing to the file"
            raise ItemError(Problem(ProblemId.REMOVING_LEFT_FILE, Place.DESTINATION, detail))
        self._content.close()


class _Entries:
    """Writes items as entries of the file, and notes where each is."""

    def __init__(self, content: Content, validity: int) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._validity = validity
        self._place = content.size
        self._before = content.read(max(0, self._place - 3), self._place)

    def write(self, items: Sequence[Item], put: durable.Put) -> None:
        self._put(put, _missing_end(self._before))
        for item in items:
            self._write(item, put)

    def _write(self, item: Item, put: durable.Put) -> None:
        line_end, is_open = _shape(item)
        number = 0 if self._place else self._validity
        told = own.Particulars(item.flags, item.received, is_open, number)
        self.starts.append(self._place)
        self._put(put, own.separator(told, line_end))
        for piece in quoted(item.payload.pieces()):
            self._put(put, piece)
        if is_open:
            self._put(put, b"\n")
        self.ends.append(self._place)
        self._put(put, line_end)

    def _put(self, put: durable.Put, data: bytes) -> None:
        put(data)
        self._place += len(data)


def _shape(item: Item) -> tuple[bytes, bool]:
    """The line end a message uses, and whether its last line lacks one."""
    first, last = b"", b""
    for piece in item.payload.pieces():
        first = first or piece
        last = piece
    line = first[: first.find(b"\n") + 1]
    return (b"\r\n" if line.endswith(b"\r\n") else b"\n"), not last.endswith(b"\n") and bool(last)


def _missing_end(before: bytes) -> bytes:
    """What the end of a file lacks to be followed by a separator."""
    if not before or before.endswith((b"\n\n", b"\n\r\n")):
        return b""
    return b"\n" if before.endswith(b"\n") else b"\n\n"


def _is_ours(beginning: bytes) -> bool:
    text = beginning.strip(b"\r\n\0")
    return text.startswith(own.BEGINNING) or own.BEGINNING.startswith(text)


def _number(told: bytes) -> int:
    return int.from_bytes(hashlib.sha256(told).digest()[:8], "big") % (1 << _BITS) + 1
