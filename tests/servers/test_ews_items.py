"""Mail on the EWS server, as the real exchangelib sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from exchangelib import (
    Account,
    EWSDateTime,
    ExtendedProperty,
    FileAttachment,
    Folder,
    ItemAttachment,
    Message,
    Q,
)
from exchangelib.attachments import Attachment
from exchangelib.errors import (
    ErrorInvalidSyncStateData,
    ErrorIrresolvableConflict,
    ErrorItemNotFound,
    ErrorMessageSizeExceeded,
    ErrorMimeContentInvalid,
    ErrorQuotaExceeded,
)
from exchangelib.ewsdatetime import UTC as EWS_UTC
from exchangelib.fields import FieldPath
from exchangelib.items import MeetingRequest
from exchangelib.services import FindItem, SyncFolderItems, UpdateItem

from .ews import EwsServer
from .ews.checks import at_most, change_keys_are_given, mail_is_no_draft
from .ews.client import account
from .ews.mime_in import HEADER_LINE, MBOX_LINE, SIGNED
from .mailbox import Message as StoredMessage

ANNA = "anna@exchange.test"
MIME = (
    b"Received: from far.test by near.test; Mon, 1 Jan 2024 09:00:00 +0000\r\n"
    b"From: Bob <bob@far.test>\r\nTo: anna@exchange.test, Zo\xc3\xa9 <zoe@far.test>\r\n"
    b"Subject: =?utf-8?q?=C3=A9t=C3=A9?=\r\nMessage-ID: <one@far.test>\r\nX-Mailer: Test\r\n"
    b"References: <zero@far.test>\r\nImportance: high\r\n"
    b"Date: Mon, 01 Jan 2024 10:00:00 +0200\r\n\r\nhello\r\n"
)
MIXED = b"""\
From: bob@far.test\r
To: anna@exchange.test\r
Subject: with parts\r
Message-ID: <parts@far.test>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=outer\r
\r
--outer\r
Content-Type: text/html; charset=iso-8859-1\r
\r
<p>caf\xe9</p>\r
--outer\r
Content-Type: application/pdf; name=a.pdf\r
Content-Disposition: attachment; filename=a.pdf\r
Content-Transfer-Encoding: base64\r
\r
JVBERi0=\r
--outer\r
Content-Type: message/rfc822\r
\r
Subject: inner\r
Message-ID: <inner@far.test>\r
\r
inside\r
--outer--\r
"""


class Delivered(ExtendedProperty):
    property_tag = 0x0E06
    property_type = "SystemTime"


class Submitted(ExtendedProperty):
    property_tag = 0x0039
    property_type = "SystemTime"


class Flags(ExtendedProperty):
    property_tag = 0x0E07
    property_type = "Integer"


class Followed(ExtendedProperty):
    property_tag = 0x1090
    property_type = "Integer"


class Verb(ExtendedProperty):
    property_tag = 0x1081
    property_type = "Integer"


class Print(ExtendedProperty):
    distinguished_property_set_id = "PublicStrings"
    property_name = "omm-print"
    property_type = "String"


class Mailer(ExtendedProperty):
    distinguished_property_set_id = "InternetHeaders"
    property_name = "X-Mailer"
    property_type = "String"


class Transport(ExtendedProperty):
    property_tag = 0x007D
    property_type = "String"


PROPERTIES = {
    "delivered": Delivered,
    "submitted": Submitted,
    "flags": Flags,
    "followed": Followed,
    "verb": Verb,
    "fingerprint": Print,
}


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    for name, kind in PROPERTIES.items():
        Message.register(name, kind)
    yield
    for name in PROPERTIES:
        Message.deregister(name)


@pytest.fixture
def anna(exchange: EwsServer) -> Iterator[Account]:
    with account(exchange, ANNA) as opened:
        yield opened
    exchange.journal.assert_nothing_sent()


def save(folder: Folder, mime: bytes = MIME, **fields: object) -> Message:
    message = Message(account=folder.account, folder=folder, mime_content=mime, **fields)
    saved: Message = message.save()
    return saved


def only_one(folder: Folder, *fields: str) -> Message:
    query = folder.all().only(*fields) if fields else folder.all()
    (message,) = query
    return message


def parts_of(message: Message) -> list[Attachment]:
    """Attachments by name: exchangelib sorts them by type."""
    return sorted(message.attachments, key=lambda one: one.name)


def instant(*parts: int) -> EWSDateTime:
    return EWSDateTime(*parts, tzinfo=EWS_UTC)


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


def test_a_folder_lists_page_by_page(exchange: EwsServer, anna: Account) -> None:
    anna.bulk_create(
        anna.inbox,
        [Message(account=anna, folder=anna.inbox, subject=f"s{n}", body="b") for n in range(25)],
    )
    exchange.service.most_found = 10
    query = anna.inbox.all().only("subject")
    query.page_size = 100
    assert {message.subject for message in query} == {f"s{n}" for n in range(25)}
    assert len(exchange.journal.of("FindItem")) == 3


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (Q(message_id="<one@far.test>"), {"été"}),
        (Q(fingerprint="two"), {"second"}),
        (Q(fingerprint__exists=True), {"second"}),
        (Q(datetime_received__gt=EWSDateTime(2020, 1, 1, tzinfo=EWS_UTC)), {"été"}),
        (Q(datetime_received__lte=EWSDateTime(2010, 1, 1, tzinfo=EWS_UTC)), {"second"}),
        (Q(delivered=EWSDateTime(2010, 1, 1, tzinfo=EWS_UTC)), {"second"}),
        (Q(is_read=True), {"second"}),
        (Q(subject__icontains="SEC") | Q(subject="été"), {"été", "second"}),
        (~Q(subject="second"), {"été"}),
        (Q(categories__contains="Work"), {"second"}),
        (Q(followed=2), {"second"}),
        (Q(subject="nobody"), set()),
    ],
)
def test_restrictions(anna: Account, question: Q, found: set[str]) -> None:
    save(anna.inbox, is_read=False)
    save(
        anna.inbox,
        b"Subject: second\r\n\r\n",
        is_read=True,
        fingerprint="two",
        followed=2,
        delivered=instant(2010, 1, 1),
        categories=["Work"],
    )
    assert {one.subject for one in anna.inbox.filter(question).only("subject")} == found


def test_find_shortens_what_get_gives_whole(anna: Account) -> None:
    save(anna.inbox, fingerprint="x" * 300)
    fields = [FieldPath(field=Message.get_field_by_fieldname("fingerprint"))]
    (found,) = FindItem(account=anna).call(
        folders=[anna.inbox],
        additional_fields=fields,
        restriction=None,
        order_fields=None,
        shape="IdOnly",
        query_string=None,
        depth="Shallow",
        calendar_view=None,
        max_items=None,
        offset=0,
    )
    assert found.fingerprint == "x" * 255
    assert only_one(anna.inbox, "fingerprint").fingerprint == "x" * 300


def test_order(anna: Account) -> None:
    for name in ("b", "a", "c"):
        save(anna.inbox, f"Subject: {name}\r\n\r\n".encode())
    assert [one.subject for one in anna.inbox.all().order_by("-subject")] == ["c", "b", "a"]


def test_sync_tells_what_happened(anna: Account) -> None:
    inbox = anna.inbox
    first, second, third = (save(inbox, flags=1, is_read=False) for _ in range(3))
    assert {verb for verb, _ in inbox.sync_items(only_fields=["subject"])} == {"create"}
    second.is_read = True
    second.save(update_fields=["is_read"])
    third.subject = "changed"
    third.save(update_fields=["subject"])
    first.delete()
    fourth = save(inbox)
    changes = [(verb, item) for verb, item in inbox.sync_items(only_fields=["subject"])]
    assert [verb for verb, _ in changes] == ["read_flag_change", "update", "delete", "create"]
    assert changes[0][1][0].id == second.id
    assert changes[3][1].id == fourth.id
    assert list(inbox.sync_items(only_fields=["subject"])) == []


def test_sync_goes_page_by_page(anna: Account) -> None:
    for number in range(7):
        save(anna.inbox, f"Subject: {number}\r\n\r\n".encode())
    state, pages = None, []
    while True:
        service = SyncFolderItems(account=anna)
        page = list(
            service.call(
                folder=anna.inbox,
                shape="IdOnly",
                additional_fields=None,
                sync_state=state,
                ignore=None,
                max_changes_returned=3,
                sync_scope=None,
            )
        )
        pages.append(len(page))
        state = service.sync_state
        if service.includes_last_item_in_range:
            break
    assert pages == [3, 3, 1]


def test_a_bad_sync_state_is_refused(anna: Account) -> None:
    with pytest.raises(ErrorInvalidSyncStateData):
        list(anna.inbox.sync_items(sync_state="bogus", only_fields=["subject"]))


def test_a_stale_change_key_is_a_conflict(anna: Account) -> None:
    message = save(anna.inbox, flags=1, is_read=False)
    same = only_one(anna.inbox)
    message.subject = "mine"
    message.save(update_fields=["subject"])
    same.subject = "yours"
    with pytest.raises(ErrorIrresolvableConflict):
        same.save(update_fields=["subject"], conflict_resolution="NeverOverwrite")
    with pytest.raises(ErrorIrresolvableConflict):
        same.save(update_fields=["subject"], conflict_resolution="AutoResolve")
    same.is_read = True
    same.save(update_fields=["is_read"], conflict_resolution="AutoResolve")
    same.subject = "over it"
    same.save(update_fields=["subject"], conflict_resolution="AlwaysOverwrite")
    assert only_one(anna.inbox).subject == "over it"


def test_the_flags_of_a_saved_message_stay(anna: Account) -> None:
    message = save(anna.inbox, is_read=True)
    message.flags = 1
    message.save(update_fields=["flags"])
    assert only_one(anna.inbox).is_draft


def test_fields_are_deleted(anna: Account) -> None:
    message = save(anna.inbox, categories=["Work"], fingerprint="x")
    message.categories = message.fingerprint = None
    message.save(update_fields=["categories", "fingerprint"])
    changed = only_one(anna.inbox)
    assert (changed.categories, changed.fingerprint) == (None, None)


def test_deleting_moves_to_the_bin_or_for_good(anna: Account) -> None:
    save(anna.inbox).move_to_trash()
    assert (anna.inbox.all().count(), anna.trash.all().count()) == (0, 1)
    only_one(anna.trash).delete()
    assert anna.trash.all().count() == 0


def test_moving_gives_another_id_and_copying_keeps_the_first(anna: Account) -> None:
    message = save(anna.inbox, MIXED, flags=1)
    before = message.id
    message.move(anna.sent)
    assert message.id != before
    (gone,) = anna.fetch([(before, None)])
    assert isinstance(gone, ErrorItemNotFound)
    copy_id, _ = message.copy(anna.drafts)
    assert copy_id != message.id
    assert parts_of(only_one(anna.drafts))[0].content == b"%PDF-"


def test_what_is_no_mime_is_refused(anna: Account) -> None:
    with pytest.raises(ErrorMimeContentInvalid):
        save(anna.inbox, b"no header at all")
    assert anna.inbox.all().count() == 0


def test_size_and_quota(exchange: EwsServer, anna: Account) -> None:
    mailbox = exchange.store.mailbox(ANNA)
    mailbox.largest_item = 10_000
    with pytest.raises(ErrorMessageSizeExceeded):
        save(anna.inbox, MIME + b"x" * 20_000)
    message = save(anna.inbox)
    with pytest.raises(ErrorMessageSizeExceeded):
        message.attach(FileAttachment(name="a", content=b"x" * 20_000))
    mailbox.largest_item, mailbox.quota = None, mailbox.used + 10
    with pytest.raises(ErrorQuotaExceeded):
        save(anna.inbox)
    assert anna.inbox.all().count() == 1


def test_a_mailbox_refuses_what_it_is_told_to(exchange: EwsServer, anna: Account) -> None:
    exchange.store.mailbox(ANNA).refuses = lambda mime: (
        "ErrorMimeContentInvalid" if b"poison" in mime else None
    )
    with pytest.raises(ErrorMimeContentInvalid):
        save(anna.inbox, b"Subject: poison\r\n\r\n")


def test_sending_is_a_violation(exchange: EwsServer) -> None:
    with account(exchange, ANNA) as anna:
        Message(account=anna, subject="s", body="b", to_recipients=["x@y.test"]).send()
        message = save(anna.inbox)
        list(
            UpdateItem(account=anna).call(
                items=[(message, ["subject"])],
                conflict_resolution="AlwaysOverwrite",
                message_disposition="SendAndSaveCopy",
                send_meeting_invitations_or_cancellations="SendToNone",
                suppress_read_receipts=False,
            )
        )
    assert [one.partition(" ")[2] for one in exchange.journal.violations] == [
        "CreateItem MessageDisposition=SendAndSaveCopy",
        "UpdateItem MessageDisposition=SendAndSaveCopy",
        "UpdateItem SuppressReadReceipts=false",
    ]
    with pytest.raises(AssertionError):
        exchange.journal.assert_nothing_sent()


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
    Message.register("mailer", Mailer)
    Message.register("transport", Transport)
    try:
        message = only_one(anna.inbox, "mailer", "transport")
    finally:
        Message.deregister("mailer")
        Message.deregister("transport")
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


def test_without_a_field_the_headers_count(exchange: EwsServer, anna: Account) -> None:
    inbox = exchange.store.mailbox(ANNA).distinguished("inbox")
    exchange.deliver(inbox, b"Importance: high\r\nSensitivity: Private\r\n\r\n")
    message = only_one(anna.inbox)
    assert (message.importance, message.sensitivity) == ("High", "Private")
    save(anna.drafts, MIME)
    assert only_one(anna.drafts).importance == "Normal"


def test_checks_of_every_request(exchange: EwsServer) -> None:
    exchange.journal.checks = [mail_is_no_draft, change_keys_are_given, at_most(2, 100_000)]
    with account(exchange, ANNA) as anna:
        good = [
            Message(
                account=anna,
                folder=anna.inbox,
                mime_content=MIME,
                is_read=True,
                flags=1,
                delivered=instant(2020, 1, 1),
            )
            for _ in range(3)
        ]
        anna.bulk_create(anna.inbox, good[:2])
        exchange.journal.assert_nothing_sent()
        anna.bulk_create(anna.inbox, good)
        message = save(anna.inbox, is_read=False, flags=1)
        anna.bulk_delete([(message.id, None)], affected_task_occurrences="AllOccurrences")
    assert [one.partition(" ")[2] for one in exchange.journal.violations] == [
        "3 items in one request",
        "no property 0x0E06",
        "IsRead and the flags differ",
        "ItemId without a change key",
    ]
