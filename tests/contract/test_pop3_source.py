"""A mailbox by POP3: every octet, nothing marked, the same keys next time."""

from __future__ import annotations

import poplib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from omm_desktop.endpoints.convert import mail
from omm_desktop.model.items import Folder, FolderRole, Item, ItemRef
from omm_desktop.model.ports import Refused, Source
from omm_desktop.model.problem import ProblemId
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, load, snapshot

OpenSource = Callable[[TestAccount], Source]

FIRST = Message(
    b"Received: from b; Tue, 5 Mar 2019 10:00:00 +0530\r\n"
    b"Received: from a; Mon, 4 Mar 2019 10:00:00 +0000\r\n"
    b"From: a@example.test\r\nSubject: First\r\nMessage-ID: <1@example.test>\r\n"
    b"Date: Sun, 3 Mar 2019 10:00:00 +0000\r\n\r\n.one\r\n..two\r\n.\r\n..\r\nthree\r\n",
)
SECOND = Message(
    b"From: a@example.test\r\nSubject: Second\r\nDate: Wed, 3 Feb 2021 04:05:06 +0000\r\n\r\n"
    b"8 bits \xff\xe9\0 and no line end",
    frozenset({"\\Flagged"}),
)
DOTS = b".\r\n..\r\n.\r\n\r\n.a\r\n" * 30_000


@pytest.fixture
def inbox(new_pop3_user: NewUser) -> TestAccount:
    account = new_pop3_user()
    load(account, [MailFolder(("INBOX",), [FIRST, SECOND]), MailFolder(("Other",), [FIRST])])
    return account


@pytest.fixture
def source(inbox: TestAccount, pop3_dovecot: Dovecot, source_of: OpenSource) -> Source:
    return source_of(pop3_dovecot.by_pop3(inbox))


def all_refs(source: Source, since: date | None = None) -> list[ItemRef]:
    return [ref for window in source.refs(only_folder(source), since) for ref in window]


def only_folder(source: Source) -> Folder:
    (folder,) = source.folders()
    return folder


def items(source: Source) -> dict[bytes, Item]:
    answers = source.fetch(only_folder(source), all_refs(source))
    return {b"".join(one.payload.pieces()): one for one in answers if isinstance(one, Item)}


def test_there_is_one_folder(source: Source) -> None:
    folder = only_folder(source)
    assert (folder.path, folder.role) == (("INBOX",), FolderRole.INBOX)
    assert folder.count == 2
    assert folder.size == len(FIRST.body) + len(SECOND.body)
    assert source.parallel == 1


def test_items_come_byte_for_byte_with_the_date_of_the_newest_received_line(
    source: Source,
) -> None:
    found = items(source)
    assert found.keys() == {FIRST.body, SECOND.body}
    for body, item in found.items():
        assert item.ref.size == len(body)
        assert item.fingerprint == mail.fingerprint(body)
        assert item.content == mail.content_hash(item.payload)
        assert item.flags == frozenset()
    received = timezone(timedelta(hours=5, minutes=30))
    assert found[FIRST.body].received == datetime(2019, 3, 5, 10, tzinfo=received)
    assert found[SECOND.body].received == datetime(2021, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_a_period_leaves_out_older_mail(source: Source) -> None:
    assert len(all_refs(source, date(2019, 3, 5))) == 2
    assert len(all_refs(source, date(2019, 3, 6))) == 1
    assert len(all_refs(source, date(2021, 2, 4))) == 0


def test_keys_last_from_one_session_to_the_next(
    inbox: TestAccount, pop3_dovecot: Dovecot, source_of: OpenSource
) -> None:
    first = source_of(pop3_dovecot.by_pop3(inbox))
    before = {ref.key for ref in all_refs(first)}
    first.close()
    load(inbox, [MailFolder(("INBOX",), [FIRST])])
    second = source_of(pop3_dovecot.by_pop3(inbox))
    after = {ref.key for ref in all_refs(second)}
    assert before < after
    assert len(after) == 3


def test_nothing_is_marked_and_nothing_but_reading_is_sent(
    inbox: TestAccount, pop3_dovecot: Dovecot, source_of: OpenSource
) -> None:
    before = snapshot(inbox)
    sent = len(pop3_dovecot.commands(inbox.login))
    source = source_of(pop3_dovecot.by_pop3(inbox))
    assert len(items(source)) == 2
    all_refs(source, date(2020, 1, 1))
    source.idle()
    source.close()
    assert snapshot(inbox) == before
    commands = pop3_dovecot.commands(inbox.login)[sent:]
    pop3 = {line.split(" ")[0] for line in commands}
    assert {"STAT", "LIST", "UIDL", "TOP", "NOOP"} <= pop3
    assert not pop3 & {"DELE", "QUIT", "RETR"}


def test_what_retr_marks_rset_takes_back(inbox: TestAccount, pop3_dovecot: Dovecot) -> None:
    """What is left for a server without TOP."""

    def read(*commands: str) -> frozenset[str]:
        client = poplib.POP3(pop3_dovecot.host, pop3_dovecot.pop3_port)
        client.user(inbox.login)
        client.pass_(inbox.password)
        client.retr(1)
        for command in commands:
            client._shortcmd(command)  # type: ignore[attr-defined]
        client.quit()
        return snapshot(inbox)["INBOX",][0].flags

    assert not read("RSET")
    assert read() == {"\\seen"}


def test_a_listing_or_a_reading_left_half_way_does_no_harm(
    new_pop3_user: NewUser, pop3_dovecot: Dovecot, source_of: OpenSource
) -> None:
    account = new_pop3_user()
    messages = [Message(b"Subject: %d\r\n\r\n%b\r\n" % (n, b"x" * 9000)) for n in range(120)]
    load(account, [MailFolder(("INBOX",), messages)])
    source = source_of(pop3_dovecot.by_pop3(account))
    folder = only_folder(source)
    listing = source.refs(folder, None)
    window = next(iter(listing))
    listing.close()  # type: ignore[attr-defined]
    reading = source.fetch(folder, window)
    assert isinstance(next(iter(reading)), Item)
    reading.close()  # type: ignore[attr-defined]
    source.idle()
    assert items(source).keys() == {message.body for message in messages}


def test_newest_mail_is_listed_first(
    new_pop3_user: NewUser, pop3_dovecot: Dovecot, source_of: OpenSource
) -> None:
    account = new_pop3_user()
    messages = [Message(b"Subject: %d\r\n\r\n%b\r\n" % (n, b"x" * n)) for n in range(50)]
    load(account, [MailFolder(("INBOX",), messages)])
    sizes = [ref.size or 0 for ref in all_refs(source_of(pop3_dovecot.by_pop3(account)))]
    assert all(newer >= older for newer, older in pairwise(sizes))


def test_what_its_owner_removed_is_told_as_gone(source: Source, inbox: TestAccount) -> None:
    refs = all_refs(source)
    with inbox.client() as client:
        client.select_folder("INBOX")
        client.delete_messages([1])
        client.expunge()
    answers = list(source.fetch(only_folder(source), refs))
    assert [type(answer) for answer in answers] == [Item, Refused]
    refused = answers[1]
    assert isinstance(refused, Refused)
    assert refused.problem.id is ProblemId.ITEM_GONE


@pytest.mark.parametrize("line", [b"\r\n.", b"\r\n"])
def test_a_large_mail_never_lies_in_memory(
    line: bytes, new_pop3_user: NewUser, pop3_dovecot: Dovecot, source_of: OpenSource
) -> None:
    account = new_pop3_user()
    message = Message(b"Subject: large\r\n" + line + DOTS * 4 + b"y" * (17 << 20) + line)
    load(account, [MailFolder(("INBOX",), [message])])
    source = source_of(pop3_dovecot.by_pop3(account))
    (item,) = source.fetch(only_folder(source), all_refs(source))
    assert isinstance(item, Item)
    assert type(item.payload).__name__ == "FilePayload"
    assert b"".join(item.payload.pieces()) == message.body
    item.payload.close()
