"""Contacts, events and tasks on Exchange, in and out."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
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
from omm_desktop.endpoints.ews.models import Home, item_of
from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.model.items import Folder, FolderRole, Item, ItemKind
from omm_desktop.model.ports import (
    Destination,
    Fidelity,
    FolderWish,
    Refused,
    Source,
    Stored,
)
from omm_desktop.model.problem import ProblemId
from tests.servers.ews import EwsServer
from tests.servers.ews.checks import at_most
from tests.servers.ews.properties import tagged
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.soap import Element, local, make

from .entries import entry, fetched, file, usual_folder

ANNA = "anna@exchange.test"
CONTACTS, EVENTS, TASKS = ItemKind.CONTACTS, ItemKind.EVENTS, ItemKind.TASKS


def card(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""]).encode()


def calendar(*lines: str, kind: str = "VEVENT") -> bytes:
    inner = [f"BEGIN:{kind}", *lines, f"END:{kind}"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *inner, "END:VCALENDAR", ""]).encode()


@dataclass(frozen=True, slots=True)
class Ends:
    """Anna's mailbox from both sides."""

    exchange: EwsServer
    destination: Destination
    source: Source

    def there(self, kind: ItemKind) -> list[Item]:
        return fetched(self.source, kind)

    def folder(self, kind: ItemKind) -> Folder:
        return usual_folder(self.destination, kind)


@pytest.fixture
def ends(exchange: EwsServer) -> Iterator[Ends]:
    exchange.journal.checks += [at_most(50, 6 << 20)]
    account = mailbox_of(exchange, ANNA)
    with ExitStack() as stack:
        destination = open_destination(account.as_account, account.secret)
        stack.callback(destination.close)
        source = open_source(account.as_account, account.secret)
        stack.callback(source.close)
        yield Ends(exchange, destination, source)
    exchange.journal.assert_nothing_sent()


# -- folders ---------------------------------------------------------------------------------


def test_folders_of_each_kind_without_those_that_programs_made(ends: Ends) -> None:
    mailbox = ends.exchange.store.mailboxes[ANNA]
    top = mailbox.distinguished("msgfolderroot")
    mailbox.add_folder(top, "Suggested Contacts", "IPF.Contact")
    mailbox.add_folder(mailbox.distinguished("calendar"), "Family", "IPF.Appointment")
    for made in ("Contact.RecipientCache", "Contact.GalContacts", "Appointment.Birthday"):
        mailbox.add_folder(top, made, f"IPF.{made}")
    hidden = mailbox.add_folder(top, "Hidden", "IPF.Contact")
    hidden.properties[tagged(0x10F4, "Boolean")] = "true"
    found = {
        folder.path: (folder.kind, folder.role)
        for folder in ends.source.folders()
        if folder.kind is not ItemKind.MAIL
    }
    assert found == {
        ("Contacts",): (CONTACTS, FolderRole.CONTACTS),
        ("Calendar",): (EVENTS, FolderRole.CALENDAR),
        ("Calendar", "Family"): (EVENTS, None),
        ("Tasks",): (TASKS, FolderRole.TASKS),
        ("Suggested Contacts",): (CONTACTS, None),
    }


def test_folders_of_each_kind_are_made_beside_each_other(ends: Ends) -> None:
    wishes = [
        FolderWish(("Projects",)),
        FolderWish(("Projects",), kind=CONTACTS),
        FolderWish(("projects",), kind=EVENTS),
        FolderWish(("Projects", "People"), kind=CONTACTS),
        FolderWish(("Tasks", "Home"), kind=TASKS),
        FolderWish(("INBOX", "People"), kind=CONTACTS),
        FolderWish(("New", "Below"), kind=EVENTS),
    ]
    made = ends.destination.ensure_folders(wishes)
    assert [(one.path, one.kind) for one in made if isinstance(one, Folder)] == [
        (("Projects",), ItemKind.MAIL),
        (("Projects (2)",), CONTACTS),
        (("projects (3)",), EVENTS),
        (("Projects (2)", "People"), CONTACTS),
        (("Tasks", "Home"), TASKS),
        (("INBOX", "People"), CONTACTS),
        (("New", "Below"), EVENTS),
    ]
    classes = {
        one.name: one.folder_class for one in ends.exchange.store.mailboxes[ANNA].folders.values()
    }
    assert classes["projects (3)"] == classes["New"] == "IPF.Appointment"
    assert classes["Home"] == "IPF.Task"
    assert ends.destination.ensure_folders(wishes) == made


# -- there and back --------------------------------------------------------------------------

SERIES = calendar(
    *("UID:one", "SUMMARY:meeting", "DTSTART:20240101T100000Z", "DTEND:20240101T110000Z"),
    *("RRULE:FREQ=WEEKLY;COUNT=5", "EXDATE:20240108T100000Z", "LOCATION:here"),
    *("ORGANIZER;CN=Bob:mailto:bob@far.test", "ATTENDEE:mailto:anna@exchange.test"),
    f"ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.txt:{b64encode(b'text').decode()}",
    *("END:VEVENT", "BEGIN:VEVENT", "UID:one", "RECURRENCE-ID:20240115T100000Z"),
    *("DTSTART:20240116T100000Z", "DTEND:20240116T110000Z", "SUMMARY:later", "LOCATION:here"),
)


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
        card("FN:Zoé", "UID:zoe", "EMAIL:zoe@x.test", f"PHOTO;ENCODING=b;TYPE=JPEG:{picture}"),
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


def test_a_task_with_a_file(ends: Ends) -> None:
    attached = f"ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.txt:{b64encode(b'text').decode()}"
    todo = calendar(*("UID:t", "SUMMARY:tidy", "DUE;VALUE=DATE:20240301", attached), kind="VTODO")
    file(ends.destination, [entry(TASKS, "1", todo)])
    (found,) = ends.there(TASKS)
    task = read_task(whole(found.payload))
    assert task is not None
    assert (task.uid, task.summary, task.due) == ("t", "tidy", date(2024, 3, 1))
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
    assert found.repairs == ()
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
    assert [(one.id, one.detail) for one in found.repairs] == [
        (ProblemId.FIELD_NOT_KEPT, "ATTACH: cv.pdf")
    ]


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


# -- what is there ---------------------------------------------------------------------------


def seen(ends: Ends, kind: ItemKind) -> dict[bytes, bytes | None]:
    folder = ends.folder(kind)
    windows = ends.destination.existing(folder.key, None)
    return {one.fingerprint: one.content for window in windows for one in window}


def test_items_of_ours_are_known_by_their_mark(ends: Ends) -> None:
    parts = calendar("UID:parts", "DTSTART:20240101", "RDATE;VALUE=DATE:20240105,20240107")
    given = [entry(EVENTS, "1", SERIES), entry(EVENTS, "2", parts)]
    answers = file(ends.destination, given)
    assert seen(ends, EVENTS) == {one.fingerprint: one.content for one in given}
    folder = ends.folder(EVENTS)
    assert ends.destination.position(folder.key).count == 4
    keys = {answer.key: one for answer, one in zip(answers.values(), given, strict=True)}  # type: ignore[union-attr]
    assert dict(ends.destination.contents(folder.key, [key for key in keys if key])) == {
        key: one.content for key, one in keys.items()
    }
    for key, one in keys.items():
        assert key is not None
        assert ends.destination.fidelity(folder.key, key, one) is Fidelity.MARKED


def test_items_of_others_are_known_by_what_they_say(ends: Ends) -> None:
    mailbox = ends.exchange.store.mailboxes[ANNA]
    event = make("t:CalendarItem", make("t:Subject", "other"), make("t:UID", "one"))
    ends.exchange.put(mailbox.distinguished("calendar"), event)
    addresses = make("t:EmailAddresses", make("t:Entry", "Zoe@X.test", Key="EmailAddress1"))
    person = make("t:Contact", make("t:DisplayName", "zoé  noël"), addresses)
    ends.exchange.put(mailbox.distinguished("contacts"), person)
    ends.exchange.put(mailbox.distinguished("tasks"), make("t:Task", make("t:Subject", "x")))
    ours = entry(CONTACTS, "1", card("FN:Zoé Noël", "EMAIL;TYPE=work:zoe@x.test", "NOTE:new"))
    assert seen(ends, EVENTS) == {entry(EVENTS, "1", SERIES).fingerprint: None}
    assert seen(ends, CONTACTS) == {ours.fingerprint: None}
    (task,) = ends.there(TASKS)
    assert seen(ends, TASKS) == {task.fingerprint: None}


def test_a_server_that_looks_for_nothing_is_asked_for_everything(ends: Ends) -> None:
    ends.exchange.service.restricts = False
    answer = file(ends.destination, [entry(EVENTS, "1", SERIES)])["1"]
    assert isinstance(answer, Stored)


# -- since -----------------------------------------------------------------------------------


def test_since_a_day_leaves_out_what_was_over_by_then(ends: Ends) -> None:
    events = {
        "over": ("DTSTART:20240101T100000Z", "DTEND:20240101T110000Z"),
        "lasting": ("DTSTART;VALUE=DATE:20240101", "DTEND;VALUE=DATE:20240801"),
        "ended": ("DTSTART:20240101T100000Z", "RRULE:FREQ=DAILY;COUNT=3"),
        "recurring": ("DTSTART:20240101T100000Z", "RRULE:FREQ=WEEKLY;COUNT=40"),
        "endless": ("DTSTART:20200101T100000Z", "RRULE:FREQ=YEARLY"),
        "coming": ("DTSTART:20250101T100000Z",),
    }
    file(
        ends.destination,
        [entry(EVENTS, uid, calendar(f"UID:{uid}", *lines)) for uid, lines in events.items()],
    )
    folder = usual_folder(ends.source, EVENTS)
    refs = [ref for window in ends.source.refs(folder, date(2024, 6, 1)) for ref in window]
    found = {
        read_event(whole(one.payload)).uid  # type: ignore[union-attr]
        for one in ends.source.fetch(folder, refs)
        if isinstance(one, Item)
    }
    assert found == {"lasting", "recurring", "endless", "coming"}


def test_something_of_another_kind_in_a_folder_is_not_listed(ends: Ends) -> None:
    mailbox = ends.exchange.store.mailboxes[ANNA]
    ends.exchange.deliver(mailbox.distinguished("contacts"), b"Subject: x\r\n\r\nhello\r\n")
    assert ends.there(CONTACTS) == []


def test_an_item_that_is_gone_is_told(ends: Ends) -> None:
    file(ends.destination, [entry(EVENTS, "1", SERIES)])
    folder = usual_folder(ends.source, EVENTS)
    ((ref,),) = ends.source.refs(folder, None)
    ends.exchange.store.remove(ends.exchange.store.items[ref.key])
    (answer,) = ends.source.fetch(folder, [ref])
    assert isinstance(answer, Refused)
    assert answer.problem.id is ProblemId.ITEM_GONE
