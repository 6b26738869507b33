"""A folder on the disk whose files hold one message each (EML, EMLX, MSG).

Its key tells a file's name, its size and when it was written: what is changed or copied anew is
read again and recognised. EML is RFC 5322 as it is; neither line ends nor anything else is changed,
but a text editor's UTF-16 becomes UTF-8.
EMLX, of Apple Mail, is the length of the message, the message, and a property list with flags.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ...model.items import FolderPath, ItemRef, Payload
from ..convert import mail
from ..convert.payload import gathered, payload_of
from .content import Brake, Content, in_utf8
from .disk_names import as_key, from_key
from .letter_files import LetterFiles, ReadFile
from .mail_item import Letter
from .mail_state import told_flags

_BETWEEN = "/"


class SingleFiles(LetterFiles):
    """`names` are the files that are messages, each with what reads it."""

    def __init__(
        self,
        place: Path,
        names: Sequence[tuple[str, ReadFile]],
        path: FolderPath,
        key: str,
        brake: Brake,
    ) -> None:
        super().__init__(dict(names), path, key, brake)
        self._place = place

    def _told(self, name: str) -> os.stat_result | None:
        try:
            return (self._place / name).stat(follow_symlinks=False)
        except OSError:
            return None

    def _size(self, name: str) -> int | None:
        told = self._told(name)
        return None if told is None else told.st_size

    def _ref(self, name: str) -> ItemRef | None:
        told = self._told(name)
        if told is None:
            return None
        key = f"{told.st_size}{_BETWEEN}{told.st_mtime_ns}{_BETWEEN}{as_key(name)}"
        return ItemRef(self._key, key, told.st_size)

    def _name(self, ref: ItemRef) -> str:
        return from_key(ref.key.split(_BETWEEN, 2)[2])

    def _open(self, name: str) -> Content:
        return Content.open(self._place / name, self._brake)


def read_saved(content: Content) -> Letter:
    """The message that the whole file is, to the byte."""
    return _letter(payload_of(content.size, content.pieces()))


def read_eml(content: Content) -> Letter:
    """The same of a file of others: a mark of its encoding is none of the message."""
    return _letter(gathered(in_utf8(content)))


def _letter(payload: Payload) -> Letter:
    return Letter(payload, told_flags(mail.header_of(payload), in_mbox=False))
