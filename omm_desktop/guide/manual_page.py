"""The manual as one page for a browser, for whoever wants it on a site or on paper.

Built as a tree, so that every text is escaped by construction.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from omm_desktop import paths
from omm_desktop.guide.manual import Block, Chapter, Part, Section, Shape, manual, other_words
from omm_desktop.language import current
from omm_desktop.language import translate as _

_LISTS = {Shape.STEP: "ol", Shape.POINT: "ul"}


def page() -> str:
    """The manual in the current language; its pictures are expected in `pictures` beside it."""
    shown = manual()
    root = Element("html", lang=current())
    head = SubElement(root, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _text(head, "title", f"{shown.title.text()} – OMM Desktop")
    style = paths.resources() / "style" / "manual.css"
    _text(head, "style", style.read_text(encoding="utf-8"))
    main = SubElement(SubElement(root, "body"), "main")
    header = SubElement(main, "header")
    _text(header, "h1", f"OMM Desktop – {shown.title.text()}")
    _text(header, "p", shown.promise.text())
    contents = SubElement(main, "nav")
    for part in shown.parts:
        _entries(contents, part)
    for chapter in shown.chapters:
        _chapter(main, chapter)
    indent(root, space="")  # a line for each text, so that changes can be read
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _entries(contents: Element, part: Part) -> None:
    _text(contents, "h2", part.title.text())
    entries = SubElement(contents, "ul")
    for chapter in part.chapters:
        entry = SubElement(entries, "li")
        _text(entry, "a", chapter.title.text(), href=f"#{chapter.id}")
        _text(entry, "p", chapter.summary.text())


def _chapter(main: Element, chapter: Chapter) -> None:
    place = SubElement(main, "article", id=chapter.id)
    _text(place, "h2", chapter.title.text())
    _text(place, "p", chapter.summary.text(), {"class": "summary"})
    for section in chapter.sections:
        _section(SubElement(place, "section"), section)


def _section(place: Element, section: Section) -> None:
    _text(place, "h3", section.title.text())
    for shape, blocks in section.runs():
        listed = SubElement(place, _LISTS[shape]) if shape in _LISTS else None
        for block in blocks:
            _block(place, "p", block) if listed is None else _block(listed, "li", block)
    if section.opens is not None:
        told = _("In the program: {}").format(other_words(section.opens))
        _text(place, "p", told, {"class": "program"})
    if section.picture:
        source = f"pictures/{current()}/{section.picture}.png"
        alternative = _("Picture: {}").format(section.title.text())
        SubElement(place, "img", src=source, alt=alternative, loading="lazy")


def _block(parent: Element, tag: str, block: Block) -> None:
    told = SubElement(parent, tag)
    told.text = ""
    for piece, typed in block.pieces():
        if typed:
            _text(told, "code", piece)
        elif len(told):
            told[-1].tail = piece
        else:
            told.text = piece


def _text(
    parent: Element, tag: str, text: str, attributes: dict[str, str] | None = None, **more: str
) -> None:
    SubElement(parent, tag, attributes or {}, **more).text = text
