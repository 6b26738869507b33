"""Contacts, events and tasks from Exchange to Exchange, by the command line."""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.ports import UpdatingDestination
from tests.contract.entries import calendar, card, entry, fetched, file, usual_folder
from tests.servers.ews import EwsServer, FaultKind
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.fixtures import NewUser

from .command import CommandLine, Ended, plan_text
from .letters import letters

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
ALL = ["mail", "contacts", "events", "tasks"]
MANY = 40
PASSING = (FaultKind.UNAVAILABLE, FaultKind.BUSY, FaultKind.DROPPED, FaultKind.CUT, FaultKind.LOST)


def contact(number: int, note: str = "") -> bytes:
    more = [f"NOTE:{note}"] if note else []
    return card(f"FN:Person {number}", f"N:{number};Person;;;", f"EMAIL:p{number}@a.test", *more)


def event(number: int, title: str = "") -> bytes:
    return calendar(
        f"UID:event-{number}",
        "DTSTAMP:20260101T000000Z",
        f"DTSTART:202603{1 + number % 28:02}T090000Z",
        f"DTEND:202603{1 + number % 28:02}T100000Z",
        f"SUMMARY:{title or f'Event {number}'}",
    )


def task(number: int, title: str = "") -> bytes:
    return calendar(
        f"UID:task-{number}",
        "DTSTAMP:20260101T000000Z",
        f"SUMMARY:{title or f'Task {number}'}",
        kind="VTODO",
    )


MAKING = {ItemKind.CONTACTS: contact, ItemKind.EVENTS: event, ItemKind.TASKS: task}


@pytest.fixture(autouse=True)
def nothing_sent(exchange: EwsServer) -> Iterator[None]:
    exchange.add_mailbox(BORIS)
    yield
    exchange.journal.assert_nothing_sent()


@contextmanager
def written(exchange: EwsServer, address: str) -> Iterator[UpdatingDestination]:
    account = reached(exchange, address)
    destination = open_destination(account.as_account, account.secret)
    try:
        yield destination  # type: ignore[misc]
    finally:
        destination.close()


def fill(exchange: EwsServer, address: str, number: int) -> None:
    """So many items of each kind."""
    for one in letters(0, number):
        inbox = exchange.store.mailboxes[address].distinguished("inbox")
        exchange.deliver(inbox, one.body, received=one.received, read=True)
    with written(exchange, address) as destination:
        for kind, make in MAKING.items():
            items = [entry(kind, str(one), make(one)) for one in range(number)]
            for start in range(0, number, 20):
                file(destination, items[start : start + 20])


def edit(exchange: EwsServer, address: str, kind: ItemKind, name: str, body: bytes) -> None:
    """Change what an item says; to Exchange it is all the same which program does it."""
    (key,) = [one.ref.key for one in there(exchange, address, kind) if one.label.subject == name]
    with written(exchange, address) as destination:
        folder = usual_folder(destination, kind)
        destination.update(folder.key, key, entry(kind, key, body))


def there(exchange: EwsServer, address: str, kind: ItemKind) -> list[Item]:
    account = reached(exchange, address)
    source = open_source(account.as_account, account.secret)
    try:
        return fetched(source, kind)
    finally:
        source.close()


def says(exchange: EwsServer, address: str) -> dict[ItemKind, Counter[tuple[bytes, bytes]]]:
    return {
        kind: Counter((one.fingerprint, one.content) for one in there(exchange, address, kind))
        for kind in MAKING
    }


def copy(command: CommandLine, exchange: EwsServer, **options: object) -> Ended:
    return command.migrate(reached(exchange, BORIS), reached(exchange, ANNA), kinds=ALL, **options)


def test_everything_arrives_once_through_faults(command: CommandLine, exchange: EwsServer) -> None:
    fill(exchange, BORIS, MANY)
    before = says(exchange, BORIS)
    exchange.faults.draw(7, 0.1, PASSING, seconds=0.2)
    ended = copy(command, exchange)
    while ended.status in (3, 4):
        ended = copy(command, exchange)
    exchange.faults.stop()
    assert (ended.status, ended.totals["listed"]) == (0, 4 * MANY)
    assert {
        kind: numbers["listed"] for kind, numbers in ended.report["kinds"].items()
    } == dict.fromkeys(ALL, MANY)
    assert says(exchange, ANNA) == before == says(exchange, BORIS)
    again = copy(command, exchange)
    assert (again.status, again.totals["copied"], again.totals["edited"]) == (0, 0, 0)


@pytest.mark.parametrize("seed", range(3))
def test_killed_and_resumed_nothing_is_lost_or_doubled(
    command: CommandLine, exchange: EwsServer, seed: int
) -> None:
    fill(exchange, BORIS, MANY)
    before = says(exchange, BORIS)
    old, new = reached(exchange, BORIS), reached(exchange, ANNA)
    instants = random.Random(seed)
    for _ in range(5):
        child = command.start(plan_text(old, new, kinds=ALL), old, new)
        with suppress(subprocess.TimeoutExpired):
            child.communicate(timeout=instants.uniform(0.8, 4.0))
        child.kill()
        child.communicate()
    ended = copy(command, exchange)
    assert (ended.status, ended.totals["listed"], ended.totals["failed"]) == (0, 4 * MANY, 0)
    assert says(exchange, ANNA) == before == says(exchange, BORIS)


def test_what_is_edited_is_told_and_brought_on_request(
    command: CommandLine, exchange: EwsServer
) -> None:
    fill(exchange, BORIS, 3)
    first = copy(command, exchange)
    assert (first.status, first.totals["copied"]) == (0, 12)
    edit(exchange, BORIS, ItemKind.CONTACTS, "Person 1", contact(1, "a note"))
    edit(exchange, BORIS, ItemKind.EVENTS, "Event 2", event(2, "Another title"))
    edit(exchange, BORIS, ItemKind.TASKS, "Task 0", task(0, "Another task"))
    there_before = says(exchange, ANNA)
    told = copy(command, exchange)
    assert (told.status, told.totals["copied"], told.totals["edited"]) == (0, 0, 3)
    assert {one["folder"] for one in told.report["edited"]} == {"Contacts", "Calendar", "Tasks"}
    assert says(exchange, ANNA) == there_before
    brought = copy(command, exchange, update=True)
    assert (brought.status, brought.totals["updated"]) == (0, 3)
    assert says(exchange, ANNA) == says(exchange, BORIS)
    last = copy(command, exchange)
    assert (last.report["grade"], last.totals["edited"]) == ("complete", 0)


def test_what_imap_does_not_take_stays_behind_and_is_told(
    command: CommandLine, exchange: EwsServer, new_dovecot_user: NewUser
) -> None:
    fill(exchange, BORIS, 3)
    ended = command.migrate(reached(exchange, BORIS), new_dovecot_user(), kinds=ALL)
    assert (ended.status, ended.totals["copied"], ended.totals["failed"]) == (1, 3, 9)
    assert {(one["folder"], one["code"], one["concerns"]) for one in ended.report["failed"]} == {
        ("Contacts", "28-03", "contacts"),
        ("Calendar", "28-03", "events"),
        ("Tasks", "28-03", "tasks"),
    }
    lines = ended.errors.splitlines()
    told = next(n for n, line in enumerate(lines) if line.startswith("Contacts · "))
    assert told < lines.index("Copying")
