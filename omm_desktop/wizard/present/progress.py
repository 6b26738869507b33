"""A running copy in words, from a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from omm_desktop.language import in_context, mark, plural
from omm_desktop.language import translate as _
from omm_desktop.model.items import ItemKind
from omm_desktop.model.progress import FolderProgress, FolderState, Mood, Phase, Snapshot, TooBig
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.wizard.present import person, under_way
from omm_desktop.wording import (
    count,
    date,
    done_of,
    only_mail,
    percent,
    remaining,
    size,
    starts,
    too_big,
)

_FOLDER_STATES = {
    FolderState.PENDING: ("·", mark("waiting its turn")),
    FolderState.SETTLING: ("▸", mark("being checked")),
    FolderState.COPYING: ("▸", mark("under way")),
    FolderState.DONE: ("✓", mark("done")),
    FolderState.FAILED: ("!", mark("could not be copied")),
}


_AT_ONCE = 1_000
"""Rows that are made between two answers of the window."""


class FolderRow(NamedTuple):
    name: str
    state: str
    numbers: str


@dataclass(frozen=True, slots=True)
class ProgressText:
    """`permille` is None while the total is not known. `waiting` is empty unless it waits.

    `leaving` is what becomes of the copy when the window is closed.

    The folders are told by `FolderRows`.
    """

    headline: str
    permille: int | None
    percent: str
    numbers: str
    remaining: str
    waiting: str
    failures: str
    leaving: str
    number_column: str


class FolderRows:
    """The folders in words, each made anew only when it changed: there may be ten thousand.

    When very many change at a time, some are told a little later. To be made anew itself for
    another language, and for the mask.
    """

    def __init__(self) -> None:
        self._told: list[FolderProgress] = []
        self._known = 0
        self._names: dict[str, str] = {}
        self._rows: list[FolderRow] = []

    def of(self, folders: tuple[FolderProgress, ...]) -> list[FolderRow]:
        """A row that is still true is the very one of the last time."""
        pairs = enumerate(zip(folders, self._told, strict=False))
        changed = list(islice((index for index, (new, old) in pairs if new is not old), _AT_ONCE))
        renamed = any(_called(folders[index]) != _called(self._told[index]) for index in changed)
        if renamed or len(folders) != self._known:
            self._known, self._names = len(folders), person.folders(map(_called, folders))
            self._told, self._rows, changed = [], [], []
        for index in changed:
            self._told[index], self._rows[index] = folders[index], self._row(folders[index])
        added = folders[len(self._rows) :][: _AT_ONCE - len(changed)]
        self._told += added
        self._rows += map(self._row, added)
        return self._rows

    def _row(self, folder: FolderProgress) -> FolderRow:
        return _row(folder, self._names[folder.source])


def _called(folder: FolderProgress) -> tuple[str, str | None]:
    return folder.source, folder.role


def progress(snapshot: Snapshot, catalogue: Catalogue) -> ProgressText:
    known = snapshot.phase in (Phase.COPYING, Phase.CHECKING, Phase.SETTINGS, Phase.ENDED)
    done, total = _weight(snapshot)
    return ProgressText(
        headline=under_way.headline(snapshot),
        permille=(1000 * done // total if total else 1000) if known else None,
        percent=percent(done, total) if known else "",
        numbers=_numbers(snapshot, known),
        remaining=_remaining(snapshot),
        waiting=_waiting(snapshot, catalogue),
        failures=_failures(snapshot),
        leaving=_leaving(snapshot),
        number_column=number_column(snapshot.kinds),
    )


def promise(*, from_files: bool) -> str:
    """What holds at every moment."""
    if from_files:
        return _("Your files stay as they are.")
    return _("Nothing is deleted or changed in the old mailbox.")


def number_column(kinds: frozenset[ItemKind]) -> str:
    """What heads the numbers of each folder."""
    return _("Messages") if only_mail(kinds) else in_context("column", "Number")


def short(snapshot: Snapshot) -> str:
    """For the notification area and the window title: "Copying 38%", "Paused 38%"."""
    if snapshot.phase is not Phase.COPYING or snapshot.mood is Mood.STOPPING:
        return under_way.headline(snapshot)
    return f"{under_way.headline(snapshot)} {percent(*_weight(snapshot))}"


def whole_percent(snapshot: Snapshot) -> int:
    """For the task bar; 0 as long as there is nothing to show."""
    done, total = _weight(snapshot)
    return 100 * done // total if total and snapshot.phase is Phase.COPYING else 0


def pausing(snapshot: Snapshot) -> str | None:
    """What may be done now: to pause, to resume, or neither."""
    over = snapshot.mood is Mood.STOPPING or snapshot.phase in (Phase.SCHEDULED, Phase.ENDED)
    if over or snapshot.owner_needed:
        return None
    return _("&Resume") if snapshot.mood is Mood.PAUSED else _("&Pause")


def left_behind(found: TooBig) -> str:
    """What the person decides about before the copy begins."""
    return " ".join((too_big(found), _("The others will be copied.")))


def left_behind_lines(found: TooBig) -> list[str]:
    """Size, date and folder of each, the largest first."""
    lines = []
    for item in found.items:
        day = date(item.received) if item.received else ""
        what = " · ".join(filter(None, (size(item.size), day)))
        lines.append(person.in_folder(what, person.folder(item.folder)))
    more = found.count - len(lines)
    if more:
        lines.append(_("And {} more, all in the saved report.").format(count(more)))
    return lines


def _weight(snapshot: Snapshot) -> tuple[int, int]:
    """Done and total, in bytes where they are known: big messages take longer."""
    if snapshot.bytes_total:
        return min(snapshot.bytes_done, snapshot.bytes_total), snapshot.bytes_total
    return min(snapshot.items_done, snapshot.items_total), snapshot.items_total


def _numbers(snapshot: Snapshot, known: bool) -> str:
    if not known:
        number = snapshot.items_total
        if snapshot.reading is not None:
            return person.reading(snapshot.reading)
        if not number:
            return ""
        messages = plural("{} message counted", "{} messages counted", number)
        others = plural("{} item counted", "{} items counted", number)
        return (messages if only_mail(snapshot.kinds) else others).format(count(number))
    told = _of_each_kind(snapshot)
    if not snapshot.bytes_total:
        return told
    bytes_ = _("{done} of {total}").format(
        done=size(min(snapshot.bytes_done, snapshot.bytes_total)), total=size(snapshot.bytes_total)
    )
    return f"{told} · {bytes_}"


def _of_each_kind(snapshot: Snapshot) -> str:
    """ "3,214 of 8,300 messages · 12 of 120 contacts"."""
    if only_mail(snapshot.kinds):
        return done_of({ItemKind.MAIL}, snapshot.items_done, snapshot.items_total)
    told = []
    for kind in ItemKind:
        folders = [folder for folder in snapshot.folders if folder.kind is kind]
        if folders:
            done, total = (sum(one.done for one in folders), sum(one.total for one in folders))
            told.append(done_of({kind}, done, total))
    return " · ".join(told)


def _remaining(snapshot: Snapshot) -> str:
    if snapshot.mood is Mood.WAITING:
        return _("No estimate while waiting")
    if snapshot.mood is not Mood.RUNNING or snapshot.phase is not Phase.COPYING:
        return ""
    told = "" if snapshot.remaining is None else remaining(snapshot.remaining)
    return told[:1].upper() + told[1:]


def _waiting(snapshot: Snapshot, catalogue: Catalogue) -> str:
    if snapshot.starts_at is not None:
        return starts(snapshot.starts_at)
    return under_way.waiting(snapshot, catalogue)


def _failures(snapshot: Snapshot) -> str:
    failed = snapshot.failed
    if not failed:
        return ""
    messages = plural(
        "{} message could not be copied. The report will name it.",
        "{} messages could not be copied. The report will name them.",
        failed,
    )
    others = plural(
        "{} item could not be copied. The report will name it.",
        "{} items could not be copied. The report will name them.",
        failed,
    )
    return (messages if only_mail(snapshot.kinds) else others).format(count(failed))


def _leaving(snapshot: Snapshot) -> str:
    if snapshot.starts_at is not None:
        return _("You may close this window: the copy starts all the same.")
    if snapshot.mood is Mood.PAUSED:
        return _("You may close this window: the copy stays paused.")
    return _("You may close this window: the copy goes on.")


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
    )


def _folder_numbers(folder: FolderProgress) -> str:
    arrived = folder.copied + folder.present
    if folder.state is FolderState.DONE and arrived == folder.total:
        return count(folder.total)
    return _("{done} of {total}").format(done=count(arrived), total=count(folder.total))
