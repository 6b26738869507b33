"""Limits and faults of the EWS server, as the real exchangelib meets them."""

from __future__ import annotations

import threading
from contextlib import suppress
from itertools import count

import pytest
import requests
from exchangelib import Account, Folder, Message
from exchangelib.errors import (
    ErrorExceededConnectionCount,
    ErrorServerBusy,
    ErrorTimeoutExpired,
    EWSError,
    UnauthorizedError,
)

from .ews import EwsServer, Fault, FaultKind
from .ews.client import ask

ANNA = "anna@exchange.test"
_names = count()


def save(anna: Account) -> Message:
    name = f"message {next(_names)}"
    message: Message = Message(account=anna, folder=anna.inbox, subject=name, body="b").save()
    return message


def test_a_request_too_large(exchange: EwsServer, anna: Account) -> None:
    save(anna)
    exchange.largest_request = 10_000
    with pytest.raises(EWSError):
        Message(account=anna, folder=anna.inbox, subject="s", body="x" * 20_000).save()
    assert exchange.journal.entries[-1].status == 413
    assert anna.inbox.all().count() == 1


@pytest.mark.parametrize(
    ("kind", "error", "happened"),
    [
        (FaultKind.UNAUTHORIZED, UnauthorizedError, False),
        (FaultKind.UNAVAILABLE, EWSError, False),
        (FaultKind.BUSY, ErrorServerBusy, False),
        (FaultKind.TOO_LARGE, EWSError, False),
        (FaultKind.DROPPED, ErrorTimeoutExpired, False),
        (FaultKind.CUT, EWSError, True),
        (FaultKind.LOST, ErrorTimeoutExpired, True),
        (FaultKind.CROWDED, ErrorExceededConnectionCount, False),
        (FaultKind.INTERNAL, ErrorServerBusy, False),
    ],
)
def test_faults(
    exchange: EwsServer,
    anna: Account,
    kind: FaultKind,
    error: type[EWSError],
    happened: bool,
) -> None:
    save(anna)
    exchange.faults.plan(Fault(kind, "CreateItem", after=1))
    save(anna)
    with pytest.raises(error):
        save(anna)
    assert exchange.faults.happened == [("CreateItem", kind)]
    save(anna)
    assert anna.inbox.all().count() == 3 + happened


def test_hints_when_to_come_back(exchange: EwsServer, anna: Account) -> None:
    anna.inbox.refresh()
    exchange.faults.plan(Fault(FaultKind.BUSY, seconds=7), Fault(FaultKind.UNAVAILABLE, seconds=9))
    with pytest.raises(ErrorServerBusy) as busy:
        anna.inbox.refresh()
    assert busy.value.back_off == 7
    answer = ask(exchange.url, ANNA)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "9")


def test_a_slow_reply_comes(exchange: EwsServer, anna: Account) -> None:
    exchange.faults.plan(Fault(FaultKind.SLOW, seconds=0.01))
    assert anna.inbox.name == "Inbox"


def test_a_seed_draws_the_same_faults(exchange: EwsServer) -> None:
    def drawn(seed: int) -> list[object]:
        exchange.faults.draw(seed, 0.3)
        return [exchange.faults.next_for("GetItem") for _ in range(50)]

    assert drawn(1) == drawn(1) != drawn(2)
    exchange.faults.stop()
    assert exchange.faults.next_for("GetItem") is None


def test_more_at_once_than_allowed(exchange: EwsServer) -> None:
    exchange.most_at_once, exchange.pace = 2, 0.2
    statuses: list[int] = []

    threads = [
        threading.Thread(target=lambda: statuses.append(ask(exchange.url, ANNA).status_code))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 200, 500, 500]
    assert exchange.journal.most_at_once == 4


def test_replies_may_be_compressed(exchange: EwsServer, anna: Account) -> None:
    exchange.compresses = True
    save(anna)
    assert anna.inbox.all().count() == 1


def test_a_path_that_is_not_there(exchange: EwsServer) -> None:
    options = {"auth": (ANNA, "secret"), "timeout": 5}
    assert requests.post(f"{exchange.root}/nowhere", data=b"", **options).status_code == 404


def test_an_unknown_operation(exchange: EwsServer, anna: Account) -> None:
    with pytest.raises(EWSError, match="unknown operation"):
        list(anna.protocol.get_searchable_mailboxes())


@pytest.mark.parametrize("seed", [1, 2])
def test_a_client_that_looks_before_it_tries_again(
    exchange: EwsServer, anna: Account, seed: int
) -> None:
    """Whatever strikes, each message is there once in the end."""
    names = [f"message {number}" for number in range(25)]
    inbox = anna.inbox
    kinds = (FaultKind.LOST, FaultKind.CUT, FaultKind.DROPPED, FaultKind.BUSY, FaultKind.TOO_LARGE)
    exchange.faults.draw(seed, 0.4, kinds)
    for name in names:
        while not stored(inbox, name):
            with suppress(EWSError):
                Message(account=anna, folder=inbox, subject=name, body="b").save()
    exchange.faults.stop()
    assert sorted(one.subject for one in inbox.all()) == sorted(names)
    assert {kind for _, kind in exchange.faults.happened} == set(kinds)


def stored(folder: Folder, subject: str) -> bool:
    while True:
        with suppress(EWSError):
            return folder.filter(subject=subject).exists()
