"""The messages of an mbox file, by their place in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ....model.items import Payload
from ...convert import mail
from ...convert.payload import MemoryPayload, payload_of
from ..content import Content
from ..mail_item import Letter
from ..mail_state import told_flags
from . import gmail, own
from .index import HEADER_WITHIN, Index, header_end, read_index, told_length
from .quoting import QUOTED_FROM, Dialect, unquoted
from .separator import Envelope, begins_with_separator, envelope


@dataclass(frozen=True, slots=True)
class Beginning:
    """A message's separator, its header with the empty line behind it, and what follows of it.

    All as far as they are looked at. `text` is where the message begins in the file, `end` where
    it ends.
    """

    line: bytes
    header: bytes
    opening: bytes
    text: int
    end: int
    told: Envelope
    own: own.Particulars | None

    @property
    def size(self) -> int:
        return self.end - self.text


class Messages:
    """Reads messages; places count from 0. Raises as `Content.read` does."""

    def __init__(self, content: Content, index: Index) -> None:
        self._content = content
        self._index = index

    def message(self, place: int) -> Letter:
        """One message, its lines as they were before the file took it."""
        begun = self.beginning(place)
        payload, flags = self._payload(begun), self._flags(begun)
        if begun.own is not None:
            return Letter(payload, flags, begun.own.received)
        return Letter(payload, flags, begun.told.by_itself, begun.told.received)

    def received(self, place: int) -> datetime | None:
        """When a message came in, without reading all of it."""
        return self._received(self.beginning(place))

    def header(self, place: int) -> bytes:
        """The header of a message, as `convert.mail.header_of` gives that of all of it."""
        begun = self.beginning(place)
        header = b"".join(unquoted([begun.header], self._dialect(begun)))
        if mail.split(header)[0] < len(header) or begun.text + len(begun.header) == begun.end:
            return header[: mail.split(header)[0]]
        payload = self.message(place).payload
        try:
            return mail.header_of(payload)
        finally:
            payload.close()

    def beginning(self, place: int) -> Beginning:
        """What can be told of a message without reading all of it."""
        start, end = self._index.starts[place], self._index.ends[place]
        region = self._content.read(start, min(end, start + HEADER_WITHIN))
        line = b""
        if begins_with_separator(region):
            line = region[: region.find(b"\n") + 1] or region
        told = envelope(line)
        ours = own.particulars(line, told.received)
        if ours is not None and ours.is_open:
            # The line end was added by us.
            end -= 1
        header = region[len(line) : header_end(region, max(0, len(line) - 1), len(region))]
        text = start + len(line)
        return Beginning(line, header, region[len(line) :], text, end, told, ours)

    def _payload(self, begun: Beginning) -> Payload:
        if begun.size > len(begun.opening):
            pieces = self._content.between(begun.text, begun.end)
            return payload_of(begun.size, unquoted(pieces, self._dialect(begun)))
        text = begun.opening[: begun.size]
        if QUOTED_FROM in text:
            text = b"".join(unquoted([text], self._dialect(begun)))
        return MemoryPayload(text)

    def _dialect(self, begun: Beginning) -> Dialect:
        length = None if begun.own else told_length(begun.header)
        with_length = length is not None and begun.text + len(begun.header) + length == begun.end
        return self._index.with_length if with_length else Dialect.MBOXRD

    def _flags(self, begun: Beginning) -> frozenset[str]:
        if begun.own is not None:
            return begun.own.flags
        labels = gmail.labels_of(begun.header)
        by_labels = frozenset[str]() if labels is None else gmail.flags_of(labels)
        return told_flags(begun.header, in_mbox=True) | by_labels

    def _received(self, begun: Beginning) -> datetime | None:
        if begun.own is not None:
            return begun.own.received
        return begun.told.by_itself or mail.received_date(begun.header) or begun.told.received


def read_with_separator(content: Content) -> Letter:
    """The message of a file that has a separator before its only one."""
    return Messages(content, read_index(content, numbered=False)).message(0)
