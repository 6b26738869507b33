"""What a copy differs in, counted in one short line."""

from __future__ import annotations

from collections import Counter

from tests.servers.mailbox import Snapshot, compare

KINDS = (
    "folder missing",
    "folder not expected",
    "flags or date differ",
    "missing or changed",
    "not expected",
)
EQUAL = "none"


def differences(source: Snapshot, destination: Snapshot) -> str:
    """ "none", or how many of each kind and the first of them."""
    found = compare(source, destination)
    if not found:
        return EQUAL
    counted = Counter(next(kind for kind in KINDS if kind in text) for text in found)
    return ", ".join(f"{number} {kind}" for kind, number in counted.items())
