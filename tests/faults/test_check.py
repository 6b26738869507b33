"""What the check after a copy finds out, or cannot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from omm_desktop.endpoints import registry
from omm_desktop.engine.run import Migration
from omm_desktop.model.plan import MigrationPlan, Options
from omm_desktop.model.progress import Event, Phase, PhaseChanged
from omm_desktop.model.report import Grade, Proof, Report
from omm_desktop.model.secret import Secrets
from omm_desktop.store.ledger import Ledger
from omm_desktop.support.catalogue import catalogue
from tests.engine.world import FastClock
from tests.journeys.letters import letters
from tests.servers.account import TestAccount
from tests.servers.ews import EwsServer, Fault, FaultKind
from tests.servers.ews.reached import mailbox_of
from tests.servers.mailbox import MailFolder, compare, load, snapshot

INBOX, NUMBER = ("INBOX",), 5
MANY = 20


@dataclass(frozen=True, slots=True)
class Copy:
    old: TestAccount
    new: TestAccount
    folder: Path

    def run(self, at_the_check: Callable[[], None] = lambda: None) -> Report:
        plan = MigrationPlan(
            self.old.as_account, self.new.as_account, options=Options(settle_seconds=0.2)
        )
        ledger = Ledger(self.folder / "ledger.db")
        secrets = Secrets(self.old.secret, self.new.secret)
        ends = (registry.open_source, registry.open_destination)

        def tell(event: Event) -> None:
            if event == PhaseChanged(Phase.CHECKING):
                at_the_check()

        try:
            copy = Migration(plan, secrets, ledger, *ends, attended=False, clock=FastClock())
            return copy.run(tell)
        finally:
            ledger.close()


def codes(report: Report) -> list[str]:
    told = (*report.failed, *report.notes)
    return [catalogue().entry(one.problem).code for one in told]


def test_what_the_server_took_and_does_not_show_is_missing_and_brought_again(
    old_account: TestAccount, new_account: TestAccount, tmp_path: Path
) -> None:
    load(old_account, [MailFolder(INBOX, letters(0, NUMBER))])
    copy = Copy(old_account, new_account, tmp_path)

    def lose_one() -> None:
        with new_account.client() as client:
            client.select_folder("INBOX")
            client.delete_messages(min(client.search()))
            client.expunge()

    report = copy.run(lose_one)
    assert codes(report) == ["25-06"]
    assert (report.grade, report.copied, report.not_copied) == (Grade.INCOMPLETE, NUMBER - 1, 1)
    again = copy.run()
    assert (again.grade, again.copied, again.present) == (Grade.COMPLETE, 1, NUMBER - 1)
    assert compare(snapshot(old_account), snapshot(new_account)) == []


def test_a_folder_whose_check_breaks_each_time_is_told_and_checked_by_the_next_copy(
    old_account: TestAccount, exchange: EwsServer, tmp_path: Path
) -> None:
    load(old_account, [MailFolder(INBOX, letters(0, NUMBER))])
    exchange.add_mailbox("boris@exchange.test")
    copy = Copy(old_account, mailbox_of(exchange, "boris@exchange.test"), tmp_path)
    broken = [Fault(FaultKind.DROPPED, "FindItem")] * MANY
    report = copy.run(lambda: exchange.faults.plan(*broken))
    exchange.faults.stop()
    assert codes(report) == ["24-08"]
    assert (report.grade, report.copied) == (Grade.COMPLETE_WITH_NOTES, NUMBER)
    assert all(note.problem.detail for note in report.notes)
    assert {folder.proof for folder in report.folders} == {Proof.NONE}
    again = copy.run()
    assert (again.grade, again.copied, again.present) == (Grade.COMPLETE, 0, NUMBER)
    assert Proof.NONE not in {folder.proof for folder in again.folders}
