"""The header of a message: as it came through the network, else made from properties."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..damage import Damaged
from ..messaging.entry_ids import people_of
from ..messaging.message import Message
from ..messaging.recipient import NOBODY, Person, Recipient, RecipientKind
from ..messaging.tags import Tag
from . import words
from .notes import Note, NoteKind

_LINE_END = re.compile(r"\r\n|\n|\r")
_FIELD = re.compile(r"[!-9;-~]+[ \t]*:")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_IMPORTANCE = {0: "low", 2: "high"}
_SENSITIVITY = {1: "Personal", 2: "Private", 3: "Company-Confidential"}
_ADDRESS_FIELDS = {
    RecipientKind.TO: "To",
    RecipientKind.CC: "Cc",
    RecipientKind.BCC: "Bcc",
}

Field = tuple[str, str]
"""A field's name, and its whole text with name and folding but without the last line end."""


class _Made(NamedTuple):
    """A field made from properties, and the people in it."""

    name: str
    value: str
    people: Sequence[Person] = ()


def header(message: Message, notes: list[Note]) -> bytes:
    """All fields but those of MIME, each ended by CRLF, in ASCII."""
    fields = transport_fields(message)
    present = {name.lower() for name, _ in fields}
    lines = [words.ascii_field(text) for _, text in fields]
    for made in _made_fields(message, notes, frozenset(present)):
        if made.name.lower() not in present:
            present.add(made.name.lower())
            lines.append(f"{made.name}: {made.value}")
            notes += [
                Note(NoteKind.ADDRESS_UNKNOWN, person.name)
                for person in made.people
                if not person.address
            ]
    if "message-id" not in present:
        lines.append(f"Message-ID: {_derived_id(message, lines)}")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii", "replace")


def transport_fields(message: Message, *, mime: bool = False) -> list[Field]:
    """The fields kept from the network in their order; those of MIME alone when asked for.

    What MIME fields say is true of the original body only, which the file has taken apart.
    """
    text = (message.properties.text(Tag.TRANSPORT_MESSAGE_HEADERS) or "").lstrip()
    fields: list[tuple[str, list[str]]] = []
    for line in _LINE_END.split(text):
        if not line.strip():
            if line == "" and fields:
                break
        elif line[0] in " \t" and fields:
            fields[-1][1].append(line)
        elif _FIELD.match(line):
            fields.append((line.split(":", 1)[0].strip(), [line]))
    return [(name, "\r\n".join(lines)) for name, lines in fields if _is_of_mime(name) == mime]


def _is_of_mime(name: str) -> bool:
    return name.lower() == "mime-version" or name.lower().startswith("content-")


def _made_fields(message: Message, notes: list[Note], present: frozenset[str]) -> Iterator[_Made]:
    """Fields from properties, those without content left out; fewer when only gaps are filled.

    The people of a field that is `present` are not asked for: to find the address of one may take
    the whole file.
    """
    properties, whole = message.properties, not present
    sender = author = NOBODY
    if "from" not in present:
        sender, author = message.sender, message.author
    if author == NOBODY:
        author = sender
    if author != NOBODY:
        yield _Made("From", words.mailbox(author), [author])
    if whole and sender.address and sender.address.lower() != author.address.lower():
        yield _Made("Sender", words.mailbox(sender))
    if whole and (people := people_of(properties.binary(Tag.REPLY_RECIPIENT_ENTRIES) or b"")):
        yield _Made("Reply-To", words.mailboxes(people))
    yield from _recipient_fields(message, notes, present)
    yield _Made("Subject", words.unstructured(message.subject))
    sent = properties.time(Tag.CLIENT_SUBMIT_TIME) or message.received
    if sent is not None:
        yield _Made("Date", words.date(sent))
    found = _MESSAGE_ID.search(properties.text(Tag.INTERNET_MESSAGE_ID) or "")
    if found and found[0].isascii():
        yield _Made("Message-ID", found[0])
    if whole:
        yield from _thread_fields(message)
        yield from _importance_fields(message)


def _recipient_fields(
    message: Message, notes: list[Note], present: frozenset[str]
) -> Iterator[_Made]:
    wanted = {kind: name for kind, name in _ADDRESS_FIELDS.items() if name.lower() not in present}
    everyone: list[Recipient] = []
    try:
        for recipient in message.recipients(wanted):
            if isinstance(recipient, Damaged):
                notes.append(Note(NoteKind.RECIPIENTS_DAMAGED, str(recipient)))
            else:
                everyone.append(recipient)
    except Damaged as damage:
        notes.append(Note(NoteKind.RECIPIENTS_DAMAGED, str(damage)))
    for kind, name in wanted.items():
        people = [
            recipient.person
            for recipient in everyone
            if recipient.kind is kind and recipient.person != NOBODY
        ]
        if people:
            yield _Made(name, words.mailboxes(people), people)


def _thread_fields(message: Message) -> Iterator[_Made]:
    properties = message.properties
    for name, tag in (
        ("In-Reply-To", Tag.IN_REPLY_TO_ID),
        ("References", Tag.INTERNET_REFERENCES),
    ):
        ids = [
            found for found in _MESSAGE_ID.findall(properties.text(tag) or "") if found.isascii()
        ]
        if ids:
            yield _Made(name, "\r\n ".join(ids))
    if topic := properties.text(Tag.CONVERSATION_TOPIC):
        yield _Made("Thread-Topic", words.unstructured(topic))
    if index := properties.binary(Tag.CONVERSATION_INDEX):
        encoded = base64.b64encode(index).decode("ascii")
        pieces = [encoded[start : start + 60] for start in range(0, len(encoded), 60)]
        yield _Made("Thread-Index", "\r\n ".join(pieces))


def _importance_fields(message: Message) -> Iterator[_Made]:
    for name, tag, meanings in (
        ("Importance", Tag.IMPORTANCE, _IMPORTANCE),
        ("Sensitivity", Tag.SENSITIVITY, _SENSITIVITY),
    ):
        told = message.properties.integer(tag)
        if told in meanings:
            yield _Made(name, meanings[told])


def _derived_id(message: Message, lines: list[str]) -> str:
    """The same identifier each time: the search key stays with a message wherever it is moved."""
    key = message.properties.binary(Tag.SEARCH_KEY)
    if not key:
        key = hashlib.blake2b("\r\n".join(lines).encode(), digest_size=16).digest()
    return f"<{key.hex()[:64]}@outlook-file.invalid>"
