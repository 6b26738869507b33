"""Tar archives: ustar, pax (POSIX.1-2001) and those of GNU, header by header.

Other than pax wants: of its records only name and size are read, and those for all files are not.
Parts of a file that was sparse are not put back to their places: what is in it is none of a file.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass

from .archive import left_out
from .packing import Unpacked

_BLOCK = 512
_LONGEST_HEADER = 64 << 10
_RECORD = re.compile(rb"\d{1,6} (path|size|GNU\.sparse\.[a-z]+)=([^\n]*)\n")
_SPARSE = b"GNU.sparse."
_MOST_DIGITS = 19
# Where a header of GNU, and each block of the list behind it, tells that the list goes on.
_MORE_PARTS, _MORE_STILL = 482, 504
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE, tarfile.GNUTYPE_SPARSE)
_OF_THE_NEXT = (tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_WITHOUT_DATA = (
    tarfile.LNKTYPE,
    tarfile.SYMTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.DIRTYPE,
    tarfile.FIFOTYPE,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; `size` is in bytes. `is_sparse`: they are not what was in the file."""

    name: str
    size: int
    is_sparse: bool = False


def is_tar(beginning: bytes) -> bool:
    """Whether a file that begins so is a tar archive."""
    return _header(beginning[:_BLOCK]) is not None


def members(archive: Unpacked, name: str) -> Iterator[Member]:
    """The files in it, each where its bytes come next; as many of them are read as one likes.

    `name` is that of the archive. Raises `ItemError` where it is damaged, and ends there.
    """
    told: dict[bytes, bytes] = {}
    while (block := archive.read(_BLOCK)).strip(b"\0"):
        header = _header(block)
        if header is None:
            raise left_out(name, "damaged")
        if header.type == tarfile.GNUTYPE_SPARSE:
            _pass_list_of_parts(archive, block)
        start = archive.place
        size = int(told.get(b"size", b"%d" % header.size))
        if header.type in _OF_THE_NEXT:
            size = header.size
            told |= _told(header.type, archive.read(min(size, _LONGEST_HEADER)))
        elif header.type in _FILES:
            path = told.get(_SPARSE + b"name", told.get(b"path"))
            name_of_it = header.name if path is None else path.decode(errors="replace")
            is_sparse = header.type == tarfile.GNUTYPE_SPARSE or any(
                key.startswith(_SPARSE) for key in told
            )
            yield Member(name_of_it, size, is_sparse)
            told = {}
        else:
            size = 0 if header.type in _WITHOUT_DATA else size
            told = {}
        _go_to(archive, start + -(-size // _BLOCK) * _BLOCK, name)


def _header(block: bytes) -> tarfile.TarInfo | None:
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "replace")
    except (tarfile.HeaderError, ValueError):
        return None
    return header if header.size >= 0 else None


def _told(kind: bytes, text: bytes) -> dict[bytes, bytes]:
    """What is told of the next file before it, since its header has no room for it."""
    if kind == tarfile.GNUTYPE_LONGNAME:
        return {b"path": text.partition(b"\0")[0]}
    found = {match[1]: match[2] for match in _RECORD.finditer(text)}
    return {
        key: value
        for key, value in found.items()
        if key != b"size" or (value.isdigit() and len(value) <= _MOST_DIGITS)
    }


def _pass_list_of_parts(archive: Unpacked, header: bytes) -> None:
    """The blocks behind the header of a sparse file that its size does not count."""
    goes_on = header[_MORE_PARTS]
    while goes_on:
        goes_on = archive.read(_BLOCK)[_MORE_STILL : _MORE_STILL + 1].strip(b"\0") != b""


def _go_to(archive: Unpacked, place: int, name: str) -> None:
    missing = place - archive.place
    if missing - sum(map(len, archive.pieces(missing))):
        raise left_out(name, "it ends too early")
