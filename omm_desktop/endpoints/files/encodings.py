"""The encoding of a text that does not tell it.

Windows writes such texts in the encoding of its language. Those of one octet for a letter cannot
be told from each other by what they allow; but letters beyond ASCII stand alone in the words of
languages with Latin letters, and together in those of all others.
"""

from __future__ import annotations

import re

_RUN = re.compile(rb"[\x80-\xff]+")
_WORD = re.compile(rb"[\x80-\xff]{3,}")
_ACCENT_WITHIN = re.compile(rb"[\xe0-\xff][\xdc-\xdf]")
_PAIR = re.compile(rb"([\x81-\xfe])([\xa1-\xfe])")
_SHIFT_JIS = re.compile(rb"([\x81-\x9f\xe0-\xfc])[\x40-\x7e\x80-\xfc]")
# Quotation marks, dashes and the like of Windows, which stand in words of Latin letters as well.
_SIGNS = frozenset(b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99")
_FEWEST = 2


def likely_encoding(text: bytes) -> str:
    """What a text that is no UTF-8 is likely to be in, by its octets above 127; else cp1252."""
    if _is_japanese(text):
        return "cp932"
    words = _WORD.findall(text)
    letters = b"".join(words)
    if len(letters) * 2 <= sum(map(len, _RUN.findall(text))):
        return "cp1252"
    if sum(octet < 0xC0 for octet in letters) * 10 > len(letters) and (east := _east_asian(text)):
        return east
    # Greek words have letters with accents where Russian ones would have capitals.
    accents = sum(len(_ACCENT_WITHIN.findall(word)) for word in words)
    return "cp1253" if accents * 50 > len(letters) else "cp1251"


def _is_japanese(text: bytes) -> bool:
    if not _allows(text, "cp932"):
        return False
    first = [found[1][0] for found in _SHIFT_JIS.finditer(text)]
    early = [octet for octet in first if octet < 0xA0]
    told = [octet for octet in early if octet not in _SIGNS]
    return len(told) >= _FEWEST and 2 * len(early) > len(first) and 4 * len(told) > len(first)


def _east_asian(text: bytes) -> str | None:
    """Korean words are of syllables, which all come early."""
    first = [found[1][0] for found in _PAIR.finditer(text)]
    syllables = sum(0xB0 <= octet <= 0xC8 for octet in first)
    if syllables * 10 > len(first) * 9 and _allows(text, "cp949"):
        return "cp949"
    # Chinese as written in Taiwan: many characters end in an octet that the others do not have.
    early_ends = len(re.findall(rb"[\xa4-\xf9][\x40-\x7e]", text))
    if early_ends * 5 > len(first) and _allows(text, "big5"):
        return "big5"
    return "gb18030" if _allows(text, "gb18030") else None


def _allows(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
