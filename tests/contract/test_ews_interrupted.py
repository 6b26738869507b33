"""Contacts, events and tasks on Exchange while connections break: nothing lost, nothing twice."""

from __future__ import annotations

from base64 import b64encode
from contextlib import ExitStack, closing, suppress

import pytest

from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.ews.items.mark import MARK, Stage
from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.ports import Stored
from omm_desktop.model.problem import TryAgain
from tests.servers.ews import EwsServer, Fault, FaultKind
from tests.servers.ews.properties import read_path
from tests.servers.ews.reached import mailbox_of

from .entries import entry, fetched, usual_folder

ANNA = "anna@exchange.test"
FILE = b64encode(b"x" * 300).decode()


def _calendar(kind: str, *lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def _events(number: int) -> list[Item]:
    """Simple ones, a series with changes and files, an event in three parts."""
    series = (
        *("BEGIN:VEVENT", "UID:series", "DTSTART:20240101T100000Z", "DTEND:20240101T110000Z"),
        *("SUMMARY:series", "RRULE:FREQ=DAILY;COUNT=6", "EXDATE:20240103T100000Z"),
        "ORGANIZER:mailto:bob@far.test",
        "ATTENDEE:mailto:anna@exchange.test",
        f"ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.txt:{FILE}",
        f"ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=b.txt:{FILE}",
        *("END:VEVENT", "BEGIN:VEVENT", "UID:series", "RECURRENCE-ID:20240102T100000Z"),
        *("DTSTART:20240102T150000Z", "DTEND:20240102T160000Z", "SUMMARY:later", "END:VEVENT"),
    )
    parts = (
        *("BEGIN:VEVENT", "UID:parts", "DTSTART:20240101T100000Z", "SUMMARY:parts"),
        *("RDATE:20240105T100000Z,20240107T100000Z", "ORGANIZER:mailto:bob@far.test"),
        f"ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.txt:{FILE}",
        "END:VEVENT",
    )
    simple = [
        ("BEGIN:VEVENT", f"UID:{n}", "DTSTART:20240101", f"SUMMARY:{n}", "END:VEVENT")
        for n in range(number)
    ]
    every = [simple[0], series, *simple[1:], parts]
    return [
        entry(ItemKind.EVENTS, str(n), _calendar("VEVENT", *lines)) for n, lines in enumerate(every)
    ]


def _contacts(number: int) -> list[Item]:
    cards = [(f"FN:Plain {n}", f"EMAIL:{n}@x.test") for n in range(number)]
    cards += [("FN:Zoé", f"PHOTO;ENCODING=b;TYPE=JPEG:{FILE}", "UID:zoe", "EMAIL:zoe@x.test")]
    cards += [("FN:Choir", "X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-MEMBER:zoe")]
    lines = (("BEGIN:VCARD", "VERSION:3.0", *card, "END:VCARD", "") for card in cards)
    return [
        entry(ItemKind.CONTACTS, str(n), "\r\n".join(one).encode()) for n, one in enumerate(lines)
    ]


def _tasks(number: int) -> list[Item]:
    todos = [("BEGIN:VTODO", f"UID:{n}", f"SUMMARY:{n}", "END:VTODO") for n in range(number)]
    attached = f"ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.txt:{FILE}"
    todos.append(("BEGIN:VTODO", "UID:file", "SUMMARY:file", attached, "END:VTODO"))
    return [
        entry(ItemKind.TASKS, str(n), _calendar("VTODO", *lines)) for n, lines in enumerate(todos)
    ]


MAKERS = {"contacts": _contacts, "events": _events, "tasks": _tasks}


def _store_until_done(exchange: EwsServer, address: str, items: list[Item]) -> None:
    """As the engine does: what is there is not sent again."""
    account = mailbox_of(exchange, address)
    for _ in range(4):
        with (
            suppress(TryAgain),
            closing(open_destination(account.as_account, account.secret)) as to,
        ):
            folder = usual_folder(to, items[0].kind)
            there = [one for window in to.existing(folder.key, None) for one in window]
            seen = {(one.fingerprint, one.content) for one in there}
            assert len(seen) == len(there)
            missing = [one for one in items if (one.fingerprint, one.content) not in seen]
            answers = list(to.store(folder.key, missing))
            assert all(isinstance(one, Stored) for one in answers), answers
            assert len(answers) == len(missing)
            return
    raise AssertionError("it never ended")


def _what_is_there(exchange: EwsServer, address: str, kind: ItemKind) -> list[bytes]:
    """Everything in the folder as it would be copied further."""
    account = mailbox_of(exchange, address)
    source = open_source(account.as_account, account.secret)
    try:
        return sorted(whole(one.payload) for one in fetched(source, kind))
    finally:
        source.close()


def _unfinished(exchange: EwsServer, address: str) -> list[str]:
    path = read_path(MARK.path)
    marks = [str(one.properties[path]) for one in exchange.store.mailboxes[address].items()]
    return [mark for mark in marks if mark.startswith(Stage.UNFINISHED)]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("fault", [FaultKind.DROPPED, FaultKind.LOST, FaultKind.CUT])
def test_broken_at_any_request(exchange: EwsServer, kind: str, fault: FaultKind) -> None:
    items = MAKERS[kind](3)
    address = "whole@exchange.test"
    exchange.add_mailbox(address)
    before = len(exchange.journal.entries)
    _store_until_done(exchange, address, items)
    requests = len(exchange.journal.entries) - before
    wanted = _what_is_there(exchange, address, items[0].kind)
    for after in range(requests):
        address = f"{after}@exchange.test"
        exchange.add_mailbox(address)
        exchange.faults.plan(Fault(fault, after=after))
        _store_until_done(exchange, address, items)
        exchange.faults.stop()
        assert _what_is_there(exchange, address, items[0].kind) == wanted, after
        assert not _unfinished(exchange, address), after
    assert len(exchange.faults.happened) >= requests - 1
    exchange.journal.assert_nothing_sent()


def _contacts_of_anna(exchange: EwsServer) -> int:
    return len(exchange.store.mailboxes[ANNA].distinguished("contacts").items)


def test_what_another_session_is_at_work_on_is_left_to_it(exchange: EwsServer) -> None:
    """Of two persons alike, with pictures, neither is taken for the beginning of the other."""
    account = mailbox_of(exchange, ANNA)
    plain, zoe = _contacts(1)[:2]
    with ExitStack() as stack:
        one, other = (open_destination(account.as_account, account.secret) for _ in range(2))
        stack.callback(one.close)
        stack.callback(other.close)
        folder = usual_folder(one, ItemKind.CONTACTS)
        answers = one.store(folder.key, [plain, zoe])
        assert isinstance(next(iter(answers)), Stored)
        assert len(_unfinished(exchange, ANNA)) == 1
        assert len(list(other.store(folder.key, [zoe]))) == 1
        assert len(list(answers)) == 1
    assert _contacts_of_anna(exchange) == 3
    assert not _unfinished(exchange, ANNA)


def test_what_is_left_over_is_finished_by_one_session_alone(exchange: EwsServer) -> None:
    """Of two persons alike both arrive, though both look at the beginning of one."""
    account = mailbox_of(exchange, ANNA)
    plain, zoe = _contacts(1)[:2]
    with closing(open_destination(account.as_account, account.secret)) as gone:
        folder = usual_folder(gone, ItemKind.CONTACTS)
        exchange.faults.plan(Fault(FaultKind.DROPPED, "CreateAttachment"))
        with pytest.raises(TryAgain):
            list(gone.store(folder.key, [zoe]))
    with ExitStack() as stack:
        one, other = (open_destination(account.as_account, account.secret) for _ in range(2))
        stack.callback(one.close)
        stack.callback(other.close)
        for session in (one, other):
            list(session.store(folder.key, [plain]))
        for session in (one, other):
            list(session.store(folder.key, [zoe]))
    assert _contacts_of_anna(exchange) == 4
    assert not _unfinished(exchange, ANNA)


@pytest.mark.parametrize("fault", [FaultKind.DROPPED, FaultKind.BUSY])
@pytest.mark.parametrize("closes", [False, True])
def test_what_one_session_began_another_finishes(
    exchange: EwsServer, fault: FaultKind, closes: bool
) -> None:
    """Whichever looked at the folder when: nobody keeps a second, unfinished one for ever."""
    account = mailbox_of(exchange, ANNA)
    zoe, plain = _contacts(1)[1], _contacts(2)[:2]
    with ExitStack() as stack:
        one, other = (open_destination(account.as_account, account.secret) for _ in range(2))
        stack.callback(one.close)
        stack.callback(other.close)
        folder = usual_folder(one, ItemKind.CONTACTS)
        list(other.store(folder.key, plain[:1]))
        exchange.faults.plan(Fault(fault, "CreateAttachment"))
        with pytest.raises(TryAgain):
            list(one.store(folder.key, [zoe]))
        if closes:
            one.close()
        (stored,) = other.store(folder.key, [zoe])
        assert isinstance(stored, Stored)
    assert _contacts_of_anna(exchange) == 2
    assert not _unfinished(exchange, ANNA)
