"""Where a line of text must not break: after the hyphen of "e-mail", between a number and its word.

Only what is drawn is changed, where a label takes its text: what is copied, searched, masked or
read out by a screen reader stays as it was written. A word joiner keeps the hyphen of the font; the
no-break hyphen (U+2011) is missing in many, and would be drawn in another one.
"""

from __future__ import annotations

import re
from functools import cache

from babel.dates import get_month_names

from omm_desktop.language import locale_name

_JOINED = "-\u2060"
_AFTER_ONE_LETTER = re.compile(r"(?<=\b\w)-(?=\w)")
_BETWEEN_CAPITALS = re.compile(r"(?<=[A-Z])/(?=[A-Z])")  # SSL/TLS
_OF_A_NUMBER = re.compile(r"(?<=\d) (?=[^\W\d_])")  # 3 messages, 25 MB, 12 March


def unbroken(text: str) -> str:
    """The text for a label that wraps, in the current language."""
    text = _AFTER_ONE_LETTER.sub(_JOINED, text)
    text = _BETWEEN_CAPITALS.sub("/\u2060", text)
    text = _OF_A_NUMBER.sub("\u00a0", text)
    return _day_of_month(locale_name()).sub("\\1\u00a0", text)


def unbroken_command(text: str) -> str:
    """What is to be typed as it stands: it may break at its blanks alone."""
    return text.replace("-", _JOINED)


@cache
def _day_of_month(locale: str) -> re.Pattern[str]:
    months = "|".join(map(re.escape, get_month_names("wide", locale=locale).values()))
    return re.compile(rf"\b(\d{{1,2}}(?:er|\.)?) (?={months})")
