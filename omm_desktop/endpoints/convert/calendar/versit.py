"""vCalendar 1.0 (versit) made iCalendar: recurrences, alarms and names that changed."""

from __future__ import annotations

import re
from dataclasses import replace

from ..content_lines import Line
from .components import Component

_RULE = re.compile(
    r"(?P<kind>D|W|MP|MD|YM|YD)(?P<every>\d{1,9})(?P<items>[^#]*)(?:#(?P<count>\d{1,9}))?"
)
_END = re.compile(r"\d{8}T\d{6}Z?")
_FREQUENCIES = {
    "D": "DAILY",
    "W": "WEEKLY",
    "MP": "MONTHLY",
    "MD": "MONTHLY",
    "YM": "YEARLY",
    "YD": "YEARLY",
}
_ITEMS = {"MD": "BYMONTHDAY", "YM": "BYMONTH", "YD": "BYYEARDAY", "W": "BYDAY"}
_NAMES = {"DCREATED": "CREATED", "X-ORGANIZER": "ORGANIZER"}
_ALARMS = {"AALARM": "AUDIO", "DALARM": "DISPLAY"}
_DATES = frozenset({"EXDATE", "RDATE", "CATEGORIES"})
_TWICE = 2
"""Occurrences of a rule that tells neither how many nor until when."""


def modernise(calendar: Component) -> None:
    """Rewrite the components of a calendar in place."""
    for part in calendar.parts:
        alarms = [line for line in part.lines if line.name in _ALARMS]
        part.lines = [_line(line) for line in part.lines if line.name not in _ALARMS]
        part.parts += [_alarm(line) for line in alarms if line.value[:8].isdecimal()]


def _line(line: Line) -> Line:
    line = replace(line, name=_NAMES.get(line.name, line.name))
    if line.name == "RRULE":
        return replace(line, value=modern_rule(line.value) or line.value)
    if line.name in _DATES:
        return replace(line, value=",".join(line.value.split(";")))
    if line.name == "TRANSP":
        return replace(line, value="OPAQUE" if line.value == "0" else "TRANSPARENT")
    if line.name == "STATUS":
        return replace(line, value=line.value.upper().replace(" ", "-"))
    return line


def _alarm(line: Line) -> Component:
    trigger = Line("TRIGGER", line.value.split(";")[0], (("value", ("DATE-TIME",)),))
    return Component("VALARM", [Line("ACTION", _ALARMS[line.name]), trigger])


def modern_rule(text: str) -> str | None:
    """`MP3 2- FR #17` → FREQ=MONTHLY;INTERVAL=3;BYDAY=-2FR;COUNT=17; None when it is no rule."""
    found = _RULE.fullmatch(text.strip())
    if found is None:
        return None
    items = found["items"].split()
    until = next((item for item in items if _END.fullmatch(item)), None)
    items = [item for item in items if not _END.fullmatch(item)]
    parts = [f"FREQ={_FREQUENCIES[found['kind']]}", f"INTERVAL={found['every']}"]
    values = _positions(items) if found["kind"] == "MP" else items
    if values and found["kind"] != "D":
        parts.append(f"{_ITEMS.get(found['kind'], 'BYDAY')}={','.join(values)}")
    if until is not None:
        parts.append(f"UNTIL={until}")
    elif found["count"] is None:
        parts.append(f"COUNT={_TWICE}")
    elif int(found["count"]):
        parts.append(f"COUNT={found['count']}")
    return ";".join(parts)


def _positions(items: list[str]) -> list[str]:
    """`1+ MO TU 2- FR` → 1MO, 1TU, -2FR."""
    place, values = "", []
    for item in items:
        if item[:1].isdecimal():
            place = f"-{item[:-1]}" if item.endswith("-") else item.rstrip("+")
        else:
            values.append(place + item)
    return values
