"""A folder on the disk in which each message is a file (EML).

A key is the number that is the file's name. The folder's validity is a number in a file of its own;
the date of receipt is the time the file bears. Flags have no place.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ...model.items import Folder, FolderPath, Item, Payload
from ...model.ports import Position, Seen
from ..convert import mail
from ..convert.payload import payload_of
from ..roles import role_by_name
from . import durable
from .content import Brake, Content

EML = ".eml"
NUMBER = ".omm-desktop"
_NUMBER = re.compile(r"[0-9]{8}|[1-9][0-9]{8,}")
"""As `SavedFolder` writes it."""

_HEADER = 64 << 10


class SavedFolder:
    """Raises OSError where the disk does not do what is asked."""

    def __init__(self, place: Path, brake: Brake) -> None:
        self._place = place
        self._brake = brake
        self._clear()
        self.validity = _validity(place)
        self._written = 0
        self._after_ours = 1

    def _clear(self) -> None:
        """What a power cut left half written was never told as there."""
        for part in self._place.glob(f".*{EML}.part"):
            with contextlib.suppress(OSError):
                part.unlink()

    def close(self) -> None:
        """Nothing is kept open."""

    def keys(self, from_key: int | None = None) -> list[int]:
        """The keys of the messages there, in order; what others call otherwise is none of them."""
        names = (entry.stem for entry in self._place.iterdir() if entry.suffix == EML)
        numbers = (int(name) for name in names if _NUMBER.fullmatch(name))
        return sorted(number for number in numbers if number >= (from_key or 1))

    def folder(self, path: FolderPath, key: str) -> Folder:
        """The folder it is."""
        numbers = self.keys()
        size = sum(self._file(number).stat().st_size for number in numbers)
        return Folder(
            path,
            key,
            role_by_name(path),
            len(numbers),
            size,
            self.validity,
            _next(numbers),
        )

    def position(self) -> Position:
        numbers = self.keys()
        return Position(self.validity, len(numbers), _next(numbers))

    def seen(self, key: int) -> Seen:
        """A message there by what identifies it."""
        content = Content.open(self._file(key), self._brake)
        try:
            header, size = content.read(0, _HEADER), content.size
            written = content.state()[1]
            if mail.split(header)[0] == len(header) < size:
                header = mail.header_of(payload_of(size, content.pieces()))
        finally:
            content.close()
        fingerprint = mail.fingerprint(header[: mail.split(header)[0]])
        return Seen(str(key), fingerprint, size, _moment(written))

    def payload(self, key: str) -> Payload | None:
        """The message of a key, None when there is none."""
        if not self._file(int(key)).is_file():
            return None
        content = Content.open(self._file(int(key)), self._brake)
        try:
            return payload_of(content.size, content.pieces())
        finally:
            content.close()

    def add(self, items: Sequence[Item]) -> list[str]:
        """Add the items, all or none; their keys."""
        first = self._free(len(items))
        files = [self._file(number) for number in range(first, first + len(items))]
        try:
            for item, file in zip(items, files, strict=True):
                moment = item.received.timestamp() if item.received else None
                durable.write_whole(file, item.payload.pieces(), moment)
            durable.keep_names(self._place)
        except BaseException:
            _take_back(files)
            raise
        self._after_ours = first + len(items)
        self._written = self._place.stat().st_mtime_ns
        return [str(first + place) for place in range(len(items))]

    def _free(self, number: int) -> int:
        """The first of so many keys behind all others.

        To list a large folder takes long: it is done when somebody else wrote to it since.
        """
        keys = range(self._after_ours, self._after_ours + number)
        is_ours = self._written == self._place.stat().st_mtime_ns
        if is_ours and not any(self._file(key).exists() for key in keys):
            return self._after_ours
        return _next(self.keys())

    def remove(self, numbers: Sequence[int]) -> None:
        """Take the messages of these keys away."""
        for number in numbers:
            self._file(number).unlink(missing_ok=True)
        durable.keep_names(self._place)

    def _file(self, number: int) -> Path:
        return self._place / f"{number:08}{EML}"


def _take_back(files: Sequence[Path]) -> None:
    try:
        for file in files:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise durable.RollbackFailed(str(error)) from error


def _moment(written: int) -> datetime:
    return datetime.fromtimestamp(written // 10**9, UTC)


def _next(numbers: Sequence[int]) -> int:
    return numbers[-1] + 1 if numbers else 1


def _validity(place: Path) -> int:
    """The number of the folder, given to it when it has none."""
    file = place / NUMBER
    with contextlib.suppress(FileExistsError):
        durable.make_file(file, f"{secrets.randbits(62) + 1}\n".encode())
    text = file.read_bytes()[:30].strip()
    return int(text) if text.isdigit() else 1
