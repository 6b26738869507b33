"""HTML as plain text, for fields that cannot hold anything else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"address", "article", "blockquote", "div", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "h5"}
    | {"h6", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
)
_UNREAD = frozenset({"head", "script", "style", "title"})
_SPACES = re.compile(r"[ \t\r\n\f]+")


def text_of_html(html: str) -> str:
    """The text of a page, a line for each block, with line ends of one LF."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.found).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread.append(tag)
        elif tag == "br" or (tag in _BLOCKS and not self._at_line_start()):
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._unread and self._unread[-1] == tag:
            self._unread.pop()
        elif tag in _BLOCKS and not self._at_line_start():
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        text = _SPACES.sub(" ", data)
        if not self._unread and not (text == " " and self._at_line_start()):
            self.found.append(text)

    def _at_line_start(self) -> bool:
        return not self.found or self.found[-1].endswith("\n")
