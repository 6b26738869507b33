"""RTF as a sequence of groups, control words and text (Rich Text Format 1.9.1, "Syntax")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

_TOKEN = re.compile(
    rb"([{}])"
    rb"|\\([A-Za-z]{1,32})(-?[0-9]{1,10})?\x20?"
    rb"|\\'([0-9A-Fa-f]{2})"
    rb"|\\([^A-Za-z])"
    rb"|([^\\{}\r\n\0]+)",
    re.DOTALL,
)


_GROUPS = re.compile(
    rb"([{}])|\\bin(?![A-Za-z])(-?[0-9]{1,10})?\x20?|\\.",
    re.DOTALL,
)
_DEPTHS = {b"{": 1, b"}": -1}


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


class Tokens:
    """The tokens of a document; binary data and what is no RTF are passed over."""

    def __init__(self, rtf: bytes) -> None:
        self._rtf = rtf
        self._position = 0

    def __iter__(self) -> Iterator[Token]:
        while match := _TOKEN.search(self._rtf, self._position):
            self._position = match.end()
            brace, word, number, hexadecimal, symbol, text = match.groups()
            if brace:
                yield _OPEN if brace == b"{" else _CLOSE
            elif word:
                told = None if number is None else int(number)
                if word == b"bin":
                    self._pass_over(number)
                else:
                    yield Token(TokenKind.WORD, word.decode("ascii"), told)
            elif text:
                yield Token(TokenKind.BYTES, "", None, text)
            elif hexadecimal:
                yield Token(TokenKind.BYTES, "", None, bytes.fromhex(hexadecimal.decode("ascii")))
            else:
                yield Token(TokenKind.SYMBOL, symbol.decode("latin-1"))

    def leave_group(self) -> None:
        """The next token is the end of the group that the last one was in."""
        depth = 1
        while match := _GROUPS.search(self._rtf, self._position):
            brace, number = match.groups()
            depth += _DEPTHS.get(brace, 0)
            if not depth:
                self._position = match.start()
                return
            self._position = match.end()
            self._pass_over(number)
        self._position = len(self._rtf)

    def _pass_over(self, number: bytes | None) -> None:
        """Binary data."""
        self._position += max(int(number or 0), 0)
