"""Where a mailbox saved in a folder keeps what: names that every system takes as those of files."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from ...model.account import SHELVES
from ...model.items import FolderPath

MAIL, CONTACTS, CALENDARS, TASKS = SHELVES
MBOX, VCF, ICS = ".mbox", ".vcf", ".ics"

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)\s*(\.|\Z)", re.IGNORECASE)
_LONGEST = 150
_BETWEEN = "/"


def number_name(name: str) -> str:
    """The file beside a saved one of contacts, events or tasks that holds its validity."""
    return f".{name}.validity"


def existing(top: Path) -> Path:
    """The folder itself, or the one it will be made in."""
    return top if top.exists() else top.parent


def acceptable(path: FolderPath) -> FolderPath:
    """The same path with every part as the name of a file may be; what is so already stays."""
    return tuple(map(_acceptable_part, path))


def _acceptable_part(name: str) -> str:
    safe = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip()
    safe = safe.encode()[:_LONGEST].decode(errors="ignore").rstrip(". ")
    if not safe or safe.startswith(".") or _RESERVED.match(safe):
        safe = f"_{safe}"
    return f"{safe}_" if safe.lower().endswith((MBOX, VCF, ICS)) else safe


def key_of(path: FolderPath, suffix: str, shelf: str = MAIL) -> str:
    """The key of a folder: where it is below the folder that holds everything."""
    return _BETWEEN.join((shelf, *path)) + suffix


def place_of(top: Path, key: str) -> Path:
    """Where the folder of a key is."""
    return top.joinpath(*key.split(_BETWEEN))


def as_spelt_there(top: Path, key: str) -> str:
    """The key in the spelling that the disk has, where it makes no difference of some letters."""
    place, parts = top, []
    for part in key.split(_BETWEEN):
        parts.append(_spelling(place, part))
        place = place / parts[-1]
    return _BETWEEN.join(parts)


def _spelling(place: Path, name: str) -> str:
    try:
        names = os.listdir(place)
        if name in names:
            return name
        known = place / name
        return next(
            one for one in names if _folded(one) == _folded(name) and known.samefile(place / one)
        )
    except (OSError, StopIteration):
        return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def files_below(top: Path, suffix: str, shelf: str = MAIL) -> Iterator[tuple[FolderPath, Path]]:
    """The files with that suffix, and the paths they stand for; links left out."""
    for parts, place in _places(top / shelf, ()):
        for entry in sorted(place.iterdir()):
            if entry.suffix == suffix and entry.is_file() and not entry.is_symlink():
                yield (*parts, entry.name.removesuffix(suffix)), entry


def folders_below(top: Path) -> Iterator[tuple[FolderPath, Path]]:
    """The folders of mail, and the paths they stand for; links left out."""
    return ((parts, place) for parts, place in _places(top / MAIL, ()) if parts)


def _places(place: Path, parts: FolderPath) -> Iterator[tuple[FolderPath, Path]]:
    if not place.is_dir():
        return
    yield parts, place
    for entry in sorted(place.iterdir()):
        if entry.is_dir() and not entry.is_symlink() and not entry.name.startswith("."):
            yield from _places(entry, (*parts, entry.name))
