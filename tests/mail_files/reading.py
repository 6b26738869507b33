"""Reading a source to its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.model.items import Folder, FolderPath, Item
from omm_desktop.model.ports import Refused, Source


@dataclass(frozen=True, slots=True)
class Found:
    """A mail as it came out of a file."""

    message: bytes
    flags: frozenset[str]
    received: datetime | None
    size: int | None


def answers(source: Source, folder: Folder) -> Iterator[Item | Refused]:
    """What the source gives for every reference of a folder, in the order of the references."""
    for window in source.refs(folder, None):
        yield from source.fetch(folder, window)


def found_in(source: Source, folder: Folder) -> list[Found]:
    """The mail of a folder; none of it may be refused."""
    found = []
    for answer in answers(source, folder):
        assert isinstance(answer, Item), answer
        message = b"".join(answer.payload.pieces())
        answer.payload.close()
        found.append(Found(message, answer.flags, answer.received, answer.ref.size))
    return found


def all_mail(path: Path) -> dict[FolderPath, list[Found]]:
    """The mail of every folder at a path, in the order of the files."""
    with closing(open_mail(path)) as source:
        return {folder.path: found_in(source, folder) for folder in source.folders()}


def messages_of(path: Path) -> list[bytes]:
    """The bytes of every message of a file that is one folder."""
    (mail,) = all_mail(path).values()
    return [found.message for found in mail]
