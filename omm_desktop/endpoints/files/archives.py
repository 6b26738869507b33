"""The only list of what reads which kind of archive."""

from __future__ import annotations

from .archive import Archive, Room
from .content import Content
from .packed_file import PackedFile
from .packing import PACKED_MARKS, Unpacked
from .tar import is_tar
from .tar_archive import TarArchive
from .zip_archive import ZIP_MARKS, ZipArchive

_BLOCK = 512


def is_archive(content: Content) -> bool:
    """Whether it is an archive of any kind that is read."""
    first = content.read(0, _BLOCK)
    return first.startswith((*ZIP_MARKS, *PACKED_MARKS)) or is_tar(first)


def open_archive(content: Content) -> Archive:
    """The archive that a file is; raises `ItemError` (ARCHIVE_PART_LEFT_OUT) when it is damaged."""
    if content.read(0, _BLOCK).startswith(ZIP_MARKS):
        return ZipArchive(content)
    first = Unpacked(content, content.name, Room(content)).read(_BLOCK)
    return TarArchive(content) if is_tar(first) else PackedFile(content)
