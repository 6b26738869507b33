"""What a person set once: language, text size, theme, masking, reopening."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from omm_desktop.language import LANGUAGES

TEXT_SIZES = (100, 115, 130, 150, 175, 200)


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Preferences:
    """`language` is "" for the system's; `text_size` a percentage, 0 for the system's."""

    language: str = ""
    text_size: int = 0
    theme: Theme = Theme.SYSTEM
    masked: bool = False
    told_about_tray: bool = False
    reopen: bool = True


_ALLOWED: dict[str, Any] = {
    "language": lambda value: value in ("", *LANGUAGES),
    "text_size": lambda value: type(value) is int and value in (0, *TEXT_SIZES),
    "theme": lambda value: value in list(Theme),
    "masked": lambda value: type(value) is bool,
    "told_about_tray": lambda value: type(value) is bool,
    "reopen": lambda value: type(value) is bool,
}


def load(file: Path) -> Preferences:
    """What can be read of the file; defaults for the rest. Never fails."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Preferences()
    if not isinstance(found, dict):
        return Preferences()
    names = [field.name for field in fields(Preferences)]
    kept = {name: found[name] for name in names if name in found and _ALLOWED[name](found[name])}
    if "theme" in kept:
        kept["theme"] = Theme(kept["theme"])
    return Preferences(**kept)


def save(preferences: Preferences, file: Path) -> None:
    """Replaces the file at once: a crash leaves the old one or the new one. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(asdict(preferences), stream, indent=2)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
