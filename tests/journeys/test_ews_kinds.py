"""Contacts, events and tasks from Exchange, by the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.servers.ews import EwsServer, Fault, FaultKind
from tests.servers.ews import recurrence as series
from tests.servers.ews.holding import Holding, differences, holding_of, unfinished_of
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.ews.soap import make
from tests.servers.ews.store import Item
from tests.servers.fixtures import NewUser

from . import lived_in
from .command import CommandLine, Ended

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
ALL = ["mail", "contacts", "events", "tasks"]
PASSING = (
    FaultKind.UNAVAILABLE,
    FaultKind.BUSY,
    FaultKind.DROPPED,
    FaultKind.CUT,
    FaultKind.LOST,
    FaultKind.INTERNAL,
)
COPIED = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_sent(exchange: EwsServer) -> Iterator[None]:
    exchange.add_mailbox(BORIS)
    yield
    exchange.journal.assert_nothing_sent()


def copy(command: CommandLine, exchange: EwsServer, **options: object) -> Ended:
    anna, boris = reached(exchange, ANNA), reached(exchange, BORIS)
    return command.migrate(anna, boris, kinds=ALL, **options)


@pytest.mark.parametrize("seed", range(2))
def test_a_server_that_fails_now_and_then(
    command: CommandLine, exchange: EwsServer, seed: int
) -> None:
    number = lived_in.live_in(exchange, ANNA, shrunk=20)
    exchange.faults.plan(*(Fault(FaultKind.LOST, "CreateItem", after=n) for n in range(4)))
    exchange.faults.draw(seed, 0.06, PASSING, seconds=0.1)
    for _ in range(6):
        ended = copy(command, exchange, settle_seconds=0.2)
        if ended.status == 0:
            break
    exchange.faults.stop()
    assert (ended.status, ended.totals["listed"], ended.totals["failed"]) == (0, number, 0)
    assert {kind: one["listed"] for kind, one in ended.report["kinds"].items()} == {
        "mail": lived_in.MAILS // 20,
        **{str(kind): number // 20 for kind, number in lived_in.OTHERS.items()},
    }
    assert differences(holding_of(exchange, ANNA), holding_of(exchange, BORIS)) == []
    assert unfinished_of(exchange, BORIS) == []


def test_what_a_source_cannot_give_whole_is_there_once_all_the_same(
    command: CommandLine, exchange: EwsServer, tmp_path: Path
) -> None:
    """Also for records that know nothing of the first copy; both reports tell what is lacking."""
    folder = exchange.store.mailboxes[ANNA].distinguished("tasks")
    put_off = make("t:Subject", "garden"), make("t:Status", "Deferred")
    exchange.put(folder, make("t:Task", *put_off))
    for records in ("first", "second"):
        ended = copy(replace(command, folder=tmp_path / records), exchange)
        assert (ended.status, ended.totals["listed"]) == (0, 1)
        assert [one["detail"] for one in ended.report["notes"]] == ["STATUS: Deferred"]
    assert len(exchange.store.mailboxes[BORIS].distinguished("tasks").items) == 1


class Edits:
    """What the owner of a mailbox changes in it, days after it was copied."""

    def __init__(self, exchange: EwsServer) -> None:
        self._store = exchange.store
        self._store.now = lambda: self.now
        self.now = COPIED

    def of(self, address: str, name: str) -> Item:
        items = self._store.mailboxes[address].items()
        (found,) = (one for one in items if one.text("item:Subject") == name)
        return found

    def set(self, item: Item, path: str, value: str) -> None:
        item.fields[path] = make(f"t:{path.partition(':')[2]}", value)
        self._store.touch(item)

    def edit_all(self) -> None:
        self.now += timedelta(days=3)
        self.set(self.of(ANNA, "Zoé Person 0"), "contacts:JobTitle", "Directrice")
        self.of(ANNA, "Zoé Person 6").attachments.clear()
        self.set(self.of(ANNA, "Zoé Person 6"), "contacts:Nickname", "Zaza")
        self.set(self.of(ANNA, "Réunion 0"), "calendar:Location", "ailleurs")
        self.set(self.of(ANNA, "Tâche 0"), "task:DueDate", "2023-06-01T00:00:00Z")
        self.edit_series(self.of(ANNA, "Réunion 1"))

    def edit_series(self, master: Item) -> None:
        """One more occurrence changed, one changed back, one more gone."""
        changed = series.change(self._store, series.numbered(master, 3))
        changed.fields["calendar:Location"] = make("t:Location", "Salle C")
        master.exceptions.pop(series.numbered(master, 4).original)  # type: ignore[arg-type]
        series.delete(self._store, series.numbered(master, 6))


def test_what_is_edited_is_told_and_brought_on_request(
    command: CommandLine, exchange: EwsServer
) -> None:
    edits = Edits(exchange)
    number = lived_in.live_in(exchange, ANNA, shrunk=40)
    first = copy(command, exchange)
    assert first.status == 0, first.errors
    assert first.totals["copied"] == number
    copied = holding_of(exchange, BORIS)
    edits.edit_all()
    told = copy(command, exchange)
    assert told.status == 0, (told.errors, told.report["stopped_by"])
    assert (told.totals["copied"], told.totals["edited"]) == (0, 5)
    assert Counter((one["folder"], one["subject"]) for one in told.report["edited"]) == {
        ("Contacts", "Zoé Person 0"): 1,
        ("Contacts", "Zoé Person 6"): 1,
        ("Calendar", "Réunion 0"): 1,
        ("Calendar", "Réunion 1"): 1,
        ("Tasks", "Tâche 0"): 1,
    }
    assert holding_of(exchange, BORIS) == copied
    brought = copy(command, exchange, update=True)
    assert (brought.status, brought.totals["updated"]) == (0, 5)
    assert differences(holding_of(exchange, ANNA), holding_of(exchange, BORIS)) == []
    last = copy(command, exchange, update=True)
    assert (last.report["grade"], last.totals["edited"]) == ("complete", 0)
    assert last.totals["updated"] == 0


def test_what_its_owner_changed_at_the_destination_is_never_overwritten(
    command: CommandLine, exchange: EwsServer
) -> None:
    edits = Edits(exchange)
    lived_in.live_in(exchange, ANNA, shrunk=40)
    copy(command, exchange)
    edits.edit_all()
    own = {"Zoé Person 0", "Réunion 1", "Tâche 0"}
    for name in own:
        edits.set(edits.of(BORIS, name), "item:Body", "mine")
    before = told_of(holding_of(exchange, BORIS))
    for updated in (2, 0):
        ended = copy(command, exchange, update=True)
        assert (ended.status, ended.totals["updated"], ended.totals["edited"]) == (0, updated, 3)
        kept = [one for one in ended.report["edited"] if one["problem"] == "item-changed-there"]
        assert {one["subject"] for one in kept} == own
        assert len(ended.report["edited"]) == 3 + updated
        there = told_of(holding_of(exchange, BORIS))
        assert {name: there[name] for name in own} == {name: before[name] for name in own}
        wanted = told_of(holding_of(exchange, ANNA))
        assert [name for name in there if there[name] != wanted[name] and name not in own] == []


def told_of(holding: Holding) -> dict[str, list[str]]:
    """What is held, by the names of the items."""
    found: dict[str, list[str]] = {}
    for told in sorted(one for items in holding.values() for one in items.elements()):
        found.setdefault(told.partition("\n")[0].partition(" ")[2], []).append(told)
    return found


def test_what_imap_does_not_take_stays_behind_and_is_told(
    command: CommandLine, exchange: EwsServer, new_dovecot_user: NewUser
) -> None:
    number = lived_in.live_in(exchange, BORIS, shrunk=40)
    mails = lived_in.MAILS // 40
    ended = command.migrate(reached(exchange, BORIS), new_dovecot_user(), kinds=ALL)
    assert (ended.status, ended.totals["copied"]) == (1, mails)
    assert ended.totals["failed"] == number - mails
    assert {(one["folder"], one["code"], one["concerns"]) for one in ended.report["failed"]} == {
        ("Contacts", "28-03", "contacts"),
        ("Calendar", "28-03", "events"),
        ("Choir", "28-03", "events"),
        ("Family", "28-03", "contacts"),
        ("Tasks", "28-03", "tasks"),
    }
    lines = ended.errors.splitlines()
    told = next(n for n, line in enumerate(lines) if line.startswith("Contacts · "))
    assert told < lines.index("Copying")
