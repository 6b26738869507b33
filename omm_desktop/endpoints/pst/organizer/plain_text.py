"""HTML as plain text, for fields that cannot hold anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_BLOCKS = frozenset(
    {"address", "article", "blockquote", "div", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "h5"}
    | {"h6", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
_UNREAD = frozenset({"head", "script", "style", "title"})
_CLOSING = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in _UNREAD}
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_COMMENT, _COMMENT_END = "<!--", "-->"


def text_of_html(html: str) -> str:
    """The text of a page, a line for each block, with line ends of one LF.

    It takes time in proportion to the length, whatever the page is made of.
    """
    found: list[str] = []
    for text, tag in _pieces(html):
        words = _SPACES.sub(" ", unescape(text))
        at_start = not found or found[-1] == "\n"
        if words and not (words == " " and at_start):
            found.append(words)
            at_start = False
        if tag == "br" or (tag in _BLOCKS and not at_start):
            found.append("\n")
    lines = (line.strip() for line in "".join(found).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """Each stretch of text with the name of the tag that ends it; what never ends is left out."""
    position = 0
    while (start := html.find("<", position)) >= 0:
        match = _NAME.match(html, start)
        tag = match[1].lower() if match else ""
        yield html[position:start], tag
        is_comment = html.startswith(_COMMENT, start)
        end = html.find(_COMMENT_END if is_comment else ">", start)
        if tag in _UNREAD and html[start + 1] != "/" and end >= 0:
            closing = _CLOSING[tag].search(html, end)
            end = html.find(">", closing.end()) if closing else -1
        if end < 0:
            return
        position = end + (len(_COMMENT_END) if is_comment else 1)
    yield html[position:], ""
