"""One folder and what it holds ([MS-PST] 2.4.4)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from ..damage import Damaged
from ..ltp.property_context import PropertyContext
from ..ltp.table_context import Row, TableContext
from ..ndb.database import Database
from .charsets import Charset
from .properties import Properties
from .tags import Tag

_FOLDER, _MESSAGE = 0x02, 0x04
_HIERARCHY, _CONTENTS = 0x0D, 0x0E
_NID_TYPE = 0x1F


class FolderUse(StrEnum):
    """What the file itself says that a folder is for."""

    INBOX = "inbox"
    SENT = "sent"
    DRAFTS = "drafts"
    JUNK = "junk"
    TRASH = "trash"
    OUTBOX = "outbox"
    CALENDAR = "calendar"
    CONTACTS = "contacts"
    TASKS = "tasks"
    NOTES = "notes"
    JOURNAL = "journal"
    SYNC_ISSUES = "sync issues"


@dataclass(slots=True)
class FolderFile:
    """The file that folders are in: the charset of its 8-bit names, and uses by folder id."""

    database: Database
    charset: Charset
    uses: dict[int, FolderUse] = field(default_factory=dict)
    _children: dict[int, array[int]] | None = None

    def children(self, parent: int) -> Iterable[int]:
        """The nodes that name `parent` as theirs, whatever the folder's tables say."""
        if self._children is None:
            self._children = {}
            for nid, named in self.database.parents():
                self._children.setdefault(named, array("I")).append(nid)
        return self._children.get(parent, ())


class Folder:
    """A folder; `path` is its names from the top, empty for the top itself.

    Where its properties cannot be read, `damage` says why, its id stands for its name, and what
    it holds can still be listed. Raises `Damaged` when there is no such folder.
    """

    def __init__(self, file: FolderFile, nid: int, above: tuple[str, ...] | None) -> None:
        self._file = file
        self.nid = nid
        self.damage: Damaged | None = None
        self.name = self.container_class = ""
        self.stated_count: int | None = None
        self.is_hidden = False
        self.use = file.uses.get(nid)
        node = file.database.node(nid)
        try:
            self._describe(Properties(PropertyContext(node), file.charset.codec))
        except Damaged as damage:
            self.damage = damage
        self.name = self.name or f"{nid:x}"
        self.path = () if above is None else (*above, self.name)

    def _describe(self, properties: Properties) -> None:
        self.name = properties.text(Tag.DISPLAY_NAME) or ""
        self.container_class = properties.text(Tag.CONTAINER_CLASS) or ""
        self.stated_count = properties.integer(Tag.CONTENT_COUNT)
        self.is_hidden = properties.flag(Tag.ATTRIBUTE_HIDDEN)
        if self.use is None and properties.has(Tag.IPM_APPOINTMENT_ENTRY_ID):
            # The inbox, like the root, tells where the calendar is ([MS-OXOSFLD] 2.2.3).
            self.use = FolderUse.INBOX

    def item_ids(self) -> Iterator[int]:
        """The node ids of its items in order, hidden settings left out."""
        return (nid for nid, _ in self.items())

    def items(self) -> Iterator[tuple[int, Properties | None]]:
        """The same with what the folder's table tells of each; None where it cannot be read."""
        for nid, row in self._listed(_CONTENTS, _MESSAGE):
            yield nid, None if row is None else Properties(row, self._file.charset.codec)

    def subfolders(self) -> Iterator[Folder | Damaged]:
        """The folders within, without searches; one that is gone gives its `Damaged`."""
        for nid, _ in self._listed(_HIERARCHY, _FOLDER):
            try:
                yield Folder(self._file, nid, self.path)
            except Damaged as damage:
                yield damage

    def _listed(self, table: int, node_type: int) -> Iterator[tuple[int, Row | None]]:
        """Rows of one of its tables; where that breaks off, the nodes that name it as parent."""
        listed: set[int] = set()
        try:
            node = self._file.database.node(self.nid & ~_NID_TYPE | table)
            for nid, row in TableContext(node).rows_by_id():
                if nid & _NID_TYPE == node_type and nid not in listed:
                    listed.add(nid)
                    yield nid, None if isinstance(row, Damaged) else row
        except Damaged as damage:
            self.damage = self.damage or damage
            for nid in self._file.children(self.nid):
                if nid & _NID_TYPE == node_type and nid not in listed:
                    yield nid, None
