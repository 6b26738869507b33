"""The settings of the mailbox, once its items are copied: read, added, told one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from omm_desktop.model.items import Folder
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.ports import SettingsSource
from omm_desktop.model.problem import ItemError, Place, Problem, ProblemId, TryAgain
from omm_desktop.model.report import Fate, SettingResult
from omm_desktop.model.settings import SettingKind, carried_settings
from omm_desktop.store.settings import Settings

from .accounts import Accounts
from .clock import Clock
from .control import Control
from .ends import Ends
from .jobs import Job
from .out_of_office import ReplyCopy
from .pool import patiently
from .recorder import Recorder
from .rule_folders import rule_folders
from .rules import RuleCopy
from .setting_writer import SettingWriter

Found = TypeVar("Found")


def settings_left_out(plan: MigrationPlan) -> list[tuple[SettingKind, Problem]]:
    """What the plan asks for and its two accounts cannot have, and which of them it is."""
    source, destination = plan.source.kind, plan.destination.kind
    wanted = plan.selection.settings - carried_settings(source, destination)
    place = Place.DESTINATION if carried_settings(source, source) else Place.SOURCE
    problem = Problem(ProblemId.SETTINGS_NOT_CARRIED, place)
    return [(kind, problem) for kind in sorted(wanted)]


@dataclass(frozen=True, slots=True)
class SettingsCopy:
    plan: MigrationPlan
    accounts: Accounts
    recorder: Recorder
    ends: Ends
    control: Control
    clock: Clock

    def copy(self, jobs: Sequence[Job]) -> None:
        """What the plan asks for; one kind that fails does not keep the other from it."""
        left_out = settings_left_out(self.plan)
        for kind, problem in left_out:
            # What nobody shows may not even be there.
            fate = Fate.UNSEEN if problem.place is Place.SOURCE else Fate.MISSING
            self.recorder.setting(SettingResult(kind, "", fate, problem))
        for kind in sorted(self.plan.selection.settings - dict(left_out).keys()):
            try:
                if kind is SettingKind.RULES:
                    self._rules(jobs)
                else:
                    reply = self._read(lambda source: source.out_of_office())
                    ReplyCopy(self._writer(kind), self.recorder.setting).copy(reply)
            except (ItemError, TryAgain) as error:
                self.recorder.setting(SettingResult(kind, "", Fate.MISSING, error.problem))

    def _rules(self, jobs: Sequence[Job]) -> None:
        found = self._read(lambda source: source.rules())
        folders: list[Folder] = []
        led: dict[str, str] = {}
        if any(rule.folders for rule in found.rules):
            folders, led = self._folders(jobs)
        names = {folder.key: folder.name for folder in folders}
        RuleCopy(self._writer(SettingKind.RULES), led, names, self.recorder.setting).copy(found)

    def _folders(self, jobs: Sequence[Job]) -> tuple[list[Folder], dict[str, str]]:
        """The folders of the source, and where they lead by keys."""
        ledger, accounts = self.recorder.ledger, self.accounts
        led_to = ledger.led_to(accounts.source, accounts.destination)
        jobs = [job for job in jobs if job.leg is self.ends.legs[0]]
        folders: list[Folder] = []
        led: dict[str, str] = {}

        def look() -> None:
            with self.ends.legs[0].sources.connection() as source:
                folders[:] = source.folders()
            with self.ends.destinations.connection() as destination:
                led.update(rule_folders(self.plan, jobs, folders, destination, led_to))

        patiently(look)
        return folders, led

    def _read(self, read: Callable[[SettingsSource], Found]) -> Found:
        found: list[Found] = []

        def step() -> None:
            with self.ends.legs[0].sources.connection() as source:
                assert isinstance(source, SettingsSource)
                found.append(read(source))

        patiently(step)
        return found[0]

    def _writer(self, kind: SettingKind) -> SettingWriter:
        accounts = self.accounts
        return SettingWriter(
            Settings(self.recorder.ledger, accounts.source, accounts.destination, kind),
            self.ends.destinations,
            self.control,
            self.clock,
            self.plan.options.settle_seconds,
        )
