"""Taking back what one run put into the new mailbox, and nothing else.

This is the only part of the program that removes. It looks at each item the ledger says the run
stored, where it stored it (`engine.ours`), moves what is still ours to the mailbox's own trash, and
tells what stays and why. What the copy had found there already, what others put there, and what the
person has changed, answered or moved since is left alone. A kill at any moment costs nothing: the
same undo goes on where it was. Afterwards the run counts as never made, so the same copy brings
everything again.

Rules and replies that a copy has added stay: the ledger knows them by their accounts, not by their
run, and they are told.
"""

from __future__ import annotations

from omm_desktop.model.items import Folder, FolderRole
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import Phase
from omm_desktop.model.removing import OpenRemover, Remover
from omm_desktop.model.report import Grade
from omm_desktop.model.secret import Secret
from omm_desktop.model.undoing import Kept, UndoneFolder, UndoReport
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.removals import Counts, Removals

from .accounts import Accounts
from .board import Tally
from .clock import Clock
from .pace import Governor
from .pool import UNATTENDED_PATIENCE, Pool, patiently
from .steering import Steered
from .sweeping import Sweeper

NOT_DONE = frozenset(
    {
        ProblemId.REMOVING_REFUSED,
        ProblemId.REMOVING_LEFT_FILE,
        ProblemId.KEPT_UNKNOWN,
        ProblemId.FOLDER_UNREADABLE,
        ProblemId.FOLDER_RENUMBERED,
    }
)
"""What stays although the person wanted it gone."""


class Undo(Steered[UndoReport]):
    """The undo of one run."""

    def __init__(
        self,
        run: int,
        plan: MigrationPlan,
        secret: Secret,
        ledger: Ledger,
        open_remover: OpenRemover,
        *,
        attended: bool = True,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(clock, attended=attended)
        self.number = run
        self._account = plan.destination
        self._removals = Removals(ledger, run)
        self._destinations: Pool[Remover] = Pool(
            lambda typed: open_remover(self._account, typed),
            secret,
            Governor(1, 1, self._clock),
            self._control,
            self._clock,
            waiting=lambda why, until: self._board.waiting(self._account.identity, why, until),
            patience=None if attended else UNATTENDED_PATIENCE,
        )
        self._sweeper = Sweeper(
            ledger,
            self._removals,
            Accounts(*self._removals.accounts()),
            self._destinations,
            self._control,
            self._board,
            self._clock,
            plan.options.settle_seconds,
        )
        self._folders_removed: list[str] = []
        self._started = self._ended = False

    # The crew's

    def abort(self) -> None:
        self._destinations.abort()

    def cut(self) -> None:
        """Files stay open."""
        if not self._account.kind.is_on_disk:
            self._destinations.cut()

    # The run

    def _steps(self) -> None:
        self._enter(Phase.CONNECTING)
        try:
            self._removals.begin(self._clock.time())
            threads = self._crew.man("removing", [self._work])
            self._crew.attend(threads, self._teller.changes, self)
        finally:
            self._destinations.close()

    def _work(self) -> None:
        there: dict[str, Folder] = {}

        def look() -> None:
            with self._destinations.connection() as destination:
                self._sweeper.trash = destination.trash()
                there.update({folder.key: folder for folder in destination.folders()})

        patiently(look)
        self._started = True
        self._removals.note_names(there)
        places = [(place, there.get(place.key)) for place in self._removals.places()]
        tallies = []
        for place, folder in places:
            known = folder or Folder((place.name,), place.key, kind=place.kind)
            tally = Tally(known, place.name, place.name)
            self._board.tallies.append(tally)
            self._board.add(tally, listed=place.items, size_total=place.items)
            tallies.append(tally)
        self._enter(Phase.REMOVING)
        for (place, folder), tally in zip(places, tallies, strict=True):
            self._control.checkpoint()
            self._sweeper.sweep(place, folder, tally)
        patiently(self._remove_folders)
        self._tell_settings()
        self._removals.end(self._clock.time())
        self._ended = True

    def _remove_folders(self) -> None:
        """Those that the run made, that are empty, have none below them, and no rule uses."""
        made = self._removals.made()
        if not made:
            return
        # Told at the end: after a line that broke, all are looked at again.
        stay: list[tuple[str, ProblemId]] = []
        with self._destinations.connection() as destination:
            there = {folder.key: folder for folder in destination.folders()}
            used = destination.filed_into()
            for id, key, name in made:
                self._control.checkpoint()
                folder = there.get(key)
                if folder is None or self._may_stay(folder):
                    self._removals.unmade(id)
                elif key in used:
                    stay.append((name, ProblemId.FOLDER_IN_A_RULE))
                elif _is_empty(folder, list(there.values())) and destination.remove_folder(key):
                    del there[key]
                    self._removals.unmade(id)
                    self._folders_removed.append(name)
                else:
                    stay.append((name, ProblemId.FOLDER_STAYS))
        for name, why in stay:
            self._sweeper.remark(name, Problem(why, Place.DESTINATION))

    def _may_stay(self, folder: Folder) -> bool:
        trash = self._sweeper.trash
        return folder.role is FolderRole.INBOX or (trash is not None and folder.key == trash.key)

    def _tell_settings(self) -> None:
        added = self._removals.settings_arrived()
        if added:
            self._sweeper.remark("", Problem(ProblemId.SETTINGS_STAY, Place.DESTINATION), added)

    # Telling

    def _report(self) -> UndoReport:
        kept = self._sweeper.kept
        trash = self._sweeper.trash
        return UndoReport(
            run=self.number,
            grade=self._grade(kept),
            destination=self._account.name,
            seconds=self._board.seconds,
            folders=self._folders(kept),
            kept=kept,
            folders_removed=tuple(self._folders_removed),
            trash=None if trash is None else trash.name,
            stopped_by=self._control.reason,
        )

    def _grade(self, kept: tuple[Kept, ...]) -> Grade:
        if not self._started:
            return Grade.NOT_STARTED
        if not self._ended:
            return Grade.INTERRUPTED
        if any(one.problem.id in NOT_DONE for one in kept):
            return Grade.INCOMPLETE
        return Grade.COMPLETE_WITH_NOTES if kept else Grade.COMPLETE

    def _folders(self, kept: tuple[Kept, ...]) -> tuple[UndoneFolder, ...]:
        """Those of earlier sessions too."""
        stay = {(tally.source, tally.kind): tally.failed for tally in self._board.tallies}
        names = self._removals.names()
        counts = {names[id]: told for id, told in self._removals.counts().items()}
        return tuple(
            UndoneFolder(
                *folder,
                counts.get(folder, Counts()).removed,
                counts.get(folder, Counts()).gone,
                stay.get(folder, 0),
            )
            for folder in dict.fromkeys([*stay, *counts])
        )


def _is_empty(folder: Folder, there: list[Folder]) -> bool:
    depth = len(folder.path)
    below = (one for one in there if len(one.path) > depth and one.path[:depth] == folder.path)
    return folder.count == 0 and not any(below)
