"""The message of an MSG file as RFC 5322 bytes, made as those of Outlook data files are made.

Contacts, appointments and tasks saved as MSG come as messages with their text.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

from ....model.problem import ItemError, Place, Problem, ProblemId
from ...convert.payload import IN_MEMORY, payload_of
from ...outlook_file.reading import flags_of, remark_on
from ...pst.damage import Damaged
from ...pst.messaging.message import Message
from ...pst.mime.message_writer import write_message
from ..content import PIECE, Content
from ..mail_item import Letter
from .compound import CompoundFile
from .storages import HEADER_OF_FILE, MessageStorage, is_message, named_in


def read_msg(content: Content) -> Letter:
    """The message; raises `ItemError` where the file is damaged beyond reading."""
    try:
        root = CompoundFile(content).root
        if not is_message(root):
            raise Damaged("a compound file, but no message")
        message = Message(MessageStorage(root, HEADER_OF_FILE), named_in(root))
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
            notes = write_message(message, file)
            size = file.tell()
            payload = payload_of(size, _from_start(file))
        remarks = tuple(dict.fromkeys(map(remark_on, notes)))
        return Letter(payload, flags_of(message), message.received, remarks=remarks)
    except Damaged as damage:
        problem = Problem(ProblemId.FILE_NOT_UNDERSTOOD, Place.SOURCE, str(damage), content.name)
        raise ItemError(problem) from damage


def is_msg(content: Content) -> bool:
    """Whether a compound file is a message, as far as it can be read."""
    try:
        return is_message(CompoundFile(content).root)
    except Damaged:
        return False


def _from_start(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece
