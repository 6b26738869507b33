"""Mail on the EWS server, as the real exchangelib sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from exchangelib import (
    Account,
    FileAttachment,
    ItemAttachment,
    Message,
)
from exchangelib.items import MeetingRequest

from .ews import EwsServer
from .ews.extended import Mailer, Transport, registered
from .ews.mime_in import HEADER_LINE, MBOX_LINE, SIGNED
from .ews.samples import MIME, MIXED, instant, only_one, parts_of, save
from .mailbox import Message as StoredMessage

ANNA = "anna@exchange.test"


@pytest.fixture(autouse=True)
def properties() -> Iterator[None]:
    with registered(mailer=Mailer, transport=Transport):
        yield


def test_a_message_without_flags_is_a_draft_that_came_now(anna: Account) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    save(anna.inbox, is_read=True)
    message = only_one(anna.inbox)
    assert message.is_draft
    assert message.datetime_received >= before
    assert message.datetime_sent == instant(2024, 1, 1, 8)
    assert message.importance == "Normal"


def test_properties_make_it_a_message_received_long_ago(anna: Account) -> None:
    save(
        anna.inbox,
        is_read=False,
        flags=1,
        delivered=instant(2020, 2, 3, 4, 5, 6),
        submitted=instant(2020, 2, 3, 4, 0),
        followed=2,
        verb=102,
        fingerprint="abc",
        importance="High",
        categories=["Work", "été"],
    )
    message = only_one(anna.inbox)
    assert not message.is_draft
    assert not message.is_read, "IsRead wins over the flags"
    assert message.flags == 0
    assert message.datetime_received == instant(2020, 2, 3, 4, 5, 6)
    assert message.datetime_sent == instant(2020, 2, 3, 4)
    assert (message.followed, message.verb, message.fingerprint) == (2, 102, "abc")
    assert message.importance == "High"
    assert message.categories == ["Work", "été"]


def test_fields_come_from_the_mime(anna: Account) -> None:
    save(anna.inbox, is_read=True, flags=1)
    message = only_one(anna.inbox)
    assert message.subject == "été"
    assert (message.author.name, message.author.email_address) == ("Bob", "bob@far.test")
    assert [one.name for one in message.to_recipients] == [ANNA, "Zoé"]
    assert message.message_id == "<one@far.test>"
    assert message.references == "<zero@far.test>"
    assert message.body == "hello\r\n"
    assert {"X-Mailer", "Received"} <= {header.name for header in message.headers}


def test_mime_comes_back_rebuilt(anna: Account) -> None:
    save(anna.inbox, MIXED, is_read=True, flags=1)
    back = only_one(anna.inbox, "mime_content").mime_content
    assert back != MIXED
    message = message_from_bytes(back)
    assert message["Message-ID"] == "<parts@far.test>"
    assert message["Thread-Topic"] == "with parts"
    html, pdf, inner = message.get_payload()  # type: ignore[misc]
    assert html.get_payload(decode=True).decode() == "<p>café</p>"  # type: ignore[union-attr]
    assert pdf.get_payload(decode=True) == b"%PDF-"  # type: ignore[union-attr]
    assert inner.get_payload()[0]["Message-ID"] == "<inner@far.test>"  # type: ignore[union-attr]


def test_signed_content_keeps_its_bytes(anna: Account) -> None:
    content = (
        b'Content-Type: multipart/signed; boundary="b"; protocol="application/pkcs7-signature"\r\n'
        b"\r\n--b\r\nContent-Type: text/plain\r\n\r\nodd   spacing\r\n"
        b"--b\r\nContent-Type: application/pkcs7-signature\r\n\r\nAAAA\r\n--b--\r\n"
    )
    save(anna.inbox, b"Subject: s\r\nMIME-Version: 1.0\r\n" + content, flags=1)
    message = only_one(anna.inbox)
    assert message.item_class == SIGNED
    assert message.mime_content.partition(b"\r\n\r\n")[2] == content.partition(b"\r\n\r\n")[2]


def test_attachments_of_the_mime_are_listed_and_fetched(anna: Account) -> None:
    save(anna.inbox, MIXED, flags=1)
    file, inner = parts_of(only_one(anna.inbox))
    assert (file.name, file.content_type, file.content) == ("a.pdf", "application/pdf", b"%PDF-")
    assert isinstance(inner, ItemAttachment)
    assert inner.item.subject == "inner"
    (deeper,) = inner.item.attachments
    assert deeper.content == b"deep"


def test_attachments_are_added_and_taken_away(anna: Account) -> None:
    message = save(anna.inbox, flags=1)
    key = message.changekey
    message.attach(FileAttachment(name="a.txt", content=b"abc", is_inline=True, content_id="x"))
    inner = Message(account=anna, subject="deep", body="down", is_read=True)
    message.attach(ItemAttachment(name="deep", item=inner))
    assert message.changekey != key
    file, item = parts_of(only_one(anna.inbox))
    assert (file.content, file.content_id, file.is_inline) == (b"abc", "x", True)
    assert item.item.body == "down"
    file.detach()
    assert [one.name for one in only_one(anna.inbox).attachments] == ["deep"]


def test_attachments_given_with_the_item(anna: Account) -> None:
    message = Message(account=anna, folder=anna.inbox, subject="s", body="b")
    message.attachments = [FileAttachment(name="a.txt", content=b"abc")]
    message.save()
    assert only_one(anna.inbox).attachments[0].content == b"abc"


def test_mail_of_the_collection_goes_in_and_comes_back(
    anna: Account, corpus: list[StoredMessage]
) -> None:
    chosen = [one.body for one in corpus[::20] if len(one.body) < 1 << 18]
    items = [
        Message(account=anna, folder=anna.inbox, mime_content=body, is_read=True)
        for body in chosen
        if HEADER_LINE.match(MBOX_LINE.sub(b"", body))
    ]
    assert len(items) > 50
    anna.bulk_create(anna.inbox, items, chunk_size=20)
    back = list(anna.inbox.all().only("mime_content", "message_id"))
    assert len(back) == len(items)
    for message in back:
        assert message_from_bytes(message.mime_content)["Message-ID"] == message.message_id


def test_mail_that_was_delivered(exchange: EwsServer, anna: Account) -> None:
    inbox = exchange.store.mailbox(ANNA).distinguished("inbox")
    exchange.deliver(inbox, MIME, received=datetime(2020, 1, 2, tzinfo=UTC), read=False)
    message = only_one(anna.inbox)
    assert message.datetime_received == instant(2020, 1, 2)
    assert (message.is_draft, message.is_read, message.subject) == (False, False, "été")


def test_headers_are_properties_too(anna: Account) -> None:
    save(anna.inbox)
    message = only_one(anna.inbox, "mailer", "transport")
    assert message.mailer == "Test"
    assert "Message-ID: <one@far.test>" in message.transport


def test_the_lines_of_a_body_end_as_on_windows(anna: Account) -> None:
    Message(account=anna, folder=anna.inbox, subject="s", body="one\ntwo").save()
    assert only_one(anna.inbox).body == "one\r\ntwo"


def test_an_invitation_becomes_a_meeting_request(anna: Account) -> None:
    save(
        anna.inbox,
        b"Subject: come\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n"
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    )
    request = only_one(anna.inbox)
    assert isinstance(request, MeetingRequest)
    assert request.item_class == "IPM.Schedule.Meeting.Request"
    request.subject = "changed"
    request.save(update_fields=["subject"])
    assert only_one(anna.inbox).subject == "changed"


def test_without_a_field_the_headers_count(exchange: EwsServer, anna: Account) -> None:
    inbox = exchange.store.mailbox(ANNA).distinguished("inbox")
    exchange.deliver(inbox, b"Importance: high\r\nSensitivity: Private\r\n\r\n")
    message = only_one(anna.inbox)
    assert (message.importance, message.sensitivity) == ("High", "Private")
    save(anna.drafts, MIME)
    assert only_one(anna.drafts).importance == "Normal"
