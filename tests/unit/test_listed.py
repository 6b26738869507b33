"""Items whose keys change: each row is taken over once, by the same mail only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.listed import Listed
from omm_desktop.store.rows import Intent, Outcome, RowState

OLD = Account(EndpointKind.POP3, "a", Server("pop.exemple.fr", 995, Security.TLS))
NEW = Account(EndpointKind.IMAP, "b", Server("imap.exemple.com", 993, Security.TLS))


@dataclass
class Records:
    ledger: Ledger

    def __post_init__(self) -> None:
        accounts = [self.ledger.account(account.identity) for account in (OLD, NEW)]
        self.run = self.ledger.begin_run(MigrationPlan(OLD, NEW), *accounts, 0.0)
        self.source, _ = self.ledger.source_folder(accounts[0], "INBOX", 0)
        self.there = self.ledger.destination_folder(accounts[1], "INBOX", 1, empty=True)
        self.listed = Listed(self.ledger)

    def mail(self, key: str, text: bytes, body: bytes = b"body") -> Intent:
        return Intent(self.source, 0, key, text.ljust(16), body.ljust(16), 10, None)

    def note(self, state: RowState, *items: Intent) -> None:
        rows = self.ledger.intend(self.run, self.there, None, 1, 0.0, items)
        self.ledger.note_outcomes([Outcome(row, state) for row in rows])

    def known_again(self, *items: Intent) -> dict[str, RowState]:
        return self.listed.known_again(self.there, items)

    def states(self, *keys: str) -> dict[str, RowState]:
        return self.ledger.states(self.source, 0, self.there, keys)


@pytest.fixture
def records() -> Iterator[Records]:
    ledger = Ledger(None)
    yield Records(ledger)
    ledger.close()


def test_a_row_follows_its_mail_to_another_key(records: Records) -> None:
    records.note(RowState.DONE, records.mail("old", b"one"))
    records.listed.add(records.source, ["new"])
    assert records.known_again(records.mail("new", b"one")) == {"new": RowState.DONE}
    assert records.states("old", "new") == {"new": RowState.DONE}


def test_what_the_person_said_is_there_stays_so(records: Records) -> None:
    records.note(RowState.ACCEPTED, records.mail("old", b"one"))
    assert records.known_again(records.mail("new", b"one")) == {"new": RowState.ACCEPTED}


def test_what_is_unsure_stays_unsure(records: Records) -> None:
    records.note(RowState.UNSURE, records.mail("old", b"one"))
    assert records.known_again(records.mail("new", b"one")) == {"new": RowState.UNSURE}


def test_neither_equal_headers_nor_equal_bodies_are_enough(records: Records) -> None:
    records.note(RowState.DONE, records.mail("old", b"one", b"first"))
    assert not records.known_again(records.mail("a", b"one", b"second"))
    assert not records.known_again(records.mail("b", b"two", b"first"))


def test_a_row_whose_key_is_still_listed_is_not_taken(records: Records) -> None:
    records.note(RowState.DONE, records.mail("old", b"one"))
    records.listed.add(records.source, ["old", "twin"])
    assert not records.known_again(records.mail("twin", b"one"))
    records.listed.clear(records.source)
    assert records.known_again(records.mail("twin", b"one"))


def test_twins_are_counted(records: Records) -> None:
    records.note(RowState.DONE, records.mail("a", b"one"), records.mail("b", b"one"))
    three = [records.mail(key, b"one") for key in ("x", "y", "z")]
    assert records.known_again(*three).keys() == {"x", "y"}
    records.listed.add(records.source, ["x", "y", "z"])
    assert not records.known_again(records.mail("z", b"one"))


def test_what_never_arrived_is_not_known(records: Records) -> None:
    records.note(RowState.FAILED, records.mail("a", b"one"))
    records.note(RowState.MISSING, records.mail("b", b"one"))
    assert not records.known_again(records.mail("x", b"one"))


def test_an_earlier_failure_under_the_new_key_gives_way(records: Records) -> None:
    records.note(RowState.DONE, records.mail("old", b"one"))
    records.note(RowState.FAILED, records.mail("new", b""))
    assert records.known_again(records.mail("new", b"one")) == {"new": RowState.DONE}
    assert records.states("old", "new") == {"new": RowState.DONE}
