"""Windows code pages as Python codecs and as MIME charsets ([MS-UCODEREF])."""

from __future__ import annotations

from typing import NamedTuple


class Charset(NamedTuple):
    """A Python codec, and the name registered for MIME."""

    codec: str
    name: str


UTF_8 = Charset("utf-8", "utf-8")
WESTERN = Charset("cp1252", "windows-1252")

_CHARSETS = {
    **{number: Charset(f"cp{number}", f"windows-{number}") for number in range(1250, 1259)},
    **{28590 + part: Charset(f"iso8859-{part}", f"iso-8859-{part}") for part in range(1, 11)},
    437: Charset("cp437", "ibm437"),
    850: Charset("cp850", "ibm850"),
    852: Charset("cp852", "ibm852"),
    866: Charset("cp866", "ibm866"),
    874: Charset("cp874", "windows-874"),
    932: Charset("cp932", "shift_jis"),
    936: Charset("gbk", "gb2312"),
    949: Charset("cp949", "ks_c_5601-1987"),
    950: Charset("cp950", "big5"),
    1200: Charset("utf-16-le", "utf-16le"),
    1201: Charset("utf-16-be", "utf-16be"),
    10000: Charset("mac-roman", "macintosh"),
    20127: Charset("ascii", "us-ascii"),
    20866: Charset("koi8-r", "koi8-r"),
    20932: Charset("euc-jp", "euc-jp"),
    21866: Charset("koi8-u", "koi8-u"),
    28603: Charset("iso8859-13", "iso-8859-13"),
    28605: Charset("iso8859-15", "iso-8859-15"),
    38598: Charset("iso8859-8", "iso-8859-8-i"),
    50220: Charset("iso2022-jp", "iso-2022-jp"),
    50221: Charset("iso2022-jp", "iso-2022-jp"),
    50222: Charset("iso2022-jp", "iso-2022-jp"),
    50225: Charset("iso2022-kr", "iso-2022-kr"),
    51932: Charset("euc-jp", "euc-jp"),
    51936: Charset("gb2312", "gb2312"),
    51949: Charset("euc-kr", "euc-kr"),
    52936: Charset("hz", "hz-gb-2312"),
    54936: Charset("gb18030", "gb18030"),
    65000: Charset("utf-7", "utf-7"),
    65001: UTF_8,
}


_OF_LANGUAGES = {
    1250: (0x05, 0x0E, 0x15, 0x18, 0x1A, 0x1B, 0x24),
    1251: (0x02, 0x19, 0x22, 0x23),
    1252: (0x03, 0x06, 0x07, 0x0A, 0x0B, 0x0C, 0x0F, 0x10, 0x13, 0x14, 0x16, 0x1D),
    1253: (0x08,),
    1254: (0x1F,),
    1255: (0x0D,),
    1256: (0x01,),
    1257: (0x25, 0x26, 0x27),
    1258: (0x2A,),
    874: (0x1E,),
    932: (0x11,),
    936: (0x04,),
    949: (0x12,),
}
_OF_LANGUAGE = {language: page for page, many in _OF_LANGUAGES.items() for language in many}
_TRADITIONAL_CHINESE = frozenset({0x0404, 0x0C04, 0x1404})


def charset_of_locale(locale: int | None) -> Charset | None:
    """The charset of 8-bit text under a locale ([MS-LCID]).

    None where its language is written without accents, which leaves it open: English, for one.
    """
    if locale is None:
        return None
    if locale in _TRADITIONAL_CHINESE:
        return _CHARSETS[950]
    return charset(_OF_LANGUAGE.get(locale & 0x3FF))


def charset(code_page: int | None) -> Charset | None:
    """The charset of a code page, None when it is not told or not known."""
    return None if code_page is None else _CHARSETS.get(code_page)
