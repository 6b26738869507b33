"""Where the files that belong to the program are."""

from __future__ import annotations

from pathlib import Path


def resources() -> Path:
    """The folder of data, translations, icons and styles."""
    return Path(__file__).parent.parent / "resources"
