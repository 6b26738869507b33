"""Files of which most is a hole: they take no room on the disk, but long to be read."""

from __future__ import annotations

from pathlib import Path

from tests.pst.outlook import Outlook

SIZE = 400_000_000_000


def huge_mbox(path: Path) -> Path:
    """One message without an end."""
    path.write_bytes(b"From ann@example.test Mon May  6 07:08:09 2019\nSubject: long\n\n")
    return _with_a_hole(path)


def huge_outlook_file(path: Path) -> Path:
    """A sound one with nothing in it, and much behind it."""
    Outlook().save(path, [])
    return _with_a_hole(path)


def _with_a_hole(path: Path) -> Path:
    with path.open("r+b") as file:
        file.truncate(SIZE)
    return path
