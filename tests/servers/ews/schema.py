"""Checks a request against what the EWS schema says: see `structure`."""

from __future__ import annotations

import re
from base64 import b64decode

from .moments import parse
from .soap import Element, M, SoapFault, T, children, local
from .structure import (
    ATTRIBUTE_CHOICES,
    BASE64,
    BOOLEANS,
    CHOICES,
    DATES,
    INSTANTS,
    INTEGERS,
    KEYS,
    NEEDED_ATTRIBUTES,
    NEVER_EMPTY,
    NO_TEXT,
    ONE_OF,
    SOME_TEXT,
    STRUCTURE,
    TEXT_ONLY,
    TRUTHS,
    WEEKDAYS,
    WHOLE_NUMBERS,
)

DATE = re.compile(r"\d{4}-\d{2}-\d{2}(Z|[+-]\d{2}:\d{2})?")
WHOLE = re.compile(r"[+-]?\d+")
TRUTH = ("true", "false", "1", "0")
TYPES_AT_THE_TOP = frozenset({"Mailbox", "UserOofSettings"})
LARGEST_CHECKED = 1 << 16


class _Sequence:
    """The children an element may have, in order."""

    def __init__(self, text: str) -> None:
        self.place: dict[str, int] = {}
        self.many: set[str] = set()
        self.required: list[str] = []
        # Names that may repeat are free among themselves: they are one choice, any number of times.
        free: int | None = None
        for number, word in enumerate(text.split()):
            name = word.rstrip("!*")
            if word.endswith("*"):
                free = number if free is None else free
                self.many.add(name)
            else:
                free = None
            self.place[name] = number if free is None else free
            if word.endswith("!"):
                self.required.append(name)


SEQUENCES = {
    line.partition(":")[0]: _Sequence(line.partition(":")[2])
    for line in STRUCTURE.strip().splitlines()
}


def check(body: Element) -> None:
    """SoapFault with ErrorSchemaValidation, as Exchange answers a request that is not valid."""
    if local(body) in SEQUENCES:
        _check(body, "", 0)


def _fail(element: Element, why: str) -> SoapFault:
    return SoapFault(
        "ErrorSchemaValidation",
        f"The request failed schema validation: {local(element)!r} {why}.",
    )


def _check(element: Element, parent: str, depth: int) -> None:
    name = local(element)
    place = f"{parent}/{name}"
    in_messages = depth == 0 or (depth == 1 and name not in TYPES_AT_THE_TOP)
    if element.tag.partition("}")[0][1:] != (M if in_messages else T):
        raise _fail(element, "has the wrong namespace")
    _check_attributes(element, parent)
    sequence = SEQUENCES.get(place) or SEQUENCES.get(name)
    if sequence is None or place in TEXT_ONLY:
        _check_value(element, place)
        return
    _check_order(element, sequence)
    for group in ONE_OF.get(place) or ONE_OF.get(name) or ():
        if sum(local(child) in group.split() for child in children(element)) != 1:
            raise _fail(element, f"needs one of {group}")
    for child in children(element):
        _check(child, name, depth + 1)


def _check_order(element: Element, sequence: _Sequence) -> None:
    last, seen = -1, set()
    for child in children(element):
        name = local(child)
        place = sequence.place.get(name)
        if place is None:
            raise _fail(element, f"has an unexpected {name!r}")
        if place < last:
            raise _fail(element, f"has {name!r} out of order")
        if name in seen and name not in sequence.many:
            raise _fail(element, f"has {name!r} twice")
        seen.add(name)
        last = place
    if local(element) in NEVER_EMPTY and not seen:
        raise _fail(element, "is empty")
    missing = [name for name in sequence.required if name not in seen]
    if missing:
        raise _fail(element, f"lacks {missing[0]!r}")


def _check_attributes(element: Element, parent: str) -> None:
    for name, allowed in NEEDED_ATTRIBUTES.get(local(element), {}).items():
        value = element.get(name)
        if not value and name != "Value":
            raise _fail(element, f"lacks the attribute {name!r}")
        if allowed and value not in allowed.split():
            raise _fail(element, f"has {name}={value!r}")
    for name, value in element.attrib.items():
        if name in WHOLE_NUMBERS and not WHOLE.fullmatch(value):
            raise _fail(element, f"has {name}={value!r}, not a whole number")
        if name in TRUTHS and value not in TRUTH:
            raise _fail(element, f"has {name}={value!r}, not a boolean")
        allowed = ATTRIBUTE_CHOICES.get(str(name))
        if allowed is not None and value not in allowed.split():
            raise _fail(element, f"has {name}={value!r}")
    if local(element) == "Entry" and element.get("Key") not in KEYS.get(parent, "").split():
        raise _fail(element, f"has Key={element.get('Key')!r}")


def _check_value(element: Element, place: str) -> None:
    if children(element):
        raise _fail(element, "holds elements")
    name, text = local(element), element.text or ""
    if name in NO_TEXT and element.text:
        raise _fail(element, "holds text")
    if name in SOME_TEXT and not text:
        raise _fail(element, "is empty")
    if name == "DaysOfWeek" and not set(text.split()) <= set(WEEKDAYS):
        raise _fail(element, f"is {text!r}")
    choices = CHOICES.get(place) or CHOICES.get(name)
    if choices is not None and text not in choices.split():
        raise _fail(element, f"is {text!r}")
    if name in BOOLEANS and text not in TRUTH:
        raise _fail(element, f"is {text!r}, not a boolean")
    if name in INTEGERS and not WHOLE.fullmatch(text.strip()):
        raise _fail(element, f"is {text!r}, not a whole number")
    if place in DATES and not DATE.fullmatch(text):
        raise _fail(element, f"is {text!r}, not a date")
    if name in INSTANTS or place in INSTANTS:
        _check_instant(element, text)
    if place in BASE64 and len(text) <= LARGEST_CHECKED:
        try:
            b64decode(text)
        except ValueError:
            raise _fail(element, "is not base64") from None


def _check_instant(element: Element, text: str) -> None:
    try:
        parse(text)
    except ValueError:
        raise _fail(element, f"is {text!r}, not an instant") from None
    if "T" not in text:
        raise _fail(element, f"is {text!r}, without a time")
