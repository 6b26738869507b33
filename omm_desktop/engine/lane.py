"""Everything that leads into one destination folder, from whatever source folder.

A lane is opened by reading what the folder holds (`advance`), and only when no outcome is unknown
there any more. While it is open, batches may be on their way; when the answer to one is lost, the
lane closes, waits until nothing of ours is on its way, and is opened again through the same rule.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from enum import StrEnum

from omm_desktop.model.items import Folder, Item, ItemKind
from omm_desktop.model.ports import Destination, Fidelity, Position
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.namesakes import Namesakes
from omm_desktop.store.rows import Outcome, Row, RowState, SeenRow, instant
from omm_desktop.store.survey import Survey, number

from .accounts import Accounts
from .clock import Clock
from .settle import OPEN, Verdict, alike, claim, judge_unclaimed, turn

LOOKS_APART = 5.0
"""Seconds between the two looks that must agree before an unknown outcome is judged."""


NOTED_AT_ONCE = 500
"""Outcomes in one transaction: a folder without keys may hold any number of rows."""


class LaneState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    BROKEN = "broken"


class Lane:
    """`settle_seconds` as in the plan. `gone` are keys of ours found removed, as far as looked."""

    def __init__(
        self,
        ledger: Ledger,
        accounts: Accounts,
        folder: Folder,
        settle_seconds: float,
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._account = accounts.destination
        self._namesakes = Namesakes(ledger, accounts.source)
        self._settle_seconds = settle_seconds
        self._looks_apart = min(LOOKS_APART, settle_seconds / 2)
        self._clock = clock
        self.folder = folder
        self.kind = folder.kind
        self.lock = threading.RLock()
        self.state = LaneState.CLOSED
        self.id = ledger.destination_folder(
            self._account, folder.key, folder.validity or 0, empty=folder.count == 0
        )
        self._never_read = ledger.explained_next(self.id) is None
        self.validity = folder.validity or 0
        self.quiet: int | None = None
        self.first_quiet: int | None = None
        self.in_flight = 0
        self.doubtful = False
        self.gone: set[str] = set()
        self._answer_lost = False
        self._numbers_complete = True
        self._highest = 0
        self._look: tuple[float, Position] | None = None
        self._first_look: float | None = None
        self._survey: Survey | None = None

    # Opening

    def advance(self, destination: Destination) -> float | None:
        """One step towards an open lane; seconds until the next step, None when it is open.

        Call only when nothing is in flight. Raises what the destination raises.
        """
        now = self._clock.now()
        position = destination.position(self.folder.key)
        if self._must_wait(position):
            if self._first_look is None:
                self._first_look = now
            settled = (
                self._look is not None
                and self._look[1] == position
                and now - self._look[0] >= self._looks_apart
                and now - self._first_look >= self._settle_seconds
            )
            if not settled:
                if self._look is None or self._look[1] != position:
                    self._look = (now, position)
                left = self._settle_seconds - (now - self._first_look)
                return max(left, self._looks_apart)
        self._open(destination, position)
        return None

    def open_if_empty(self, destination: Destination) -> None:
        """Open without asking the server, where the folder was just listed as empty."""
        folder = self.folder
        if folder.count == 0 and folder.next_key is not None:
            position = Position(self.validity, 0, folder.next_key)
            if not self._must_wait(position):
                self._open(destination, position)

    def _must_wait(self, position: Position) -> bool:
        """Whether a write of somebody who is gone may still arrive.

        So after a lost answer, with open rows, and as long as a folder that holds mail was never
        read to its end: the records of who wrote it may be missing.
        """
        if self._answer_lost or (self._never_read and position.count > 0):
            return True
        return self._ledger.open_from(self.id, self.validity)[0]

    def _open(self, destination: Destination, position: Position) -> None:
        self._renumbered(position)
        was_open, oldest = self._ledger.open_from(self.id, self.validity)
        explained = self._ledger.explained_next(self.id)
        numbered = position.next_key is not None
        floor: int | None = None
        if explained is not None and numbered and (not was_open or oldest is not None):
            theirs = self._namesakes.first_key(self.id, self.validity)
            floor = min(key for key in (explained, oldest, theirs) if key is not None)
        unread = position.count == 0 or (numbered and floor == position.next_key)
        survey = Survey(self._ledger, self.id, self.validity, floor)
        if not unread:
            for window in destination.existing(self.folder.key, floor):
                survey.add(window)
        self.doubtful = self.doubtful or was_open
        self._settle(destination, survey)
        self._explain(position, survey)
        self._namesakes.let_go(self.id, self.validity)
        # Where nothing is left to be recognised, no item need be looked for.
        self._survey = None if survey.first_unexplained() is None else survey
        with self.lock:
            self.quiet = position.next_key
            if self.first_quiet is None:
                self.first_quiet = position.next_key
            self._numbers_complete = True
            self._highest = 0
            self._look = self._first_look = None
            self._answer_lost = self._never_read = False
            self.state = LaneState.OPEN

    @property
    def fidelity(self) -> Fidelity:
        """What the folder gives back: of other kinds than mail each item of ours carries a mark.

        Unless mail that should have one turned out to have none.
        """
        known = self._ledger.fidelity(self._account)
        return known if self.kind is ItemKind.MAIL or known is Fidelity.REBUILT else Fidelity.MARKED

    @property
    def may_hold_pending(self) -> bool:
        """Whether mail lies there that may turn out to be what is still to be copied."""
        return bool(self.folder.count) and (
            self._ledger.explained_next(self.id) is None
            or self._namesakes.first_key(self.id, self.validity) is not None
        )

    def _renumbered(self, position: Position) -> None:
        if position.validity is not None and position.validity != self.validity:
            self.validity = position.validity
            self._ledger.destination_folder(
                self._account, self.folder.key, self.validity, empty=False
            )
            self.first_quiet = None

    def _explain(self, position: Position, survey: Survey) -> None:
        if position.next_key is not None:
            first = survey.first_unexplained()
            self._ledger.set_explained(self.id, position.next_key if first is None else first)

    # Settling

    def _settle(self, destination: Destination, survey: Survey) -> None:
        """Judge every row whose outcome is unknown, and find again those whose key is lost."""
        survey.explain_by_key()
        fidelity = self.fidelity
        outcomes: list[Outcome] = []
        unclaimed: list[Row] = []
        for fingerprint, rows in survey.keyless_groups():
            spare = self.with_contents(destination, survey, survey.spare(fingerprint))
            for row, found in claim(rows, spare, fidelity, self.kind):
                if found is not None:
                    survey.take(found.key)
                    outcomes.append(self._arrived(row, found))
                elif row.state in OPEN or fidelity is Fidelity.BODY:
                    # Where headers are rewritten, what we know to be there may look like it too.
                    unclaimed.append(row)
            if len(outcomes) >= NOTED_AT_ONCE:
                self._ledger.note_outcomes(outcomes)
                outcomes = []
        in_doubt = any(row.state in OPEN for row in unclaimed)
        for row in sorted(unclaimed, key=turn) if in_doubt else ():
            nobodys: list[SeenRow] = []
            if fidelity is not Fidelity.MARKED:
                nobodys = self.with_contents(destination, survey, survey.unexplained(row.quiet))
            verdict, found = judge_unclaimed(row, nobodys, fidelity)
            if found is not None:
                survey.take(found.key)
                outcomes.append(self._arrived(row, found))
            elif row.state not in OPEN:
                continue
            elif verdict is Verdict.UNSURE:
                outcomes.append(Outcome(row.id, RowState.UNSURE))
            else:
                outcomes.append(Outcome(row.id, None))
        survey.forget_aside()
        if outcomes:
            self._ledger.note_outcomes(outcomes)

    def _arrived(self, row: Row, found: SeenRow) -> Outcome:
        state = RowState.DONE if row.state in OPEN else row.state
        lasting = found.number or self.kind is not ItemKind.MAIL
        key = found.key if lasting else None
        return Outcome(row.id, state, key, self.validity)

    def with_contents(
        self, destination: Destination, survey: Survey, seen: Sequence[SeenRow]
    ) -> list[SeenRow]:
        """The same messages with the hashes of their bodies, as far as they can be had."""
        wanted = [message.key for message in seen if message.content is None]
        if not wanted:
            return list(seen)
        found = dict(destination.contents(self.folder.key, wanted))
        for key, content in found.items():
            survey.set_content(key, content)
        return [
            SeenRow(m.key, m.number, m.fingerprint, m.size, m.received, found.get(m.key, m.content))
            for m in seen
        ]

    # Copying

    def find_present(self, destination: Destination, item: Item) -> SeenRow | None:
        """A message nobody explains that is this item already; it is then taken.

        Of an event any that has its UID, whoever explains it and whatever it says.
        """
        survey = self._survey
        if survey is None:
            return None
        with self.lock:
            if self.kind is ItemKind.EVENTS:
                found = self._of_same_uid(destination, survey, item)
            else:
                found = self._match(destination, survey, item)
            if found is not None:
                survey.take(found.key)
            return found

    def _of_same_uid(self, destination: Destination, survey: Survey, item: Item) -> SeenRow | None:
        bearing = self.with_contents(destination, survey, survey.bearing(item.fingerprint))
        return max(bearing, key=lambda seen: seen.content == item.content, default=None)

    def _match(self, destination: Destination, survey: Survey, item: Item) -> SeenRow | None:
        """What we brought before the folder was renumbered may be known by less than other mail:
        the server may have changed its headers, or kept bodies but for this one.
        """
        fidelity = self.fidelity
        arrived = instant(item.received)
        row = Row(0, RowState.SENDING, item.fingerprint, item.content, arrived, None)
        spare = self.with_contents(destination, survey, survey.spare(item.fingerprint))
        found = [message for message in spare if alike(row, message, fidelity, self.kind)]
        if found or not survey.brought(item.fingerprint, item.content):
            return found[0] if found else None
        if spare:
            ours = survey.contents_of_ours(item.fingerprint)
            changed = (message for message in spare if message.content not in ours)
            found = [m for m in changed if m.received is not None and m.received == arrived]
        elif fidelity is Fidelity.BODY:
            same_date = self.with_contents(destination, survey, survey.of_date(arrived))
            found = [message for message in same_date if alike(row, message, fidelity)]
        return found[0] if found else None

    def depart(self) -> bool:
        """A batch is about to leave. False when the lane closed meanwhile."""
        with self.lock:
            if self.state is not LaneState.OPEN:
                return False
            self.in_flight += 1
            return True

    def return_answered(self, keys: Iterable[str | None]) -> None:
        """A batch was answered for. Its keys move the quiet position once nothing is in flight."""
        with self.lock:
            for key in keys:
                if key is None or not number(key):
                    self._numbers_complete = False
                else:
                    self._highest = max(self._highest, number(key))
            self.in_flight -= 1
            if not self.in_flight and self._numbers_complete and self._highest:
                self.quiet = max(self.quiet or 0, self._highest + 1)

    def return_lost(self) -> None:
        """The answer to a batch was lost: nothing leaves until the folder was read again."""
        with self.lock:
            self.in_flight -= 1
            self._answer_lost = True
            self.doubtful = True
            if self.state is LaneState.OPEN:
                self.state = LaneState.CLOSED
                self._look = self._first_look = None

    def break_down(self) -> None:
        """The folder cannot be used in this run."""
        with self.lock:
            self.state = LaneState.BROKEN
