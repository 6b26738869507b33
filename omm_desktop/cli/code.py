"""`omm-desktop code`: what a code means and what to do, for whoever helps by phone."""

from __future__ import annotations

from omm_desktop.cli.migrate import Console, Status
from omm_desktop.language import Language
from omm_desktop.language import translate as _
from omm_desktop.support.catalogue import Catalogue, catalogue


def look_up(code: str, language: Language | None, console: Console) -> Status:
    """The words of one code; near ones when there is none like it."""
    known = catalogue()
    entry = known.find(code, language)
    if entry is None:
        console.complain("\n".join(_unknown(known, code, language)))
        return Status.USAGE
    lines = (f"{entry.code} · {entry.title}", entry.cause, entry.remedy)
    console.print("\n".join(lines))
    return Status.COMPLETE


def _unknown(known: Catalogue, code: str, language: Language | None) -> list[str]:
    lines = [_("There is no such code.")]
    near = [entry for one in known.near(code) if (entry := known.find(one, language))]
    if near:
        lines.append(_("Did you mean:"))
    return [*lines, *(f"{entry.code} · {entry.title}" for entry in near)]
