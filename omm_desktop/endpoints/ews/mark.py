"""What every item of ours carries on Exchange, which keeps neither headers nor bodies as they were.

A named property of our own holds fingerprint and content hash of the mail as it was sent there.
"""

from __future__ import annotations

from ...model.items import ContentHash, Fingerprint
from .elements import Element, Property

_OCTETS = 16

MARK = Property("String", set_id="3f6b7f1a-9d0c-4b7e-8a55-6a1f0c7d2e94", name="omm-desktop-mark")


def marked(fingerprint: Fingerprint, content: ContentHash) -> Element:
    """The ExtendedProperty for a new item."""
    return MARK.valued((fingerprint + content).hex())


def mark_of(item: Element) -> tuple[Fingerprint, ContentHash] | None:
    """What an item of a reply carries; None where it is not ours."""
    try:
        octets = bytes.fromhex(MARK.read(item) or "")
    except ValueError:
        return None
    return (octets[:_OCTETS], octets[_OCTETS:]) if len(octets) == 2 * _OCTETS else None
