"""Exchange as a source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

import pytest

from omm_desktop.endpoints.convert.payload import FilePayload, MemoryPayload, whole
from omm_desktop.endpoints.registry import open_source
from omm_desktop.model.items import Folder, FolderRole, Item, ItemKind, ItemRef
from omm_desktop.model.ports import Refused, Source
from omm_desktop.model.problem import ItemError, ProblemId, TryAgain
from tests.servers.ews import EwsServer, Fault, FaultKind
from tests.servers.ews.extended import Followed, Verb
from tests.servers.ews.properties import tagged, write_property
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.soap import make

ANNA = "anna@exchange.test"
FIRST = datetime(2019, 1, 1, 8, 0, 0, tzinfo=UTC)


def letter(number: int, body: bytes = b"hello") -> bytes:
    return (
        b"From: Bob <bob@far.test>\r\nTo: anna@exchange.test\r\nSubject: Letter %d\r\n"
        b"Message-ID: <%d@far.test>\r\nDate: Tue, 01 Jan 2019 08:00:00 +0000\r\n\r\n%b\r\n"
    ) % (number, number, body)


@pytest.fixture
def source(exchange: EwsServer) -> Iterator[Source]:
    account = mailbox_of(exchange, ANNA)
    with ExitStack() as stack:
        opened = open_source(account.as_account, account.secret)
        stack.callback(opened.close)
        yield opened
    exchange.journal.assert_nothing_sent()
    assert set(exchange.journal.operations()) <= {
        *("", "GetFolder", "FindFolder", "FindItem", "GetItem")
    }


def fill(exchange: EwsServer, number: int) -> list[str]:
    """So many mails in the inbox, a day apart; their ids, the oldest first."""
    inbox = exchange.store.mailboxes[ANNA].distinguished("inbox")
    return [
        exchange.deliver(inbox, letter(n), received=FIRST + timedelta(days=n), read=bool(n % 2)).id
        for n in range(number)
    ]


def inbox_of(source: Source) -> Folder:
    return next(folder for folder in source.folders() if folder.role is FolderRole.INBOX)


def listed(source: Source, since: date | None = None) -> list[ItemRef]:
    return [ref for window in source.refs(inbox_of(source), since) for ref in window]


def test_folders_with_counts_and_roles(exchange: EwsServer, source: Source) -> None:
    mailbox = exchange.store.mailboxes[ANNA]
    top = mailbox.distinguished("msgfolderroot")
    mailbox.add_folder(top, "Archive", "IPF.Note")
    below = mailbox.add_folder(mailbox.distinguished("inbox"), "A/B", "IPF.Note")
    mailbox.add_folder(top, "Birthdays", "IPF.Appointment.Birthday")
    mailbox.add_folder(top, "Feeds", "IPF.Note.OutlookHomepage")
    mailbox.add_folder(top, "Oldest", None)
    exchange.deliver(below, letter(1))
    folders = [folder for folder in source.folders() if folder.kind is ItemKind.MAIL]
    found = {folder.path: (folder.role, folder.count) for folder in folders}
    assert found == {
        ("INBOX",): (FolderRole.INBOX, 0),
        ("INBOX", "A/B"): (None, 1),
        ("Sent Items",): (FolderRole.SENT, 0),
        ("Drafts",): (FolderRole.DRAFTS, 0),
        ("Deleted Items",): (FolderRole.TRASH, 0),
        ("Junk Email",): (FolderRole.JUNK, 0),
        ("Archive",): (FolderRole.ARCHIVE, 0),
        ("Feeds",): (None, 0),
        ("Oldest",): (None, 0),
    }


def test_what_waits_to_be_sent_is_read_like_any_mail(exchange: EwsServer, source: Source) -> None:
    exchange.deliver(exchange.store.mailboxes[ANNA].distinguished("outbox"), letter(1))
    assert ("Outbox",) in {folder.path for folder in source.folders()}


def test_every_mail_newest_first_in_windows(exchange: EwsServer, source: Source) -> None:
    ids = fill(exchange, 70)
    exchange.service.most_found = 30
    windows = list(source.refs(inbox_of(source), None))
    assert [len(window) for window in windows] == [30, 30, 10]
    refs = [ref for window in windows for ref in window]
    assert [ref.key for ref in refs] == ids[::-1]
    assert refs[0].received == FIRST + timedelta(days=69)
    assert all(ref.size for ref in refs)


def test_only_what_came_since(exchange: EwsServer, source: Source) -> None:
    ids = fill(exchange, 10)
    since = (FIRST + timedelta(days=7)).date()
    assert [ref.key for ref in listed(source, since)] == ids[:6:-1]


def test_mail_comes_with_flags_and_date_and_stays_unread(
    exchange: EwsServer, source: Source
) -> None:
    inbox = exchange.store.mailboxes[ANNA].distinguished("inbox")
    plain = exchange.deliver(inbox, letter(1), received=FIRST, read=False)
    categories = make("t:Categories", make("t:String", "Travail"), make("t:String", "$label1"))
    for verb, status, flags in (("102", "2", "1"), ("103", "1", "0"), ("104", "0", "9")):
        element = make(
            "t:Message",
            categories,
            write_property(tagged(Verb.property_tag, "Integer"), verb),
            write_property(tagged(Followed.property_tag, "Integer"), status),
            write_property(tagged(0x0E07, "Integer"), flags),
            make("t:Subject", verb),
        )
        exchange.put(inbox, element)
    answers = list(source.fetch(inbox_of(source), listed(source)))
    items = [answer for answer in answers if isinstance(answer, Item)]
    assert len(items) == len(answers) == 4
    by_subject = {item.label.subject: item for item in items}
    first = by_subject["Letter 1"]
    assert (first.flags, first.received, first.label.sender) == (
        frozenset(),
        FIRST,
        '"Bob" <bob@far.test>',
    )
    assert b"\r\n\r\nhello" in whole(first.payload)
    words = {"Travail", "$label1"}
    assert by_subject["102"].flags == {"\\Seen", "\\Flagged", "\\Answered", *words}
    assert by_subject["103"].flags == {"\\Answered", *words}
    assert by_subject["104"].flags == {"\\Seen", "\\Draft", "$Forwarded", *words}
    assert plain.text("message:IsRead") == "false"


def test_what_is_no_mail_is_left_alone(exchange: EwsServer, source: Source) -> None:
    inbox = exchange.store.mailboxes[ANNA].distinguished("inbox")
    (key,) = fill(exchange, 1)
    exchange.put(inbox, make("t:Contact", make("t:DisplayName", "Zoé")))
    assert [ref.key for ref in listed(source)] == [key]


def test_gone_and_unreadable_are_answered_for(exchange: EwsServer, source: Source) -> None:
    ids = fill(exchange, 3)
    refs = listed(source)
    folder = inbox_of(source)
    exchange.store.remove(exchange.store.items[ids[0]])
    malformed = ItemRef(folder.key, "x")
    answers = {one.ref.key: one for one in source.fetch(folder, [*refs, malformed])}
    gone, broken = answers[ids[0]], answers["x"]
    assert isinstance(gone, Refused)
    assert gone.problem.id is ProblemId.ITEM_GONE
    assert isinstance(broken, Refused)
    assert broken.problem.id is ProblemId.ITEM_UNREADABLE
    assert isinstance(answers[ids[1]], Item)
    assert isinstance(answers[ids[2]], Item)


def test_a_large_mail_lies_in_a_file(exchange: EwsServer, source: Source) -> None:
    inbox = exchange.store.mailboxes[ANNA].distinguished("inbox")
    exchange.deliver(inbox, letter(1))
    exchange.deliver(inbox, letter(2, (b"x" * 70 + b"\r\n") * 300_000))
    items = {
        answer.label.subject: answer.payload
        for answer in source.fetch(inbox_of(source), listed(source))
        if isinstance(answer, Item)
    }
    assert isinstance(items["Letter 1"], MemoryPayload)
    assert isinstance(items["Letter 2"], FilePayload)
    assert b"".join(items["Letter 2"].pieces()).count(b"x") >= 21_000_000


def test_a_folder_that_is_gone(exchange: EwsServer, source: Source) -> None:
    fill(exchange, 1)
    mailbox = exchange.store.mailboxes[ANNA]
    made = mailbox.add_folder(mailbox.distinguished("msgfolderroot"), "Brief", "IPF.Note")
    folder = next(one for one in source.folders() if one.path == ("Brief",))
    mailbox.remove_folder(made)
    with pytest.raises(ItemError) as caught:
        list(source.refs(folder, None))
    assert caught.value.problem.id is ProblemId.FOLDER_UNREADABLE


def test_a_reply_that_breaks_off_within_a_mail(exchange: EwsServer, source: Source) -> None:
    fill(exchange, 5)
    refs, folder = listed(source), inbox_of(source)
    exchange.faults.plan(Fault(FaultKind.CUT, "GetItem"))
    with pytest.raises(TryAgain):
        list(source.fetch(folder, refs))
    assert len(list(source.fetch(folder, refs))) == 5


def test_a_server_that_sorts_nothing_is_listed_all_the_same(
    exchange: EwsServer, source: Source
) -> None:
    ids = fill(exchange, 5)
    exchange.service.sorts = False
    assert {ref.key for ref in listed(source)} == set(ids)
