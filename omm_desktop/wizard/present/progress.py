"""A running copy in words, from a snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from omm_desktop.language import mark, plural
from omm_desktop.language import translate as _
from omm_desktop.model.progress import FolderProgress, FolderState, Mood, Phase, Snapshot, TooBig
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.wizard.present import person, problems
from omm_desktop.wording import (
    count,
    date,
    goes_on,
    percent,
    remaining,
    size,
    too_big,
)

_PHASES = {
    Phase.CONNECTING: mark("Connecting"),
    Phase.COUNTING: mark("Counting"),
    Phase.COPYING: mark("Copying"),
    Phase.CHECKING: mark("Checking"),
    Phase.SETTINGS: mark("Settings of the mailbox"),
    Phase.ENDED: mark("Ended"),
}

_FOLDER_STATES = {
    FolderState.PENDING: ("·", mark("waiting its turn")),
    FolderState.SETTLING: ("▸", mark("being checked")),
    FolderState.COPYING: ("▸", mark("under way")),
    FolderState.DONE: ("✓", mark("done")),
    FolderState.FAILED: ("!", mark("could not be copied")),
}


@dataclass(frozen=True, slots=True)
class FolderRow:
    name: str
    state: str
    numbers: str
    needs_a_look: bool


@dataclass(frozen=True, slots=True)
class ProgressText:
    """`permille` is None while the total is not known. `waiting` is empty unless it waits."""

    headline: str
    permille: int | None
    percent: str
    numbers: str
    remaining: str
    waiting: str
    failures: str
    folders: tuple[FolderRow, ...]


def progress(snapshot: Snapshot, catalogue: Catalogue) -> ProgressText:
    known = snapshot.phase in (Phase.COPYING, Phase.CHECKING, Phase.SETTINGS, Phase.ENDED)
    done, total = _weight(snapshot)
    names = person.folders((folder.source, folder.role) for folder in snapshot.folders)
    return ProgressText(
        headline=_headline(snapshot),
        permille=(1000 * done // total if total else 1000) if known else None,
        percent=percent(done, total) if known else "",
        numbers=_numbers(snapshot, known),
        remaining=_remaining(snapshot),
        waiting=_waiting(snapshot, catalogue),
        failures=_failures(snapshot.failed),
        folders=tuple(_row(folder, names[folder.source]) for folder in snapshot.folders),
    )


def short(snapshot: Snapshot) -> str:
    """For the notification area and the window title: "Copying 38%"."""
    if snapshot.phase is not Phase.COPYING or snapshot.mood is not Mood.RUNNING:
        return _headline(snapshot)
    return f"{_headline(snapshot)} {percent(*_weight(snapshot))}"


def left_behind(found: TooBig) -> str:
    """What the person decides about before the copy begins."""
    return " ".join((too_big(found), _("The others are copied.")))


def left_behind_lines(found: TooBig) -> list[str]:
    """Size, date and folder of each, the largest first."""
    lines = []
    for item in found.items:
        day = date(item.received) if item.received else ""
        what = " · ".join(filter(None, (size(item.size), day)))
        folder = person.folder(item.folder)
        lines.append(_("{what} – folder {folder}").format(what=what, folder=folder))
    more = found.count - len(lines)
    if more:
        lines.append(_("And {} more, all in the saved report.").format(count(more)))
    return lines


def _weight(snapshot: Snapshot) -> tuple[int, int]:
    """Done and total, in bytes where they are known: big messages take longer."""
    if snapshot.bytes_total:
        return min(snapshot.bytes_done, snapshot.bytes_total), snapshot.bytes_total
    return min(snapshot.items_done, snapshot.items_total), snapshot.items_total


def _headline(snapshot: Snapshot) -> str:
    if snapshot.mood is Mood.PAUSED:
        return _("Your answer is needed") if snapshot.owner_needed else _("Paused")
    if snapshot.mood is Mood.STOPPING:
        return _("Stopping")
    if snapshot.mood is Mood.WAITING:
        return _("Waiting for the server")
    return _(_PHASES[snapshot.phase])


def _numbers(snapshot: Snapshot, known: bool) -> str:
    if not known:
        if not snapshot.items_total:
            return ""
        number = snapshot.items_total
        return plural("{} message counted", "{} messages counted", number).format(count(number))
    told = _("{done} of {total} messages").format(
        done=count(snapshot.items_done), total=count(snapshot.items_total)
    )
    if not snapshot.bytes_total:
        return told
    bytes_ = _("{done} of {total}").format(
        done=size(min(snapshot.bytes_done, snapshot.bytes_total)), total=size(snapshot.bytes_total)
    )
    return f"{told} · {bytes_}"


def _remaining(snapshot: Snapshot) -> str:
    if snapshot.mood is Mood.WAITING:
        return _("No estimate while waiting")
    if snapshot.mood is not Mood.RUNNING or snapshot.phase is not Phase.COPYING:
        return ""
    return "" if snapshot.remaining is None else remaining(snapshot.remaining)


def _waiting(snapshot: Snapshot, catalogue: Catalogue) -> str:
    if snapshot.mood is not Mood.WAITING or snapshot.waiting_for is None:
        return ""
    text = problems.problem(catalogue, snapshot.waiting_for)
    parts = [text.title]
    if snapshot.waiting_until is not None:
        parts.append(goes_on(snapshot.waiting_until))
    return " ".join((*parts, text.code_line))


def _failures(failed: int) -> str:
    if not failed:
        return ""
    return plural(
        "{} message could not be copied. The report will name it.",
        "{} messages could not be copied. The report will name them.",
        failed,
    ).format(count(failed))


def _row(folder: FolderProgress, name: str) -> FolderRow:
    icon, word = _FOLDER_STATES[folder.state]
    state = _(word)
    looks = folder.failed + folder.remarks
    if folder.state is FolderState.DONE and looks:
        icon = "!"
        remarks = plural("{} remark", "{} remarks", looks).format(count(looks))
        state = _("{state}, {remarks}").format(state=state, remarks=remarks)
    return FolderRow(
        name=name,
        state=f"{icon} {state}",
        numbers=_folder_numbers(folder),
        needs_a_look=icon == "!",
    )


def _folder_numbers(folder: FolderProgress) -> str:
    arrived = folder.copied + folder.present
    if folder.state is FolderState.DONE and arrived == folder.total:
        return count(folder.total)
    return _("{done} of {total}").format(done=count(arrived), total=count(folder.total))
