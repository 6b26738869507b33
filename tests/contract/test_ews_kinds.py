"""Contacts, events and tasks on Exchange, in and out."""

from __future__ import annotations

from base64 import b64encode
from datetime import date

import pytest
from exchangelib.version import EXCHANGE_2016, Version
from lxml import etree

from omm_desktop.endpoints.convert.calendar.read import read_event, read_task
from omm_desktop.endpoints.convert.card.person import Group
from omm_desktop.endpoints.convert.card.read import read_card
from omm_desktop.endpoints.convert.identity import identify
from omm_desktop.endpoints.convert.payload import FilePayload, whole
from omm_desktop.endpoints.convert.set_aside import set_aside
from omm_desktop.endpoints.ews.items.item_xml import Home, item_of
from omm_desktop.endpoints.registry import open_destination
from omm_desktop.model.items import ItemKind
from omm_desktop.model.ports import (
    Refused,
    Stored,
)
from omm_desktop.model.problem import ProblemId
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.soap import Element, local, make

from .conftest import ANNA, Ends
from .entries import SERIES, calendar, card, entry, file

CONTACTS, EVENTS, TASKS = ItemKind.CONTACTS, ItemKind.EVENTS, ItemKind.TASKS


def test_an_event_with_everything(ends: Ends) -> None:
    answer = file(ends.destination, [entry(EVENTS, "1", SERIES)])["1"]
    assert isinstance(answer, Stored)
    assert answer.adapted == ()
    (found,) = ends.there(EVENTS)
    event = read_event(whole(found.payload))
    assert event is not None
    assert (event.uid, event.rule) == ("one", "FREQ=WEEKLY;COUNT=5;BYDAY=MO")
    assert [one.day for one in event.left_out] == [8]
    assert [(one.summary, one.start.day) for one in event.changed] == [("later", 16)]
    assert event.organizer is not None
    assert event.organizer.address == "bob@far.test"
    assert [(one.name, one.content) for one in event.files] == [("a.txt", b"text")]
    assert found.ref.key == answer.key
    assert found.ref.version


def test_a_person_a_picture_and_a_group_that_names_them(ends: Ends) -> None:
    """The group first, and one of its members was stored by an earlier session."""
    file(ends.destination, [entry(CONTACTS, "0", card("FN:Al", "UID:al", "EMAIL:al@x.test"))])
    picture = b64encode(b"\xff\xd8\xff" + b"x" * 99).decode()
    members = (f"X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:{uid}" for uid in ("zoe", "al", "gone"))
    given = [
        card("FN:Choir", "X-ADDRESSBOOKSERVER-KIND:group", *members),
        card(
            "FN:Zoé",
            "UID:urn:uuid:zoe",
            "EMAIL:zoe@x.test",
            f"PHOTO;ENCODING=b;TYPE=JPEG:{picture}",
        ),
    ]
    account = mailbox_of(ends.exchange, ANNA)
    again = open_destination(account.as_account, account.secret)
    try:
        answers = file(again, [entry(CONTACTS, str(n), one) for n, one in enumerate(given)])
    finally:
        again.close()
    told = answers["0"].adapted  # type: ignore[union-attr]
    assert [(one.id, one.subject) for one in told] == [(ProblemId.FIELD_IN_NOTES, "MEMBER")]
    assert "gone" in told[0].detail
    cards = [read_card(whole(one.payload)) for one in ends.there(CONTACTS)]
    (group,) = (one for one in cards if isinstance(one, Group))
    assert group.members == ("mailto:zoe@x.test", "mailto:al@x.test")
    (zoe,) = (one for one in cards if not isinstance(one, Group) and one.full_name == "Zoé")
    assert zoe.photo is not None
    assert b64encode(zoe.photo.content).decode() == picture


def test_a_task_that_recurs_with_a_file(ends: Ends) -> None:
    attached = f"ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.txt:{b64encode(b'text').decode()}"
    lines = ("UID:t", "SUMMARY:tidy", "DUE;VALUE=DATE:20240301", "RRULE:FREQ=DAILY;COUNT=3")
    todo = calendar(*lines, attached, kind="VTODO")
    file(ends.destination, [entry(TASKS, "1", todo)])
    (found,) = ends.there(TASKS)
    task = read_task(whole(found.payload))
    assert task is not None
    assert (task.uid, task.summary, task.due) == ("t", "tidy", date(2024, 3, 1))
    assert task.rule == "FREQ=DAILY;COUNT=3"
    assert [(one.name, one.content) for one in task.files] == [("a.txt", b"text")]


def test_a_large_file_is_never_a_property(ends: Ends) -> None:
    octets = bytes(range(256)) * (17 << 12)
    large = SERIES.replace(b64encode(b"text"), b64encode(octets))
    answer = file(ends.destination, [entry(EVENTS, "1", large)])["1"]
    assert isinstance(answer, Stored)
    (found,) = ends.there(EVENTS)
    assert isinstance(found.payload, FilePayload)
    aside = set_aside(found.payload)
    assert len(aside.text) < 10_000
    assert [whole(one) for one in aside.files.values()] == [octets]
    assert identify(EVENTS, found.payload).content == found.content


def test_what_has_no_place_is_told_one_by_one(ends: Ends) -> None:
    data = calendar("UID:1", "DTSTART:20240101", "GEO:1;2", "RDATE;VALUE=DATE:20240105")
    answer = file(ends.destination, [entry(EVENTS, "1", data)])["1"]
    assert isinstance(answer, Stored)
    assert {(one.id, one.subject) for one in answer.adapted} == {
        (ProblemId.FIELD_IN_NOTES, "GEO"),
        (ProblemId.FIELD_NOT_KEPT, "RDATE"),
    }


def test_a_mail_attached_to_an_event_comes_as_a_file(ends: Ends) -> None:
    folder = ends.exchange.store.mailboxes[ANNA].distinguished("calendar")
    mime = b64encode(b"Subject: inner\r\n\r\nhello\r\n").decode()
    attached = make(
        "t:ItemAttachment",
        make("t:Name", "inner"),
        make("t:Message", make("t:MimeContent", mime)),
    )
    event = make("t:CalendarItem", make("t:Subject", "x"), make("t:Attachments", attached))
    ends.exchange.put(folder, event)
    (found,) = ends.there(EVENTS)
    read = read_event(whole(found.payload))
    assert read is not None
    assert [(one.name, one.media) for one in read.files] == [("inner.eml", "message/rfc822")]
    assert b"Subject: inner" in read.files[0].content


@pytest.mark.parametrize("start", ["20240101T100000Z", "20240101"])
def test_a_server_that_tells_no_dates_of_occurrences(ends: Ends, start: str) -> None:
    """They are where Outlook finds them."""
    day = "" if "T" in start else ";VALUE=DATE"
    series = calendar(
        *("UID:one", "SUMMARY:meeting", f"DTSTART{day}:{start}", "RRULE:FREQ=WEEKLY;COUNT=9"),
        *(f"EXDATE{day}:{start.replace('0101', '0108')}", "LOCATION:Zoé", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:one", f"RECURRENCE-ID{day}:{start.replace('0101', '0115')}"),
        *(f"DTSTART{day}:{start.replace('0101', '0116')}", "SUMMARY:later", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:one", f"RECURRENCE-ID{day}:{start.replace('0101', '0129')}"),
        *(f"DTSTART{day}:{start.replace('0101', '0129')}", "SUMMARY:same day"),
    )
    file(ends.destination, [entry(EVENTS, "1", series)])
    (told,) = ends.there(EVENTS)
    ends.exchange.store.tells_occurrences = False
    (found,) = ends.there(EVENTS)
    assert found.remarks == ()
    assert whole(found.payload) == whole(told.payload)
    event = read_event(whole(found.payload))
    assert event is not None
    assert (len(event.left_out), len(event.changed)) == (1, 2)


CUSTOM = """<t:StartTimeZone xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"
 Id="Customized Time Zone" Name="mine"><t:Periods>
<t:Period Bias="-PT1H" Name="Standard" Id="Std"/><t:Period Bias="-PT2H" Name="Daylight" Id="Dlt"/>
</t:Periods><t:TransitionsGroups><t:TransitionsGroup Id="0">
<t:RecurringDayTransition><t:To Kind="Period">Dlt</t:To><t:TimeOffset>PT2H</t:TimeOffset>
<t:Month>3</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence>
</t:RecurringDayTransition>
<t:RecurringDayTransition><t:To Kind="Period">Std</t:To><t:TimeOffset>PT3H</t:TimeOffset>
<t:Month>10</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence>
</t:RecurringDayTransition></t:TransitionsGroup></t:TransitionsGroups></t:StartTimeZone>"""


NOWHERE = CUSTOM.partition(">")[0] + "/>"


@pytest.mark.parametrize(("zone", "hour"), [(CUSTOM, 10), (NOWHERE, 9)])
def test_a_zone_without_a_name_is_known_by_its_hours(zone: str, hour: int) -> None:
    item = make("t:CalendarItem", make("t:Subject", "x"), make("t:Start", "2024-01-01T09:00:00Z"))
    item.append(etree.fromstring(zone))
    found = item_of(item, Home.of(Version(EXCHANGE_2016)))
    assert found.start.astimezone(found._start_timezone).hour == hour


def test_a_contact_has_files_that_no_card_has_a_place_for(ends: Ends) -> None:
    folder = ends.exchange.store.mailboxes[ANNA].distinguished("contacts")
    file_ = make("t:FileAttachment", make("t:Name", "cv.pdf"), make("t:Content", "eHh4"))
    person = make("t:Contact", make("t:Attachments", file_), make("t:DisplayName", "Zoé"))
    ends.exchange.put(folder, person)
    (found,) = ends.there(CONTACTS)
    assert [(one.id, one.detail) for one in found.remarks] == [
        (ProblemId.FIELD_NOT_KEPT, "ATTACH: cv.pdf")
    ]


def test_a_task_may_wait_or_be_put_off_in_outlook_alone(ends: Ends) -> None:
    folder = ends.exchange.store.mailboxes[ANNA].distinguished("tasks")
    for status in ("NotStarted", "InProgress", "WaitingOnOthers", "Deferred"):
        parts = make("t:Subject", status), make("t:Status", status)
        ends.exchange.put(folder, make("t:Task", *parts))
    told = {one.label.subject: [p.detail for p in one.remarks] for one in ends.there(TASKS)}
    assert told == {
        "NotStarted": [],
        "InProgress": [],
        "WaitingOnOthers": ["STATUS: WaitingOnOthers"],
        "Deferred": ["STATUS: Deferred"],
    }


def test_members_that_only_their_server_can_reach_are_told(ends: Ends) -> None:
    """By a name of its directory, or by none: no other program could write to them."""
    hidden = b"<t:EmailAddress>cyd@x.test</t:EmailAddress>"
    ends.exchange.rewrite = lambda operation, reply: reply.replace(hidden, b"")
    members = [
        make("t:Member", make("t:Mailbox", make("t:Name", name), make("t:EmailAddress", address)))
        for name, address in zip(
            ("Al", "Bea", "Cyd"), ("al@x.test", "/O=FIRM/CN=BEA", "cyd@x.test"), strict=True
        )
    ]
    folder = ends.exchange.store.mailboxes[ANNA].distinguished("contacts")
    parts = make("t:DisplayName", "Choir"), make("t:Members", *members)
    ends.exchange.put(folder, make("t:DistributionList", *parts))
    (found,) = ends.there(CONTACTS)
    group = read_card(whole(found.payload))
    assert isinstance(group, Group)
    assert group.members == ("mailto:al@x.test",)
    assert [(one.id, one.subject) for one in found.remarks] == [
        (ProblemId.FIELD_NOT_KEPT, "MEMBER")
    ] * 2
    assert ["Bea" in found.remarks[0].detail, "Cyd" in found.remarks[1].detail] == [True, True]


def test_fields_that_a_server_lacks_are_not_asked_for_by_name(ends: Ends) -> None:
    file(ends.destination, [entry(EVENTS, "1", SERIES)])
    wanted = [whole(one.payload) for one in ends.there(EVENTS)]
    ends.exchange.service.lacks = frozenset({"calendar:Duration"})
    assert [whole(one.payload) for one in ends.there(EVENTS)] == wanted


# -- what is refused -------------------------------------------------------------------------


def without(name: str) -> object:
    def refuses(element: Element) -> str | None:
        return "ErrorItemSave" if element.find(f"{{*}}{name}") is not None else None

    return refuses


@pytest.mark.parametrize(
    ("refused", "told"),
    [("Recurrence", {"RRULE"}), ("RequiredAttendees", {"RRULE", "ATTENDEE", "ORGANIZER"})],
)
def test_what_a_server_refuses_is_left_out_and_told(
    ends: Ends, refused: str, told: set[str]
) -> None:
    ends.exchange.store.mailboxes[ANNA].refuses_item = without(refused)  # type: ignore[assignment]
    plain = calendar("UID:2", "DTSTART:20240101")
    answers = file(ends.destination, [entry(EVENTS, "1", SERIES), entry(EVENTS, "2", plain)])
    assert answers["2"].adapted == ()  # type: ignore[union-attr]
    answer = answers["1"]
    assert isinstance(answer, Stored)
    names = {one.subject for one in answer.adapted if one.id is ProblemId.FIELD_IN_NOTES}
    assert names == told
    uids = {read_event(whole(one.payload)).uid for one in ends.there(EVENTS)}  # type: ignore[union-attr]
    assert {"one", "2"} <= uids


def test_a_refusal_that_passes_costs_nothing_of_the_item(ends: Ends) -> None:
    refusals = ["ErrorInternalServerError"]

    def refuses(element: Element) -> str | None:
        return refusals.pop() if refusals else None

    ends.exchange.store.mailboxes[ANNA].refuses_item = refuses
    answer = file(ends.destination, [entry(EVENTS, "1", SERIES)])["1"]
    assert isinstance(answer, Stored)
    assert (refusals, answer.adapted) == ([], ())
    assert len(ends.there(EVENTS)) == 1


def test_a_group_is_a_contact_where_there_are_no_groups(ends: Ends) -> None:
    def refuses(element: Element) -> str | None:
        return "ErrorItemSave" if local(element) == "DistributionList" else None

    ends.exchange.store.mailboxes[ANNA].refuses_item = refuses
    group = card("FN:Us", "KIND:group", "MEMBER:mailto:a@x.test")
    answer = file(ends.destination, [entry(CONTACTS, "1", group)])["1"]
    assert [one.subject for one in answer.adapted] == ["MEMBER"]  # type: ignore[union-attr]
    (found,) = ends.there(CONTACTS)
    assert b"MEMBER: mailto:a@x.test" in whole(found.payload)


def test_an_item_that_is_refused_in_every_form_is_alone_refused(ends: Ends) -> None:
    def refuses(element: Element) -> str | None:
        return "ErrorItemSave" if element.findtext("{*}Subject") == "meeting" else None

    ends.exchange.store.mailboxes[ANNA].refuses_item = refuses
    plain = calendar("UID:2", "DTSTART:20240101")
    unread = calendar("UID:3", "SUMMARY:whenever")
    given = [entry(EVENTS, "1", SERIES), entry(EVENTS, "2", plain), entry(EVENTS, "3", unread)]
    answers = file(ends.destination, given)
    refused = {key: one.label.subject for key, one in answers.items() if isinstance(one, Refused)}
    assert refused == {"1": "meeting", "3": "whenever"}


def test_a_file_too_large_for_the_mailbox_is_told_and_the_event_is_there(ends: Ends) -> None:
    ends.exchange.store.mailboxes[ANNA].largest_item = 10_000
    large = SERIES.replace(b64encode(b"text"), b64encode(b"x" * 20_000))
    answer = file(ends.destination, [entry(EVENTS, "1", large)])["1"]
    assert isinstance(answer, Stored)
    assert [(one.id, one.subject) for one in answer.adapted] == [
        (ProblemId.FIELD_NOT_KEPT, "ATTACH")
    ]
    assert len(ends.there(EVENTS)) == 1
