"""Searches, synchronisation, changes and limits on the EWS server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from exchangelib import (
    Account,
    EWSDateTime,
    FileAttachment,
    Message,
    Q,
)
from exchangelib.errors import (
    ErrorInvalidSyncStateData,
    ErrorIrresolvableConflict,
    ErrorItemNotFound,
    ErrorMessageSizeExceeded,
    ErrorMimeContentInvalid,
    ErrorQuotaExceeded,
)
from exchangelib.ewsdatetime import UTC as EWS_UTC
from exchangelib.services import SyncFolderItems, UpdateItem

from .ews import EwsServer
from .ews.checks import at_most, change_keys_are_given, mail_is_no_draft
from .ews.client import account, find_alone
from .ews.extended import registered
from .ews.samples import MIME, MIXED, instant, only_one, parts_of, save

ANNA = "anna@exchange.test"


@pytest.fixture(autouse=True)
def properties() -> Iterator[None]:
    with registered():
        yield


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
    (found,) = find_alone(anna.inbox, "fingerprint")
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
