"""Rules and the out-of-office reply while answers are lost, servers fail and the program dies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from omm_desktop.endpoints import registry
from omm_desktop.endpoints.ews.transport.connection import Connection
from omm_desktop.endpoints.ews.writer import EwsDestination
from omm_desktop.engine.run import Migration
from omm_desktop.model.account import Account
from omm_desktop.model.plan import MigrationPlan, Options, Selection
from omm_desktop.model.ports import Destination
from omm_desktop.model.problem import Place, ProblemId
from omm_desktop.model.report import Fate, Report
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.model.settings import InboxRule, OutOfOffice, SettingKind
from tests.engine.world import FastClock, Killed, Life, MortalLedger
from tests.servers.ews import EwsServer, Fault, FaultKind
from tests.servers.ews.journal import Entry
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.ews.rules import add_rule, is_on, names_of, reply_of, set_reply
from tests.servers.ews.settings import NAMES, assert_arrived, furnish
from tests.servers.ews.soap import Element, find, make, need
from tests.servers.ews.store import Mailbox

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
LOSSES = [FaultKind.DROPPED, FaultKind.CUT, FaultKind.LOST, FaultKind.INTERNAL, FaultKind.BUSY]
SETTLE_SECONDS = 30.0
REQUESTS = [
    "GetInboxRules",
    "UpdateInboxRules",
    "GetUserOofSettingsRequest",
    "SetUserOofSettingsRequest",
]


@pytest.fixture
def boris(exchange: EwsServer) -> Mailbox:
    return exchange.add_mailbox(BORIS)


@dataclass
class Copy:
    """Between Anna and Boris, as many lives of the program as it takes."""

    exchange: EwsServer
    folder: Path
    life: Life = field(default_factory=Life)
    clock: FastClock = field(default_factory=FastClock)

    def run(self, dies_at: int | None = None) -> Report | None:
        """None when it was killed."""
        self.life = Life(dies_at)
        old, new = (reached(self.exchange, whose) for whose in (ANNA, BORIS))
        plan = MigrationPlan(
            old.as_account,
            new.as_account,
            Selection(settings=frozenset(SettingKind)),
            Options(connections=1, settle_seconds=SETTLE_SECONDS),
        )
        try:
            ledger = MortalLedger(self.folder / "ledger.db", self.life)
        except Killed:
            return None
        try:
            secrets = Secrets(old.secret, new.secret)
            opened = (registry.open_source, self._open_destination)
            return Migration(plan, secrets, ledger, *opened, attended=False, clock=self.clock).run()
        except Killed:
            return None
        finally:
            ledger.close()

    def whole(self) -> Report:
        report = self.run()
        assert report is not None
        return report

    def _open_destination(self, account: Account, secret: Secret) -> Destination:
        life = self.life

        class Mortal(EwsDestination):
            """May die before each request that changes a setting, and after it."""

            def add_rule(self, rule: InboxRule) -> None:
                life.step()
                super().add_rule(rule)
                life.step()

            def keep_out_of_office(self, reply: OutOfOffice) -> None:
                life.step()
                super().keep_out_of_office(reply)
                life.step()

        return Mortal(Connection.open(account, secret, Place.DESTINATION, writing=True))


@pytest.fixture
def copy(exchange: EwsServer, boris: Mailbox, tmp_path: Path) -> Iterator[Copy]:
    furnish(exchange.store.mailboxes[ANNA])
    yield Copy(exchange, tmp_path)
    exchange.journal.assert_nothing_sent()


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("request_lost", REQUESTS)
def test_a_lost_answer_is_judged_by_reading_again(
    copy: Copy, boris: Mailbox, request_lost: str, kind: FaultKind
) -> None:
    faults = [Fault(kind, request_lost, after=number, seconds=0.05) for number in (0, 1)]
    copy.exchange.faults.plan(*faults)
    report = copy.whole()
    assert [one for one in report.settings if one.fate is Fate.MISSING] == []
    assert copy.exchange.faults.happened
    assert_arrived(boris)
    again = copy.whole()
    assert {one.fate for one in again.settings} == {Fate.PRESENT}
    assert_arrived(boris)


@pytest.fixture
def in_other_words(copy: Copy, boris: Mailbox) -> None:
    """The server tells rules otherwise than it was told them."""

    def rewrite(entry: Entry, body: Element) -> list[str]:
        for rule in boris.rules:
            if entry.operation == "GetInboxRules" and find(rule, "t:Conditions") is None:
                need(rule, "t:Actions").addprevious(make("t:Conditions", make("t:SentToMe", "1")))
        return []

    copy.exchange.journal.checks.append(rewrite)


@pytest.mark.usefixtures("in_other_words")
def test_a_lost_answer_about_a_rule_that_is_told_in_other_words(copy: Copy, boris: Mailbox) -> None:
    """One of its name more than before is the one."""
    add_rule(boris, "trash", make("t:MarkAsRead", "true"))
    copy.exchange.faults.plan(Fault(FaultKind.LOST, "UpdateInboxRules", after=2))
    report = copy.whole()
    assert [one for one in report.settings if one.fate is Fate.MISSING] == []
    assert copy.exchange.faults.happened
    assert names_of(boris) == ["trash", *NAMES]


def test_a_lost_list_of_folders_is_asked_for_again(copy: Copy, boris: Mailbox) -> None:
    def lose_the_next(entry: Entry, body: Element) -> list[str]:
        if entry.operation == "GetInboxRules":
            copy.exchange.faults.plan(Fault(FaultKind.CUT, "FindFolder"))
            copy.exchange.journal.checks.remove(lose_the_next)
        return []

    copy.exchange.journal.checks.append(lose_the_next)
    copy.whole()
    assert copy.exchange.faults.happened == [("FindFolder", FaultKind.CUT)]
    assert_arrived(boris)


class LateClock(FastClock):
    """What is still on its way arrives during a long wait."""

    def __init__(self) -> None:
        super().__init__()
        self.on_its_way: list[Callable[[], object]] = []

    def wait(
        self, condition: threading.Condition, seconds: float, until: Callable[[], bool]
    ) -> None:
        super().wait(condition, seconds, until)
        while seconds > SETTLE_SECONDS / 2 and self.on_its_way:
            self.on_its_way.pop()()


def test_what_arrives_late_is_waited_for(copy: Copy, boris: Mailbox) -> None:
    """The connection broke while the request was on its way."""
    clock = copy.clock = LateClock()
    copy.exchange.faults.plan(Fault(FaultKind.DROPPED, "UpdateInboxRules"))

    def capture(entry: Entry, body: Element) -> list[str]:
        if entry.operation == "UpdateInboxRules":
            late = deepcopy(body)
            clock.on_its_way.append(lambda: copy.exchange.service.answer(boris, None, late))
            copy.exchange.journal.checks.remove(capture)
        return []

    copy.exchange.journal.checks.append(capture)
    copy.whole()
    assert not clock.on_its_way
    assert_arrived(boris)


def test_a_server_that_never_answers_costs_one_rule(copy: Copy, boris: Mailbox) -> None:
    """Three losses in a row: told, nothing doubled, and made good by the next copy."""
    lost = [Fault(FaultKind.DROPPED, "UpdateInboxRules") for _ in range(3)]
    copy.exchange.faults.plan(*lost)
    report = copy.whole()
    missing = [one.name for one in report.settings if one.fate is Fate.MISSING]
    assert missing == ["clients"]
    copy.whole()
    assert names_of(boris) == ["deep", "trash", "away", "clients"]


def killed_at(copy: Copy, boris: Mailbox, step: int) -> Report:
    """Of a second copy, after a first one that died at that step."""
    for file in copy.folder.glob("ledger.db*"):
        file.unlink()
    boris.rules.clear()
    boris.automatic_reply = None
    assert copy.run(step) is None
    assert "away" not in names_of(boris) or not is_on(boris, "away")
    report = copy.whole()
    assert [one for one in report.settings if one.fate is Fate.MISSING] == [], step
    return report


@pytest.mark.timeout(900)
def test_killed_at_every_step(copy: Copy, boris: Mailbox) -> None:
    """Before and after each commit of the records, and each request that changes a setting."""
    copy.whole()
    steps = copy.life.steps
    assert steps > 4 * (len(NAMES) + 1)
    for step in range(1, steps + 1):
        report = killed_at(copy, boris, step)
        assert_arrived(boris)
        told = {one.problem.id for one in report.settings if one.problem is not None}
        assert told == {ProblemId.RULE_SWITCHED_OFF, ProblemId.REPLY_SWITCHED_OFF}, step


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("in_other_words")
def test_killed_where_rules_are_told_in_other_words(copy: Copy, boris: Mailbox) -> None:
    """What was about to be sent is known from the records alone."""
    copy.whole()
    for step in range(1, copy.life.steps + 1):
        killed_at(copy, boris, step)
        assert names_of(boris) == NAMES, step


def test_a_rule_in_doubt_whose_original_is_gone(copy: Copy, boris: Mailbox) -> None:
    """It is found by its name, and never sent again."""
    copy.exchange.faults.plan(Fault(FaultKind.LOST, "UpdateInboxRules"))
    anna = copy.exchange.store.mailboxes[ANNA]
    del anna.rules[1:]
    copy.whole()
    anna.rules.clear()
    report = copy.whole()
    assert [one.kind for one in report.settings] == [SettingKind.OUT_OF_OFFICE]
    assert names_of(boris) == ["clients"]


def test_a_reply_written_meanwhile_is_not_replaced(copy: Copy, boris: Mailbox) -> None:
    """Its owner was faster, between the lost request and the next."""
    copy.exchange.faults.plan(Fault(FaultKind.DROPPED, "SetUserOofSettingsRequest"))

    def owner(entry: Entry, body: Element) -> list[str]:
        if entry.operation == "SetUserOofSettingsRequest":
            set_reply(boris, "Enabled", "Mine")
        return []

    copy.exchange.journal.checks.append(owner)
    report = copy.whole()
    (told,) = (one for one in report.settings if one.kind is SettingKind.OUT_OF_OFFICE)
    assert told.fate is Fate.LEFT
    assert reply_of(boris) == ("Enabled", "Known", "Mine", "")
