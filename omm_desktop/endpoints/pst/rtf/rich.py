"""RTF that was written as such, as HTML and as plain text.

Kept are paragraphs and their alignment, fonts, sizes, colours, weight and slant, underlining,
links, and the text of lists and tables. Pictures within the text are told of, not converted.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace

from .events import Document, Event, EventKind, whole_characters

_COLOURS = re.compile(rb"\{\\colortbl([^{}]*)\}")
_COLOUR = re.compile(rb"\\red(\d{1,3})\s*\\green(\d{1,3})\s*\\blue(\d{1,3})")
_LINK = re.compile(r'HYPERLINK\s+(?:\\\S+\s+)*"?([^"\s]+)', re.IGNORECASE)
_SAFE_LINK = re.compile(r"(?:https?|ftp|mailto|tel|file|news):", re.IGNORECASE)
_ALIGNMENTS = {"ql": "", "qc": "center", "qr": "right", "qj": "justify"}
_LINE_ENDS = frozenset({"par", "sect", "page", "row", "line"})


@dataclass(frozen=True, slots=True)
class RichText:
    """The same content twice; `has_pictures` when some of it is in neither."""

    html: str
    text: str
    has_pictures: bool


@dataclass(frozen=True, slots=True)
class _Style:
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    struck: bool = False
    raised: str = ""
    font: int = -1
    size: int = 0
    colour: int = 0
    link: str = ""
    hidden: bool = False


@dataclass(slots=True)
class _Page:
    """The document as written so far."""

    document: Document
    colours: list[str]
    paragraphs: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    runs: list[tuple[_Style, list[str]]] = field(default_factory=list)
    alignment: str = ""

    def write(self, style: _Style, text: str) -> None:
        if style.hidden:
            return
        if self.runs and self.runs[-1][0] == style:
            self.runs[-1][1].append(text)
        else:
            self.runs.append((style, [text]))

    def end_paragraph(self) -> None:
        runs = [(style, whole_characters("".join(texts))) for style, texts in self.runs]
        self.lines.append("".join(text for _, text in runs))
        align = f";text-align:{self.alignment}" if self.alignment else ""
        inner = "".join(self._marked(style, text) for style, text in runs) or "&nbsp;"
        self.paragraphs.append(f'<p style="margin:0{align}">{inner}</p>')
        self.runs.clear()

    def _marked(self, style: _Style, text: str) -> str:
        found = html.escape(text, quote=False).replace("\n", "<br>").replace("\t", "&emsp;")
        css = "".join(f"{name}:{value};" for name, value in self._css(style))
        if css:
            found = f'<span style="{html.escape(css)}">{found}</span>'
        for tag, wanted in (
            ("b", style.bold),
            ("i", style.italic),
            ("u", style.underlined and not style.link),
            ("s", style.struck),
            (style.raised, bool(style.raised)),
        ):
            if wanted:
                found = f"<{tag}>{found}</{tag}>"
        return f'<a href="{html.escape(style.link)}">{found}</a>' if style.link else found

    def _css(self, style: _Style) -> list[tuple[str, str]]:
        found = []
        if name := self.document.font_name(style.font):
            found.append(("font-family", "'" + re.sub(r"[^\w .-]", "", name) + "'"))
        if style.size:
            found.append(("font-size", f"{style.size / 2:g}pt"))
        if 0 < style.colour < len(self.colours) and self.colours[style.colour]:
            found.append(("color", self.colours[style.colour]))
        return found


def rich_text(rtf: bytes) -> RichText:
    """Native RTF as HTML and as text with line ends of one LF."""
    document = Document(rtf)
    page = _Page(document, _colours(rtf))
    style = _Style()
    outer: list[_Style] = []
    instruction: list[str] = []
    for event in document.events():
        if event.kind is EventKind.OPEN:
            outer.append(style)
        elif event.kind is EventKind.CLOSE:
            style = outer.pop() if outer else _Style()
        elif event.destination == "fldinst" and event.kind is EventKind.TEXT:
            instruction.append(event.text)
        elif event.kind is EventKind.TEXT:
            page.write(style, event.text)
        elif event.text == "fldinst":
            instruction = []
        elif event.text == "fldrslt":
            style = replace(style, link=_link("".join(instruction)))
        elif event.text in _LINE_ENDS:
            page.end_paragraph()
        else:
            style = _styled(style, event, page)
    if page.runs:
        page.end_paragraph()
    body = "\n".join(page.paragraphs)
    return RichText(
        f"<html>\n<body>\n{body}\n</body>\n</html>\n",
        "\n".join([*page.lines, ""]),
        document.has_pictures,
    )


def _styled(style: _Style, event: Event, page: _Page) -> _Style:
    word, number = event.text, event.number
    if word in _ALIGNMENTS:
        page.alignment = _ALIGNMENTS[word]
    elif word == "pard":
        page.alignment = ""
    elif word == "cell":
        page.write(style, "\t")
    match word:
        case "plain":
            return _Style(link=style.link)
        case "b":
            return replace(style, bold=number != 0)
        case "i":
            return replace(style, italic=number != 0)
        case "ul":
            return replace(style, underlined=number != 0)
        case "strike":
            return replace(style, struck=number != 0)
        case "ulnone":
            return replace(style, underlined=False)
        case "super" | "sub":
            return replace(style, raised="" if number == 0 else word.replace("super", "sup"))
        case "nosupersub":
            return replace(style, raised="")
        case "v":
            return replace(style, hidden=number != 0)
        case "f":
            return replace(style, font=number or 0)
        case "fs":
            return replace(style, size=number if number and 0 < number < 1000 else 0)
        case "cf":
            return replace(style, colour=number or 0)
    return style


def _link(instruction: str) -> str:
    match = _LINK.search(instruction)
    return match[1] if match and _SAFE_LINK.match(match[1]) else ""


def _colours(rtf: bytes) -> list[str]:
    table = _COLOURS.search(rtf)
    if table is None:
        return []
    return [
        "#" + "".join(f"{min(int(part), 255):02x}" for part in match.groups())
        if (match := _COLOUR.search(entry))
        else ""
        for entry in table[1].split(b";")
    ]
