"""The report as a table for help desks.

One line per folder, failure, remark and setting; the first column says which. UTF-8 with a byte
order mark, without which Excel misreads accents; semicolons where numbers have a decimal comma, as
Excel separates by the list separator of its country; commas elsewhere. A cell that a spreadsheet
would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from babel.numbers import get_decimal_symbol

from omm_desktop.language import current
from omm_desktop.language import translate as _
from omm_desktop.model.items import ItemLabel
from omm_desktop.model.problem import Problem
from omm_desktop.model.report import Fate, FolderResult, Report, SettingResult
from omm_desktop.report.explained import Explain, details
from omm_desktop.report.setting_words import fate_words, setting_name
from omm_desktop.report.unlisted import unlisted, unlisted_edited, unlisted_notes
from omm_desktop.wording import kind_name

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

Row = list[str | int | None]


def as_csv(report: Report, explain: Explain) -> bytes:
    """The report in the current language, as the bytes of a file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=_delimiter())
    writer.writerow(_columns())
    writer.writerows([_cell(value) for value in row] for row in _rows(report, explain))
    return text.getvalue().encode("utf-8-sig", "replace")


def _delimiter() -> str:
    return ";" if get_decimal_symbol(current()) == "," else ","


def _columns() -> list[str]:
    return [
        _("Line"),
        _("Folder"),
        _("Copied to"),
        _("Copied"),
        _("Already there"),
        _("Not copied"),
        _("Bytes"),
        _("Code"),
        _("What happened"),
        _("What to do"),
        _("Date"),
        _("Sender"),
        _("Subject"),
        _("Size"),
        _("Kind"),
        _("Items"),
        _("Details"),
    ]


def _rows(report: Report, explain: Explain) -> Iterator[Row]:
    kinds = {folder.source: kind_name(folder.kind) for folder in report.folders}
    for folder in report.folders:
        yield _folder(folder)
    for line, items in ((_("not copied"), report.failed), (_("edited since"), report.edited)):
        for item in items:
            kind = kinds.get(item.folder)
            yield _item(line, item.folder, item.problem, item.label, item.size, kind, explain)
    yield from _more(_("not copied"), unlisted(report), report.unlisted)
    yield from _more(_("edited since"), unlisted_edited(report), report.unlisted_edited)
    for note in report.notes:
        kind = kinds.get(note.folder)
        about = (note.folder, note.problem, note.label, None, kind, explain, note.count)
        yield _item(_("remark"), *about)
    yield from _more(_("remark"), unlisted_notes(report), report.unlisted_notes)
    for setting in report.settings:
        yield _setting(setting, explain)
    if report.stopped_by:
        yield _item(_("stopped"), "", report.stopped_by, ItemLabel(), None, None, explain)


def _more(line: str, sentence: str, items: int) -> Iterator[Row]:
    """Where a list was cut."""
    if items:
        yield [line, *[None] * 7, sentence, *[None] * 6, items, None]


def _folder(folder: FolderResult) -> Row:
    counts = [folder.copied, folder.present, folder.failed + folder.unsure, folder.bytes_copied]
    way = [_("folder"), folder.source, folder.destination]
    return [*way, *counts, *[None] * 7, kind_name(folder.kind), None, None]


def _setting(setting: SettingResult, explain: Explain) -> Row:
    copied = setting.fate in (Fate.COPIED, Fate.SWITCHED_OFF)
    counts = (copied, setting.fate is Fate.PRESENT, setting.fate is Fate.MISSING)
    said: Row = ["", fate_words(setting.fate), "", *[None] * 6, ""]
    if setting.problem is not None:
        words = explain(setting.problem)
        about = [words.code, words.title, words.remedy]
        said = [*about, *[None] * 6, details(setting.problem)]
    return [_("setting"), setting_name(setting), None, *map(int, counts), None, *said]


def _item(
    line: str,
    folder: str,
    problem: Problem,
    label: ItemLabel,
    size: int | None,
    kind: str | None,
    explain: Explain,
    items: int = 1,
) -> Row:
    words = explain(problem)
    said: Row = [words.code, words.title, words.remedy]
    about: Row = [label.date, label.sender, label.subject, size, kind, items, details(problem)]
    return [line, folder, *[None] * 5, *said, *about]


def _cell(value: str | int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA_STARTS) else value
