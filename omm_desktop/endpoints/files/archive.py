"""Zip archives (APPNOTE 6.3), read without ever making a file of any name in them.

Nothing leaves the archive for a place that it names; links, archives and Outlook files within and
what a password protects are left out. All parts together expand to at most 200 times the size of
the archive and 64 MiB, so that a small file cannot fill a disk.
"""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from ...model.problem import ItemError, Place, Problem, ProblemId
from .content import PIECE, Content
from .recognise import OUTLOOK_MARK

EXPANSION = 200
FREE = 64 << 20
MOST_MEMBERS = 100_000

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)


def is_archive(first: bytes) -> bool:
    """Whether a file that begins so is a zip archive."""
    return first.startswith(_MAGIC)


class Archive:
    """The files in an archive; `Content` of each is a temporary file."""

    def __init__(self, content: Content) -> None:
        """Raises `ItemError` when the archive has no readable list of its files."""
        self._content = content
        self._left = content.size * EXPANSION + FREE
        self._counted: dict[str, int] = {}
        try:
            self._zip = zipfile.ZipFile(content.file)
            members = self._zip.infolist()
        except _BROKEN as error:
            raise self._left_out(content.name, str(error)) from error
        self._members = _by_name(members[:MOST_MEMBERS])
        self._is_whole = len(members) <= MOST_MEMBERS
        self.names = sorted(name for name, one in self._members.items() if _is_file(one))

    def size(self, name: str) -> int:
        """Bytes of a file, as the archive's list tells."""
        return self._members[name].file_size

    @property
    def remarks(self) -> tuple[Problem, ...]:
        """What of the archive as a whole is not read."""
        if self._is_whole:
            return ()
        detail = f"the first {MOST_MEMBERS} files"
        subject = self._content.name
        return (Problem(ProblemId.FILE_READ_IN_PART, Place.SOURCE, detail, subject),)

    def beginning(self, name: str, size: int) -> bytes:
        """The first bytes of a file; raises `ItemError` as `content` does."""
        first = next(self.pieces(name, size), b"")
        if is_archive(first):
            raise self._left_out(name, "an archive within the archive")
        if first.startswith(OUTLOOK_MARK):
            raise self._left_out(name, "an Outlook file within the archive")
        return first

    def content(self, name: str) -> Content:
        """All of a file. Raises `ItemError` (ARCHIVE_PART_LEFT_OUT) when that cannot be had."""
        return Content.held(self.pieces(name), name, self._content.brake)

    def pieces(self, name: str, at_most: int = PIECE) -> Iterator[bytes]:
        """As `content`, with pieces of at most so many bytes."""
        member = self._members[name]
        if member.flag_bits & _ENCRYPTED:
            raise self._left_out(name, "protected by a password")
        try:
            with self._zip.open(member) as stream:
                expanded = 0
                while piece := stream.read(at_most):
                    self._content.brake.check()
                    expanded += len(piece)
                    if not self._has_room(name, expanded):
                        raise self._left_out(name, "expands to far more than the archive holds")
                    yield piece
        except _BROKEN as error:
            raise self._left_out(name, str(error)) from error

    def _has_room(self, name: str, expanded: int) -> bool:
        """What is read again counts once."""
        more = max(0, expanded - self._counted.get(name, 0))
        self._counted[name] = self._counted.get(name, 0) + more
        self._left -= more
        return self._left >= 0

    @staticmethod
    def _left_out(name: str, detail: str) -> ItemError:
        problem = Problem(ProblemId.ARCHIVE_PART_LEFT_OUT, Place.SOURCE, detail, name)
        return ItemError(problem)


def _by_name(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Each by a name of its own, also where the archive has one twice."""
    found: dict[str, zipfile.ZipInfo] = {}
    numbers: dict[str, int] = {}
    for member in members:
        name = member.filename
        stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
        while name in found:
            numbers[member.filename] = numbers.get(member.filename, 1) + 1
            name = f"{stem} ({numbers[member.filename]}){dot}{suffix}"
        found[name] = member
    return found


def _is_file(member: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(member.external_attr >> 16)
    return not member.filename.endswith(("/", "\\")) and kind in (0, stat.S_IFREG)
