"""What every item of ours carries on Exchange, which keeps neither headers nor bodies as they were.

A named property of our own holds fingerprint and content hash of the item as it was at the source.
An item that takes more than one request says *unfinished* until the last of them; an event that
Exchange holds in several appointments has the mark of the whole on the first of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from exchangelib import CalendarItem, Contact, DistributionList, ExtendedProperty, Task

from ....model.items import ContentHash, Fingerprint, Item
from ..transport.elements import Element, Property

PROPERTY_SET = "3f6b7f1a-9d0c-4b7e-8a55-6a1f0c7d2e94"
"""The set of all properties of our own."""

_NAME = "omm-desktop-mark"
_OCTETS = 16
_MOMENT = "%Y%m%dT%H%M%SZ"

MARK = Property("String", set_id=PROPERTY_SET, name=_NAME)
FIELD = "omm_mark"
"""The mark as a field of exchangelib's items."""

UNLIKE_DONE = ":"
"""Is in the mark of what is not an item by itself, and in no other."""


class Stage(StrEnum):
    """What a marked item is: all there, unfinished, or one more part of an event."""

    DONE = ""
    UNFINISHED = "unfinished"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Mark:
    """`written` is when the server last saved the item for us, None where that is its creation.

    `detail` is the session that works on an unfinished item, or the number of a part.
    """

    fingerprint: Fingerprint
    content: ContentHash
    stage: Stage = Stage.DONE
    detail: str = ""
    written: datetime | None = None

    def is_of(self, item: Item) -> bool:
        """Whether the marked item is that one, as it is at the source."""
        return (self.fingerprint, self.content) == (item.fingerprint, item.content)

    def __str__(self) -> str:
        digest = (self.fingerprint + self.content).hex()
        if self.stage is not Stage.DONE:
            return f"{self.stage}{UNLIKE_DONE}{digest}{UNLIKE_DONE}{self.detail}"
        if self.written is None:
            return digest
        return f"{digest}@{self.written.astimezone(UTC):{_MOMENT}}"


def marked(fingerprint: Fingerprint, content: ContentHash) -> Element:
    """The ExtendedProperty for a new item."""
    return MARK.valued(str(Mark(fingerprint, content)))


def mark_of(item: Element) -> Mark | None:
    """What an item of a reply carries; None where it is not ours."""
    return read_mark(MARK.read(item) or "")


def read_mark(text: str) -> Mark | None:
    """The mark of that text, None when it is none."""
    stage, _, rest = text.rpartition(UNLIKE_DONE)[0].partition(UNLIKE_DONE)
    try:
        if stage:
            return _read(rest, Stage(stage), text.rpartition(UNLIKE_DONE)[2])
        digest, _, moment = text.partition("@")
        written = datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC) if moment else None
        return _read(digest, Stage.DONE, written=written)
    except ValueError:
        return None


def _read(digest: str, stage: Stage, detail: str = "", written: datetime | None = None) -> Mark:
    octets = bytes.fromhex(digest)
    if len(octets) != 2 * _OCTETS:
        raise ValueError("another length")
    return Mark(octets[:_OCTETS], octets[_OCTETS:], stage, detail, written)


class _MarkProperty(ExtendedProperty):  # type: ignore[misc]
    property_set_id = PROPERTY_SET
    property_name = _NAME
    property_type = "String"


for _kind in (CalendarItem, Contact, DistributionList, Task):
    _kind.register(FIELD, _MarkProperty)
