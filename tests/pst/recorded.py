"""What libpff finds in the collection's files, and how values are compared with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

RECORD = Path(__file__).with_name("libpff.json")
"""Written by `libpff_record`."""


def digest(values: Iterable[tuple[int, bytes]]) -> list[Any]:
    """How many properties there are, and one hash over their types and bytes in any order."""
    lines = sorted(f"{kind:04x} {hashlib.sha256(data).hexdigest()}" for kind, data in values)
    return [len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]]
