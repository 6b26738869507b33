"""What is in a file or a folder, at a glance: found in the background, and given up when told to.

Messages and entries are not counted: their sources do that. Of an archive only the beginnings of
the files in it are read.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ...model.items import ItemKind
from ...model.problem import ItemError, OwnerNeeded
from .archive import UNKNOWN
from .archives import open_archive
from .content import Brake, Content, reading
from .recognise import ARCHIVES, LOOKED_AT, FileKind, kind_of, kind_of_content, refusal

DEEPEST = 250
MOST_ENTRIES = 1_000_000
"""Bounds on what is looked for below a folder: levels, and files in all.

No system lets a person make more levels by its windows; Python calls itself for each.
"""

TELL_EVERY = 200
"""Entries between two tellings of how far it has come."""

_HOLDS = {
    FileKind.PST: frozenset(ItemKind),
    FileKind.ICS: frozenset({ItemKind.EVENTS, ItemKind.TASKS}),
    FileKind.VCF: frozenset({ItemKind.CONTACTS}),
    FileKind.CSV: frozenset({ItemKind.CONTACTS}),
    FileKind.MBOX: frozenset({ItemKind.MAIL}),
    FileKind.EML: frozenset({ItemKind.MAIL}),
    FileKind.EMLX: frozenset({ItemKind.MAIL}),
    FileKind.MSG: frozenset({ItemKind.MAIL}),
    FileKind.MAILDIR: frozenset({ItemKind.MAIL}),
}


@dataclass(slots=True)
class Survey:
    """`kind` is that of what was chosen. `files` counts those of each kind, also within archives;
    `other` those of none. `size` is in bytes, as all of it takes on the disk; `unpacked` those of
    Outlook files in archives, which need as much room again while they are read.
    """

    kind: FileKind
    size: int = 0
    files: Counter[FileKind] = field(default_factory=Counter)
    other: int = 0
    unpacked: int = 0

    @property
    def may_hold(self) -> frozenset[ItemKind]:
        """What kinds of items files of these kinds may hold."""
        return frozenset[ItemKind]().union(*(_HOLDS.get(kind, ()) for kind in self.files))


def survey(path: Path, brake: Brake, tell: Callable[[Survey], None] = lambda found: None) -> Survey:
    """Look at all of a file or a folder; `tell` gets what was found so far.

    Raises `OwnerNeeded` (FILE_UNREADABLE, and what `refusal` says), and `TryAgain` from the brake.
    """
    with reading(path.name):
        kind = kind_of(path)
    if kind is None:
        raise refusal(path)
    found = Survey(kind)
    alone = kind not in (FileKind.FOLDER, FileKind.MAILDIR)
    for number, file in enumerate([path] if alone else files_below(path)):
        brake.check()
        if number >= MOST_ENTRIES:
            break
        _look_at(file, found, brake)
        if number % TELL_EVERY == 0:
            tell(found)
    if kind is FileKind.MAILDIR:
        # Its files count as one mailbox, whatever they begin with.
        found.files, found.other = Counter({FileKind.MAILDIR: 1}), 0
    return found


def files_below(path: Path, depth: int = 0) -> Iterator[Path]:
    """All files below a folder, always in the same order; links are not followed."""
    try:
        with os.scandir(path) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            if depth < DEEPEST:
                yield from files_below(Path(entry.path), depth + 1)
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def _look_at(file: Path, found: Survey, brake: Brake) -> None:
    kind = None
    with suppress(OSError):
        found.size += file.stat().st_size
        kind = kind_of(file)
    if kind in ARCHIVES:
        _look_into(file, found, brake)
    elif kind is None:
        found.other += 1
    else:
        found.files[kind] += 1


def _look_into(file: Path, found: Survey, brake: Brake) -> None:
    try:
        content = Content.open(file, brake)
    except OwnerNeeded:
        found.other += 1
        return
    try:
        archive = open_archive(content)

        def count(name: str, size: int, beginning: bytes) -> bool:
            kind = kind_of_content(beginning[:LOOKED_AT], size, name)
            if kind is None or kind in ARCHIVES:
                found.other += 1
            else:
                found.files[kind] += 1
            if kind is FileKind.PST and size < UNKNOWN:
                found.unpacked += size
            return False

        for _ in archive.each(count):
            pass
        found.other += len(archive.problems)
    except ItemError:
        found.other += 1
    finally:
        content.close()
