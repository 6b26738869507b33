"""What the destination refuses for good is kept in files, so that nothing is out of reach."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from omm_desktop.model.items import Folder, ItemKind, ItemRef, Payload

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", re.I)
_LONGEST = 60
_SUFFIX = {
    ItemKind.MAIL: "eml",
    ItemKind.CONTACTS: "vcf",
    ItemKind.EVENTS: "ics",
    ItemKind.TASKS: "ics",
}


class Rescue:
    """Files of one run below `folder`, which is made when there is something to keep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, folder: Folder, ref: ItemRef, payload: Payload, source: str = "") -> Path | None:
        """Write an item as it was read into `<folder>/<key>.eml` (of other kinds vcf, ics); None
        when the disk refuses it. `source` is the name of one of several sources.
        """
        name = f"{safe_name(ref.key)}.{_SUFFIX[folder.kind]}"
        parts = (source, *folder.path) if source else folder.path
        target = self._folder.joinpath(*map(safe_name, parts)) / name
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
            with os.fdopen(handle, "wb") as file:
                for piece in payload.pieces():
                    file.write(piece)
        except OSError:
            return None
        return target


_BINARY = getattr(os, "O_BINARY", 0)


def safe_name(name: str) -> str:
    """A file name that every system takes, kept apart from its like when it had to change."""
    safe = _UNSAFE.sub("_", name)[:_LONGEST].rstrip(". ")
    if _RESERVED.match(safe) or safe.startswith(".") or not safe:
        safe = "_" + safe
    if safe == name:
        return name
    return f"{safe}~{hashlib.blake2b(name.encode(), digest_size=3).hexdigest()}"
