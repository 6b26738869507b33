"""Reads an mbox file to its end, with our source or with Python: `ours FILE`, `mailbox FILE` for
messages, `bytes FILE` for the bytes of each alone.

Prints messages, bytes, and the seconds until anything was told of it and until the first message,
as JSON.
"""

from __future__ import annotations

import json
import mailbox
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

BEGAN = time.monotonic()
told: list[float] = []


def main() -> None:
    """Read the file that is named, in the way that is named."""
    read: Callable[[str], Iterator[int]] = {
        "ours": _ours,
        "mailbox": _mailbox,
        "bytes": _bytes,
    }[sys.argv[1]]
    items = size = 0
    first = 0.0
    for octets in read(sys.argv[2]):
        first = first or time.monotonic() - BEGAN
        items += 1
        size += octets
    figures = {"items": items, "bytes": size, "first": first, "told": (told or [first])[0]}
    print(json.dumps(figures))


def _ours(path: str) -> Iterator[int]:
    from omm_desktop.endpoints.files.mail_source import open_mail
    from omm_desktop.model.items import Item

    source = open_mail(Path(path))
    source.tell_reading(lambda file: told.append(time.monotonic() - BEGAN))
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


def _mailbox(path: str) -> Iterator[int]:
    for message in mailbox.mbox(path, create=False):
        yield len(message.keys())


def _bytes(path: str) -> Iterator[int]:
    box = mailbox.mbox(path, create=False)
    for key in box.keys():  # noqa: SIM118
        yield len(box.get_bytes(key))


if __name__ == "__main__":
    main()
