"""The tree of MIME parts, and how it is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from ..damage import Damaged
from . import words
from .body import Text
from .notes import Note, NoteKind
from .transfer import base64_lines, canonical, encoded_text


class Output(Protocol):
    """Where the bytes go: a file, or anything with its `write`."""

    def write(self, data: bytes, /) -> object: ...


class Part(Protocol):
    """A part; `seed` makes the boundaries within it its own."""

    def write(self, output: Output, seed: bytes) -> None: ...


class TextPart(NamedTuple):
    """One form of the body."""

    text: Text

    @property
    def ends_line(self) -> bool:
        """Whether the text ends with a line end of its own."""
        return self.text.data.endswith((b"\r", b"\n"))

    def write(self, output: Output, seed: bytes) -> None:
        encoding, data = encoded_text(canonical(self.text.data))
        output.write(
            f"Content-Type: text/{self.text.subtype}; charset={self.text.charset}\r\n"
            f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode("ascii")
        )
        output.write(data)


class FilePart(NamedTuple):
    """A file in base64, read while it is written. What cannot be read is told in `notes`."""

    media_type: str
    name: str
    pieces: Callable[[], Iterator[bytes]]
    notes: list[Note]
    content_id: str = ""
    location: str = ""
    inline: bool = False

    def write(self, output: Output, seed: bytes) -> None:
        output.write(self._header().encode("ascii"))
        for line in base64_lines(self._readable()):
            output.write(line)

    def _header(self) -> str:
        named = words.parameter("name", self.name) if self.name else ""
        filed = words.parameter("filename", self.name) if self.name else ""
        lines = [
            f"Content-Type: {self.media_type}{named}",
            "Content-Transfer-Encoding: base64",
            f"Content-Disposition: {'inline' if self.inline else 'attachment'}{filed}",
        ]
        if self.content_id:
            lines.append(f"Content-ID: <{self.content_id}>")
        if self.location:
            lines.append(f"Content-Location: {self.location}")
        return "".join(f"{line}\r\n" for line in [*lines, ""])

    def _readable(self) -> Iterator[bytes]:
        try:
            yield from self.pieces()
        except Damaged as damage:
            self.notes.append(Note(NoteKind.ATTACHMENT_DAMAGED, f"{self.name}: {damage}"))


class MessagePart(NamedTuple):
    """A message within the message; `write_message` writes it whole."""

    name: str
    write_message: Callable[[Output, bytes], None]

    def write(self, output: Output, seed: bytes) -> None:
        named = words.parameter("filename", self.name) if self.name else ""
        output.write(
            f"Content-Type: message/rfc822\r\n"
            f"Content-Disposition: attachment{named}\r\n\r\n".encode("ascii")
        )
        self.write_message(output, seed)


class Multipart(NamedTuple):
    """Several parts, one after the other."""

    subtype: str
    parts: list[Part]
    root_type: str = ""

    def write(self, output: Output, seed: bytes) -> None:
        mark = boundary(seed)
        root = f'; type="{self.root_type}"' if self.root_type else ""
        output.write(
            f'Content-Type: multipart/{self.subtype}{root};\r\n boundary="{mark}"\r\n\r\n'.encode(
                "ascii"
            )
        )
        for number, part in enumerate(self.parts):
            output.write(f"--{mark}\r\n".encode("ascii"))
            part.write(output, seed + number.to_bytes(4, "big"))
            output.write(b"\r\n")
        output.write(f"--{mark}--\r\n".encode("ascii"))


def boundary(seed: bytes) -> str:
    """A boundary that neither quoted-printable nor base64 can hold (RFC 2045 6.7, 6.8)."""
    return "=_" + hashlib.blake2b(seed, digest_size=18).hexdigest()
