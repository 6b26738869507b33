"""Files of contacts and calendars through the source, and items into the destination."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from omm_desktop.endpoints.convert.identity import identify
from omm_desktop.endpoints.convert.payload import MemoryPayload, whole
from omm_desktop.endpoints.files.people import PeopleSource
from omm_desktop.model.items import Folder, Item, ItemKind, ItemRef
from omm_desktop.model.ports import Destination, FolderWish, Refused, Source, Stored
from tests.servers.corpus import corpus_folder
from tests.servers.process import need

BATCH = 200


def corpus_files(kind: str) -> list[Path]:
    """Every file of the collection that is of that kind."""
    folder = corpus_folder() / kind
    need(folder.is_dir(), f"the collection of real files, OMM_CORPUS ({folder})")
    return sorted(folder.iterdir())


def answers(source: Source, folder: Folder) -> list[Item | Refused]:
    """Everything of a folder, in its order."""
    refs = [ref for window in source.refs(folder, None) for ref in window]
    return list(source.fetch(folder, refs[::-1]))


def items(source: Source, folder: Folder) -> list[Item]:
    """As `answers`, where nothing is refused."""
    given = answers(source, folder)
    assert not [one for one in given if isinstance(one, Refused)]
    return [one for one in given if isinstance(one, Item)]


def open_files() -> int:
    """How many this process has; 0 where the system does not tell."""
    told = Path("/proc/self/fd")
    return len(os.listdir(told)) if told.is_dir() else 0


def read(path: Path) -> dict[tuple[str, ItemKind], list[bytes]]:
    """The items of a file by name and kind of the folder they are in."""
    source = PeopleSource(path)
    try:
        return {
            (folder.name, folder.kind): [whole(item.payload) for item in items(source, folder)]
            for folder in source.folders()
        }
    finally:
        source.close()


def card(*lines: str) -> bytes:
    inner = "".join(f"{line}\r\n" for line in ("VERSION:3.0", *lines))
    return f"BEGIN:VCARD\r\n{inner}END:VCARD\r\n".encode()


def event(uid: str, *lines: str, kind: str = "VEVENT") -> bytes:
    inner = "".join(f"{line}\r\n" for line in (f"UID:{uid}", *lines))
    return f"BEGIN:{kind}\r\n{inner}END:{kind}\r\n".encode()


def calendar(*parts: bytes, told: Iterable[str] = ()) -> bytes:
    head = "".join(f"{line}\r\n" for line in ("VERSION:2.0", *told)).encode()
    return b"BEGIN:VCALENDAR\r\n" + head + b"".join(parts) + b"END:VCALENDAR\r\n"


def item(kind: ItemKind, payload: bytes, key: str = "1") -> Item:
    """An item as a source gives it."""
    held = MemoryPayload(payload)
    known = identify(kind, held)
    ref = ItemRef("there", key, len(payload))
    return Item(ref, held, known.fingerprint, known.content, kind=kind, label=known.label)


def made(destination: Destination, wish: FolderWish) -> Folder:
    (folder,) = destination.ensure_folders([wish])
    assert isinstance(folder, Folder), folder
    return folder


def stored(destination: Destination, folder: Folder, given: Sequence[Item]) -> list[str]:
    """Store, in batches; the keys told, in the order of the items."""
    keys = {}
    for start in range(0, len(given), BATCH):
        for answer in destination.store(folder.key, given[start : start + BATCH]):
            assert isinstance(answer, Stored), answer
            assert answer.key is not None
            keys[id(answer.ref)] = answer.key
    return [keys[id(one.ref)] for one in given]
