"""Rules of the inbox, one after the other in their order, behind those that are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from omm_desktop.model.ports import SettingsDestination
from omm_desktop.model.problem import ItemError, Place, Problem, ProblemId, TryAgain
from omm_desktop.model.report import Fate, SettingResult
from omm_desktop.model.settings import Identity, InboxRule, RuleList, SettingKind
from omm_desktop.store.settings import SettingRow

from .pool import patiently
from .setting_writer import SettingWriter


@dataclass(slots=True)
class RuleCopy:
    """`led` tells where source folders lead, by keys; `names` what they are called.

    A rule is known by what it does. One that arrived is never added again, whatever its owner has
    done with it since. One that was changed at the source since is told, and left as it arrived:
    beside the new version the old one would go on doing its work.
    """

    writer: SettingWriter
    led: Mapping[str, str]
    names: Mapping[str, str]
    tell: Callable[[SettingResult], None]
    _placed: dict[Identity, InboxRule] = field(default_factory=dict)

    def copy(self, source: RuleList) -> None:
        """Raises `ItemError`, `TryAgain`, `Stopped`; what was told until then holds."""
        if source.outlook_has_more:
            self._tell("", Fate.UNSEEN, ProblemId.RULES_UNSEEN, Place.SOURCE)
        for rule in source.rules:
            if rule.obstacle is None and all(key in self.led for key in rule.folders):
                folders = tuple(self.led[key] for key in rule.folders)
                self._placed[rule.identity] = replace(rule, folders=folders)
        self.writer.settle(self._arrived)
        current = {rule.identity for rule in source.rules}
        for rule in source.rules:
            self._copy(rule, current)

    def _copy(self, rule: InboxRule, current: set[Identity]) -> None:
        rows = [row for row in self.writer.records.rows().values() if row.arrived]
        if rule.obstacle is not None:
            self._tell_why(rule, rule.obstacle)
        elif any(row.identity == rule.identity for row in rows):
            self._tell_present(rule)
        elif any(row.name == rule.name and row.identity not in current for row in rows):
            self._tell(rule.name, Fate.LEFT, ProblemId.SETTING_EDITED, Place.SOURCE)
        elif rule.identity not in self._placed:
            lost = [self.names.get(key, "") for key in rule.folders if key not in self.led]
            which = ", ".join(dict.fromkeys(filter(None, lost)))
            self._tell(rule.name, Fate.MISSING, ProblemId.RULE_FOLDER_MISSING, subject=which)
        else:
            try:
                patiently(lambda: self._add(rule, self._placed[rule.identity]))
            except (ItemError, TryAgain) as error:
                self._tell_why(rule, error.problem)

    def _add(self, original: InboxRule, rule: InboxRule) -> None:
        """`original` as it is at the source, `rule` as it is to be."""
        self.writer.settle(self._arrived)
        there = self._there()
        namesakes = sum(one.name == rule.name for one in there.rules)
        row = SettingRow(original.identity, rule.name, True, namesakes)
        if any(one.identity == rule.identity for one in there.rules):
            self.writer.records.write(row)
            self._tell_present(original)
        elif there.outlook_has_more:
            self._tell(rule.name, Fate.MISSING, ProblemId.RULES_BLOCKED)
        else:
            self.writer.write(row, lambda destination: destination.add_rule(rule), self._arrived)
            if rule.enabled and not rule.arrives_enabled:
                self._tell(rule.name, Fate.SWITCHED_OFF, ProblemId.RULE_SWITCHED_OFF)
            else:
                self._tell(rule.name, Fate.COPIED)

    def _there(self) -> RuleList:
        return self.writer.look(lambda destination: destination.rules())

    def _tell_present(self, rule: InboxRule) -> None:
        """With a word about one that still waits for its owner to switch it on."""
        waits = rule.enabled and not rule.arrives_enabled and self._is_off(rule.identity)
        self._tell(rule.name, Fate.PRESENT, ProblemId.RULE_SWITCHED_OFF if waits else None)

    def _is_off(self, identity: Identity) -> bool:
        placed = self._placed.get(identity)
        return placed is not None and any(
            one.identity == placed.identity and not one.enabled for one in self._there().rules
        )

    def _arrived(self, destination: SettingsDestination, row: SettingRow) -> bool:
        """It is there, or one of its name more than before: servers may write a rule otherwise."""
        there = destination.rules().rules
        placed = self._placed.get(row.identity)
        if placed is not None and any(one.identity == placed.identity for one in there):
            return True
        return sum(one.name == row.name for one in there) > row.namesakes

    def _tell_why(self, rule: InboxRule, problem: Problem) -> None:
        self.tell(SettingResult(SettingKind.RULES, rule.name, Fate.MISSING, problem))

    def _tell(
        self,
        name: str,
        fate: Fate,
        id: ProblemId | None = None,
        place: Place = Place.DESTINATION,
        subject: str = "",
    ) -> None:
        problem = None if id is None else Problem(id, place, "", subject)
        self.tell(SettingResult(SettingKind.RULES, name, fate, problem))
