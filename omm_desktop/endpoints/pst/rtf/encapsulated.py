"""HTML and plain text that Outlook has wrapped in RTF ([MS-OXRTFEX])."""

from __future__ import annotations

import re
from enum import Enum, auto

from .events import Document, EventKind, whole_characters

_MARK = re.compile(rb"\\from(html|text)(?![a-z])")
_MARKED_WITHIN = 4096
_LINE_WORDS = frozenset({"par", "line"})
_ENTITIES = str.maketrans({"\u00a0": "&nbsp;", "\u2011": "&#8209;"})


class Origin(Enum):
    """What the RTF was made from (2.1.3.1)."""

    HTML = auto()
    TEXT = auto()
    RTF = auto()


def origin(rtf: bytes) -> Origin:
    """Whether the RTF wraps something, told by a word among its first."""
    match = _MARK.search(rtf, 0, _MARKED_WITHIN)
    if match is None:
        return Origin.RTF
    return Origin.HTML if match[1] == b"html" else Origin.TEXT


def unwrap(rtf: bytes) -> str:
    """The HTML or text within, with line ends of one LF (3.1.3)."""
    is_html = origin(rtf) is Origin.HTML
    found: list[str] = []
    hidden = False
    outer: list[bool] = []
    for event in Document(rtf).events():
        if event.kind is EventKind.OPEN:
            outer.append(hidden)
        elif event.kind is EventKind.CLOSE:
            hidden = outer.pop() if outer else False
        elif event.text == "htmlrtf" and event.kind is EventKind.WORD:
            hidden = event.number != 0
        elif hidden or event.destination == "fldinst":
            continue
        elif event.kind is EventKind.TEXT:
            found.append(event.text)
        elif event.text in _LINE_WORDS:
            found.append("\n")
    text = whole_characters("".join(found))
    return text if not is_html else text.translate(_ENTITIES)
