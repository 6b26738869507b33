"""One file of contacts, events or tasks that is added to.

An item's key is made of what it holds, so that it stays whatever else somebody does with the file.
The validity of a file is a number beside it, made when the file is.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Protocol

from ...model.items import Folder, FolderPath, Item, ItemKind, Payload
from ...model.ports import Position, Seen
from ..convert.identity import Identity, identify
from ..convert.payload import IN_MEMORY, whole
from . import durable
from .content import Brake, Content
from .layout import number_name
from .section import Section

_BITS = 62
_FOREIGN = 1
"""The validity of a file that somebody else made."""


class Form(Protocol):
    """How items of a kind stand in a file."""

    def empty(self, name: str) -> bytes:
        """A file of that name with nothing in it."""
        ...

    def is_bare(self, content: Content) -> bool:
        """Whether it is what `empty` makes."""
        ...

    def sections(self, content: Content) -> list[Section]: ...

    def is_ours(self, beginning: bytes) -> bool:
        """Whether an addition that was cut short may begin so."""
        ...

    def add(self, place: Path, content: Content, payloads: Sequence[Payload]) -> None:
        """Add canonical items, all or none; raises as `durable.add` does."""
        ...

    def mend(self, place: Path) -> None:
        """Give back what taking an addition back may have cost; raises OSError."""
        ...


def create(place: Path, content: bytes) -> None:
    """The file and the folders it is in, where they are not there yet; raises OSError."""
    durable.make_folder(place.parent)
    number = str(secrets.randbelow(1 << _BITS) + _FOREIGN + 1).encode()
    if not place.exists():
        durable.write_whole(number_of(place), [number], None)
        durable.make_file(place, content)


def number_of(place: Path) -> Path:
    """Where the validity of a file is kept."""
    return place.with_name(number_name(place.name))


class SavedItems:
    """Raises OSError where the disk does not do what is asked, else as `Content.read` does."""

    def __init__(self, place: Path, kind: ItemKind, form: Form, brake: Brake) -> None:
        self._place = place
        self._kind = kind
        self._form = form
        durable.mend(place, form.is_ours)
        form.mend(place)
        self._brake = brake
        self._content = Content.open(place, brake)
        self._state: tuple[int, int, int] | None = None
        self._places: dict[str, tuple[Section, int]] = {}
        self._seen: dict[str, Seen] = {}
        self._counts: Counter[bytes] = Counter()
        self._validity = self._read_validity()

    def _read_validity(self) -> int:
        try:
            told = number_of(self._place).read_bytes()[:100]
        except FileNotFoundError:
            return _FOREIGN
        return int(told) if told.isdigit() else _FOREIGN

    def close(self) -> None:
        self._content.close()
        durable.tidy(self._place)

    # -- what is there -------------------------------------------------------------------

    def seen(self) -> dict[str, Seen]:
        """What is there by its key; read anew only when somebody else has changed the file."""
        state = self._told()
        if state != self._state:
            self._open_again()
            self._seen, self._counts = {}, Counter()
            for section in self._form.sections(self._content):
                for number in range(len(section.sizes) if section.kind is self._kind else 0):
                    self._find(section, number)
            self._state = state
        return self._seen

    def _told(self) -> tuple[int, int, int]:
        """What the disk says of the file; another one may have taken its place."""
        told = self._place.stat()
        return told.st_ino, told.st_size, told.st_mtime_ns

    def _open_again(self) -> None:
        """What was read before the file changed may still be held for reading."""
        self._content.close()
        self._content = Content.open(self._place, self._brake)
        self._places = {}

    def _find(self, section: Section, number: int) -> None:
        payload = section.read(number)
        if payload is not None:
            key = self._note(identify(self._kind, payload), payload.size)
            self._places[key] = section, number
            payload.close()

    def _note(self, known: Identity, size: int) -> str:
        self._counts[known.content] += 1
        key = f"x{known.content.hex()}-{self._counts[known.content]}"
        self._seen[key] = Seen(key, known.fingerprint, size, None, known.content)
        return key

    def folder(self, path: FolderPath, key: str) -> Folder:
        """The folder it is."""
        return Folder(
            path,
            key,
            count=len(self.seen()),
            size=self._content.size,
            validity=self._validity,
            kind=self._kind,
        )

    def position(self) -> Position:
        return Position(self._validity, len(self.seen()), None)

    def payload(self, key: str) -> Payload | None:
        """The item of a key, None when there is none."""
        if key not in self.seen():
            return None
        if key not in self._places:
            # What was added since is found by reading all of it again.
            self._state = None
            self.seen()
        section, number = self._places[key]
        return section.read(number)

    # -- adding --------------------------------------------------------------------------

    def canonical(self, item: Item) -> Payload | None:
        """The item as it will be read again, None when the file could not hold it."""
        content = as_content(item.payload, self._place.name)
        try:
            sections = [one for one in self._form.sections(content) if one.kind is self._kind]
            if sum(len(section.sizes) for section in sections) != 1:
                return None
            return next(section.read(0) for section in sections if section.sizes)
        finally:
            content.close()

    def add(self, payloads: Sequence[Payload]) -> list[str]:
        """Add canonical items, all or none; their keys. Raises as `durable.add` does."""
        self.seen()
        self._form.add(self._place, self._content, payloads)
        self._open_again()
        self._state = self._told()
        return [self._note(identify(self._kind, one), one.size) for one in payloads]

    def clear(self, keys: frozenset[str]) -> bool:
        """Take out these items if nothing else is in the file; whether it was so.

        Not to be used any more afterwards: another file is in its place.
        """
        sections = self._form.sections(self._content) if self.seen().keys() == keys else []
        told = [section for section in sections if section.sizes]
        if sum(len(section.sizes) for section in told) != len(keys) or len(told) != 1:
            return False
        if any(section.remarks for section in sections):
            return False
        if self._told() != self._state:
            return False
        name = told[0].name if told[0].named else ""
        # Windows replaces no open file.
        self._content.close()
        durable.write_whole(self._place, [self._form.empty(name)], None)
        durable.keep_names(self._place.parent)
        return True

    def is_bare(self) -> bool:
        """Whether the file is as it was made, with nothing at all in it."""
        self.seen()
        return self._form.is_bare(self._content)


def as_content(payload: Payload, name: str) -> Content:
    """The bytes of an item as those of a file."""
    if payload.size <= IN_MEMORY:
        return Content(BytesIO(whole(payload)), name, Brake())
    return Content.held(payload.pieces(), name, Brake())
