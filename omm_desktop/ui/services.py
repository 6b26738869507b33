"""What the window needs from the rest of the program; filled in by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from omm_desktop.guide.discovery.candidate import Candidate, Findings
from omm_desktop.guide.providers import Providers
from omm_desktop.guide.resolver import NameServer, system_name_servers
from omm_desktop.model.account import Account
from omm_desktop.model.items import Folder
from omm_desktop.model.plan import MigrationPlan, Notices
from omm_desktop.model.problem import Place
from omm_desktop.model.progress import Event, Reading, Snapshot
from omm_desktop.model.report import Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.model.undoing import UndoPreview, UndoReport
from omm_desktop.store.history import PastRun
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.support.redact import Redactor
from omm_desktop.wizard.probe_result import ProbeResult, ProbeStep

if TYPE_CHECKING:
    from omm_desktop.endpoints.files.survey import Survey


Made = TypeVar("Made", covariant=True)


class Steered(Protocol[Made]):
    """One copy or undo. All but `run` may be called from another thread while it runs."""

    def run(self, on_event: Callable[[Event], None]) -> Made: ...

    def snapshot(self) -> Snapshot: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def stop(self) -> None: ...

    def answer(self, secret: Secret | None) -> None:
        """Goes on after `OwnerAsked`, with a new password when that was asked for."""
        ...


class Migration(Steered[Report], Protocol):
    @property
    def number(self) -> int:
        """The copy number of the footer and the report."""
        ...


Undo = Steered[UndoReport]


Probe = Callable[[Account, Secret, Place, Callable[[ProbeStep], None]], ProbeResult]
"""Checks an account: calls back after each step that passed; raises OmmError at the one that fails.

Called in a thread of its own. The call back may raise to end a check nobody waits for any more.
"""


class FileLook(Protocol):
    """One look into a file or folder; `run` once, in a thread of its own."""

    def run(self, tell: Callable[[Survey | Reading], None]) -> ProbeResult:
        """`tell` gets what it is, at once, and how far it was read while its items are counted.

        Raises OmmError.
        """
        ...

    def cancel(self) -> None:
        """From any thread: `run` ends soon, by an error."""
        ...


class SettingsSearch(Protocol):
    """One search for the settings of an address; `run` once, in a thread that may wait."""

    def run(self) -> Findings: ...

    def cancel(self) -> None:
        """From any thread: `run` returns soon."""
        ...


class History(Protocol):
    def runs(self) -> Sequence[PastRun]:
        """Newest first. What they brought is counted, which takes a thread of one's own."""
        ...

    def listed(self) -> Sequence[PastRun]:
        """The same, and nothing counted."""
        ...

    def is_empty(self) -> bool:
        """The same question as whether there are `runs`, fit to be asked at every key."""
        ...

    def has_unfinished(self) -> bool:
        """Whether there is a copy to resume."""
        ...

    def forget(self, run: int) -> None:
        """Removes the record; the stored passwords are removed by the window."""
        ...

    def report(self, run: int) -> Report | None: ...

    def ticked(self, run: int) -> Collection[str]:
        """The steps after the copy that the person has ticked off."""
        ...

    def tick(self, run: int, step: str, *, done: bool) -> None: ...

    def led_to(
        self, source: Account, destination: Account, folders: Sequence[Folder]
    ) -> Mapping[str, str]:
        """By folder keys, where earlier copies brought each of the source's `folders`."""
        ...


class Doubts(Protocol):
    """Items of which nobody can tell whether they arrived, by the number of the run."""

    def open(self, run: int) -> int: ...

    def accepted(self, run: int) -> int: ...

    def accept(self, run: int) -> None: ...

    def send_again(self, run: int) -> None: ...


class Credentials(Protocol):
    @property
    def is_safe_place(self) -> bool:
        """True when passwords go to the keyring, False when they stay in memory (41-01)."""
        ...

    def store(self, account: Account, secret: Secret) -> None: ...

    def recall(self, account: Account) -> Secret | None: ...

    def forget_all(self, accounts: Iterable[Account]) -> bool:
        """Whether nothing is left of any of them."""
        ...


class Preferences(Protocol):
    """What is remembered from one start to the next; setting an attribute stores it."""

    language: str
    text_size: int
    theme: str
    masked: bool
    told_about_tray: bool
    reopen: bool


class Reopening(Protocol):
    def settle(self, *, wanted: bool) -> None:
        """Whether the program opens at the next login. From any thread."""
        ...


@dataclass(frozen=True)
class Services:
    """`save_report` writes HTML or CSV by the suffix of the path; raises OSError.

    `search` prepares a search for an address, of Exchange alone when that is wanted; raises
    ValueError when the address has no domain.
    `look_into` prepares a look into a file; within `prepared` for several, what reads them is
    started once, which takes a thread of one's own.
    `read_plan` reads a plan that somebody wrote; raises OmmError.
    `ask_exchange` signs in at the Exchange endpoint of a candidate; raises OmmError.
    `preview_undo` tells what the undo of a copy would remove, `start_undo` makes one ready; both
    raise OmmError.
    `log_folder` is where the log is written.
    `send_trial` sends a first mail to whoever is to be told of the copy; raises OmmError.
    `at_login` opens the program at the next login; None for trials, which leave no trace.
    `rescued` tells the folder with the mail of a copy that the new mailbox refused for good.
    """

    providers: Providers
    catalogue: Catalogue
    probe: Probe
    look_into: Callable[[Account], FileLook]
    prepared: Callable[[Sequence[Account]], AbstractContextManager[None]]
    search: Callable[[str, Place, bool], SettingsSearch]
    read_plan: Callable[[Path], MigrationPlan]
    ask_exchange: Callable[[Candidate, str, Secret, Place], Candidate]
    start: Callable[[MigrationPlan, Secrets], Migration]
    preview_undo: Callable[[int], UndoPreview | None]
    start_undo: Callable[[int, Secret], Undo]
    history: History
    doubts: Doubts
    credentials: Credentials
    preferences: Preferences
    save_report: Callable[[Report, Path], None]
    rescued: Callable[[int], Path | None]
    redactor: Redactor
    log_folder: Callable[[], Path]
    send_trial: Callable[[Notices, Secret], None]
    at_login: Reopening | None = None
    name_servers: Callable[[], Sequence[NameServer]] = system_name_servers
