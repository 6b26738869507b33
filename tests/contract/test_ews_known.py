"""Folders of each kind on Exchange, and what is known of the items in them."""

from __future__ import annotations

from datetime import date

from omm_desktop.endpoints.convert.calendar.read import read_event
from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.model.items import Folder, FolderRole, Item, ItemKind
from omm_desktop.model.ports import (
    Fidelity,
    FolderWish,
    Refused,
    Stored,
)
from omm_desktop.model.problem import ProblemId
from tests.servers.ews.properties import tagged
from tests.servers.ews.soap import make

from .conftest import ANNA, Ends
from .entries import SERIES, calendar, card, entry, file, usual_folder

CONTACTS, EVENTS, TASKS = ItemKind.CONTACTS, ItemKind.EVENTS, ItemKind.TASKS


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
