"""People of events: ATTENDEE and ORGANIZER (RFC 5545 section 3.8.4)."""

from __future__ import annotations

import re

from ..content_lines import Line
from .values import Participant, Role

_MAIL = "mailto:"
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_THINGS = frozenset({"resource", "room"})
_OPTIONAL = frozenset({"opt-participant", "non-participant"})


def read_participant(line: Line) -> Participant | None:
    """The person, None when nothing gives an address."""
    address = _address(line)
    if address is None:
        return None
    role = Role.REQUIRED
    if _THINGS & set(line.values("cutype")):
        role = Role.RESOURCE
    elif _OPTIONAL & set(line.values("role")):
        role = Role.OPTIONAL
    answer = next(iter(line.values("partstat")), "").upper()
    return Participant(address, _param(line, "cn"), role, answer.replace("NEEDS-ACTION", ""))


def _address(line: Line) -> str | None:
    """The value, else the EMAIL parameter that some calendars write beside a value of their own."""
    for text in (line.text.strip(), _param(line, "email")):
        plain = text[len(_MAIL) :] if text.lower().startswith(_MAIL) else text
        if _ADDRESS.fullmatch(plain):
            return plain
    return None


def _param(line: Line, name: str) -> str:
    found = (",".join(given) for given_name, given in line.params if given_name == name)
    return next(found, "").strip(" '")
