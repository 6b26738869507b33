"""What a person reads out to a help desk, and what an agent looks up: nothing personal."""

from __future__ import annotations

from dataclasses import dataclass

from omm_desktop import __version__
from omm_desktop.language import mark
from omm_desktop.language import translate as _
from omm_desktop.model.problem import Problem
from omm_desktop.model.progress import Snapshot
from omm_desktop.support.catalogue import Catalogue, Entry
from omm_desktop.wizard.present import progress

_PLACES = {
    "1": mark("The old mailbox, or the file that is read"),
    "2": mark("The new mailbox, or the folder that is saved in"),
    "3": mark("A file"),
    "4": mark("This computer"),
    "5": mark("This program"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person is. `page` by its name; `copy` is its number, `snapshot` while it runs."""

    page: str
    checking: bool = False
    copy: int | None = None
    snapshot: Snapshot | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    value: str


def card(standing: Standing, system: str, catalogue: Catalogue) -> tuple[Line, ...]:
    """In the order of reading out."""
    copy = "" if standing.copy is None else _("copy no. {}").format(standing.copy)
    lines = [
        Line(_("Program"), f"OMM Desktop {__version__}"),
        Line(_("System"), system),
        Line(_("Page"), standing.page),
        Line(_("State"), " · ".join(filter(None, (_state(standing), copy)))),
    ]
    if standing.problem is None:
        return (*lines, Line(_("Code"), _("none")))
    entry = catalogue.entry(standing.problem)
    return (*lines, Line(_("Code"), entry.code), Line(_("Its name"), entry.title))


def as_text(lines: tuple[Line, ...]) -> str:
    """For the clipboard."""
    return "\n".join(_("{name}: {value}").format(name=one.name, value=one.value) for one in lines)


def place(entry: Entry) -> str:
    """Where the problem is, as the first digit of its code says."""
    return _(_PLACES[entry.code[0]])


def unknown(code: str, near: list[str]) -> str:
    """Said of a code that is not in the catalogue; empty while nothing is typed."""
    if not code.strip():
        return ""
    return _("Did you mean:") if near else _("There is no such code.")


def _state(standing: Standing) -> str:
    if standing.snapshot is not None:
        return progress.short(standing.snapshot)
    if standing.checking:
        return _("A check is under way")
    return _("No copy is running")
