"""Flags and keywords as Exchange keeps them: flags of the message, last verb, categories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..transport.elements import Element, Property, T, children, text_of

MESSAGE_FLAGS = Property("Integer", 0x0E07)
FLAG_STATUS = Property("Integer", 0x1090)
FLAG_ICON = Property("Integer", 0x1095)
LAST_VERB = Property("Integer", 0x1081)
ICON = Property("Integer", 0x1080)

_READ, _UNSENT = 1, 8
_FLAGGED, _RED = "2", "6"
_REPLIED, _REPLIED_ALL, _FORWARDED = "102", "103", "104"
_ICONS = {_REPLIED: "261", _FORWARDED: "262"}

SEEN, FLAGGED, ANSWERED, DRAFT = "\\Seen", "\\Flagged", "\\Answered", "\\Draft"
FORWARDED = "$Forwarded"
PROPERTY_FLAGS = frozenset({FLAGGED, ANSWERED, DRAFT, FORWARDED})
"""What nothing but properties tells."""

_SYSTEM = {word.lower(): word for word in (SEEN, FLAGGED, ANSWERED, DRAFT, FORWARDED)}
_SYSTEM["\\forwarded"] = FORWARDED
# Nobody's labels: the server's own, and a receipt, of which none is ever asked for by a copy.
_MEANINGLESS = frozenset({"\\recent", "$mdnsent"})
# What filters note for themselves; as categories they would be shown on nearly every mail.
_OF_FILTERS = frozenset({"$junk", "$notjunk", "junk", "nonjunk", "notjunk", "\\junk", "\\nonjunk"})

READING = (
    "message:IsRead",
    "item:Categories",
    MESSAGE_FLAGS,
    FLAG_STATUS,
    LAST_VERB,
)
"""What tells the flags of a message."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Flags as Exchange holds them: read or not, properties, categories; and what has no place."""

    read: bool
    properties: tuple[Element, ...]
    categories: tuple[str, ...]
    dropped: tuple[str, ...]


def kept(flags: Iterable[str]) -> Kept:
    """What of flags and keywords a new message gets, and what has no place there.

    Only the last of an answer and a forwarding can be told; the answer counts for more.
    """
    words = sorted(flags)
    known = {_SYSTEM[word.lower()] for word in words if word.lower() in _SYSTEM}
    categories, dropped = [], []
    for word in words:
        low = word.lower()
        if low in _SYSTEM or low in _MEANINGLESS:
            continue
        if low in _OF_FILTERS or word.startswith("\\"):
            dropped.append(word)
        else:
            categories.append(word)
    verb = _REPLIED if ANSWERED in known else _FORWARDED if FORWARDED in known else ""
    if verb == _REPLIED and FORWARDED in known:
        dropped.append(FORWARDED)
    number = (_READ if SEEN in known else 0) | (_UNSENT if DRAFT in known else 0)
    properties = [MESSAGE_FLAGS.valued(str(number))]
    if FLAGGED in known:
        properties += [FLAG_STATUS.valued(_FLAGGED), FLAG_ICON.valued(_RED)]
    if verb:
        properties += [LAST_VERB.valued(verb), ICON.valued(_ICONS[verb])]
    return Kept(SEEN in known, tuple(properties), tuple(categories), tuple(dropped))


def flags_of(item: Element) -> frozenset[str]:
    """The flags and keywords of a message in a reply, in the words of IMAP."""
    flags = {one.text for one in children(item.find(f"{T}Categories")) if one.text}
    if text_of(item, "IsRead").lower() in ("true", "1"):
        flags.add(SEEN)
    number = MESSAGE_FLAGS.read(item) or "0"
    if number.lstrip("-").isdecimal() and int(number) & _UNSENT:
        flags.add(DRAFT)
    if FLAG_STATUS.read(item) == _FLAGGED:
        flags.add(FLAGGED)
    verb = LAST_VERB.read(item)
    if verb in (_REPLIED, _REPLIED_ALL):
        flags.add(ANSWERED)
    if verb == _FORWARDED:
        flags.add(FORWARDED)
    return frozenset(flags)
