"""Writes down what libpff finds in the collection's Outlook files, for the tests to compare with.

Needs libpff-python, which nothing else does: run it in an environment of its own with

    python -m tests.pst.libpff_record FILE...

the compressed ones unpacked. It writes `libpff.json` beside itself. libpff cannot enter embedded
messages.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypff

from .recorded import RECORD, digest

OBJECT = 0x000D


def main() -> None:
    """Record every file named, one line each, null for those that libpff refuses."""
    recorded = {Path(path).name: _file(Path(path)) for path in sorted(sys.argv[1:])}
    lines = [f"{json.dumps(name)}: {json.dumps(found)}" for name, found in recorded.items()]
    RECORD.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _file(path: Path) -> dict[str, Any] | None:
    file = pypff.file()
    try:
        file.open(str(path))
    except OSError:
        return None
    folders = list(_folders(file.get_root_folder(), ()))
    return {
        "folders": {
            str(folder.identifier): ["/".join(name), [item.identifier for item in _items(folder)]]
            for folder, name in folders
        },
        "items": {
            str(item.identifier): _item(item) for folder, _ in folders for item in _items(folder)
        },
    }


def _folders(folder: Any, path: tuple[str, ...]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    yield folder, path
    for below in folder.sub_folders:
        yield from _folders(below, (*path, below.name or ""))


def _items(folder: Any) -> Iterator[Any]:
    for index in range(folder.number_of_sub_messages):
        try:
            yield folder.get_sub_message(index)
        except OSError:
            continue


def _item(item: Any) -> dict[str, Any]:
    # What libpff has no class for has neither recipients nor attachments.
    recipients = getattr(item, "recipients", None)
    return {
        "properties": digest(_values(item)),
        "recipients": 0 if recipients is None else recipients.number_of_record_sets,
        "attachments": [_attachment(attachment) for attachment in getattr(item, "attachments", [])],
    }


def _attachment(attachment: Any) -> list[Any]:
    try:
        data = attachment.read_buffer(attachment.size) if attachment.size else b""
    except OSError:
        return [0, ""]
    return [len(data), hashlib.sha256(data).hexdigest()[:32]]


def _values(item: Any) -> Iterator[tuple[int, bytes]]:
    for record_set in item.record_sets:
        for entry in record_set.entries:
            if entry.value_type != OBJECT:
                yield entry.value_type, entry.data or b""


if __name__ == "__main__":
    main()
