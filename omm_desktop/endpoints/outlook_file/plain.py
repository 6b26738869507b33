"""Texts as cards and calendars can hold them."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_Held = TypeVar("_Held")


def plain(held: _Held) -> _Held:
    """The same with every text in it free of control characters, lines ended by one LF.

    Neither vCard nor iCalendar can escape any other end of a line, and it would end the property.
    """
    found: Any = held
    if isinstance(held, str) and not isinstance(held, Enum):
        found = _NOT_TEXT.sub("", _LINE_END.sub("\n", held))
    elif isinstance(held, tuple):
        found = tuple(map(plain, held))
    elif is_dataclass(held) and not isinstance(held, type):
        told = {field.name: getattr(held, field.name) for field in fields(held)}
        found = replace(held, **{name: plain(value) for name, value in told.items()})
    return found  # type: ignore[no-any-return]
