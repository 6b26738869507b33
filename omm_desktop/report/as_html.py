"""The report for people: one HTML file that needs nothing else, on screen and on paper.

Built as a tree, so that every text from a mailbox is escaped by construction.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from omm_desktop import __version__, paths
from omm_desktop.language import current
from omm_desktop.language import translate as _
from omm_desktop.model.items import ItemKind
from omm_desktop.model.report import FailedItem, Grade, Note, Proof, Report, SettingResult
from omm_desktop.report.explained import Explain, Explained, details
from omm_desktop.report.groups import failure_groups, note_groups
from omm_desktop.report.headline import headline
from omm_desktop.report.setting_words import fate_words, setting_name
from omm_desktop.report.unlisted import unlisted, unlisted_edited, unlisted_notes
from omm_desktop.wording import (
    count,
    date_time,
    duration,
    items,
    kind_name,
    only_mail,
    size,
    written_day,
)

_UNSHOWABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKS = {
    Grade.COMPLETE: "✓",
    Grade.COMPLETE_WITH_NOTES: "✓",
    Grade.INCOMPLETE: "!",
    Grade.INTERRUPTED: "❚❚",
    Grade.NOT_STARTED: "✗",
}


def as_html(report: Report, explain: Explain) -> str:
    """The report in the current language, as one self-contained document."""
    page = Element("html", lang=current())
    page.append(_head(headline(report)))
    body = SubElement(page, "body", {"class": report.grade})
    main = SubElement(body, "main")
    _opening(main, report)
    if report.stopped_by:
        _reason(SubElement(main, "section"), explain(report.stopped_by), report.stopped_by.subject)
    _numbers(main, report)
    _kinds(main, report)
    _failures(main, report, explain)
    _edited(main, report, explain)
    _remarks(main, report, explain)
    _settings(main, report.settings, explain)
    _folders(main, report)
    _text(SubElement(body, "footer"), "p", _("Written by {}.").format(f"OMM Desktop {__version__}"))
    return "<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


def _head(title: str) -> Element:
    head = Element("head")
    SubElement(head, "meta", charset="utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": policy})
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _text(head, "title", f"{title} – OMM Desktop")
    style = paths.resources() / "style" / "report.css"
    _text(head, "style", style.read_text(encoding="utf-8"))
    return head


def _opening(main: Element, report: Report) -> None:
    header = SubElement(main, "header")
    title = SubElement(header, "h1")
    _text(title, "span", _MARKS[report.grade], {"class": "mark", "aria-hidden": "true"})
    _text(title, "span", headline(report))
    way = SubElement(header, "p")
    _text(
        way,
        "span",
        _("From {source} to {destination}").format(
            source=report.source, destination=report.destination
        ),
    )
    began = datetime.fromtimestamp(report.began, UTC)
    _text(header, "p", _("Copy no. {run}, {when}").format(run=report.run, when=date_time(began)))
    _text(header, "p", _("Nothing was deleted or changed at the source."))


def _numbers(main: Element, report: Report) -> None:
    numbers = SubElement(main, "dl")
    for name, value in (
        (_("Copied"), count(report.copied)),
        (_("Already there"), count(report.present)),
        (_("Not copied"), count(report.not_copied)),
        (_("Size copied"), size(report.bytes_copied)),
        (_("Duration"), duration(report.seconds)),
    ):
        pair = SubElement(numbers, "div")
        _text(pair, "dt", name)
        _text(pair, "dd", value)


def _kinds(main: Element, report: Report) -> None:
    """One line for each kind, where there is more than mail."""
    if only_mail(report.kinds):
        return
    columns = [_("Kind"), _("Found"), _("Copied"), _("Already there"), _("Not copied")]
    columns += [_("Edited since"), _("Updated")]
    table = _table(_section(main, _("Kinds")), _("Each kind and what became of it"), columns)
    for kind in report.kinds:
        totals = report.of_kind(kind)
        row = SubElement(table, "tr")
        _text(row, "th", kind_name(kind), {"scope": "row"})
        for number in (
            totals.listed,
            totals.copied,
            totals.present,
            totals.not_copied,
            totals.edited,
            totals.updated,
        ):
            _text(row, "td", count(number), {"class": "number"})


def _edited(main: Element, report: Report, explain: Explain) -> None:
    groups = [(one.reason, one.items) for one in failure_groups(report.edited, explain)]
    _groups(main, _("Edited at the source since"), groups, report, unlisted_edited(report))


def _failures(main: Element, report: Report, explain: Explain) -> None:
    groups = [(one.reason, one.items) for one in failure_groups(report.failed, explain)]
    _groups(main, _("What could not be copied"), groups, report, unlisted(report))


def _remarks(main: Element, report: Report, explain: Explain) -> None:
    groups = [(one.reason, one.notes) for one in note_groups(report.notes, explain)]
    _groups(main, _("Remarks"), groups, report, unlisted_notes(report))


def _groups(
    main: Element,
    title: str,
    groups: Sequence[tuple[Explained, Sequence[FailedItem] | Sequence[Note]]],
    report: Report,
    ending: str = "",
) -> None:
    """A reason after the other, each with what it concerns; nothing where there is none."""
    if not groups:
        return
    section = _section(main, title)
    for reason, entries in groups:
        part = SubElement(section, "article")
        _reason(part, reason)
        _item_table(part, reason, entries, report)
    if ending:
        _text(section, "p", ending)


def _reason(parent: Element, reason: Explained, subject: str = "") -> None:
    _text(parent, "h3", reason.title)
    _text(parent, "p", reason.cause)
    _text(parent, "p", reason.remedy)
    code = _("Code {}").format(reason.code)
    _text(parent, "p", f"{code} · {subject}" if subject else code, {"class": "code"})


def _item_table(
    parent: Element,
    reason: Explained,
    entries: Sequence[FailedItem] | Sequence[Note],
    report: Report,
) -> None:
    """Nothing of what is about the copy as a whole."""
    columns = [_("Folder"), _("Date"), _("Sender"), _("Subject")]
    kinds = {folder.source: (folder.kind,) for folder in report.folders}
    detailed = any(details(item.problem) for item in entries)
    if detailed:
        columns.append(_("Details"))
    rows = [_cells(item, kinds, detailed=detailed) for item in entries]
    if not any(map(any, rows)):
        return
    caption = _("Messages concerned: {}") if only_mail(report.kinds) else _("Concerned: {}")
    table = _table(parent, caption.format(reason.title), columns)
    for folder, *values in rows:
        row = SubElement(table, "tr")
        _text(row, "th", folder, {"scope": "row"})
        for value in values:
            _text(row, "td", value)


def _cells(
    item: FailedItem | Note, kinds: Mapping[str, tuple[ItemKind, ...]], *, detailed: bool
) -> list[str]:
    label = item.label
    cells = [item.folder, written_day(label.date), label.sender, _subject(item, kinds)]
    return [*cells, details(item.problem)] if detailed else cells


def _subject(item: FailedItem | Note, kinds: Mapping[str, tuple[ItemKind, ...]]) -> str:
    if isinstance(item, Note) and item.kind is not None:
        return items({item.kind}, item.count) if item.folder else kind_name(item.kind)
    if isinstance(item, Note) and item.count > 1:
        return items(kinds.get(item.folder, ()), item.count)
    return item.label.subject


def _folders(main: Element, report: Report) -> None:
    folders, kinds = report.folders, not only_mail(report.kinds)
    if not folders:
        return
    columns = [
        _("Folder"),
        _("Copied to"),
        _("Found"),
        _("Copied"),
        _("Already there"),
        _("Not copied"),
        _("Left out"),
        _("Size copied"),
        _("Proof"),
    ]
    if kinds:
        columns.insert(1, _("Kind"))
    table = _table(_section(main, _("Folders")), _("Every folder and what became of it"), columns)
    for folder in folders:
        row = SubElement(table, "tr")
        _text(row, "th", folder.source, {"scope": "row"})
        if kinds:
            _text(row, "td", kind_name(folder.kind))
        _text(row, "td", folder.destination)
        for number in (
            folder.listed,
            folder.copied,
            folder.present,
            folder.failed + folder.unsure,
            folder.not_selected,
        ):
            _text(row, "td", count(number), {"class": "number"})
        _text(row, "td", size(folder.bytes_copied), {"class": "number"})
        _text(row, "td", _proof(folder.proof))


def _settings(main: Element, settings: Sequence[SettingResult], explain: Explain) -> None:
    if not settings:
        return
    columns = (_("Setting"), _("What became of it"), _("Why"), _("What to do"), _("Details"))
    caption = _("Every rule, and the out-of-office reply")
    table = _table(_section(main, _("Settings of the mailbox")), caption, columns)
    for setting in settings:
        row = SubElement(table, "tr")
        _text(row, "th", setting_name(setting), {"scope": "row"})
        values = [fate_words(setting.fate), "", "", ""]
        if setting.problem is not None:
            reason = explain(setting.problem)
            why = f"{reason.title} {reason.cause}"
            code = _("Code {}").format(reason.code)
            detail = " · ".join(filter(None, (code, details(setting.problem))))
            values[1:] = [why, reason.remedy, detail]
        for value in values:
            _text(row, "td", value)


def _proof(proof: Proof) -> str:
    return {
        Proof.KEYS: _("by the server's numbers"),
        Proof.FINGERPRINTS: _("one by one"),
        Proof.COUNTS: _("counted"),
        Proof.NONE: _("none"),
    }[proof]


def _section(main: Element, title: str) -> Element:
    section = SubElement(main, "section")
    _text(section, "h2", title)
    return section


def _table(parent: Element, caption: str, columns: Sequence[str]) -> Element:
    frame = {"class": "scroll", "role": "region", "tabindex": "0", "aria-label": caption}
    table = SubElement(SubElement(parent, "div", frame), "table")
    _text(table, "caption", caption)
    row = SubElement(SubElement(table, "thead"), "tr")
    for column in columns:
        _text(row, "th", column, {"scope": "col"})
    return SubElement(table, "tbody")


def _text(
    parent: Element, tag: str, text: str, attributes: dict[str, str] | None = None
) -> Element:
    element = SubElement(parent, tag, attributes or {})
    element.text = _UNSHOWABLE.sub("\ufffd", text)
    return element
