"""What is known of Exchange alone: it counts errors, and its refusals do not say why."""

from __future__ import annotations

import re

from ...model.items import Payload

MOST_ERRORS = 9
"""NO and BAD in one connection; the tenth ends it."""

USUAL_LARGEST = 10_000_000
"""Octets of the largest message it takes by IMAP, unless its owner allowed more."""

_SAYS_NOTHING = re.compile(rb"command argument error", re.I)


def greets(greeting: bytes) -> bool:
    """Whether it is Exchange that greets."""
    return b"microsoft exchange" in greeting.lower()


def says_nothing(text: bytes) -> bool:
    """Whether a refusal may mean size, quota, lines, flags or a date: nobody knows from it."""
    return _SAYS_NOTHING.search(text) is not None


def is_too_big(text: bytes, payload: Payload) -> bool:
    """Whether such a refusal means the size."""
    return says_nothing(text) and payload.size > USUAL_LARGEST
