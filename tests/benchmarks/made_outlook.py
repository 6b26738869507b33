"""Makes a large Outlook file: `python -m tests.benchmarks.made_outlook FILE MEGABYTES`."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from omm_desktop.endpoints.pst.ndb.blocks import checksum
from tests.pst import writing
from tests.pst.outlook import Attached, Box, Letter, Outlook, Properties, binary, number, text, time

SEED = 20_260_101
LETTERS_IN_A_BOX = 1000
SHARE_WITH_FILES = 0.2
LINES = (5, 80)
FILE_SIZE = (10_000, 400_000)
FIRST_DAY = 132_000_000_000_000_000
HOUR = 36_000_000_000


def main() -> None:
    """Write the file, of about that many megabytes."""
    path, megabytes = Path(sys.argv[1]), int(sys.argv[2])
    # As Outlook's own; the writer's small blocks and slow sums are for tests of the reader.
    writing.BLOCK, writing.CHILDREN, writing.crc = 8176, 1000, checksum
    Outlook().save(path, list(_boxes(megabytes * 1_000_000)))


def _boxes(size: int) -> Iterator[Box]:
    source = random.Random(SEED)
    made = 0
    while size > 0:
        letters = []
        while size > 0 and len(letters) < LETTERS_IN_A_BOX:
            letter, octets = _letter(source, made)
            letters.append(letter)
            made += 1
            size -= octets
        yield Box(f"Box {made // LETTERS_IN_A_BOX}", letters)


def _letter(source: random.Random, index: int) -> tuple[Letter, int]:
    body = f"Line of letter {index} with some words that say nothing.\r\n" * source.randint(*LINES)
    header = (
        f"Received: from a.test by b.test; Mon, 1 Jan 2024 00:00:00 +0000\r\n"
        f"From: Ann <ann@example.test>\r\nTo: Bob <bob@example.test>\r\n"
        f"Subject: Letter {index}\r\nMessage-ID: <{index}@example.test>\r\n"
        f"Date: Mon, 1 Jan 2024 00:00:00 +0000\r\n\r\n"
    )
    properties: Properties = {
        0x001A: text("IPM.Note"),
        0x0037: text(f"Letter {index}"),
        0x007D: text(header),
        0x0E06: time(FIRST_DAY + index * HOUR),
        0x0E07: number(1),
        0x1000: text(body),
        0x1013: binary(f"<html><body><p>{body}</p></body></html>".encode()),
    }
    people: Properties = {
        0x3001: text("Bob"),
        0x39FE: text("bob@example.test"),
        0x0C15: number(1),
    }
    files = []
    if source.random() < SHARE_WITH_FILES:
        content = source.randbytes(source.randint(*FILE_SIZE))
        name = text(f"file{index}.bin")
        files = [Attached({0x3705: number(1), 0x3707: name, 0x3701: binary(content)})]
    octets = 3 * len(body) + sum(len(file.properties[0x3701][1]) for file in files)
    return Letter(properties, [people], files), octets


if __name__ == "__main__":
    main()
