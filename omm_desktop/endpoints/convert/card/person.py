"""A person or a group, as vCard and Exchange both map to it. Texts are empty where nothing is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ..content_lines import Line

NO_YEAR = 1604
"""Stands for the year of a birthday without one: a leap year, by a custom of Apple and Exchange."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A value and its kinds, in lower case: home, work, cell, fax."""

    value: str
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address by its parts, as ADR has them."""

    box: str = ""
    extended: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    code: str = ""
    country: str = ""
    types: frozenset[str] = frozenset()

    @property
    def parts(self) -> tuple[str, ...]:
        """In the order of ADR."""
        return (
            self.box,
            self.extended,
            self.street,
            self.city,
            self.region,
            self.code,
            self.country,
        )


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a name, as N has them."""

    family: str = ""
    given: str = ""
    additional: str = ""
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Data:
    """Bytes of a card: `name` is the property they come from, `media` their type or empty."""

    name: str
    content: bytes
    media: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A contact. `rest` are properties that no field stands for.

    Of several addresses, numbers and pages the preferred one is the first; only postal addresses
    have the kind pref.
    `related` are pairs of a kind (spouse, child, manager, assistant) and a name. `messaging` are
    addresses with their scheme, as in `xmpp:anna@chat.test`. A day of birth without a year has
    the year `NO_YEAR`. `privacy` is public, private or confidential.
    """

    uid: str = ""
    full_name: str = ""
    name: Name = Name()
    file_as: str = ""
    phonetic: Name = Name()
    nicknames: tuple[str, ...] = ()
    organisation: str = ""
    units: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    office: str = ""
    emails: tuple[Typed, ...] = ()
    phones: tuple[Typed, ...] = ()
    addresses: tuple[PostalAddress, ...] = ()
    messaging: tuple[str, ...] = ()
    pages: tuple[Typed, ...] = ()
    free_busy: str = ""
    birthday: date | None = None
    anniversary: date | None = None
    gender: str = ""
    language: str = ""
    related: tuple[tuple[str, str], ...] = ()
    notes: str = ""
    categories: tuple[str, ...] = ()
    privacy: str = ""
    photo: Data | None = None
    files: tuple[Data, ...] = ()
    rest: tuple[Line, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Group:
    """A distribution list. `members` are `mailto:` addresses or the UIDs of other cards.

    `called` are pairs of a member and its name.
    """

    uid: str = ""
    name: str = ""
    members: tuple[str, ...] = ()
    called: tuple[tuple[str, str], ...] = ()
    notes: str = ""
    categories: tuple[str, ...] = ()
    rest: tuple[Line, ...] = ()
