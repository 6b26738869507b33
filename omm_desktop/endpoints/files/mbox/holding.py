"""An mbox file as one folder, or as the folders that Gmail's labels make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from ....model.items import Folder, FolderPath, FolderRole, Holds, Item, ItemRef
from ....model.ports import Refused
from ....model.problem import ItemError, Place, Problem, ProblemId
from ...roles import role_by_name
from ..content import Content
from ..holding import WINDOW
from ..mail_item import mail_item
from .index import Index, read_index
from .messages import Messages
from .older_boxes import as_mbox

_LABEL = "\n"
_REST = "\n\n"
_CHATS = frozenset({"chat", "chats"})
_APART = frozenset({FolderRole.JUNK, FolderRole.TRASH})
_INBOXES = frozenset(
    {
        "inbox",
        "boîte de réception",
        "posteingang",
        "recibidos",
        "bandeja de entrada",
        "posta in arrivo",
        "caixa de entrada",
        "entrada",
        "postvak in",
        "doručená pošta",
    }
)


class MboxHolding:
    """A `Holding`. `path` is the folder it stands for, or what labels leave over.

    `open_content` opens the file, each time it is needed again. `key` is what the keys of its
    folders begin with.
    """

    def __init__(
        self,
        open_content: Callable[[], Content],
        path: FolderPath,
        key: str,
    ) -> None:
        self._open_content = open_content
        self._opened: Content | None = None
        self._path = path
        self._key = key
        self._read: tuple[tuple[int, int], Index] | None = None

    def rest(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def close(self) -> None:
        self.rest()

    @property
    def _content(self) -> Content:
        if self._opened is None:
            self._opened = as_mbox(self._open_content())
        return self._opened

    def _index(self) -> Index:
        """Of the file as it is now."""
        state = self._content.state()
        if self._read is None or self._read[0] != state:
            self._read = state, read_index(self._content)
        return self._read[1]

    # -- folders -------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        index = self._index()
        if not index.labels.told:
            return [self._folder(index, self._path, self._key, range(len(index)))]
        labelled = [
            self._labelled(index, label, places) for label, places in index.labels.places.items()
        ]
        rest = self._folder(index, self._path, self._key + _REST, index.labels.rest)
        return [*labelled, replace(rest, holds=Holds.REST, role=None, shows=len(index))]

    def _folder(self, index: Index, path: FolderPath, key: str, places: Sequence[int]) -> Folder:
        remarks: tuple[Problem, ...] = ()
        if not len(index) and self._content.size:
            nothing = ProblemId.FILE_NOT_UNDERSTOOD
            remarks = (Problem(nothing, Place.SOURCE, "no message in it", self._content.name),)
        if not index.whole:
            detail = f"the first {len(index)} messages"
            remarks = (
                Problem(ProblemId.FILE_READ_IN_PART, Place.SOURCE, detail, self._content.name),
            )
        return Folder(
            path,
            key,
            role_by_name(path),
            count=len(places),
            size=sum(map(index.size, places)),
            validity=index.validity,
            next_key=len(index) + 1,
            remarks=remarks,
        )

    def _labelled(self, index: Index, label: str, places: Sequence[int]) -> Folder:
        path = tuple(part.strip() for part in label.split("/") if part.strip()) or (label,)
        if label.casefold() in _INBOXES:
            path = ("INBOX",)
        folder = self._folder(index, path, self._key + _LABEL + label, places)
        if label.casefold() in _CHATS:
            return replace(folder, holds=Holds.CHATS)
        return folder if folder.role in _APART else replace(folder, holds=Holds.LABEL)

    def _places(self, index: Index, folder: Folder) -> Sequence[int]:
        told = folder.key.removeprefix(self._key)
        if not told:
            return range(len(index))
        if told == _REST:
            return index.labels.rest
        return index.labels.places.get(told.removeprefix(_LABEL), ())

    # -- messages ------------------------------------------------------------------------

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        index = self._same(folder)
        places = self._places(index, folder)
        messages = Messages(self._content, index)
        for end in range(len(places), 0, -WINDOW):
            window = places[max(0, end - WINDOW) : end]
            refs = [self._ref(index, folder, place) for place in window]
            if since is not None:
                refs = [ref for ref in refs if _is_since(messages, ref, since)]
            if refs:
                yield refs

    def _ref(self, index: Index, folder: Folder, place: int) -> ItemRef:
        number = str(place + 1)
        shared = folder.holds in (Holds.LABEL, Holds.REST)
        # Of this file alone: other mailboxes of the same copy count from one as well.
        object_id = f"{index.validity}/{number}" if shared else None
        return ItemRef(folder.key, number, index.size(place), object_id=object_id)

    def _same(self, folder: Folder) -> Index:
        """Raises `ItemError` when the file is no longer the one that was listed."""
        index = self._index()
        if folder.validity != index.validity:
            detail = "the file was changed"
            raise ItemError(Problem(ProblemId.FILE_CHANGED, Place.SOURCE, detail, folder.name))
        return index

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        index = self._same(folder)
        messages = Messages(self._content, index)
        for ref in refs:
            place = int(ref.key) - 1
            if not 0 <= place < len(index):
                yield Refused(ref, Problem(ProblemId.ITEM_GONE, Place.SOURCE, "no such message"))
                continue
            yield mail_item(ref, messages.message(place))


def _is_since(messages: Messages, ref: ItemRef, since: date) -> bool:
    moment = messages.received(int(ref.key) - 1)
    return moment is None or moment.date() >= since
