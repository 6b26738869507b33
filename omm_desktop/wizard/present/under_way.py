"""What a copy or its undo is at, in words."""

from __future__ import annotations

from omm_desktop.language import mark
from omm_desktop.language import translate as _
from omm_desktop.model.progress import Mood, Phase, Snapshot
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.wizard.present import problems
from omm_desktop.wording import goes_on

_PHASES = {
    Phase.SCHEDULED: mark("Waiting for the chosen time"),
    Phase.CONNECTING: mark("Connecting"),
    Phase.COUNTING: mark("Counting"),
    Phase.COPYING: mark("Copying"),
    Phase.CHECKING: mark("Checking"),
    Phase.SETTINGS: mark("Settings of the mailbox"),
    Phase.REMOVING: mark("Removing"),
    Phase.ENDED: mark("Ended"),
}


def headline(snapshot: Snapshot) -> str:
    if snapshot.mood is Mood.PAUSED:
        return _("Your answer is needed") if snapshot.owner_needed else _("Paused")
    if snapshot.mood is Mood.STOPPING:
        return _("Stopping")
    if snapshot.mood is Mood.WAITING:
        return _("Waiting for the server")
    return _(_PHASES[snapshot.phase])


def waiting(snapshot: Snapshot, catalogue: Catalogue) -> str:
    """Why and until when; empty unless it waits."""
    if snapshot.mood is not Mood.WAITING or snapshot.waiting_for is None:
        return ""
    text = problems.problem(catalogue, snapshot.waiting_for)
    until = "" if snapshot.waiting_until is None else goes_on(snapshot.waiting_until)
    return " ".join(filter(None, (text.title, until, text.code_line)))
