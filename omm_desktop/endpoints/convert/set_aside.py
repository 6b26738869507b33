"""Large files within a card or a calendar, kept apart from its text while that is read or written.

A few octets stand for each of them, so that nobody holds fifty megabytes as a property.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from ...model.items import Payload
from .line_pieces import LinePiece, pieces_of_lines
from .payload import MemoryPayload, gathered, whole

LARGE = 256 << 10
"""Octets from which a file is kept apart."""

_TOKEN = 12
_LONGEST_HEAD = 8 << 10
_PIECE = 54 << 10
_AT_ONCE = 256 << 10
_LINE = 72
_HEAD = re.compile(
    rb"""(?:[^":]|"[^"]*")*;ENCODING=(?:b|base64)(?:;(?:[^":]|"[^"]*")*)?:"""
    rb"""|(?:[^":]|"[^"]*")*:data:[^,]{0,200};base64\\?,""",
    re.I,
)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")

Files = Mapping[bytes, Payload]
"""The octets of files by what stands for each."""


@dataclass(frozen=True, slots=True)
class Aside:
    """The text, whose large files are in `files`."""

    text: bytes
    files: dict[bytes, Payload] = field(default_factory=dict)

    def close(self) -> None:
        for payload in self.files.values():
            payload.close()


def stand_in() -> bytes:
    """Octets that stand for a file."""
    return secrets.token_bytes(_TOKEN)


def set_aside(payload: Payload) -> Aside:
    """The text of a card or a calendar without its large files."""
    if payload.size <= LARGE:
        return Aside(whole(payload))
    lines = _Lines(pieces_of_lines(payload))
    text: list[bytes] = []
    files: dict[bytes, Payload] = {}
    while (line := lines.next()) is not None:
        begun, is_whole = line
        head = None if is_whole else _HEAD.match(begun)
        if head is None or head.end() > _LONGEST_HEAD:
            text += [begun, *([] if is_whole else lines.rest()), b"\r\n"]
            continue
        token = stand_in()
        files[token] = gathered(_decoded([begun[head.end() :]], lines.rest()))
        text += [head[0], b64encode(token), b"\r\n"]
    return Aside(b"".join(text), files)


class _Lines:
    """Lines taken one by one: the beginning of each, then what is left of it."""

    def __init__(self, pieces: Iterator[LinePiece]) -> None:
        self._pieces = pieces
        self._ahead = next(pieces, None)

    def next(self) -> tuple[bytes, bool] | None:
        """The line, or what of a large one is enough to see that it is; None at the end."""
        if self._ahead is None:
            return None
        begun = [self._ahead.text]
        size = len(self._ahead.text)
        self._ahead = next(self._pieces, None)
        while size <= LARGE and self._ahead is not None and not self._ahead.begins:
            begun.append(self._ahead.text)
            size += len(self._ahead.text)
            self._ahead = next(self._pieces, None)
        return b"".join(begun), self._ahead is None or self._ahead.begins

    def rest(self) -> Iterator[bytes]:
        while self._ahead is not None and not self._ahead.begins:
            yield self._ahead.text
            self._ahead = next(self._pieces, None)


def _decoded(*pieces: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    left = b""
    for piece in chain.from_iterable(pieces):
        held.append(piece)
        size += len(piece)
        if size >= _AT_ONCE:
            left += _NOT_BASE64.sub(b"", b"".join(held))
            usable = len(left) // 4 * 4
            yield b64decode(left[:usable])
            held, size, left = [], 0, left[usable:]
    left += _NOT_BASE64.sub(b"", b"".join(held))
    usable = len(left) if len(left) % 4 != 1 else len(left) - 1
    yield b64decode(left[:usable] + b"=" * (-usable % 4))


def put_back(text: bytes, files: Files) -> Payload:
    """The card or calendar with its large files in their places."""
    if not files:
        return MemoryPayload(text)
    return gathered(_put_back(text, files))


def _put_back(text: bytes, files: Files) -> Iterator[bytes]:
    spellings = {b64encode(token): token for token in files}
    # What stands for a file may have been folded.
    anyone = b"|".join(rb"(?:\r?\n )?".join(_letters(one)) for one in spellings)
    place = 0
    for found in re.finditer(anyone, text):
        yield text[place : found.start()]
        token = spellings[re.sub(rb"\r?\n ", b"", found[0])]
        for piece in files[token].pieces(_PIECE):
            encoded = b64encode(piece)
            for start in range(0, len(encoded), _LINE):
                yield b"\r\n " + encoded[start : start + _LINE]
        place = found.end()
    yield text[place:]


def _letters(word: bytes) -> Iterator[bytes]:
    return (re.escape(word[n : n + 1]) for n in range(len(word)))
