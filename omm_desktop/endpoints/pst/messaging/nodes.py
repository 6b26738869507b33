"""Messages and attachments as nodes keep them ([MS-PST] 2.4.5 and 2.4.6)."""

from __future__ import annotations

from collections.abc import Iterator

from ..damage import Damaged
from ..ltp.property_context import PropertyContext
from ..ltp.table_context import TableContext
from ..ndb.database import Node
from .properties import PropertyHolder

_RECIPIENTS = 0x692
_ATTACHMENTS = 0x671
_ATTACHMENT_TYPE = 0x05
_NID_TYPE = 0x1F


class AttachmentNode:
    """An `AttachmentObject`; raises `Damaged` when not even its properties can be read."""

    def __init__(self, node: Node) -> None:
        self.properties = PropertyContext(node)

    def object_size(self, prop: int) -> int:
        return self.properties.object_node(prop).data.size

    def object_pieces(self, prop: int) -> Iterator[bytes]:
        return self.properties.object_node(prop).data.pieces()

    def object_message(self, prop: int) -> MessageNode:
        return MessageNode(self.properties.object_node(prop))


class MessageNode:
    """A `MessageObject`; raises `Damaged` when not even its properties can be read."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.nid = node.nid
        self.properties = PropertyContext(node)

    @property
    def suspects(self) -> set[int]:
        return self._node.blocks.suspects

    def recipients(self) -> Iterator[PropertyHolder | Damaged]:
        if self._node.subnodes.find(_RECIPIENTS) is not None:
            yield from TableContext(self._node.subnode(_RECIPIENTS)).rows()

    def attachments(self) -> Iterator[AttachmentNode | Damaged]:
        for nid in self._attachment_ids():
            try:
                yield AttachmentNode(self._node.subnode(nid))
            except Damaged as damage:
                yield damage

    def _attachment_ids(self) -> list[int]:
        try:
            if self._node.subnodes.find(_ATTACHMENTS) is not None:
                return list(TableContext(self._node.subnode(_ATTACHMENTS)).row_ids())
        except Damaged:
            # The attachments themselves lie beside their table.
            pass
        return [
            nid for nid, _, _ in self._node.subnodes.walk() if nid & _NID_TYPE == _ATTACHMENT_TYPE
        ]
