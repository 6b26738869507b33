"""Text of header fields in ASCII (RFC 2047, RFC 2231, RFC 5322)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from ..messaging.recipient import Person

NO_ADDRESS = "no-address@outlook-file.invalid"
"""Stands for an Internet address that the file does not hold (RFC 2606)."""

_WORD_BYTES = 42
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_BETWEEN_WORDS = re.compile(r"([\s<>(),;:\"]+)")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_PARAMETER_PIECE = 60


def one_line(text: str) -> str:
    """Text without control characters, so that it cannot begin a field of its own."""
    return _CONTROLS.sub(" ", text).strip()


def encoded(text: str) -> str:
    """Text as encoded words (RFC 2047 section 2), folded, each whole in itself."""
    words: list[str] = []
    waiting = b""
    for character in text:
        data = character.encode("utf-8", "replace")
        if len(waiting) + len(data) > _WORD_BYTES:
            words.append(_encoded_word(waiting))
            waiting = b""
        waiting += data
    words.append(_encoded_word(waiting))
    return "\r\n ".join(words)


def unstructured(text: str) -> str:
    """Text for a field as Subject: encoded when it is not ASCII, else folded at spaces."""
    text = one_line(text)
    if not text.isascii() or "=?" in text:
        return encoded(text)
    return _folded(text)


def ascii_field(line: str) -> str:
    """A field as it stands, its folding too, with encoded words for what is not ASCII."""
    if line.isascii():
        return line
    return _encoded_words_in(_QUOTED.sub(_unquoted_if_wide, line))


def _unquoted_if_wide(match: re.Match[str]) -> str:
    """Encoded words may not stand within quotes (RFC 2047 section 5)."""
    if match[0].isascii():
        return match[0]
    return encoded(re.sub(r"\\(.)", r"\1", match[1]))


def _encoded_words_in(line: str) -> str:
    """Each stretch of words that are not ASCII becomes one.

    Spaces between two of them are encoded too, since readers drop those between encoded words.
    """
    found: list[str] = []
    wide = between = ""
    for index, piece in enumerate(_BETWEEN_WORDS.split(line)):
        if index % 2 and wide and piece.isspace():
            between = piece
        elif piece.isascii():
            found += [encoded(wide) if wide else "", between, piece]
            wide = between = ""
        else:
            wide, between = wide + between.replace("\r\n", "") + piece, ""
    return "".join([*found, encoded(wide) if wide else "", between])


def mailbox(person: Person) -> str:
    """A person as From and To name them (RFC 5322 3.4)."""
    name, address = one_line(person.name), person.address or NO_ADDRESS
    if name in ("", address):
        return address
    if not name.isascii() or "=?" in name:
        return f"{encoded(name)} <{address}>"
    if not _PLAIN_NAME.fullmatch(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{address}>"


def mailboxes(people: Iterable[Person]) -> str:
    """Several people, one on a line."""
    return ",\r\n ".join(mailbox(person) for person in people)


def date(moment: datetime) -> str:
    """An instant (RFC 5322 3.3)."""
    # Here, since it takes longer to load than many messages to read, and most bring their date.
    from email.utils import format_datetime

    return format_datetime(moment)


def parameter(name: str, value: str) -> str:
    """A parameter with what goes before it, in pieces when it is long (RFC 2231)."""
    value = one_line(value)
    if value.isascii() and len(value) <= _PARAMETER_PIECE:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f';\r\n {name}="{escaped}"'
    characters = [quote(character, safe="") for character in value]
    pieces = ["utf-8''"]
    for character in characters:
        if len(pieces[-1]) + len(character) > _PARAMETER_PIECE:
            pieces.append("")
        pieces[-1] += character
    if len(pieces) == 1:
        return f";\r\n {name}*={pieces[0]}"
    return "".join(f";\r\n {name}*{number}*={piece}" for number, piece in enumerate(pieces))


def _encoded_word(data: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(data).decode('ascii')}?="


def _folded(text: str) -> str:
    lines = [""]
    for word in re.split(r"(?<=\S)(?= )", text):
        if lines[-1] and len(lines[-1]) + len(word) > 66 and word.strip():
            lines.append("")
        lines[-1] += word
    return "\r\n".join(lines)
