"""Single items: their bytes in the format of the house, and what there is to them beside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress

from ...model.items import NAMELESS, ItemKind, ItemLabel
from ...model.problem import Place, Problem, ProblemId
from ..pst.damage import Damaged
from ..pst.messaging.attachment import Attachment, AttachMethod
from ..pst.messaging.message import Message
from ..pst.messaging.store import Store
from ..pst.messaging.tags import Tag
from ..pst.mime.message_writer import write_message
from ..pst.mime.notes import Note, NoteKind
from ..pst.mime.parts import Output
from .kinds import LIST
from .talk import Told
from .unplaced import Unplaced

_LOST = frozenset(
    {
        NoteKind.HEADER_DAMAGED,
        NoteKind.BODY_DAMAGED,
        NoteKind.RECIPIENTS_DAMAGED,
        NoteKind.ATTACHMENT_DAMAGED,
        NoteKind.ATTACHMENT_LINKED,
        NoteKind.TOO_DEEP,
        NoteKind.TOO_MANY,
        NoteKind.CHECKSUM_WRONG,
    }
)
_LARGEST_FILES = 64 << 20
_LABEL_LENGTH = 200
_PHOTO = 0x7FFF


def write_item(store: Store, key: str, kind: ItemKind, output: Output) -> Told:
    """Write an item; raises `Damaged`, perhaps only after its first bytes."""
    message = store.message(int(key))
    suspects = len(message.suspect_blocks)
    if kind is ItemKind.MAIL:
        remarks = [_remark(note) for note in write_message(message, output)]
    else:
        unplaced = Unplaced()
        output.write(_written(store, message, kind, unplaced))
        remarks = unplaced.remarks
        if wrong := len(message.suspect_blocks) - suspects:
            remarks.append(_remark(Note(NoteKind.CHECKSUM_WRONG, str(wrong))))
    flags = _flags(message) if kind is ItemKind.MAIL else frozenset[str]()
    return Told(key, flags, message.received, label_of(message), tuple(dict.fromkeys(remarks)))


def label(store: Store, key: str) -> ItemLabel:
    """What a person knows an item by that cannot be read, as far as it tells."""
    with suppress(Damaged):
        return label_of(store.message(int(key)))
    return NAMELESS


def label_of(message: Message) -> ItemLabel:
    """Date, sender and subject of a message, or of what is kept like one."""
    with message.properties.forgiving():
        received, author = message.received, message.author
        name = author.name or author.address
        subject = message.subject or message.properties.text(Tag.DISPLAY_NAME) or ""
        date = received.isoformat(" ", "minutes") if received else ""
    return ItemLabel(date, _shown(name), _shown(subject))


def _shown(text: str) -> str:
    squeezed = " ".join(text.split())[:_LABEL_LENGTH]
    return "".join(character for character in squeezed if character.isprintable())


def _written(store: Store, message: Message, kind: ItemKind, unplaced: Unplaced) -> bytes:
    # Here, since the libraries of these formats take longer to load than most files to read.
    if kind is ItemKind.CONTACTS:
        return _card(store, message, unplaced)
    from ..convert.calendar.write import write_event, write_task
    from ..pst.organizer.appointment import appointment
    from ..pst.organizer.task import task
    from .events import event_of
    from .tasks import task_of

    files = tuple(_files(message, unplaced))
    if kind is ItemKind.EVENTS:
        found = appointment(message)
        for problem in found.problems:
            unplaced.lost("VEVENT", problem)
        return write_event(event_of(found, found.uid or _uid(message), files, unplaced))
    todo = task(message)
    for problem in todo.problems:
        unplaced.lost("VTODO", problem)
    return write_task(task_of(todo, _uid(message), files, unplaced))


def _card(store: Store, message: Message, unplaced: Unplaced) -> bytes:
    from ..convert.card.write import write_card
    from ..pst.organizer.contact import contact
    from ..pst.organizer.distribution_list import distribution_list
    from .cards import group_of, person_of

    for name, attachment in _attachments(message, unplaced):
        if not attachment.properties.flag(_PHOTO):
            unplaced.lost("ATTACH", name)
    if message.message_class.lower().startswith(LIST):
        found = distribution_list(message, store.message)
        if found.unknown:
            unplaced.lost("MEMBER", f"{found.unknown} without an address")
        return write_card(group_of(found, _uid(message)))
    return write_card(person_of(contact(message), _uid(message)))


def _attachments(message: Message, unplaced: Unplaced) -> Iterator[tuple[str, Attachment]]:
    """Those that a person attached, not the changed occurrences of a series."""
    try:
        for attachment in message.attachments():
            if isinstance(attachment, Damaged):
                unplaced.lost("ATTACH", str(attachment))
            elif attachment.method != AttachMethod.EMBEDDED_MESSAGE:
                yield attachment.name, attachment
            elif not attachment.properties.has(Tag.EXCEPTION_START_TIME):
                unplaced.lost("ATTACH", attachment.name)
    except Damaged as damage:
        unplaced.lost("ATTACH", str(damage))


def _files(message: Message, unplaced: Unplaced):  # type: ignore[no-untyped-def]
    from ..convert.calendar.values import AttachedFile
    from ..pst.mime.media_types import media_type

    room = _LARGEST_FILES
    for name, attachment in _attachments(message, unplaced):
        try:
            room -= attachment.size
            if room < 0:
                unplaced.lost("ATTACH", f"{name}: more than {_LARGEST_FILES} bytes")
                return
            told = attachment.properties.text(Tag.ATTACH_MIME_TAG) or ""
            content = b"".join(attachment.pieces())
            yield AttachedFile(name, content, media_type(told, name))
        except Damaged as damage:
            unplaced.lost("ATTACH", f"{name}: {damage}")


def _uid(message: Message) -> str:
    """An identifier that stays with an item wherever it is moved within the file."""
    key = message.properties.binary(Tag.SEARCH_KEY)
    if not key:
        key = hashlib.blake2b(f"{message.nid}".encode(), digest_size=16).digest()
    return f"{key.hex()[:64]}@outlook-file.invalid"


def _flags(message: Message) -> frozenset[str]:
    """Its state, and its categories as keywords, which cannot hold blanks."""
    with message.properties.forgiving():
        words = {"_".join(category.split()) for category in message.categories}
        return message.flags | frozenset(filter(None, words))


def _remark(note: Note) -> Problem:
    id = ProblemId.ITEM_PARTLY_READ if note.kind in _LOST else ProblemId.ITEM_KEPT_OTHERWISE
    return Problem(id, Place.SOURCE, f"{note.kind}: {note.detail}" if note.detail else note.kind)
