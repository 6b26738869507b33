"""The reference of one service on paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrinter

from omm_desktop.guide import labels
from omm_desktop.guide.reference import Sheet
from omm_desktop.language import translate as _
from omm_desktop.ui.colours import LIGHT
from omm_desktop.ui.reference.drawing import picture

_POINTS = 10.0
_DRAWING = QUrl("drawing:pop-or-imap")
# Otherwise Qt's HTML makes a blank that breaks of the narrow one before a colon.
_STYLE = "h1, h2, p, li, td { white-space: pre-wrap }"


def print_sheet(sheet: Sheet, program: str | None, printer: QPrinter) -> None:
    """`program` is the id of the mail program whose steps are printed, if any."""
    document = QTextDocument()
    font = document.defaultFont()
    font.setPointSizeF(_POINTS)
    document.setDefaultFont(font)
    family = font.family()
    document.addResource(QTextDocument.ResourceType.ImageResource, _DRAWING, picture(LIGHT, family))
    document.setDefaultStyleSheet(_STYLE)
    document.setHtml(as_html(sheet, program))
    document.print_(printer)


def as_html(sheet: Sheet, program: str | None) -> str:
    """The page that is printed, in the HTML that Qt knows."""
    return "".join(_sections(sheet, program))


def _sections(sheet: Sheet, program: str | None) -> Iterator[str]:
    service = sheet.service
    yield f"<h1>{escape(service.name.text())}</h1>"
    yield f"<p>{labels.PROTOCOLS[sheet.protocol]} – {escape(labels.checked(service.checked))}</p>"
    yield _paragraphs([labels.sign_in(service), *(note.text() for note in service.notes)])
    for part in sheet.parts:
        rows = [(labels.value_label(one), _marked(one.shown, one.inferred)) for one in part.values]
        rows.append((_("User name"), escape(labels.login(part.login))))
        yield f"<h2>{escape(labels.part_name(part.name))}</h2>"
        yield '<table cellpadding="4">'
        yield from (f"<tr><td>{escape(name)}</td><td>{text}</td></tr>" for name, text in rows)
        yield "</table>"
        if part.asks_spa:
            yield f"<p>{escape(labels.spa_line())}</p>"
    yield _paragraphs([_("Source: {}").format(labels.source(one)) for one in sheet.citations()])
    if service.guide is not None:
        yield _steps(labels.guide_title(service), [one.text() for one in service.guide.steps])
    for one in sheet.programs():
        if one.id == program:
            yield _steps(labels.adding(one), labels.steps(one.add, sheet))
            yield _steps(labels.changing(one), labels.steps(one.change, sheet))
    question = _("POP or IMAP?")
    yield f"<h2>{escape(question)}</h2>"
    yield f'<p><img src="{_DRAWING.toString()}" width="480"></p>'
    yield _paragraphs(labels.pop_or_imap())


def _marked(text: str, inferred: bool) -> str:
    mark = _("? Inferred: no source gives this value.") if inferred else ""
    return f"<b><code>{escape(text)}</code></b> <i>{escape(mark)}</i>"


def _steps(title: str, steps: list[str]) -> str:
    items = "".join(f"<li>{escape(step)}</li>" for step in steps)
    return f"<h2>{escape(title)}</h2><ol>{items}</ol>"


def _paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)
