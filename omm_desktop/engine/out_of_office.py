"""The out-of-office reply: its texts arrive where there are none, and switched off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from omm_desktop.model.ports import SettingsDestination
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.report import Fate, SettingResult
from omm_desktop.model.settings import OutOfOffice, ReplyState, SettingKind
from omm_desktop.store.settings import SettingRow

from .pool import patiently
from .setting_writer import SettingWriter


@dataclass(frozen=True, slots=True)
class ReplyCopy:
    """Whoever has a reply in the new mailbox, on or off, wrote it there: it stays.

    Ours is off even where it is on, or planned, at the source. Otherwise the new mailbox would
    begin to answer strangers, perhaps weeks later, beside the old one that does so already; only
    its owner knows from when on it is to speak.
    """

    writer: SettingWriter
    tell: Callable[[SettingResult], None]

    def copy(self, reply: OutOfOffice) -> None:
        """Raises `ItemError`, `TryAgain`, `Stopped`."""
        if not reply.is_empty:
            patiently(lambda: self._copy(reply))

    def _copy(self, reply: OutOfOffice) -> None:
        self.writer.settle(_arrived)
        rows = self.writer.records.rows()
        row = SettingRow(reply.identity, "", arrived=True)
        if reply.identity in rows:
            self._tell_present(reply, self._there())
            return
        if rows:
            self._tell(Fate.LEFT, ProblemId.SETTING_EDITED, Place.SOURCE)
            return
        there = self._there()
        if there.identity == reply.identity:
            self.writer.records.write(row)
            self._tell_present(reply, there)
        elif not there.is_empty or there.answers_from(self._now):
            self._tell(Fate.LEFT, ProblemId.REPLY_LEFT, reply=there)
        else:
            self.writer.write(
                row, lambda destination: destination.keep_out_of_office(reply), _arrived
            )
            self._tell_kept(reply)

    def _tell_present(self, reply: OutOfOffice, there: OutOfOffice) -> None:
        """With a word about one that still waits for its owner to switch it on."""
        now = self._now
        ours = there.identity == reply.identity
        waits = ours and reply.answers_from(now) and not there.answers_from(now)
        id = ProblemId.REPLY_SWITCHED_OFF if waits else None
        self._tell(Fate.PRESENT, id, reply=reply)

    def _tell_kept(self, reply: OutOfOffice) -> None:
        if self._there().identity != reply.identity:
            self.writer.records.forget(reply.identity)
            self._tell(Fate.MISSING, ProblemId.REPLY_ALTERED)
        elif reply.answers_from(self._now):
            self._tell(Fate.SWITCHED_OFF, ProblemId.REPLY_SWITCHED_OFF, reply=reply)
        else:
            self._tell(Fate.COPIED)

    def _there(self) -> OutOfOffice:
        return self.writer.look(lambda destination: destination.out_of_office())

    @property
    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.writer.clock.time(), UTC)

    def _tell(
        self,
        fate: Fate,
        id: ProblemId | None = None,
        place: Place = Place.DESTINATION,
        reply: OutOfOffice | None = None,
    ) -> None:
        """`reply` is the one whose state and days the person should know."""
        state, days = ("", "") if reply is None else (reply.state, _days(reply))
        problem = None if id is None else Problem(id, place, state, days)
        self.tell(SettingResult(SettingKind.OUT_OF_OFFICE, "", fate, problem))


def _arrived(destination: SettingsDestination, row: SettingRow) -> bool:
    return destination.out_of_office().identity == row.identity


def _days(reply: OutOfOffice) -> str:
    """From when to when it is planned; empty when it is not."""
    if reply.state is not ReplyState.SCHEDULED or reply.start is None or reply.end is None:
        return ""
    start, end = (moment.astimezone(UTC) for moment in (reply.start, reply.end))
    return f"{start:%Y-%m-%d %H:%M} / {end:%Y-%m-%d %H:%M} UTC"
