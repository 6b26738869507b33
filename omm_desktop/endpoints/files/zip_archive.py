"""Zip archives (APPNOTE 6.3), read without ever making a file of any name in them."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from ...model.problem import ItemError
from . import archive
from .archive import BEGINNING, Archive, OwnNames, Room, Wanted, left_out, read_in_part
from .content import PIECE, Content

ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
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


class ZipArchive(Archive):
    """Its files are expanded when they are asked for, each time."""

    def __init__(self, content: Content) -> None:
        """Raises `ItemError` when the archive has no readable list of its files."""
        super().__init__(content)
        self._room = Room(content)
        try:
            self._zip = zipfile.ZipFile(content.file)
            members = self._zip.infolist()
        except _BROKEN as error:
            raise left_out(content.name, str(error)) from error
        if len(members) > archive.MOST_MEMBERS:
            self.problems.append(read_in_part(content))
        names = OwnNames()
        listed = members[: archive.MOST_MEMBERS]
        self._members = {names.own(member.filename): member for member in listed}

    def each(self, wanted: Wanted) -> Iterator[tuple[str, Iterator[bytes]]]:
        for name in sorted(self._members):
            if self._is_wanted(name, wanted):
                yield name, self._pieces(name, PIECE)

    def choose(self, wanted: Wanted) -> list[str]:
        return [name for name in sorted(self._members) if self._is_wanted(name, wanted)]

    def _is_wanted(self, name: str, wanted: Wanted) -> bool:
        member = self._members[name]
        if not _is_file(member):
            return False
        try:
            beginning = next(self._pieces(name, BEGINNING), b"")
            if beginning.startswith(ZIP_MARKS):
                raise left_out(name, "an archive within the archive")
        except ItemError as error:
            self.problems.append(error.problem)
            return False
        return wanted(name, member.file_size, beginning)

    def size(self, name: str) -> int:
        """As the archive's list tells."""
        return self._members[name].file_size

    def content(self, name: str) -> Content:
        """A temporary file."""
        return Content.held(self._pieces(name, PIECE), name, self.content_of_all.brake)

    def _pieces(self, name: str, at_most: int) -> Iterator[bytes]:
        member = self._members[name]
        if member.flag_bits & _ENCRYPTED:
            raise left_out(name, "protected by a password")
        try:
            with self._zip.open(member) as stream:
                expanded = 0
                while piece := stream.read(at_most):
                    self.content_of_all.brake.check()
                    expanded += len(piece)
                    self._room.take(name, expanded)
                    yield piece
        except _BROKEN as error:
            raise left_out(name, str(error)) from error


def _is_file(member: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(member.external_attr >> 16)
    return not member.filename.endswith(("/", "\\")) and kind in (0, stat.S_IFREG)
