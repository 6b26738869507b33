"""What the destination refuses for good is kept in files, so that nothing is out of reach."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
from pathlib import Path

from omm_desktop.model.file_names import no_device, without_signs
from omm_desktop.model.items import Folder, ItemKind, ItemRef, Payload

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
        parts = (source, *folder.path) if source else folder.path
        place = self._folder.joinpath(*map(safe_name, parts))
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.mkdir(parents=True, exist_ok=True)
            file, handle = _created(place, safe_name(ref.key), _SUFFIX[folder.kind])
        except OSError:
            return None
        try:
            with os.fdopen(handle, "wb") as stream:
                for piece in payload.pieces():
                    stream.write(piece)
        except OSError:
            with contextlib.suppress(OSError):
                file.unlink()
            return None
        return file


_BINARY = getattr(os, "O_BINARY", 0)


def _created(place: Path, stem: str, suffix: str) -> tuple[Path, int]:
    """A new file: two keys may come down to one name, by their case alone on some systems."""
    for number in itertools.count(1):
        file = place / (f"{stem}.{suffix}" if number == 1 else f"{stem} ({number}).{suffix}")
        with contextlib.suppress(FileExistsError):
            return file, os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    raise AssertionError("numbers do not end")


def safe_name(name: str) -> str:
    """A file name that every system takes, kept apart from its like when it had to change."""
    safe = no_device(without_signs(name)[:_LONGEST].rstrip(". "))
    if safe == name:
        return name
    told = name.encode("utf-8", "surrogatepass")
    return f"{safe}~{hashlib.blake2b(told, digest_size=3).hexdigest()}"
