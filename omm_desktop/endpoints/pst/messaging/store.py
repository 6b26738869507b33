"""The whole file: its folders and items ([MS-PST] 2.4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from ..damage import Damaged
from ..ltp.named_properties import PropertyName, named_properties
from ..ltp.property_context import PropertyContext
from ..ndb.database import Database
from .charsets import WESTERN, Charset
from .folder import Folder
from .message import Message
from .properties import Properties
from .tags import Tag

_STORE, _NAMES, _ROOT = 0x21, 0x61, 0x122
_ENTRY_ID_SIZE = 24
_DEEPEST = 64


class FolderUse(StrEnum):
    """What the store itself says that a folder is for."""

    SENT = "sent"
    TRASH = "trash"
    OUTBOX = "outbox"


_USES = {
    Tag.IPM_SENT_MAIL_ENTRY_ID: FolderUse.SENT,
    Tag.IPM_WASTEBASKET_ENTRY_ID: FolderUse.TRASH,
    Tag.IPM_OUTBOX_ENTRY_ID: FolderUse.OUTBOX,
}


class Store(AbstractContextManager["Store"]):
    """An Outlook data file, open for reading.

    `charset` is that of 8-bit strings that do not tell theirs, as in files before 2003.
    Raises `NotOutlookFile`, and OSError when the file cannot be opened.
    """

    def __init__(self, path: Path, charset: Charset = WESTERN) -> None:
        self.charset = charset
        self.database = Database(path)
        self._names: dict[PropertyName, int] | None = None
        self.uses: dict[int, FolderUse] = {}
        self._top = _ROOT
        # All folders are reached from the root as well.
        with suppress(Damaged):
            self._describe()

    @property
    def top(self) -> Folder:
        """The folder above those a person sees; raises `Damaged` when it and the root are gone."""
        try:
            return Folder(self.database, self._top, self.charset, above=None)
        except Damaged:
            return Folder(self.database, _ROOT, self.charset, above=None)

    def folders(self) -> Iterator[Folder | Damaged]:
        """Every folder below the top, each before those in it; what is gone gives `Damaged`."""
        seen: set[int] = set()
        waiting: list[Iterator[Folder | Damaged]] = [self.top.subfolders()]
        while waiting:
            folder = next(waiting[-1], None)
            if folder is None:
                waiting.pop()
            elif isinstance(folder, Damaged):
                yield folder
            elif folder.nid not in seen:
                seen.add(folder.nid)
                yield folder
                if len(waiting) < _DEEPEST:
                    waiting.append(folder.subfolders())

    def message(self, nid: int) -> Message:
        """The item with that node id; raises `Damaged` when it cannot be read."""
        return Message(self.database.node(nid), self.names, self.charset)

    @property
    def names(self) -> dict[PropertyName, int]:
        """The ids of named properties in this file; none where the map cannot be read."""
        if self._names is None:
            try:
                self._names = named_properties(self.database.node(_NAMES))
            except Damaged:
                self._names = {}
        return self._names

    def close(self) -> None:
        """Give the file back."""
        self.database.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _describe(self) -> None:
        properties = Properties(PropertyContext(self.database.node(_STORE)), self.charset.codec)
        for tag, use in _USES.items():
            entry_id = properties.binary(tag) or b""
            if len(entry_id) == _ENTRY_ID_SIZE:
                self.uses[_node_of(entry_id)] = use
        entry_id = properties.binary(Tag.IPM_SUBTREE_ENTRY_ID) or b""
        if len(entry_id) == _ENTRY_ID_SIZE:
            self._top = _node_of(entry_id)


def _node_of(entry_id: bytes) -> int:
    """The node id at the end of an entry id of this store (2.4.3.2)."""
    return int.from_bytes(entry_id[20:], "little")
