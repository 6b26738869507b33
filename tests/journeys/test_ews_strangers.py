"""Copies from and to servers with other habits than Exchange: all of it, once, and told truly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.engine.run import Migration
from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import MigrationPlan, Options, Selection
from omm_desktop.model.report import Report
from omm_desktop.model.secret import Secrets
from omm_desktop.store.ledger import Ledger
from tests.contract.entries import calendar, card, entry, file
from tests.engine.world import FastClock
from tests.servers.ews import EwsServer, Fault, FaultKind
from tests.servers.ews.habits import HABITS, LIMITS
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.ews.store import Item

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
FIRST = datetime(2020, 1, 1, 12, tzinfo=UTC)
LETTERS = 5
SERIES = (
    "UID:series",
    "DTSTAMP:20260101T000000Z",
    "DTSTART;TZID=Europe/Paris:20260302T090000",
    "DTEND;TZID=Europe/Paris:20260302T100000",
    "RRULE:FREQ=WEEKLY;COUNT=6",
    "EXDATE;TZID=Europe/Paris:20260309T090000",
    "SUMMARY:Every week",
)
MEETING = (
    "UID:meeting",
    "DTSTAMP:20260101T000000Z",
    "DTSTART:20260303T090000Z",
    "DTEND:20260303T100000Z",
    "SUMMARY:Once",
    "ATTACH;VALUE=BINARY;ENCODING=BASE64;X-FILENAME=a.txt:aGVsbG8=",
)
TASK = ("UID:task", "DTSTAMP:20260101T000000Z", "SUMMARY:Do it", "DUE;VALUE=DATE:20260401")
OTHERS = (
    entry(ItemKind.CONTACTS, "1", card("FN:Zoé Petit", "N:Petit;Zoé;;;", "EMAIL:zoe@a.test")),
    entry(ItemKind.CONTACTS, "2", card("FN:Max", "N:;Max;;;", "TEL;TYPE=CELL:+33 6 1")),
    entry(ItemKind.EVENTS, "3", calendar(*SERIES)),
    entry(ItemKind.EVENTS, "4", calendar(*MEETING)),
    entry(ItemKind.TASKS, "5", calendar(*TASK, kind="VTODO")),
)
VOLATILE = ("item:DateTimeReceived", "item:DateTimeSent")
ALL = LETTERS + len(OTHERS)


def letter(number: int) -> bytes:
    return (
        f"From: bob@far.test\r\nTo: anna@exchange.test\r\nSubject: =?utf-8?q?L=C3=A9ttre?= {number}"
        f"\r\nMessage-ID: <{number}@far.test>\r\nDate: Wed, 1 Jan 2020 12:00:00 +0000\r\n\r\n"
        + "hello\r\n"
        * 20
    ).encode()


@pytest.fixture(autouse=True)
def mailboxes(exchange: EwsServer) -> Iterator[None]:
    """Boris has mail in two folders and everything else; Anna has nothing."""
    boris = exchange.add_mailbox(BORIS)
    clients = boris.add_folder(boris.distinguished("msgfolderroot"), "Clients", "IPF.Note")
    deeper = boris.add_folder(clients, "2019", "IPF.Note")
    for number in range(LETTERS):
        folder = boris.distinguished("inbox") if number % 2 else deeper
        received = FIRST + timedelta(days=number)
        exchange.deliver(folder, letter(number), received=received, read=number > 1)
    account = reached(exchange, BORIS)
    destination = open_destination(account.as_account, account.secret)
    for one in OTHERS:
        file(destination, [one])
    destination.close()
    yield
    exchange.journal.assert_nothing_sent()


def copy(exchange: EwsServer, ledger: Path) -> Report:
    """From Boris to Anna."""
    old, new = reached(exchange, BORIS), reached(exchange, ANNA)
    plan = MigrationPlan(
        old.as_account,
        new.as_account,
        Selection(kinds=frozenset(ItemKind)),
        Options(connections=1, settle_seconds=1),
    )
    records = Ledger(ledger)
    try:
        secrets = Secrets(old.secret, new.secret)
        opened = (open_source, open_destination)
        clock = FastClock()
        return Migration(plan, secrets, records, *opened, attended=False, clock=clock).run()
    finally:
        records.close()


def held(exchange: EwsServer, address: str) -> Counter[tuple[object, ...]]:
    """What counts of everything in a mailbox: of mail the subject, date and read flag."""
    return Counter(map(_says, exchange.store.mailboxes[address].items()))


def _says(item: Item) -> tuple[object, ...]:
    if item.mime is not None:
        names = ["item:Subject", "item:DateTimeReceived", "message:IsRead"]
        return item.folder.name, *map(item.text, names)
    said = {
        name: etree.tostring(one)
        for name, one in item.fields.items()
        if name not in VOLATILE and (name != "item:Body" or one.text)
    }
    gone, files = sorted(item.deleted), sorted(one.content for one in item.attachments)
    return item.kind, *sorted(said.items()), *gone, *files


@pytest.mark.parametrize("habit", HABITS)
def test_everything_arrives_once(exchange: EwsServer, tmp_path: Path, habit: str) -> None:
    before = held(exchange, BORIS)
    HABITS[habit](exchange)
    exchange.faults.plan(Fault(FaultKind.LOST, "CreateItem"))
    first = copy(exchange, tmp_path / "ledger.db")
    assert held(exchange, ANNA) == before, first
    assert (first.totals.listed, first.totals.failed, first.totals.unsure) == (ALL, 0, 0)
    again = copy(exchange, tmp_path / "ledger.db")
    assert (again.totals.copied, again.totals.edited) == (0, 0)
    assert again.grade.nothing_missing
    by_another = copy(exchange, tmp_path / "another.db")
    assert by_another.totals.copied == 0
    assert held(exchange, ANNA) == before == held(exchange, BORIS)


@pytest.mark.parametrize("habit", LIMITS)
def test_what_a_server_cannot_do_is_told(exchange: EwsServer, tmp_path: Path, habit: str) -> None:
    """And nothing is there twice, after a lost answer and a second copy."""
    before = held(exchange, BORIS)
    LIMITS[habit](exchange)
    exchange.faults.plan(Fault(FaultKind.LOST, "CreateItem"))
    first = copy(exchange, tmp_path / "ledger.db")
    assert first.totals.listed == ALL
    assert first.notes or first.failed
    assert ALL >= held(exchange, ANNA).total() >= ALL - first.totals.not_copied
    again = copy(exchange, tmp_path / "ledger.db")
    assert held(exchange, ANNA).total() <= ALL
    assert again.totals.copied == 0
    assert held(exchange, BORIS) == before
