"""What the columns of a file of contacts hold, by the names that programs give them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from omm_desktop import paths

_NUMBERED = re.compile(
    r"(?P<what>E-mail|Phone|Address|Website|Relation|Event|IM|Custom Field)"
    r" (?P<number>[1-9]\d{0,5}) - (?P<part>[\w ]+)",
    re.IGNORECASE,
)
_SAYS_WHOM = frozenset({"name", "email", "e-mail"})
_COMPANY = ("text", "organisation")
_WORDS = frozenset({"yes", "genders", "label"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `group` and `field` as in contact_columns.toml, or as Google numbers them.

    Of a numbered one the field is what the part is of it, and `number` tells which belong together.
    `group` is empty where nobody knows the column.
    """

    title: str
    group: str = ""
    field: str = ""
    number: int = 0


def columns_of(header: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a file by its first record."""
    taken: set[tuple[str, str]] = set()
    return tuple(_column(title, taken) for title in header)


def _column(title: str, taken: set[tuple[str, str]]) -> Column:
    plain = plain_name(title)
    numbered = _NUMBERED.fullmatch(plain)
    places = _names().get(plain) or _names().get(_tight(plain), [])
    if not places and numbered is not None:
        return Column(title, numbered["what"], numbered["part"], int(numbered["number"]))
    for group, field in places:
        # "Titre" is first the form of address, then the position.
        if len(places) == 1 or (group, field) not in taken:
            taken.add((group, field))
            return Column(title, group, field)
    return Column(title)


def is_contacts(columns: Sequence[Column]) -> bool:
    """Whether these are columns of a file of contacts: two that are known, one says of whom.

    Numbers are those of a company where no name is told: "Home" or "Other" may be anything.

    A list of nothing but addresses is one, too.
    """
    known = [column for column in columns if column.group and column.group != "ignored"]
    groups = {column.group for column in known}
    if len(known) == len(columns) == 1:
        return groups == {"email"}
    is_list_of_numbers = "phone" in {group.lower() for group in groups} and any(
        (column.group, column.field) == _COMPANY for column in known
    )
    return len(known) > 1 and (bool(groups & _SAYS_WHOM) or is_list_of_numbers)


@cache
def words(table: str) -> dict[str, str]:
    """What a word stands for, by the word as `plain_name` gives it: `label`, `yes`, `genders`."""
    return {plain_name(word): field for field, given in _tables()[table].items() for word in given}


def plain_name(text: str) -> str:
    """In lower case, with single spaces and straight apostrophes."""
    return " ".join(text.replace("’", "'").casefold().split())


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    with (paths.resources() / "contact_columns.toml").open("rb") as stream:
        return tomllib.load(stream)


@cache
def _names() -> dict[str, list[tuple[str, str]]]:
    """The places of each name, in the order of the file."""
    found: dict[str, list[tuple[str, str]]] = {}
    for group, fields in _tables().items():
        for field, names in fields.items() if group not in _WORDS else ():
            for name in names:
                found.setdefault(plain_name(name), []).append((group, field))
    tight = {_tight(name): places for name, places in found.items()}
    return tight | found


def _tight(plain: str) -> str:
    """Some programs write "FirstName" or "first_name"."""
    return re.sub(r"[\s_]", "", plain)
