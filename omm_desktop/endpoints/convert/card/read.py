"""vCards of any version to persons and groups."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..content_lines import Line, read_lines
from . import names
from .days import read_day
from .kinds import kinds, label_word
from .person import Data, Group, Name, Person, PostalAddress, Typed

_PRIVACY = {"public": "public", "private": "private", "confidential": "confidential"}
_GENDERS = {"m": "M", "male": "M", "f": "F", "female": "F", "o": "O", "n": "N", "u": "U"}
_MEDIA = tuple(
    (re.compile(mark, re.DOTALL), media)
    for mark, media in (
        (rb"\x89PNG\r\n", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"GIF8", "image/gif"),
        (rb"BM", "image/bmp"),
        (rb"RIFF....WEBP", "image/webp"),
        (rb"RIFF....WAVE", "audio/wav"),
        (rb"-----BEGIN PGP", "application/pgp-keys"),
    )
)
_RELATED = frozenset({"spouse", "child", "manager", "assistant"})


def read_card(data: bytes) -> Person | Group:
    """The person or the group of one card (`split_cards`); never raises, whatever the bytes."""
    lines = [line for line in read_lines(data) if line.value]
    labels = {line.group: line.text for line in lines if line.name == "X-ABLABEL" and line.group}
    if any(line.name in names.GROUP_KINDS and line.text.lower() == "group" for line in lines):
        return _group(lines)
    reading = _Reading(labels)
    for line in lines:
        if not reading.take(line) and line.name not in names.BOOKKEEPING:
            label = reading.label(line)
            shown = (("label", (label_word(label),)),) if label else line.params
            reading.rest.append(replace(line, params=shown))
    return reading.person()


def _group(lines: list[Line]) -> Group:
    known = names.MEMBERS | names.GROUP_KINDS | names.BOOKKEEPING
    first = {line.name: line.text for line in reversed(lines)}
    return Group(
        uid=first.get("UID", ""),
        name=first.get("FN") or first.get("N", "").replace(";", " ").strip(),
        members=tuple(line.text for line in lines if line.name in names.MEMBERS),
        called=tuple(
            (line.text, given[0])
            for line in lines
            if line.name in names.MEMBERS
            for name, given in line.params
            if name == names.NAME_OF_MEMBER.lower() and given
        ),
        notes="\n".join(line.text for line in lines if line.name == "NOTE"),
        categories=_categories(lines),
        rest=tuple(
            line
            for line in lines
            if line.name not in known | {"UID", "FN", "N", "NOTE", "CATEGORIES"}
        ),
    )


def _categories(lines: list[Line]) -> tuple[str, ...]:
    found = [one for line in lines if line.name == "CATEGORIES" for one in line.parts(",") if one]
    return tuple(dict.fromkeys(found))


@dataclass(slots=True)
class _Reading:
    """What the lines of a card said so far."""

    labels: dict[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    lists: dict[str, list[Any]] = field(default_factory=dict)
    name: Name = field(default_factory=Name)
    phonetic: dict[str, str] = field(default_factory=dict)
    photo: Data | None = None
    post_labels: list[Line] = field(default_factory=list)
    rest: list[Line] = field(default_factory=list)

    def take(self, line: Line) -> bool:
        """Note what the line says; False when it has no place in a person."""
        taken = _TAKES.get(line.name)
        return taken(self, line) if taken is not None else False

    def label(self, line: Line) -> str:
        return self.labels.get(line.group, "") if line.group else ""

    def add(self, what: str, *values: object) -> bool:
        found = self.lists.setdefault(what, [])
        found.extend(value for value in values if value and value not in found)
        return True

    def text(self, what: str, value: str) -> bool:
        """False when there is such a text already, and another one."""
        return self.texts.setdefault(what, value) == value

    def day(self, what: str, line: Line) -> bool:
        found = read_day(line.text)
        return found is not None and self.days.setdefault(what, found) == found

    def person(self) -> Person:
        self._place_post_labels()
        fields: dict[str, Any] = {what: tuple(found) for what, found in self.lists.items()}
        person = Person(
            **self.texts | fields,
            birthday=self.days.get("birthday"),
            anniversary=self.days.get("anniversary"),
            name=self.name,
            phonetic=Name(**self.phonetic),
            photo=self.photo,
            rest=tuple(self.rest),
        )
        person = replace(person, related=tuple(sorted(person.related)))
        return person if person.full_name else _named(person)

    def _place_post_labels(self) -> None:
        """A LABEL says again what an ADR of its kind says; alone it is the address."""
        places = [address.types - {"pref"} for address in self.lists.get("addresses", [])]
        for line in self.post_labels:
            types = kinds(line)
            if types - {"pref"} not in places:
                self.add("addresses", PostalAddress(street=line.text, types=types))


def _named(person: Person) -> Person:
    """With a full name, which RFC 2426 demands: of the name's parts, else of what there is."""
    name = person.name
    parts = (name.prefix, name.given, name.additional, name.family, name.suffix)
    others = [person.organisation, *person.nicknames]
    others += [one.value for one in (*person.emails, *person.phones)]
    full = " ".join(part for part in parts if part) or next(iter(filter(None, others)), "?")
    return replace(person, full_name=full)


def _full_name(reading: _Reading, line: Line) -> bool:
    return reading.text("full_name", " ".join(line.text.split()))


def _name(reading: _Reading, line: Line) -> bool:
    """Several values of one part (RFC 6350) become one text."""
    if reading.name != Name():
        return False
    parts = line.value.split(";") if "\\" not in line.value else list(line.parts(";"))
    texts = [" ".join(part.replace(",", ", ").split()) for part in parts if part is not None]
    reading.name = Name(*(texts + [""] * 5)[:5])
    return True


def _organisation(reading: _Reading, line: Line) -> bool:
    first, *units = [*line.parts(";"), ""]
    if not reading.text("organisation", first):
        return False
    return reading.add("units", *units)


def _listed(what: str, separator: str = "") -> Callable[[_Reading, Line], bool]:
    def take(reading: _Reading, line: Line) -> bool:
        return reading.add(what, *(line.parts(separator) if separator else (line.text,)))

    return take


def _typed(what: str, scheme: str = "") -> Callable[[_Reading, Line], bool]:
    def take(reading: _Reading, line: Line) -> bool:
        value = line.text.strip()
        if scheme and value.lower().startswith(scheme):
            value = value[len(scheme) :]
        types = kinds(line, reading.label(line))
        typed = Typed(value, types - {"pref"})
        if "pref" in types and typed not in reading.lists.setdefault(what, []):
            reading.lists[what].insert(0, typed)
        return reading.add(what, typed)

    return take


def _address(reading: _Reading, line: Line) -> bool:
    parts = (line.parts(";") + ("",) * 7)[:7]
    if not any(parts):
        return True
    types = kinds(line, reading.label(line))
    box, extended, street, city, region, code, country = parts
    address = PostalAddress(box, extended, street, city, region, code, country, types)
    return reading.add("addresses", address)


def _post_label(reading: _Reading, line: Line) -> bool:
    reading.post_labels.append(line)
    return True


def _text(what: str) -> Callable[[_Reading, Line], bool]:
    return lambda reading, line: reading.text(what, line.text.strip())


def _day(what: str) -> Callable[[_Reading, Line], bool]:
    return lambda reading, line: reading.day(what, line)


def _labelled_day(reading: _Reading, line: Line) -> bool:
    is_wedding = label_word(reading.label(line)) == "anniversary"
    return is_wedding and reading.day("anniversary", line)


def _related(kind: str) -> Callable[[_Reading, Line], bool]:
    return lambda reading, line: reading.add("related", (kind, line.text.strip()))


def _labelled_relation(reading: _Reading, line: Line) -> bool:
    found = _RELATED & ({label_word(reading.label(line))} | kinds(line))
    if not found or line.text.startswith("urn:"):
        return False
    return reading.add("related", (min(found), line.text.strip()))


def _messaging(scheme: str) -> Callable[[_Reading, Line], bool]:
    def take(reading: _Reading, line: Line) -> bool:
        address = line.text.strip()
        return reading.add("messaging", f"{scheme}:{address}" if scheme else address)

    return take


def _notes(reading: _Reading, line: Line) -> bool:
    before = reading.texts.get("notes")
    reading.texts["notes"] = f"{before}\n{line.text}" if before else line.text
    return True


def _phonetic(part: str) -> Callable[[_Reading, Line], bool]:
    def take(reading: _Reading, line: Line) -> bool:
        return reading.phonetic.setdefault(part, line.text) == line.text

    return take


def _gender(reading: _Reading, line: Line) -> bool:
    gender = _GENDERS.get(line.text.strip().lower())
    return gender is not None and reading.text("gender", gender)


def _privacy(reading: _Reading, line: Line) -> bool:
    privacy = _PRIVACY.get(line.text.strip().lower())
    return privacy is not None and reading.text("privacy", privacy)


def _shown_as(reading: _Reading, line: Line) -> bool:
    """Apple files the card under its company."""
    company = reading.texts.get("organisation")
    return line.text.upper() == "COMPANY" and (not company or reading.text("file_as", company))


def _kind(reading: _Reading, line: Line) -> bool:
    return line.text.lower() == "individual"


def _photo(reading: _Reading, line: Line) -> bool:
    content = line.data()
    if content is None or reading.photo is not None:
        return content is not None and _file(reading, line)
    reading.photo = Data(line.name, content, _media(line, content))
    return True


def _file(reading: _Reading, line: Line) -> bool:
    content = line.data()
    if content is None:
        return False
    return reading.add("files", Data(line.name, content, _media(line, content)))


def media_of(content: bytes) -> str:
    """What the bytes say they are: `image/jpeg`, or empty."""
    return next((media for mark, media in _MEDIA if mark.match(content)), "")


def _media(line: Line, content: bytes) -> str:
    """What the bytes say, else the line: `image/jpeg`, or empty."""
    if media := media_of(content):
        return media
    if line.value[:5].lower() == "data:":
        return line.value[5:].split(";")[0].split(",")[0].lower()
    given = (*line.values("mediatype"), *line.values("type"))
    return next((one for one in given if "/" in one), "")


_TAKES: dict[str, Callable[[_Reading, Line], bool]] = {
    "FN": _full_name,
    "N": _name,
    "ORG": _organisation,
    "UID": _text("uid"),
    "NICKNAME": _listed("nicknames", ","),
    "TITLE": _listed("titles"),
    "EMAIL": _typed("emails", "mailto:"),
    "TEL": _typed("phones", "tel:"),
    "X-MS-TEL": _typed("phones"),
    "URL": _typed("pages"),
    "ADR": _address,
    "LABEL": _post_label,
    "IMPP": _messaging(""),
    "FBURL": _text("free_busy"),
    "BDAY": _day("birthday"),
    "X-ABDATE": _labelled_day,
    "X-ABRELATEDNAMES": _labelled_relation,
    "RELATED": _labelled_relation,
    "NOTE": _notes,
    "CATEGORIES": _listed("categories", ","),
    "GENDER": _gender,
    "X-GENDER": _gender,
    "LANG": _text("language"),
    "CLASS": _privacy,
    "X-CLASS": _privacy,
    "X-ABSHOWAS": _shown_as,
    "KIND": _kind,
    **dict.fromkeys(names.FILES, _file),
    "PHOTO": _photo,
    **{name: _day("anniversary") for name in names.ANNIVERSARIES},
    **{name: _related(kind) for name, kind in names.RELATED.items()},
    **{name: _messaging(scheme) for name, scheme in names.MESSAGING.items()},
    **{name: _phonetic(part) for name, part in names.PHONETIC.items()},
    **{name: _text("file_as") for name in names.FILE_AS},
    **{name: _listed("units") for name in names.UNITS},
    **{name: _listed("roles") for name in names.ROLES},
    **{name: _text("office") for name in names.OFFICES},
}
