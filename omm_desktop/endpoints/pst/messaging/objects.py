"""What messages and attachments are read from: nodes here, storages in files of one message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from ..damage import Damaged
from .properties import PropertyHolder


class PropertySet(PropertyHolder, Protocol):
    """Properties of one object, the large ones in pieces; all raise `Damaged`."""

    def size(self, prop: int) -> int: ...

    def pieces(self, prop: int) -> Iterator[bytes]: ...


class AttachmentObject(Protocol):
    """One attachment. Of what is kept as an object there is its data, or a message."""

    @property
    def properties(self) -> PropertySet: ...

    def object_size(self, prop: int) -> int: ...

    def object_pieces(self, prop: int) -> Iterator[bytes]: ...

    def object_message(self, prop: int) -> MessageObject: ...


class MessageObject(Protocol):
    """One message: what it says of itself, its recipients and its attachments."""

    @property
    def nid(self) -> int: ...

    @property
    def properties(self) -> PropertySet: ...

    @property
    def suspects(self) -> set[int]: ...

    def recipients(self) -> Iterator[PropertyHolder | Damaged]: ...

    def attachments(self) -> Iterator[AttachmentObject | Damaged]: ...
