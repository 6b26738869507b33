"""RTF as a sequence of groups, control words and text (Rich Text Format 1.9.1, "Syntax")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

_TOKEN = re.compile(
    rb"(?P<open>\{)|(?P<close>\})"
    rb"|\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,10})?(?P<space>\x20)?"
    rb"|\\'(?P<hex>[0-9A-Fa-f]{2})"
    rb"|\\(?P<symbol>[^A-Za-z])"
    rb"|(?P<text>[^\\{}\r\n\0]+)",
    re.DOTALL,
)


class TokenKind(Enum):
    """What a token is."""

    OPEN = auto()
    CLOSE = auto()
    WORD = auto()
    SYMBOL = auto()
    BYTES = auto()


class Token(NamedTuple):
    """A token: `word` for control words and symbols, `data` for text and hexadecimal bytes."""

    kind: TokenKind
    word: str = ""
    number: int | None = None
    data: bytes = b""


_OPEN = Token(TokenKind.OPEN)
_CLOSE = Token(TokenKind.CLOSE)


def tokens(rtf: bytes) -> Iterator[Token]:
    """The tokens of a document; binary data and what is no RTF are passed over."""
    position = 0
    while match := _TOKEN.search(rtf, position):
        position = match.end()
        kind = match.lastgroup if match["word"] is None else "word"
        if kind == "text":
            yield Token(TokenKind.BYTES, data=match["text"])
        elif kind == "word":
            number = None if match["number"] is None else int(match["number"])
            if match["word"] == b"bin":
                position += max(number or 0, 0)
                continue
            yield Token(TokenKind.WORD, match["word"].decode("ascii"), number)
        elif kind == "hex":
            yield Token(TokenKind.BYTES, data=bytes([int(match["hex"], 16)]))
        elif kind == "open":
            yield _OPEN
        elif kind == "close":
            yield _CLOSE
        else:
            yield Token(TokenKind.SYMBOL, match["symbol"].decode("latin-1"))
