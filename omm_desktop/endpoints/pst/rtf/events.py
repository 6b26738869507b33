"""What a document says: decoded text and control words, destinations nobody reads left out."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from .tokens import Token, TokenKind, Tokens

_DEEPEST = 10_000
_LONGEST_FONT_NAME = 128

_SKIPPED = frozenset(
    {
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "header",
        "headerl",
        "headerr",
        "headerf",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "footnote",
        "annotation",
        "filetbl",
        "revtbl",
        "rsidtbl",
        "listtable",
        "listoverridetable",
        "generator",
        "themedata",
        "datastore",
        "colorschememapping",
        "latentstyles",
        "mhtmltag",
        "nonshppict",
        "xmlnstbl",
    }
)
_STARRED_AND_READ = frozenset({"htmltag", "fldinst"})
_READ = frozenset({"htmltag", "fldinst", "fonttbl"})

# Character sets of fonts (\fcharset) as code pages; 2 is the symbol font's own.
_FONT_CHARSETS = {
    0: "cp1252", 77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk",
    136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp437",
}  # fmt: skip

# Control words and symbols that stand for text.
_CHARACTERS = {
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "~": "\u00a0",
    "_": "\u2011",
    "-": "",
    "\\": "\\",
    "{": "{",
    "}": "}",
}


class EventKind(Enum):
    """What happens next in the document."""

    TEXT = auto()
    WORD = auto()
    OPEN = auto()
    CLOSE = auto()


class Event(NamedTuple):
    """One step: text with the destination it is for, a control word, or a group's ends."""

    kind: EventKind
    text: str = ""
    number: int | None = None
    destination: str = ""


_OPEN, _CLOSE = Event(EventKind.OPEN), Event(EventKind.CLOSE)


@dataclass(slots=True)
class _Group:
    destination: str = ""
    skipped: bool = False
    starred: bool = False
    codec: str = ""
    after_unicode: int = 1

    def within(self) -> _Group:
        """One that begins in it."""
        return _Group(self.destination, self.skipped, False, self.codec, self.after_unicode)


class Document:
    """A document read from its start. `has_pictures` is known once `events` has ended."""

    def __init__(self, rtf: bytes) -> None:
        self._tokens = Tokens(rtf)
        self._fonts: dict[int, str] = {}
        self._font_names: dict[int, str] = {}
        self._default_codec = "cp1252"
        self._font = 0
        self._group = _Group()
        self._outer: list[_Group] = []
        self._bytes = bytearray()
        self._ignore = 0
        self.has_pictures = False

    def font_name(self, number: int) -> str:
        """The name that the document gives a font."""
        return self._font_names.get(number, "").strip().rstrip(";").strip()

    def events(self) -> Iterator[Event]:
        """All that happens, in order."""
        for token in self._tokens:
            kind, word, number, data = token
            if kind is TokenKind.BYTES:
                self._take_bytes(data)
                continue
            if kind is TokenKind.WORD and word == "u" and not self._group.skipped:
                if self._bytes and (event := self._flush()):
                    yield event
                if event := self._character(number or 0):
                    yield event
                continue
            if self._ignore and kind is TokenKind.SYMBOL:
                self._ignore -= 1
                continue
            if self._bytes and (event := self._flush()):
                yield event
            self._ignore = 0
            if event := self._act(token):
                yield event
        if self._bytes and (event := self._flush()):
            yield event

    def _act(self, token: Token) -> Event | None:
        if token.kind is TokenKind.OPEN:
            if len(self._outer) < _DEEPEST:
                self._outer.append(self._group)
                self._group = self._group.within()
            return None if self._group.skipped else _OPEN
        if token.kind is TokenKind.CLOSE:
            if self._outer:
                self._group = self._outer.pop()
            return None if self._group.skipped else _CLOSE
        if token.kind is TokenKind.SYMBOL and token.word == "*":
            self._group.starred = True
            return None
        return None if self._group.skipped else self._word(token)

    def _word(self, token: Token) -> Event | None:
        word, group = token.word, self._group
        event: Event | None = None
        if word == "pict":
            self.has_pictures = True
        if word in _SKIPPED or (group.starred and word not in _STARRED_AND_READ):
            group.skipped = True
            self._tokens.leave_group()
        elif word in _READ:
            group.destination = word
            event = Event(EventKind.WORD, word, token.number)
        elif not self._setting(word, token.number):
            character = _CHARACTERS.get(word)
            if character is not None:
                event = self._text(character)
            elif token.kind is TokenKind.SYMBOL and word in "\r\n":
                event = Event(EventKind.WORD, "par")
            elif group.destination != "fonttbl":
                event = Event(EventKind.WORD, word, token.number, group.destination)
        group.starred = False
        return event

    def _setting(self, word: str, number: int | None) -> bool:
        """Take note of what changes how bytes are read; tell whether that is all it does."""
        group = self._group
        if word == "uc":
            group.after_unicode = max(number or 0, 0)
        elif word == "ansicpg":
            self._default_codec = _codec(f"cp{number}") or self._default_codec
        elif word == "f":
            self._font = number or 0
            group.codec = self._fonts.get(self._font, "")
            return group.destination == "fonttbl"
        elif word == "fcharset" and group.destination == "fonttbl":
            self._fonts[self._font] = _FONT_CHARSETS.get(number or 0, "")
        elif word == "plain":
            group.codec = ""
            return False
        else:
            return False
        return True

    def _take_bytes(self, data: bytes) -> None:
        if self._group.skipped:
            return
        if self._ignore:
            ignored = min(self._ignore, len(data))
            self._ignore -= ignored
            data = data[ignored:]
        self._bytes += data

    def _flush(self) -> Event | None:
        codec = self._group.codec or self._default_codec
        text = self._bytes.decode(codec, "replace")
        self._bytes.clear()
        return self._text(text)

    def _character(self, number: int) -> Event | None:
        self._ignore = self._group.after_unicode
        return self._text(chr(number & 0xFFFF))

    def _text(self, text: str) -> Event | None:
        if self._group.destination == "fonttbl":
            known = self._font_names.get(self._font, "")
            self._font_names[self._font] = (known + text)[:_LONGEST_FONT_NAME]
            return None
        return Event(EventKind.TEXT, text, destination=self._group.destination)


def whole_characters(text: str) -> str:
    """Text whose characters beyond 16 bits came as two halves each; lone halves are replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _codec(name: str) -> str:
    names = {"cp65001": "utf-8", "cp936": "gbk", "cp10000": "mac-roman", "cp1200": "cp1252"}
    try:
        return codecs.lookup(names.get(name, name)).name
    except LookupError:
        return ""
