"""Single items: their bytes in the format of the house, and what there is to them beside."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ...model.items import NAMELESS, ItemKind, ItemLabel
from ...model.problem import Place, Problem, ProblemId
from ..pst.damage import Damaged
from ..pst.messaging.folder import Folder
from ..pst.messaging.message import Message
from ..pst.messaging.store import Store
from ..pst.messaging.tags import Tag
from ..pst.mime.message_writer import write_message
from ..pst.mime.notes import Note, NoteKind
from ..pst.mime.parts import Output
from .kinds import LIST, place_of
from .pulse import Pulse
from .talk import Told
from .unplaced import Unplaced

if TYPE_CHECKING:
    from .uids import EventIds

_IN_ANOTHER_FORM = frozenset(
    {NoteKind.BODY_AS_FILE, NoteKind.PICTURES_IN_RICH_TEXT, NoteKind.ADDRESS_UNKNOWN}
)
_LABEL_LENGTH = 200
_NEVER_SENT = ("ipm.stickynote", "ipm.activity")
_SEEN, _DRAFT = "\\Seen", "\\Draft"


class Reader:
    """Gives the items of a file one by one."""

    def __init__(self, store: Store, pulse: Pulse) -> None:
        self._store = store
        self._pulse = pulse
        self._ids: tuple[str, EventIds] | None = None

    def write(self, folder_key: str, key: str, output: Output) -> Told:
        """Write an item; raises `Damaged`, perhaps only after its first bytes."""
        message = self._store.message(int(key))
        _, kind = place_of(folder_key)
        if kind is ItemKind.MAIL:
            remarks = [remark_on(note) for note in write_message(message, output)]
            return Told(key, flags_of(message), message.received, tuple(remarks))
        suspects = len(message.suspect_blocks)
        unplaced = Unplaced()
        with message.properties.forgiving() as damages:
            output.write(self._written(message, folder_key, kind, unplaced))
        for damage in damages:
            unplaced.lost(kind.upper(), str(damage))
        remarks = unplaced.remarks
        if wrong := len(message.suspect_blocks) - suspects:
            remarks.append(remark_on(Note(NoteKind.CHECKSUM_WRONG, str(wrong))))
        return Told(key, frozenset(), message.received, tuple(remarks))

    def label(self, key: str) -> ItemLabel:
        """What a person knows an item by that cannot be read, as far as it tells."""
        with suppress(Damaged):
            return label_of(self._store.message(int(key)))
        return NAMELESS

    def _written(
        self, message: Message, folder_key: str, kind: ItemKind, unplaced: Unplaced
    ) -> bytes:
        # Here, since the libraries of these formats take longer to load than most files to read.
        from . import cards, events, tasks
        from .uids import made_up

        if kind is ItemKind.EVENTS:
            return events.written_event(message, self._event_ids(folder_key).of(message), unplaced)
        if kind is ItemKind.TASKS:
            return tasks.written_task(message, made_up(message), unplaced)
        if message.message_class.lower().startswith(LIST):
            return cards.written_list(message, self._store.message, unplaced)
        return cards.written_contact(message, unplaced)

    def _event_ids(self, folder_key: str) -> EventIds:
        from .uids import EventIds

        if self._ids is None or self._ids[0] != folder_key:
            nid, _ = place_of(folder_key)
            folder = Folder(self._store.file, nid, above=())
            self._ids = folder_key, EventIds(self._store, folder, self._pulse)
        return self._ids[1]


def label_of(message: Message) -> ItemLabel:
    """Date, sender and subject of a message, or of what is kept like one."""
    with message.properties.forgiving():
        received, author = message.received, message.author
        subject = message.subject or message.properties.text(Tag.DISPLAY_NAME) or ""
        date = received.isoformat(" ", "minutes") if received else ""
    return ItemLabel(date, _shown(author.name or author.address), _shown(subject))


def _shown(text: str) -> str:
    squeezed = " ".join(text.split())[:_LABEL_LENGTH]
    return "".join(character for character in squeezed if character.isprintable())


def flags_of(message: Message) -> frozenset[str]:
    """Its state, and its categories as keywords, which cannot hold blanks."""
    with message.properties.forgiving():
        words = {"_".join(category.split()) for category in message.categories}
        state = message.flags
        if message.message_class.lower().startswith(_NEVER_SENT):
            state = state - {_DRAFT} | {_SEEN}
        return state | frozenset(filter(None, words))


def remark_on(note: Note) -> Problem:
    kept = note.kind in _IN_ANOTHER_FORM
    id = ProblemId.ITEM_KEPT_OTHERWISE if kept else ProblemId.ITEM_PARTLY_READ
    return Problem(id, Place.SOURCE, f"{note.kind}: {note.detail}" if note.detail else note.kind)
