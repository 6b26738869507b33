"""What identifies a contact, an event or a task: the one rule, which every adapter uses.

An event or a task is known by its UID; two of one UID in a mailbox would be one too many. The UIDs
of contacts change with every export, so a contact is known by what it says of itself. The content
is everything but what programs write for themselves; how lines are folded does not count. Zones
are known by their names: what a VTIMEZONE says depends on the program that wrote it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...model.items import ContentHash, Fingerprint, ItemKind, ItemLabel, Payload
from .calendar.participants import read_participant
from .card.person import Group, Person
from .card.read import read_card
from .content_lines import Line, read_lines
from .line_pieces import LinePiece, name_of, pieces_of_lines
from .set_aside import set_aside

_OCTETS = 16
_LABEL_LENGTH = 200
_LONGEST_WANTED = 4 << 10
_VOLATILE = {
    ItemKind.CONTACTS: frozenset({b"REV", b"PRODID", b"UID"}),
    ItemKind.EVENTS: frozenset({b"DTSTAMP", b"LAST-MODIFIED", b"CREATED", b"SEQUENCE", b"PRODID"}),
}
_VOLATILE[ItemKind.TASKS] = _VOLATILE[ItemKind.EVENTS]
_WANTED = frozenset({b"UID", b"SUMMARY", b"DTSTART", b"DUE", b"ORGANIZER"})
_ENTRIES = frozenset({b"VEVENT", b"VTODO"})
_NOT_DIGITS = re.compile(r"[^\d+]")


@dataclass(frozen=True, slots=True)
class Identity:
    """What an item is known by: to the program, and to a person."""

    fingerprint: Fingerprint
    content: ContentHash
    label: ItemLabel


def identify(kind: ItemKind, payload: Payload) -> Identity:
    """The identity of a card or of a calendar of one UID; never raises, whatever the bytes."""
    if kind is ItemKind.CONTACTS:
        subject = read_card(set_aside(payload).text)
        fingerprint = of_card(subject)
        name = subject.name if isinstance(subject, Group) else subject.full_name
        label = ItemLabel(subject=name[:_LABEL_LENGTH])
        return Identity(fingerprint, _content(kind, payload, []), label)
    entry: list[bytes] = []
    content = _content(kind, payload, entry)
    lines: dict[str, Line] = {}
    for line in read_lines(b"\n".join(entry)):
        lines.setdefault(line.name, line)
    uid = lines["UID"].text if "UID" in lines else ""
    return Identity(of_uid(kind, uid), content, _label(lines))


def of_uid(kind: ItemKind, uid: str) -> Fingerprint:
    """The fingerprint of an event or a task."""
    return _hashed([kind.value, uid.strip()])


def of_card(subject: Person | Group) -> Fingerprint:
    """The fingerprint of a contact or a group."""
    if isinstance(subject, Group):
        return _hashed(["group", _plain(subject.name), *sorted(map(_plain, subject.members))])
    numbers = sorted(_NOT_DIGITS.sub("", one.value) or one.value for one in subject.phones)
    addresses = sorted(_plain(one.value) for one in subject.emails)
    names = [_plain(subject.full_name), _plain(subject.organisation)]
    return _hashed(["person", *names, *addresses, "", *numbers])


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _hashed(parts: Iterable[str]) -> bytes:
    text = "\0".join(parts).encode("utf-8", "replace")
    return hashlib.blake2b(text, digest_size=_OCTETS).digest()


def _content(kind: ItemKind, payload: Payload, entry: list[bytes]) -> ContentHash:
    """The hash; `entry` gets the lines of the first event or task that a label is made of."""
    digest = hashlib.blake2b(digest_size=_OCTETS)
    within: list[bytes] = []
    name = b""
    for piece in _nested(pieces_of_lines(payload), within):
        if piece.begins:
            name = name_of(piece.text)
            digest.update(b"\n" if _counts(kind, name, within) else b"")
        if not _counts(kind, name, within):
            continue
        digest.update(piece.text)
        if name in _WANTED and within and within[-1] in _ENTRIES:
            text = piece.text[:_LONGEST_WANTED]
            entry.append(text if piece.begins else b" " + text)
    return digest.digest()


def _nested(pieces: Iterator[LinePiece], within: list[bytes]) -> Iterator[LinePiece]:
    """The pieces, `within` being the components that each is in."""
    for piece in pieces:
        if piece.begins and name_of(piece.text) == b"BEGIN":
            within.append(_value(piece.text))
        yield piece
        if piece.begins and name_of(piece.text) == b"END" and within:
            within.pop()


def _value(line: bytes) -> bytes:
    return line.partition(b":")[2].strip().upper()


def _counts(kind: ItemKind, name: bytes, within: list[bytes]) -> bool:
    return bool(name) and name not in _VOLATILE[kind] and b"VTIMEZONE" not in within


def _label(lines: dict[str, Line]) -> ItemLabel:
    start = lines.get("DTSTART") or lines.get("DUE")
    organizer = read_participant(lines["ORGANIZER"]) if "ORGANIZER" in lines else None
    summary = lines["SUMMARY"].text if "SUMMARY" in lines else ""
    return ItemLabel(
        date=start.value if start is not None else "",
        sender=organizer.address if organizer is not None else "",
        subject=" ".join(summary.split())[:_LABEL_LENGTH],
    )
