"""Reads an Outlook file to its end, with our source or with libpff: `ours FILE`, `libpff FILE`.

Prints items, bytes and the seconds until the first item as JSON. libpff gives properties and not
messages: what is counted are its bodies, headers and attachments.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

BEGAN = time.monotonic()


def main() -> None:
    """Read the file that is named, in the way that is named."""
    read: Callable[[str], Iterator[int]] = {"ours": _ours, "libpff": _libpff}[sys.argv[1]]
    items = size = 0
    first = 0.0
    for octets in read(sys.argv[2]):
        first = first or time.monotonic() - BEGAN
        items += 1
        size += octets
    print(json.dumps({"items": items, "bytes": size, "first": first}))


def _ours(path: str) -> Iterator[int]:
    from omm_desktop.endpoints.outlook_file.source import OutlookFileSource
    from omm_desktop.model.items import Item

    source = OutlookFileSource(Path(path))
    try:
        for folder in source.folders():
            for window in source.refs(folder, None):
                for answer in source.fetch(folder, window):
                    if not isinstance(answer, Item):
                        raise RuntimeError(f"refused: {answer.problem.detail}")
                    yield answer.payload.size
                    answer.payload.close()
    finally:
        source.close()


def _libpff(path: str) -> Iterator[int]:
    import pypff

    file = pypff.file()
    file.open(path)
    waiting: list[Any] = [file.get_root_folder()]
    while waiting:
        folder = waiting.pop()
        waiting += folder.sub_folders
        for index in range(folder.number_of_sub_messages):
            yield _octets(folder.get_sub_message(index))


def _octets(item: Any) -> int:
    parts = [item.plain_text_body, item.html_body, item.transport_headers]
    size = sum(len(part or "") for part in parts)
    for attachment in item.attachments:
        size += len(attachment.read_buffer(attachment.size)) if attachment.size else 0
    return size


if __name__ == "__main__":
    main()
