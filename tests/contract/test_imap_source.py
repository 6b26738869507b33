"""IMAP as a source, on real servers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from omm_desktop.endpoints.convert import mail
from omm_desktop.model.items import Folder, FolderRole, Item, ItemRef
from omm_desktop.model.ports import Refused, Source
from omm_desktop.model.problem import ItemError, ProblemId
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.mailbox import MailFolder, Message, load, snapshot

OpenSource = Callable[[TestAccount], Source]

FIRST = Message(
    b"Subject: one\r\n\r\nFirst\r\n",
    frozenset({"\\Seen"}),
    datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC),
)
SECOND = Message(
    b"Subject: two\r\n\r\nSecond\r\n",
    frozenset({"\\Flagged", "\\Answered"}),
    datetime(2021, 2, 3, 4, 5, 6, tzinfo=UTC),
)
NESTED = ("Archives", "Été 2023", "Réunions")


def folder_named(source: Source, *path: str) -> Folder:
    return next(folder for folder in source.folders() if folder.path == path)


def all_refs(source: Source, folder: Folder, since: date | None = None) -> list[ItemRef]:
    return [ref for window in source.refs(folder, since) for ref in window]


def test_folders_are_listed_with_counts(mailbox: TestAccount, source_of: OpenSource) -> None:
    load(mailbox, [MailFolder(NESTED, [FIRST, SECOND]), MailFolder(("R&D",), [], subscribed=False)])
    folders = {folder.path: folder for folder in source_of(mailbox).folders()}
    assert folders["INBOX",].role is FolderRole.INBOX
    assert folders["INBOX",].count == 0
    nested = folders[NESTED]
    assert (nested.count, nested.subscribed, nested.selectable) == (2, True, True)
    assert nested.size in (len(FIRST.body) + len(SECOND.body), None)
    assert nested.validity
    assert nested.next_key
    assert not folders["R&D",].subscribed


def test_items_come_byte_for_byte(mailbox: TestAccount, source_of: OpenSource) -> None:
    load(mailbox, [MailFolder(NESTED, [FIRST, SECOND])])
    before = snapshot(mailbox)
    source = source_of(mailbox)
    folder = folder_named(source, *NESTED)
    refs = all_refs(source, folder)
    assert [ref.size for ref in sorted(refs, key=lambda r: int(r.key))] == [
        len(FIRST.body),
        len(SECOND.body),
    ]
    items = [item for item in source.fetch(folder, refs) if isinstance(item, Item)]
    found = {b"".join(item.payload.pieces()): item for item in items}
    assert found.keys() == {FIRST.body, SECOND.body}
    for message in (FIRST, SECOND):
        item = found[message.body]
        assert item.flags - {"\\Recent"} == message.flags
        assert item.received == message.received
        assert item.fingerprint == mail.fingerprint(message.body)
        assert item.content == mail.content_hash(item.payload)
    assert snapshot(mailbox) == before


def test_a_period_leaves_out_older_mail(mailbox: TestAccount, source_of: OpenSource) -> None:
    load(mailbox, [MailFolder(("INBOX",), [FIRST, SECOND])])
    source = source_of(mailbox)
    inbox = folder_named(source, "INBOX")
    assert len(all_refs(source, inbox)) == 2
    assert len(all_refs(source, inbox, date(2021, 2, 3))) == 1
    assert len(all_refs(source, inbox, date(2021, 2, 4) + timedelta(days=1))) == 0


def test_newest_windows_come_first(mailbox: TestAccount, source_of: OpenSource) -> None:
    messages = [Message(f"Subject: {n}\r\n\r\nx\r\n".encode()) for n in range(600)]
    load(mailbox, [MailFolder(("INBOX",), messages)])
    source = source_of(mailbox)
    windows = list(source.refs(folder_named(source, "INBOX"), None))
    keys = [[int(ref.key) for ref in window] for window in windows]
    assert sum(map(len, keys)) == 600
    assert len(keys) > 1
    assert all(min(newer) > max(older) for newer, older in pairwise(keys))


def test_a_listing_left_half_way_does_no_harm(mailbox: TestAccount, source_of: OpenSource) -> None:
    messages = [Message(f"Subject: {n}\r\n\r\nx\r\n".encode()) for n in range(600)]
    load(mailbox, [MailFolder(("INBOX",), messages)])
    source = source_of(mailbox)
    inbox = folder_named(source, "INBOX")
    listing = source.refs(inbox, None)
    window = next(iter(listing))
    listing.close()  # type: ignore[attr-defined]
    fetching = source.fetch(inbox, window)
    assert isinstance(next(iter(fetching)), Item)
    fetching.close()  # type: ignore[attr-defined]
    assert len(all_refs(source, inbox)) == 600


def test_what_its_owner_removed_is_told_as_gone(
    mailbox: TestAccount, source_of: OpenSource
) -> None:
    load(mailbox, [MailFolder(("INBOX",), [FIRST, SECOND])])
    source = source_of(mailbox)
    inbox = folder_named(source, "INBOX")
    refs = sorted(all_refs(source, inbox), key=lambda ref: int(ref.key))
    with mailbox.client() as client:
        client.select_folder("INBOX")
        client.delete_messages([int(refs[0].key)])
        client.expunge()
    source.idle()
    answers = {answer.ref: answer for answer in source.fetch(inbox, refs)}
    gone = answers[refs[0]]
    assert isinstance(gone, Refused)
    assert gone.problem.id is ProblemId.ITEM_GONE
    assert isinstance(answers[refs[1]], Item)


def test_a_renumbered_folder_is_told(mailbox: TestAccount, source_of: OpenSource) -> None:
    load(mailbox, [MailFolder(("Work",), [FIRST])])
    source = source_of(mailbox)
    stale = folder_named(source, "Work")
    old = Folder(stale.path, stale.key, validity=(stale.validity or 0) + 1)
    with pytest.raises(ItemError) as caught:
        all_refs(source, old)
    assert caught.value.problem.id is ProblemId.FOLDER_RENUMBERED


def test_a_large_mail_never_lies_in_memory(mailbox: TestAccount, source_of: OpenSource) -> None:
    body = b"Subject: large\r\n\r\n" + b"0123456789abcdef" * 63 + b"\r\n"
    message = Message(body + b"z" * 76 + b"\r\n" + b"y" * (17 << 20) + b"\r\n")
    load(mailbox, [MailFolder(("INBOX",), [message])])
    source = source_of(mailbox)
    inbox = folder_named(source, "INBOX")
    (item,) = source.fetch(inbox, all_refs(source, inbox))
    assert isinstance(item, Item)
    assert type(item.payload).__name__ == "FilePayload"
    assert b"".join(item.payload.pieces()) == message.body
    item.payload.close()


def test_nothing_but_reading_is_sent(dovecot: Dovecot, source_of: OpenSource) -> None:
    account = dovecot.add_user("reader-on-record@example.test")
    load(account, [MailFolder(NESTED, [FIRST, SECOND])])
    before = len(dovecot.commands(account.login))
    source = source_of(account)
    for folder in source.folders():
        if folder.selectable:
            list(source.fetch(folder, all_refs(source, folder)))
    source.close()
    sent = [line.partition(" ")[2] for line in dovecot.commands(account.login)[before:]]
    assert any(line.startswith("EXAMINE") for line in sent)
    allowed = ("LIST", "LSUB", "NAMESPACE", "STATUS", "EXAMINE", "FETCH", "UID FETCH", "UNSELECT")
    usual = ("CAPABILITY", "NOOP", "LOGOUT", "CLOSE")
    for line in sent:
        assert line.upper().startswith((*allowed, *usual)), line
        assert "BODY[" not in line.upper()


def test_roles_and_prefix_of_a_server_with_everything_below_inbox(
    start_dovecot: Callable[[DovecotOptions], Dovecot], source_of: OpenSource
) -> None:
    options = DovecotOptions(prefix="INBOX.", special_folders={"Gesendet": "\\Sent"})
    account = start_dovecot(options).add_user("someone")
    load(account, [MailFolder(("Sent",)), MailFolder(("Corbeille",)), MailFolder(("a", "b"))])
    roles = {folder.path: folder.role for folder in source_of(account).folders()}
    assert roles["Gesendet",] is FolderRole.SENT
    # A server that names its sent folder leaves no doubt about others of such a name.
    assert roles["Sent",] is None
    assert roles["Corbeille",] is FolderRole.TRASH
    assert roles["a", "b"] is None
    assert roles["INBOX",] is FolderRole.INBOX
