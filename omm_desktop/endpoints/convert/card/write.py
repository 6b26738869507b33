"""Persons and groups to vCard 3.0 (RFC 2426); vobject writes."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable

import vobject
from vobject.base import Component, ContentLine

from ..content_lines import Line, escape, write_line
from .days import write_day
from .names import NAME_OF_MEMBER
from .person import Data, Group, Name, Person

_OWN = frozenset({"assistant", "callback", "company", "radio", "telex", "ttytdd", "main"})
_END = b"END:VCARD\r\n"
_FOLD = 74
"""Octets of a line beside the blank that continues it (RFC 2426 section 2.6)."""

_NO_PARAMETER = re.compile(r'["\x00-\x1f\x7f]')
_RELATED = {
    "spouse": "X-SPOUSE",
    "manager": "X-MANAGER",
    "assistant": "X-ASSISTANT",
    "child": "X-CHILD",
}


def write_card(subject: Person | Group) -> bytes:
    """The card, UTF-8, lines folded and ended by CRLF."""
    card = vobject.vCard()
    if isinstance(subject, Group):
        _group(card, subject)
    else:
        _person(card, subject)
    text: str = card.serialize(validate=False)
    written = text.encode()
    if isinstance(subject, Person) and (data := _data_of(subject)):
        written = written.removesuffix(_END) + b"".join(map(_data_line, data)) + _END
    return written


def _add(card: Component, name: str, value: str, types: Iterable[str] = ()) -> ContentLine | None:
    if not value:
        return None
    line = card.add(name)
    line.value = value
    if given := sorted(types):
        line.type_paramlist = given
    return line


def _add_list(card: Component, name: str, values: Iterable[str], separator: str = ",") -> None:
    """Texts joined by a separator that vobject must not escape."""
    given = [escape(value) for value in values]
    if any(given):
        line = card.add(name)
        line.behavior = None
        line.encoded = True
        line.value = separator.join(given)


def _person(card: Component, person: Person) -> None:
    _add(card, "FN", person.full_name)
    _add_list(card, "N", _parts(person.name) if _parts(person.name) else [""] * 5, ";")
    for name, value in _texts(person):
        _add(card, name, value)
    _add_list(card, "NICKNAME", person.nicknames)
    _add_list(card, "CATEGORIES", person.categories)
    if person.organisation or person.units:
        _add_list(card, "ORG", [person.organisation, *person.units], ";")
    for name, values in (("EMAIL", person.emails), ("URL", person.pages)):
        for one in values:
            _add(card, name, one.value, one.types)
    for phone in person.phones:
        types = (f"x-{kind}" if kind in _OWN else kind for kind in phone.types)
        _add(card, "TEL", phone.value, types)
    for address in person.addresses:
        _add_list(card, "ADR", address.parts, ";")
        if address.types:
            card.contents["adr"][-1].type_paramlist = sorted(address.types)
    for messaging in person.messaging:
        _add(card, "IMPP" if ":" in messaging else "X-MS-IMADDRESS", messaging)
    for kind, related in person.related:
        _add(card, _RELATED[kind], related)


def _parts(name: Name) -> list[str]:
    parts = [name.family, name.given, name.additional, name.prefix, name.suffix]
    return parts if any(parts) else []


def _texts(person: Person) -> Iterable[tuple[str, str]]:
    yield "UID", person.uid
    yield "X-FILE-AS", person.file_as
    yield "X-PHONETIC-FIRST-NAME", person.phonetic.given
    yield "X-PHONETIC-LAST-NAME", person.phonetic.family
    yield from (("TITLE", title) for title in person.titles)
    yield from (("ROLE", role) for role in person.roles)
    yield "X-OFFICE", person.office
    yield "FBURL", person.free_busy
    yield "BDAY", write_day(person.birthday) if person.birthday else ""
    yield "X-ANNIVERSARY", write_day(person.anniversary) if person.anniversary else ""
    yield "X-GENDER", person.gender
    yield "LANG", person.language
    yield "CLASS", person.privacy.upper()
    yield "NOTE", person.notes


def _data_of(person: Person) -> list[Data]:
    return ([person.photo] if person.photo else []) + list(person.files)


def _data_line(data: Data) -> bytes:
    """The property, folded here: vobject takes half a minute for a photo of 10 MB."""
    kind = (("type", (data.media.removeprefix("image/"),)),) if data.media else ()
    encoded = b64encode(data.content).decode()
    line = write_line(Line(data.name, encoded, (("encoding", ("b",)), *kind))).encode()
    pieces = (line[start : start + _FOLD] for start in range(_FOLD, len(line), _FOLD))
    return b"\r\n ".join([line[:_FOLD], *pieces]) + b"\r\n"


def _group(card: Component, group: Group) -> None:
    _add(card, "FN", group.name)
    _add_list(card, "N", [group.name, "", "", "", ""], ";")
    _add(card, "UID", group.uid)
    _add(card, "X-ADDRESSBOOKSERVER-KIND", "group")
    called = dict(group.called)
    for member in group.members:
        line = _add(card, "X-ADDRESSBOOKSERVER-MEMBER", member)
        if line is not None and member in called:
            line.params[NAME_OF_MEMBER] = [_NO_PARAMETER.sub("'", called[member])]
    _add_list(card, "CATEGORIES", group.categories)
    _add(card, "NOTE", group.notes)
