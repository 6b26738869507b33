"""Names of files as keys, and back."""

from __future__ import annotations

import os


def as_key(name: str) -> str:
    """A file name as text that can be stored, whatever bytes it is made of."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return "\0" + os.fsencode(name).decode("latin-1")
    return name


def from_key(key: str) -> str:
    """The file name of a key."""
    return os.fsdecode(key[1:].encode("latin-1")) if key.startswith("\0") else key


def for_people(name: str) -> str:
    """A file name as a person reads it."""
    return os.fsencode(name).decode("utf-8", "replace")
