"""Items of ours on Exchange made what they are at the source now, and only those."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from omm_desktop.endpoints.convert.calendar.read import read_event
from omm_desktop.endpoints.convert.calendar.values import Event
from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.ews.items.mark import MARK, Stage
from omm_desktop.endpoints.ews.writer import EwsDestination
from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.ports import Refused, Stored
from omm_desktop.model.problem import ProblemId, TryAgain
from tests.servers.ews import EwsServer, Fault, FaultKind
from tests.servers.ews.properties import read_path
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.soap import make

from .entries import calendar as a_calendar
from .entries import card, entry, fetched, file, usual_folder

ANNA = "anna@exchange.test"
CONTACTS, EVENTS, TASKS = ItemKind.CONTACTS, ItemKind.EVENTS, ItemKind.TASKS
COPIED = datetime(2026, 3, 1, 8, tzinfo=UTC)


class Clock:
    """The server's time."""

    def __init__(self) -> None:
        self.now = COPIED

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock(exchange: EwsServer) -> Clock:
    clock = exchange.store.now = Clock()
    return clock


@pytest.fixture
def opened(exchange: EwsServer) -> Iterator[EwsDestination]:
    with ExitStack() as stack:
        yield _opened(exchange, ANNA, stack)
    exchange.journal.assert_nothing_sent()


def _opened(exchange: EwsServer, address: str, stack: ExitStack) -> EwsDestination:
    account = mailbox_of(exchange, address)
    destination = open_destination(account.as_account, account.secret)
    stack.callback(destination.close)
    assert isinstance(destination, EwsDestination)
    return destination


def _there(exchange: EwsServer, address: str, kind: ItemKind) -> list[bytes]:
    account = mailbox_of(exchange, address)
    source = open_source(account.as_account, account.secret)
    try:
        return sorted(whole(one.payload) for one in fetched(source, kind))
    finally:
        source.close()


def _attached(text: bytes) -> str:
    return f"ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.txt:{b64encode(text).decode()}"


def _series(*lines: str, later: int = 16) -> bytes:
    return a_calendar(
        *("UID:one", "DTSTART:20240101T100000Z", "DTEND:20240101T110000Z", *lines),
        *("END:VEVENT", "BEGIN:VEVENT", "UID:one", "RECURRENCE-ID:20240115T100000Z"),
        *(f"DTSTART:202401{later}T100000Z", f"DTEND:202401{later}T110000Z", "SUMMARY:later"),
    )


PHOTO = f"PHOTO;ENCODING=b;TYPE=JPEG:{b64encode(b'x' * 99).decode()}"
SIMPLE = a_calendar("UID:one", "SUMMARY:x", "DTSTART:20240101T100000Z")
SERIES = _series(
    *("SUMMARY:meeting", "RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE:20240108T100000Z"),
    *("ORGANIZER:mailto:bob@far.test", "ATTENDEE:mailto:cleo@far.test", _attached(b"one")),
)
PARTS = a_calendar("UID:one", "DTSTART;VALUE=DATE:20240101", "RDATE;VALUE=DATE:20240105,20240107")
EDITS = {
    "event": (EVENTS, SIMPLE, SIMPLE.replace(b"SUMMARY:x", b"LOCATION:y\r\nDESCRIPTION:z")),
    "event-becomes-series": (EVENTS, SIMPLE, SERIES),
    "series-becomes-event": (EVENTS, SERIES, SIMPLE),
    "series": (
        EVENTS,
        SERIES,
        _series(
            *("SUMMARY:other", "RRULE:FREQ=WEEKLY;COUNT=6", "EXDATE:20240122T100000Z"),
            *("ORGANIZER:mailto:eve@far.test", "ATTENDEE:mailto:dan@far.test", _attached(b"two")),
            later=17,
        ),
    ),
    "fewer-parts": (EVENTS, PARTS, SIMPLE),
    "more-parts": (EVENTS, SIMPLE, PARTS),
    "contact": (
        CONTACTS,
        card("FN:Zoé", "TEL:1", "EMAIL:a@x.test", "EMAIL:b@x.test", "NOTE:old", PHOTO),
        card("FN:Zoé", "TEL;TYPE=home:2", "EMAIL:b@x.test", "ORG:Choir", "BDAY:1980-02-03"),
    ),
    "group": (
        CONTACTS,
        card(
            "FN:Us", "X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-MEMBER:mailto:a@x.test"
        ),
        card(
            "FN:Us", "X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-MEMBER:mailto:b@x.test"
        ),
    ),
    "task": (
        TASKS,
        a_calendar(
            "UID:t", "SUMMARY:x", "DUE;VALUE=DATE:20240301", _attached(b"one"), kind="VTODO"
        ),
        a_calendar("UID:t", "SUMMARY:y", "STATUS:COMPLETED", "PRIORITY:1", kind="VTODO"),
    ),
}


def _copied(opened: EwsDestination, kind: ItemKind, data: bytes) -> str:
    """Stored as it was first; its key."""
    answer = file(opened, [entry(kind, "1", data)])["1"]
    assert isinstance(answer, Stored)
    assert answer.key is not None
    return answer.key


def _update(opened: EwsDestination, key: str, item: Item) -> Stored | Refused:
    return opened.update(usual_folder(opened, item.kind).key, key, item)


def _edited(edit: str) -> Item:
    kind, _, after = EDITS[edit]
    return entry(kind, "1", after)


def _fresh(exchange: EwsServer, item: Item) -> list[bytes]:
    """What there would be had the item been copied as it is now."""
    exchange.add_mailbox("fresh@exchange.test")
    with ExitStack() as stack:
        file(_opened(exchange, "fresh@exchange.test", stack), [item])
    return _there(exchange, "fresh@exchange.test", item.kind)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_item_becomes_what_it_would_be_if_it_were_new(
    exchange: EwsServer, clock: Clock, opened: EwsDestination, edit: str
) -> None:
    kind, before, _ = EDITS[edit]
    key = _copied(opened, kind, before)
    clock.pass_(days=3)
    item = _edited(edit)
    answer = _update(opened, key, item)
    assert isinstance(answer, Stored)
    assert _there(exchange, ANNA, kind) == _fresh(exchange, item)
    folder = usual_folder(opened, kind)
    ((seen,),) = opened.existing(folder.key, None)
    assert (seen.key, seen.fingerprint, seen.content) == (
        answer.key,
        item.fingerprint,
        item.content,
    )
    # And back again, as the mark tells when it was last written.
    clock.pass_(days=3)
    assert answer.key is not None
    assert isinstance(_update(opened, answer.key, entry(kind, "1", before)), Stored)


def test_a_part_that_its_owner_changed_is_left_alone(
    exchange: EwsServer, clock: Clock, opened: EwsDestination
) -> None:
    key = _copied(opened, EVENTS, PARTS)
    clock.pass_(hours=1)
    part = next(one for one in exchange.store.mailboxes[ANNA].items() if one.id != key)
    exchange.store.touch(part)
    answer = _update(opened, key, _edited("fewer-parts"))
    assert isinstance(answer, Refused)
    assert answer.problem.id is ProblemId.ITEM_CHANGED_THERE
    assert not exchange.journal.of("DeleteItem")


@pytest.mark.parametrize("edit", ["event", "series", "contact"])
def test_what_its_owner_changed_is_left_alone(
    exchange: EwsServer, clock: Clock, opened: EwsDestination, edit: str
) -> None:
    kind, before, _ = EDITS[edit]
    key = _copied(opened, kind, before)
    clock.pass_(hours=1)
    there = exchange.store.items[key]
    there.fields["item:Subject"] = make("t:Subject", "mine")
    exchange.store.touch(there)
    was = _there(exchange, ANNA, kind)
    requests = len(exchange.journal.of("UpdateItem"))
    answer = _update(opened, key, _edited(edit))
    assert isinstance(answer, Refused)
    assert answer.problem.id is ProblemId.ITEM_CHANGED_THERE
    assert _there(exchange, ANNA, kind) == was
    assert len(exchange.journal.of("UpdateItem")) == requests


def test_what_its_owner_changes_at_this_very_moment_is_left_alone(
    exchange: EwsServer, clock: Clock, opened: EwsDestination
) -> None:
    key = _copied(opened, EVENTS, SIMPLE)
    there = exchange.store.items[key]

    def change(entry_: object, body: object) -> list[str]:
        exchange.store.touch(there)
        return []

    opened.folders()
    folder = usual_folder(opened, EVENTS).key
    exchange.journal.checks.append(
        lambda request, body: change(request, body) if request.operation == "UpdateItem" else []
    )
    answer = opened.update(folder, key, _edited("event"))
    assert isinstance(answer, Refused)
    assert answer.problem.id is ProblemId.ITEM_CHANGED_THERE
    assert there.text("item:Subject") == "x"


def test_what_is_not_ours_or_gone_is_left_alone(
    exchange: EwsServer, clock: Clock, opened: EwsDestination
) -> None:
    key = _copied(opened, EVENTS, SIMPLE)
    there = exchange.store.items[key]
    there.properties.remove(read_path(MARK.path))
    answer = _update(opened, key, _edited("event"))
    assert isinstance(answer, Refused)
    assert answer.problem.id is ProblemId.ITEM_CHANGED_THERE
    exchange.store.remove(there)
    answer = _update(opened, key, _edited("event"))
    assert isinstance(answer, Refused)
    assert answer.problem.id is ProblemId.ITEM_GONE
    assert not exchange.journal.of("UpdateItem")


def test_what_is_so_already_is_not_written_again(
    exchange: EwsServer, clock: Clock, opened: EwsDestination
) -> None:
    key = _copied(opened, EVENTS, SIMPLE)
    clock.pass_(days=1)
    assert _update(opened, key, entry(EVENTS, "1", SIMPLE)) == Stored(
        entry(EVENTS, "1", SIMPLE).ref, key
    )
    assert not exchange.journal.of("UpdateItem")


@pytest.mark.parametrize("edit", ["series", "more-parts", "contact"])
@pytest.mark.parametrize("fault", [FaultKind.DROPPED, FaultKind.LOST])
def test_an_update_that_breaks_off_is_done_again(
    exchange: EwsServer, clock: Clock, edit: str, fault: FaultKind
) -> None:
    kind, before, _ = EDITS[edit]
    item = _edited(edit)
    wanted = _fresh(exchange, item)
    broken, after = True, 0
    while broken:
        address = f"{after}@exchange.test"
        exchange.add_mailbox(address)
        with ExitStack() as stack:
            opened = _opened(exchange, address, stack)
            key = _copied(opened, kind, before)
            folder = usual_folder(opened, kind).key
            clock.pass_(days=1)
            exchange.faults.plan(Fault(fault, after=after))
            broken = False
            try:
                opened.update(folder, key, item)
            except TryAgain:
                broken = True
            exchange.faults.stop()
            again = _opened(exchange, address, stack)
            assert isinstance(again.update(folder, key, item), Stored)
        assert _there(exchange, address, kind) == wanted, after
        after += 1
    assert after > 4
    exchange.journal.assert_nothing_sent()


def test_nothing_is_ever_sent(exchange: EwsServer, clock: Clock, opened: EwsDestination) -> None:
    """Every request there is, by what it says itself."""
    people = SERIES.replace(b"UID:one", b"UID:two")
    file(
        opened, [entry(EVENTS, "2", people), entry(EVENTS, "3", PARTS.replace(b":one", b":three"))]
    )
    for kind, before, _ in (EDITS["contact"], EDITS["task"]):
        file(opened, [entry(kind, "1", before)])
    key = _copied(opened, EVENTS, SERIES)
    clock.pass_(days=1)
    assert isinstance(_update(opened, key, _edited("series")), Stored)
    said = {
        "CreateItem": {"MessageDisposition": "SaveOnly", "SendMeetingInvitations": "SendToNone"},
        "UpdateItem": {
            "MessageDisposition": "SaveOnly",
            "SendMeetingInvitationsOrCancellations": "SendToNone",
        },
        "DeleteItem": {"SendMeetingCancellations": "SendToNone"},
    }
    reading = {"", "GetFolder", "FindFolder", "FindItem", "GetItem"}
    attaching = {"CreateAttachment", "DeleteAttachment"}
    for request in exchange.journal.entries:
        assert request.operation in reading | attaching | said.keys()
        assert said.get(request.operation, {}).items() <= request.attributes.items()
        asks = (
            request.body.iter("{*}IsResponseRequested", "{*}IsReadReceiptRequested")
            if request.body is not None
            else ()
        )
        assert not [one for one in asks if one.text != "false"]
    assert {"CreateItem", "UpdateItem", "DeleteItem"} <= set(exchange.journal.operations())


def test_what_was_begun_is_written_anew(exchange: EwsServer, opened: EwsDestination) -> None:
    """Whatever it holds by now, and whatever the item became meanwhile."""
    exchange.faults.plan(Fault(FaultKind.DROPPED, "CreateAttachment"))
    folder = usual_folder(opened, EVENTS).key
    with pytest.raises(TryAgain):
        list(opened.store(folder, [entry(EVENTS, "1", SERIES)]))
    assert [one for window in opened.existing(folder, None) for one in window] == []
    (there,) = exchange.store.mailboxes[ANNA].distinguished("calendar").items.values()
    assert str(there.properties[read_path(MARK.path)]).startswith(Stage.UNFINISHED)
    there.fields["item:Subject"] = make("t:Subject", "changed")
    opened.close()
    with ExitStack() as stack:
        answers = file(_opened(exchange, ANNA, stack), [entry(EVENTS, "1", SIMPLE)])
    assert answers["1"].key == there.id  # type: ignore[union-attr]
    (event,) = map(read_event, _there(exchange, ANNA, EVENTS))
    assert isinstance(event, Event)
    assert (event.summary, event.rule, event.files) == ("x", "", ())
