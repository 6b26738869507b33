"""The kinds that programs give to numbers and addresses, by one name each."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..content_lines import Line

_APPLE = re.compile(r"_\$!<(.*)>!\$_")
_SAID_BY_NO_ONE = frozenset(
    {"voice", "msg", "internet", "x400", "dom", "intl", "postal", "parcel", "uri", "other"}
)
_SAME: dict[str, tuple[str, ...]] = {
    "business": ("work",),
    "mobile": ("cell",),
    "iphone": ("cell",),
    "home2": ("home",),
    "work2": ("work",),
    "homefax": ("home", "fax"),
    "workfax": ("work", "fax"),
    "otherfax": ("fax",),
    "textphone": ("ttytdd",),
    "tty-tdd": ("ttytdd",),
    "homepage": (),
    "blog": (),
    "profile": (),
}
_PREFIXES = ("x-evolution-", "x-ms-", "x-")


def kinds(line: Line, label: str = "") -> frozenset[str]:
    """The kinds of a line with its label of Apple's address book, those that say nothing aside."""
    types = (one for given in line.types for one in given.split(","))
    given = [*types, *([label_word(label)] if label else [])]
    return frozenset(one for kind in given for one in _same(kind)) - _SAID_BY_NO_ONE


def label_word(label: str) -> str:
    """`_$!<HomePage>!$_` → homepage; a label of the person's own in lower case."""
    found = _APPLE.fullmatch(label)
    return (found[1] if found else label).lower()


def _same(kind: str) -> Iterable[str]:
    for prefix in _PREFIXES:
        kind = kind.removeprefix(prefix)
    return _SAME.get(kind, (kind,))
