"""Contacts, events and tasks beside mail from one Exchange mailbox to another, by command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.ports import Stored
from tests.contract.entries import SERIES, calendar, card, entry, fetched, file
from tests.contract.test_ews_updating import PHOTO
from tests.servers.ews import EwsServer, FaultKind
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.ews.soap import make

from .command import CommandLine
from .letters import FIRST_DAY, letters

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
ALL = ["mail", "contacts", "events", "tasks"]
OTHERS = (ItemKind.CONTACTS, ItemKind.EVENTS, ItemKind.TASKS)
BATCH = 50
PASSING = (
    FaultKind.UNAVAILABLE,
    FaultKind.BUSY,
    FaultKind.DROPPED,
    FaultKind.CUT,
    FaultKind.LOST,
    FaultKind.INTERNAL,
)


@pytest.fixture(autouse=True)
def nothing_sent(exchange: EwsServer) -> Iterator[None]:
    exchange.add_mailbox(BORIS)
    yield
    exchange.journal.assert_nothing_sent()


def entries(number: int) -> list[Item]:
    """So many of each kind, every tenth of them with more than one request needs."""
    found = []
    for n in range(number):
        todo = (f"UID:t{n}", f"SUMMARY:task {n}", "DUE;VALUE=DATE:20240301")
        found.append(entry(ItemKind.TASKS, f"t{n}", calendar(*todo, kind="VTODO")))
        event = calendar(
            f"UID:e{n}", f"SUMMARY:event {n}", f"DTSTART:202401{n % 28 + 1:02}T100000Z"
        )
        person = [f"FN:Person {n}", f"EMAIL:{n}@x.test"]
        if n % 10 == 0:
            event = SERIES.replace(b"UID:one", b"UID:e%d" % n)
            person.append(PHOTO)
        found.append(entry(ItemKind.EVENTS, f"e{n}", event))
        found.append(entry(ItemKind.CONTACTS, f"c{n}", card(*person)))
    us = card("FN:Us", "KIND:group", "MEMBER:mailto:1@x.test", "MEMBER:mailto:2@x.test")
    return [*found, entry(ItemKind.CONTACTS, "us", us)]


def fill(exchange: EwsServer, items: list[Item]) -> None:
    account = reached(exchange, ANNA)
    destination = open_destination(account.as_account, account.secret)
    try:
        for kind in OTHERS:
            of_kind = [one for one in items if one.kind is kind]
            for start in range(0, len(of_kind), BATCH):
                answers = file(destination, of_kind[start : start + BATCH])
                assert all(isinstance(one, Stored) for one in answers.values())
    finally:
        destination.close()
    inbox = exchange.store.mailboxes[ANNA].distinguished("inbox")
    for number, message in enumerate(letters(0, 20)):
        exchange.deliver(inbox, message.body, received=FIRST_DAY + timedelta(days=number))


def there(exchange: EwsServer, address: str) -> dict[ItemKind, list[bytes]]:
    """Everything of the other kinds, as it would be copied further."""
    account = reached(exchange, address)
    source = open_source(account.as_account, account.secret)
    try:
        return {
            kind: sorted(whole(one.payload) for one in fetched(source, kind)) for kind in OTHERS
        }
    finally:
        source.close()


def test_everything_goes_over_once_and_what_is_edited_only_when_asked_for(
    command: CommandLine, exchange: EwsServer
) -> None:
    fill(exchange, entries(40))
    old, new = reached(exchange, ANNA), reached(exchange, BORIS)
    first = command.migrate(old, new, kinds=ALL)
    assert first.status == 0, first.errors
    assert first.totals["copied"] == 20 + 3 * 40 + 1
    assert there(exchange, BORIS) == there(exchange, ANNA)
    again = command.migrate(old, new, kinds=ALL)
    assert (again.status, again.totals["copied"]) == (0, 0)
    assert there(exchange, BORIS) == there(exchange, ANNA)

    calendar_ = exchange.store.mailboxes[ANNA].distinguished("calendar")
    for event in list(calendar_.items.values())[:3]:
        event.fields["calendar:Location"] = make("t:Location", "elsewhere")
        exchange.store.touch(event)
    told = command.migrate(old, new, kinds=ALL)
    assert (told.status, told.totals["copied"]) == (0, 0)
    assert there(exchange, BORIS) != there(exchange, ANNA)
    updated = command.migrate(old, new, kinds=ALL, update=True)
    assert updated.status == 0
    assert there(exchange, BORIS) == there(exchange, ANNA)
    assert (told.totals["edited"], updated.totals["updated"]) == (3, 3)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(2))
def test_a_server_that_fails_now_and_then(
    command: CommandLine, exchange: EwsServer, seed: int
) -> None:
    fill(exchange, entries(30))
    old, new = reached(exchange, ANNA), reached(exchange, BORIS)
    exchange.faults.draw(seed, 0.06, PASSING, seconds=0.1)
    ended = command.migrate(old, new, kinds=ALL, settle_seconds=1)
    for _ in range(5):
        if ended.status == 0:
            break
        ended = command.migrate(old, new, kinds=ALL, settle_seconds=1)
    exchange.faults.stop()
    assert ended.status == 0, ended.errors
    assert there(exchange, BORIS) == there(exchange, ANNA)
