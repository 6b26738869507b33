"""The Outlook files of the collection, the compressed ones unpacked."""

from __future__ import annotations

import json
import lzma
import shutil
from pathlib import Path

from tests.servers.corpus import corpus_folder
from tests.servers.process import need

from .recorded import RECORD

BROKEN = "Aspose.Email-for-.NET__AddingBulkMessagesWithImprovedPerformance.pst"
"""A file whose header and blocks do not belong together."""

FILES: list[str] = sorted(json.loads(RECORD.read_text()))
"""The names of all files."""

SOUND = [name for name in FILES if name != BROKEN]
"""Those that libpff reads as well."""


def unpacked_files(folder: Path) -> dict[str, Path]:
    """Every file by its name, those that are compressed unpacked into `folder`."""
    found = {}
    for name in FILES:
        path = corpus_folder() / "pst" / name
        packed = path.with_name(f"{name}.xz")
        need(path.is_file() or packed.is_file(), f"the collection of Outlook files ({path})")
        if packed.is_file():
            path = folder / name
            with lzma.open(packed) as content, path.open("wb") as file:
                shutil.copyfileobj(content, file)
        found[name] = path
    return found
