"""One record of a file of contacts as a person. What no column has a place for is in the notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ...convert.card.person import Name, Person, PostalAddress, Typed
from .columns import Column, plain_name, words
from .days import read_day

_SEVERAL = " ::: "
"""Between the values that Google puts into one field."""

_SYSTEM = "* "
"""Before Google's own groups, and before the label of what is preferred."""

_NOTHING = re.compile(r"0/0/0{2,4}|00[./-]00[./-]0{2,4}")
_NOT_A_KIND = re.compile(r"[^\w-]+")
_ADDRESSES = ("work", "home", "other")
_PARTS = {
    "street": "street",
    "extended address": "extended",
    "city": "city",
    "po box": "box",
    "region": "region",
    "postal code": "code",
    "country": "country",
    "formatted": "formatted",
}

Told = tuple[Column, str]


def person_of(columns: Sequence[Column], values: Sequence[str], *, days_first: bool) -> Person:
    """The person of a record; it may have fewer values than there are columns."""
    told = [
        (column, value)
        for column, value in zip(columns, values, strict=False)
        if value and not _NOTHING.fullmatch(value)
    ]
    reading = _Reading(days_first)
    for column, value in told:
        if not column.number:
            reading.take(column, value)
    for what, parts in _numbered(told):
        reading.take_numbered(what, parts)
    return reading.person()


def _numbered(told: Sequence[Told]) -> Iterator[tuple[str, dict[str, str]]]:
    """What belongs together of columns such as "Phone 2 - Type" and "Phone 2 - Value"."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for column, value in told:
        if column.number:
            found.setdefault((column.group, column.number), {})[column.field] = value
    return ((what, parts) for (what, _), parts in found.items())


@dataclass(slots=True)
class _Reading:
    """What the columns said so far."""

    days_first: bool
    name: dict[str, str] = field(default_factory=dict)
    phonetic: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    birth: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[Any]] = field(default_factory=dict)
    addresses: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, what: str, value: object) -> None:
        found = self.lists.setdefault(what, [])
        if value not in found:
            found.append(value)

    def note(self, title: str, value: str) -> None:
        self.notes.append(f"{title}: {value}")

    def take(self, column: Column, value: str) -> None:
        taken = _TAKES.get(column.group)
        if taken is None or not taken(self, column.field, value):
            self.note(column.title, value)

    # -- columns of Google ---------------------------------------------------------------

    def take_numbered(self, what: str, parts: Mapping[str, str]) -> None:
        label = parts.get("service") or parts.get("label") or parts.get("type") or ""
        if what == "address":
            self._numbered_address(parts, label)
            return
        for value in filter(None, map(str.strip, parts.get("value", "").split(_SEVERAL.strip()))):
            if what in _VALUES:
                self._typed(_VALUES[what], value, label)
            elif not self._other(what, value, label):
                self.note(label.removeprefix(_SYSTEM) or what.capitalize(), value)

    def _typed(self, what: str, value: str, label: str) -> None:
        typed = Typed(value, _kinds(label))
        if label.startswith(_SYSTEM):
            self.lists.setdefault(what, []).insert(0, typed)
        else:
            self.add(what, typed)

    def _other(self, what: str, value: str, label: str) -> bool:
        kind = words("label").get(plain_name(label), "")
        if what == "relation" and kind in ("spouse", "child", "manager", "assistant"):
            self.add("related", (kind, value))
            return True
        if what == "event" and kind == "anniversary":
            return _day(self, kind, value)
        if what == "im":
            self.add("messaging", f"{plain_name(label)}:{value}" if label else value)
            return True
        return False

    def _numbered_address(self, parts: Mapping[str, str], label: str) -> None:
        given = {_PARTS[part]: value for part, value in parts.items() if part in _PARTS}
        formatted = given.pop("formatted", "")
        if not given and formatted:
            given = {"street": formatted}
        if given:
            self.add("addresses", PostalAddress(**given, types=_kinds(label)))

    # -- the person ----------------------------------------------------------------------

    def person(self) -> Person:
        self._place_parts()
        full_name = self.name.pop("full", "")
        notes = "\n".join(filter(None, [self.texts.pop("notes", ""), *self.notes]))
        fields: dict[str, Any] = {what: tuple(found) for what, found in self.lists.items()}
        person = Person(
            **fields | self.texts | self.days,
            full_name=full_name,
            name=Name(**self.name),
            phonetic=Name(**self.phonetic),
            notes=notes,
        )
        return person if full_name else replace(person, full_name=_full_name(person))

    def _place_parts(self) -> None:
        for kind in _ADDRESSES:
            if kind in self.addresses:
                types = frozenset({kind} - {"other"})
                self.add("addresses", PostalAddress(**self.addresses[kind], types=types))
        if "birthday" not in self.days and self.birth:
            parts = (self.birth.get(part, "") for part in ("year", "month", "day"))
            text = "-".join(parts)
            if not _day(self, "birthday", text if text[:1] != "-" else f"-{text}"):
                self.note("Birthday", text)


def _full_name(person: Person) -> str:
    name = person.name
    parts = (name.prefix, name.given, name.additional, name.family, name.suffix)
    others = [person.organisation, *person.nicknames]
    others += [one.value for one in (*person.emails, *person.phones)]
    return " ".join(filter(None, parts)) or next(iter(filter(None, others)), "?")


def _kinds(label: str) -> frozenset[str]:
    plain = plain_name(label.removeprefix(_SYSTEM))
    known = words("label").get(plain)
    kind = _NOT_A_KIND.sub("-", plain).strip("-") if known is None else known
    return frozenset(filter(None, kind.split(",")))


def _named(reading: _Reading, part: str, value: str) -> bool:
    return reading.name.setdefault(part, value) == value


def _phonetic(reading: _Reading, part: str, value: str) -> bool:
    return reading.phonetic.setdefault(part, value) == value


def _text(reading: _Reading, what: str, value: str) -> bool:
    if what in _LISTS:
        reading.add(_LISTS[what], value)
        return True
    if what == "private":
        yes = plain_name(value) in words("yes")
        return not yes or reading.texts.setdefault("privacy", "private") == "private"
    if what == "gender":
        # Outlook says of everybody that the sex is not specified.
        gender = words("genders").get(plain_name(value))
        return gender is None or reading.texts.setdefault("gender", gender) == gender
    return reading.texts.setdefault(what, value) == value


def _categories(reading: _Reading, what: str, value: str) -> bool:
    separator = _SEVERAL.strip() if _SEVERAL.strip() in value or value[:2] == _SYSTEM else ";"
    for one in map(str.strip, value.split(separator)):
        if one and not one.startswith(_SYSTEM):
            reading.add("categories", one)
    return True


def _day(reading: _Reading, what: str, value: str) -> bool:
    if what.startswith("birth_"):
        reading.birth[what.removeprefix("birth_")] = value.zfill(2)
        return True
    found = read_day(value, days_first=reading.days_first)
    return found is not None and reading.days.setdefault(what, found) == found


def _related(reading: _Reading, kind: str, value: str) -> bool:
    reading.add("related", (kind, value))
    return True


def _typed(what: str) -> Callable[[_Reading, str, str], bool]:
    def take(reading: _Reading, kinds: str, value: str) -> bool:
        reading.add(what, Typed(value, frozenset(filter(None, kinds.split(",")))))
        return True

    return take


def _address(kind: str) -> Callable[[_Reading, str, str], bool]:
    def take(reading: _Reading, part: str, value: str) -> bool:
        parts = reading.addresses.setdefault(kind, {})
        parts[part] = f"{parts[part]}\n{value}" if part in parts else value
        return True

    return take


def _messaging(reading: _Reading, scheme: str, value: str) -> bool:
    reading.add("messaging", f"{scheme}:{value}" if scheme else value)
    return True


def _ignored(reading: _Reading, what: str, value: str) -> bool:
    return True


_LISTS = {"nickname": "nicknames", "unit": "units", "title": "titles", "role": "roles"}
_VALUES = {"e-mail": "emails", "phone": "phones", "website": "pages"}
_TAKES: dict[str, Callable[[_Reading, str, str], bool]] = {
    "name": _named,
    "phonetic": _phonetic,
    "text": _text,
    "list": _categories,
    "day": _day,
    "related": _related,
    "email": _typed("emails"),
    "phone": _typed("phones"),
    "page": _typed("pages"),
    "messaging": _messaging,
    "ignored": _ignored,
    **{kind: _address(kind) for kind in _ADDRESSES},
}
