"""Every contact, event and task of the collection through the adapters of Exchange."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice

import pytest
from exchangelib import EWSTimeZone

from omm_desktop.endpoints.convert.calendar.read import read_event, read_task
from omm_desktop.endpoints.convert.calendar.split import split_calendar
from omm_desktop.endpoints.convert.calendar.values import Event, Task
from omm_desktop.endpoints.convert.card.person import Person
from omm_desktop.endpoints.convert.card.read import read_card
from omm_desktop.endpoints.convert.card.split import split_cards
from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.ews.calendar.events import to_items
from omm_desktop.endpoints.ews.calendar.tasks import to_task
from omm_desktop.endpoints.ews.differences import Difference
from omm_desktop.endpoints.ews.items import item_xml
from omm_desktop.endpoints.ews.people.contacts import to_contact
from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.ports import Stored
from tests.contract.entries import entry, fetched, file
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of

from . import test_contacts, test_events, test_tasks

PARIS = EWSTimeZone("Europe/Paris")
MOST_OF_A_FILE = 4
BATCH = 50


class Mailbox:
    """Anna's from both sides."""

    def __init__(self, exchange: EwsServer, stack: ExitStack) -> None:
        account = mailbox_of(exchange, test_events.ANNA)
        self._destination = open_destination(account.as_account, account.secret)
        stack.callback(self._destination.close)
        self._source = open_source(account.as_account, account.secret)
        stack.callback(self._source.close)

    def through(self, items: list[Item]) -> dict[str, tuple[Stored, bytes]]:
        """By the keys of the items: the answer, and what comes out again."""
        answers: dict[str, Stored] = {}
        for start in range(0, len(items), BATCH):
            for key, answer in file(self._destination, items[start : start + BATCH]).items():
                assert isinstance(answer, Stored), answer
                answers[key] = answer
        out = {one.ref.key: whole(one.payload) for one in fetched(self._source, items[0].kind)}
        return {key: (one, out[one.key or ""]) for key, one in answers.items()}


@pytest.fixture
def mailbox(exchange: EwsServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    monkeypatch.setattr(item_xml, "local_zone", lambda: PARIS)
    with ExitStack() as stack:
        yield Mailbox(exchange, stack)
    exchange.journal.assert_nothing_sent()


def test_every_contact(mailbox: Mailbox, card_files: list[tuple[str, bytes]]) -> None:
    cards = {
        f"{name} {number}": card
        for name, data in card_files
        for number, card in enumerate(split_cards(data))
    }
    items = [entry(ItemKind.CONTACTS, key, card) for key, card in cards.items()]
    wrong = []
    for key, (answer, out) in mailbox.through(items).items():
        given, found = read_card(cards[key]), read_card(out)
        if isinstance(given, Person):
            assert isinstance(found, Person)
            losses = to_contact(given).losses
            assert len(answer.adapted) == len(losses), key
            wrong += [f"{key}: {one}" for one in test_contacts.differences(given, found, losses)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.timeout(600)
def test_every_event(mailbox: Mailbox, calendar_files: list[tuple[str, bytes]]) -> None:
    """The first few of each file; compared are those that Exchange holds in one part."""
    given: dict[str, Event] = {}
    items = []
    for name, data in calendar_files:
        objects = (one for one in split_calendar(data) if one.kind == "event")
        for number, one in enumerate(islice(objects, MOST_OF_A_FILE)):
            event = read_event(one.data)
            if event is not None:
                key = f"{name} {number}"
                given[key] = event
                items.append(entry(ItemKind.EVENTS, key, one.data))
    # One UID is one event of a mailbox.
    items = list({one.fingerprint: one for one in items}.values())
    wrong, compared = [], 0
    for key, (_, out) in mailbox.through(items).items():
        new = to_items(given[key], PARIS)
        found = read_event(out)
        assert found is not None
        rules = {loss.rule for loss in new.losses}
        if len(new.parts) == 1 and not rules & {Difference.RECURRENCE, Difference.RECURRENCE_PARTS}:
            compared += 1
            differences = test_events.differences(given[key], found, new.losses)
            wrong += [f"{key}: {one}" for one in differences]
    assert not wrong, "\n".join(wrong)
    assert compared > 400


def test_every_task(mailbox: Mailbox, calendar_files: list[tuple[str, bytes]]) -> None:
    given: dict[str, Task] = {}
    items = []
    for name, data in calendar_files:
        for number, one in enumerate(split_calendar(data)):
            task = read_task(one.data) if one.kind == "task" else None
            if task is not None:
                given[f"{name} {number}"] = task
                items.append(entry(ItemKind.TASKS, f"{name} {number}", one.data))
    wrong = []
    for key, (answer, out) in mailbox.through(items).items():
        found, losses = read_task(out), to_task(given[key], PARIS).losses
        assert found is not None
        assert len(answer.adapted) == len(losses)
        wrong += [f"{key}: {one}" for one in test_tasks.differences(given[key], found, losses)]
    assert not wrong, "\n".join(wrong)
    assert len(given) > 50
