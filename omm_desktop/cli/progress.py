"""How a copy under way shows itself on standard error: a bar on a terminal, else lines."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TextIO

from tqdm import tqdm

from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.model.items import ItemKind
from omm_desktop.model.problem import Problem
from omm_desktop.model.progress import (
    Event,
    FilesChanged,
    FolderEnded,
    FolderProgress,
    FoldersRenamed,
    ItemsTooBig,
    KindsLeftOut,
    LittleRoom,
    Mood,
    MoodChanged,
    OwnerAsked,
    PasswordAccepted,
    Phase,
    PhaseChanged,
    Snapshot,
)
from omm_desktop.wording import (
    count,
    done_of,
    goes_on,
    items,
    kind_name,
    little_room,
    percent,
    reading,
    remaining,
    renamed_folders,
    size,
    starts,
    too_big,
)

SayProblem = Callable[[Problem], str]

_LINES_APART = 10.0
"""Seconds without a line after which one says how far the copy has come."""

_TOLD_ABOVE = (
    MoodChanged
    | OwnerAsked
    | KindsLeftOut
    | FoldersRenamed
    | FilesChanged
    | LittleRoom
    | ItemsTooBig
)
"""What a person who sees the bar is told as well."""


class View(Protocol):
    def show(self, snapshot: Snapshot) -> None:
        """The state of the moment, several times a second."""

    def tell(self, event: Event) -> None:
        """Something rare that happened."""

    def close(self) -> None: ...


def view_on(stream: TextIO, say: SayProblem) -> View:
    """A bar when a person watches, lines when a file or a program does."""
    return Bar(stream, say) if stream.isatty() else Lines(stream, say)


class Lines:
    """One line per phase, per folder and per wait, and one where these are far apart."""

    def __init__(
        self, stream: TextIO, say: SayProblem, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._say = say
        self._clock = clock
        self._printed_at = clock()
        self._file = ""

    def show(self, snapshot: Snapshot) -> None:
        """How far it has come: when a file begins to be read, else every few seconds."""
        file = snapshot.reading.name if snapshot.reading else ""
        is_new = file not in ("", self._file)
        if is_new or self._clock() - self._printed_at >= _LINES_APART:
            self._print(status_line(snapshot))
        self._file = file

    def tell(self, event: Event) -> None:
        line = line_for(event, self._say)
        if line:
            self._print(line)

    def _print(self, line: str) -> None:
        self._printed_at = self._clock()
        print(line, file=self._stream, flush=True)

    def close(self) -> None:
        """Nothing is left open."""


class Bar:
    """A progress bar; waits and problems are written above it."""

    def __init__(self, stream: TextIO, say: SayProblem) -> None:
        self._say = say
        tqdm.monitor_interval = 0
        self._bar = tqdm(
            file=stream, total=1, leave=False, dynamic_ncols=True, bar_format="{desc} |{bar}|"
        )

    def show(self, snapshot: Snapshot) -> None:
        self._bar.total = max(snapshot.bytes_total, 1)
        self._bar.n = min(snapshot.bytes_done, self._bar.total)
        self._bar.set_description_str(status_line(snapshot))

    def tell(self, event: Event) -> None:
        if isinstance(event, _TOLD_ABOVE):
            line = line_for(event, self._say)
            if line:
                self._bar.write(line, file=self._bar.fp)

    def close(self) -> None:
        self._bar.close()


def line_for(event: Event, say: SayProblem) -> str:
    """The event in one line; empty when it is not worth one."""
    match event:
        case PhaseChanged(Phase.ENDED):
            return ""
        case PhaseChanged(phase, until):
            return phase_name(phase) if until is None else starts(until)
        case FolderEnded(folder):
            return _folder_line(folder)
        case MoodChanged(Mood.RUNNING):
            return ""
        case MoodChanged(mood, problem, until):
            why = say(problem) if problem else ""
            when = goes_on(until) if until else ""
            return " ".join(filter(None, (_mood_name(mood), why, when)))
        case PasswordAccepted():
            return ""
        case OwnerAsked(problem):
            return say(problem)
        case KindsLeftOut(kinds):
            return "\n".join(f"{kind_name(kind)} · {say(problem)}" for kind, problem in kinds)
        case FoldersRenamed(names):
            lines = (f"    {old} → {new}" for old, new in names)
            return "\n".join((renamed_folders(len(names)), *lines))
        case FilesChanged(problems):
            return "\n".join(f"{problem.subject} · {say(problem)}" for problem in problems)
        case LittleRoom(needed, free):
            return little_room(needed, free)
        case ItemsTooBig(found):
            return too_big(found)


def status_line(snapshot: Snapshot) -> str:
    """ "Copying 38% · 3,214 of 8,300 messages · 1.6 GB of 4.2 GB · about 50 minutes left"."""
    if snapshot.starts_at is not None:
        return starts(snapshot.starts_at)
    if snapshot.phase in (Phase.CONNECTING, Phase.COUNTING):
        told = items(snapshot.kinds, snapshot.items_total)
        if snapshot.reading is not None:
            told = reading(snapshot.reading)
        return f"{phase_name(snapshot.phase)} · {told}"
    parts = [
        f"{phase_name(snapshot.phase)} {percent(snapshot.bytes_done, snapshot.bytes_total)}",
        done_of(snapshot.kinds, snapshot.items_done, snapshot.items_total),
    ]
    if snapshot.phase is not Phase.REMOVING:
        parts.append(
            _("{done} of {total}").format(
                done=size(snapshot.bytes_done), total=size(snapshot.bytes_total)
            )
        )
    if snapshot.mood is not Mood.RUNNING:
        parts.append(_mood_name(snapshot.mood))
    elif snapshot.remaining is not None:
        parts.append(remaining(snapshot.remaining))
    return " · ".join(parts)


def phase_name(phase: Phase) -> str:
    return {
        Phase.SCHEDULED: _("Waiting for the chosen time"),
        Phase.CONNECTING: _("Connecting"),
        Phase.COUNTING: _("Counting"),
        Phase.COPYING: in_context("phase", "Copying"),
        Phase.CHECKING: _("Checking"),
        Phase.SETTINGS: _("Settings of the mailbox"),
        Phase.REMOVING: _("Removing"),
        Phase.ENDED: _("Ended"),
    }[phase]


def _mood_name(mood: Mood) -> str:
    return {
        Mood.RUNNING: "",
        Mood.WAITING: _("Waiting."),
        Mood.PAUSED: _("Paused."),
        Mood.STOPPING: _("Stopping."),
    }[mood]


def _folder_line(folder: FolderProgress) -> str:
    way = folder.source
    if folder.destination != folder.source:
        way = f"{folder.source} → {folder.destination}"
    if folder.kind is not ItemKind.MAIL:
        way = f"{kind_name(folder.kind)} · {way}"
    return _("{folder}: {copied} copied, {present} already there, {failed} not copied").format(
        folder=way,
        copied=count(folder.copied),
        present=count(folder.present),
        failed=count(folder.failed),
    )
