"""The whole file: its folders and items ([MS-PST] 2.4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from types import TracebackType

from ..damage import Damaged
from ..ltp.named_properties import PropertyName, named_properties
from ..ltp.property_context import PropertyContext
from ..ndb.database import Database
from .address_book import AddressBook
from .charsets import WESTERN, Charset
from .folder import Folder, FolderFile, FolderUse
from .message import Message
from .nodes import MessageNode
from .properties import Properties
from .tags import Tag

_STORE, _NAMES, _ROOT = 0x21, 0x61, 0x122
_ENTRY_ID_SIZE = 24
_DEEPEST = 64
_OFFLINE_TOP = "IPM_SUBTREE"
_USES = {
    Tag.IPM_SENT_MAIL_ENTRY_ID: FolderUse.SENT,
    Tag.IPM_WASTEBASKET_ENTRY_ID: FolderUse.TRASH,
    Tag.IPM_OUTBOX_ENTRY_ID: FolderUse.OUTBOX,
}
_USES_TOLD_BY_FOLDERS = {
    Tag.IPM_APPOINTMENT_ENTRY_ID: FolderUse.CALENDAR,
    Tag.IPM_CONTACT_ENTRY_ID: FolderUse.CONTACTS,
    Tag.IPM_JOURNAL_ENTRY_ID: FolderUse.JOURNAL,
    Tag.IPM_NOTE_ENTRY_ID: FolderUse.NOTES,
    Tag.IPM_TASK_ENTRY_ID: FolderUse.TASKS,
    Tag.IPM_DRAFTS_ENTRY_ID: FolderUse.DRAFTS,
}
_ADDITIONAL_USES = (*(FolderUse.SYNC_ISSUES,) * 4, FolderUse.JUNK)


class Store(AbstractContextManager["Store"]):
    """An Outlook data file, open for reading.

    `charset` is that of 8-bit strings that do not tell theirs, as in files before 2003.
    `addresses` knows nobody until it is given one that does.
    Raises `NotOutlookFile`, and OSError when the file cannot be opened.
    """

    def __init__(self, path: Path, charset: Charset = WESTERN) -> None:
        self.charset = charset
        self.database = Database(path)
        self.addresses = AddressBook()
        self._names: dict[PropertyName, int] | None = None
        self.file = FolderFile(self.database, charset)
        self._top = _ROOT
        # All folders are reached from the root as well.
        with suppress(Damaged):
            self._describe()

    @property
    def top(self) -> Folder:
        """The folder above those a person sees; raises `Damaged` when it and the root are gone."""
        try:
            return Folder(self.file, self._top, above=None)
        except Damaged:
            return Folder(self.file, _ROOT, above=None)

    def folders(self) -> Iterator[Folder | Damaged]:
        """Every folder below the top, each before those in it; what is gone gives `Damaged`."""
        top = self.top
        # The root is its own parent.
        seen = {top.nid}
        waiting: list[Iterator[Folder | Damaged]] = [top.subfolders()]
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
                elif next(folder.subfolders(), None) is not None:
                    yield Damaged(f"folders are nested deeper than {_DEEPEST}")
        if top.damage is not None:
            yield top.damage

    def message(self, nid: int) -> Message:
        """The item with that node id; raises `Damaged` when it cannot be read."""
        return Message(
            MessageNode(self.database.node(nid)), self.names, self.charset, self.addresses
        )

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
        store = self._properties(_STORE)
        for tag, use in _USES.items():
            if nid := _node_in(store, tag):
                self.file.uses[nid] = use
        self._top = _node_in(store, Tag.IPM_SUBTREE_ENTRY_ID) or self._offline_top()
        self._learn_uses(self._properties(_ROOT))

    def _learn_uses(self, folder: Properties) -> None:
        """What the root, and the inbox likewise, tells of other folders ([MS-OXOSFLD] 2.2)."""
        for tag, use in _USES_TOLD_BY_FOLDERS.items():
            if nid := _node_in(folder, tag):
                self.file.uses.setdefault(nid, use)
        listed = folder.binaries(Tag.ADDITIONAL_REN_ENTRY_IDS)
        for entry_id, use in zip(listed, _ADDITIONAL_USES, strict=False):
            if nid := _node_of(entry_id):
                self.file.uses.setdefault(nid, use)

    def _properties(self, nid: int) -> Properties:
        return Properties(PropertyContext(self.database.node(nid)), self.charset.codec)

    def _offline_top(self) -> int:
        """The top of an .ost file, which does not tell it: one folder of two below the root.

        The mailbox has one, the public folders have the other; the fuller one is the mailbox's.
        """
        root = Folder(self.file, _ROOT, above=None)
        found: dict[int, int] = {}
        for above in root.subfolders():
            if isinstance(above, Folder):
                for folder in above.subfolders():
                    if isinstance(folder, Folder) and folder.name == _OFFLINE_TOP:
                        found[folder.nid] = len(list(folder.subfolders()))
        return max(found, key=found.__getitem__, default=_ROOT)


def _node_in(properties: Properties, tag: Tag) -> int | None:
    """The node at the end of an entry id of this file (2.4.3.2), None for those of a server."""
    return _node_of(properties.binary(tag) or b"")


def _node_of(entry_id: bytes) -> int | None:
    if len(entry_id) != _ENTRY_ID_SIZE:
        return None
    return int.from_bytes(entry_id[-4:], "little")
