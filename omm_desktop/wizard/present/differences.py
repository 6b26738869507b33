"""What the window "What Exchange changes" says."""

from __future__ import annotations

from dataclasses import dataclass

from omm_desktop.language import translate as _
from omm_desktop.model.items import ItemKind
from omm_desktop.report.differences import ManualEntry, of_kind
from omm_desktop.wizard.present.options import kind_title

_BREAKABLE = str.maketrans({":": ":\u200b", "/": "/\u200b"})
"""Names of properties are longer than a narrow window is wide."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One kind of contents, and whether the report names each case; sentence and rule of each."""

    title: str
    entries: tuple[tuple[str, str], ...]


def promise() -> str:
    return " ".join(
        (
            _("Exchange has no place for some details of contacts, calendars and tasks."),
            _("What is kept in the notes stands at their end, below “[OMM Desktop]”."),
            _("Your old mailbox keeps everything."),
        )
    )


def chapters() -> tuple[Chapter, ...]:
    """For each kind what the report names item by item, then what holds for every item."""
    return tuple(
        Chapter(_title(kind, told=told), tuple(_entry(one) for one in found))
        for kind in ItemKind
        for told in (True, False)
        if (found := [one for one in of_kind(kind) if one.told is told])
    )


def _title(kind: ItemKind, *, told: bool) -> str:
    title = _("{kind}: told in the report, one by one") if told else _("{kind}: always")
    return title.format(kind=kind_title(kind))


def _entry(difference: ManualEntry) -> tuple[str, str]:
    rule = _("Exchange: {rule}").format(rule=difference.exchange.translate(_BREAKABLE))
    return difference.text(), rule
