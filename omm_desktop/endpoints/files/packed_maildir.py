"""A Maildir in an archive, where only the names of its messages tell that it is one.

Names of keywords, which Dovecot keeps in a file beside the messages, are not looked for.
"""

from __future__ import annotations

from contextlib import closing
from functools import partial

from ...model.items import FolderPath
from ..convert import mail
from .content import Content
from .letter_files import ReadFile
from .mail_item import Letter
from .mail_state import told_flags
from .maildir import flags_in, folder_name, has_name_of_message, payload_in

_PARTS = ("cur", "new")


def is_of_maildir(parts: FolderPath) -> bool:
    """Whether a file in an archive is a message of a Maildir."""
    return len(parts) > 1 and parts[-2] in _PARTS and has_name_of_message(parts[-1])


def place_of(parts: FolderPath) -> FolderPath:
    """Where in an archive the folder is that a file belongs to."""
    return parts[:-2] if is_of_maildir(parts) else parts[:-1]


def mail_folder(place: FolderPath) -> FolderPath:
    """The folder of mail at a place; Maildir++ has a dot before each level."""
    if not place or not place[-1].startswith("."):
        return tuple(map(folder_name, place))
    return (*map(folder_name, place[:-1]), *map(folder_name, filter(None, place[-1].split("."))))


def reader_of(name: str) -> ReadFile:
    """What reads a message of that name."""
    return partial(_read, flags=flags_in(name, {}))


def _read(content: Content, flags: frozenset[str]) -> Letter:
    # What unpacks a message reads its file to the end, and a tar archive keeps many in one.
    with closing(
        Content.held(content.between(0, content.size), content.name, content.brake)
    ) as alone:
        payload = payload_in(alone)
    header = mail.header_of(payload)
    told = told_flags(header, in_mbox=False)
    return Letter(payload, flags | told, mail.received_date(header))
