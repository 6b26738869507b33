"""The plainest copies by exchangelib and imaplib, `python -m tests.benchmarks.plain_exchangelib`:

`mail-in` from IMAP by bulk_create, `mail-out` by only("mime_content") to IMAP; `contacts`,
`events` and `tasks` by all() and bulk_create from Exchange to Exchange, files by attach(). Both
accounts come by standard input. No flag or date of a mail is minded, nor any occurrence of a series
that differs from the others, and nothing is looked at again.
"""

from __future__ import annotations

import imaplib
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from exchangelib import (
    BASIC,
    DELEGATE,
    Account,
    Configuration,
    Credentials,
    FileAttachment,
    Folder,
    Message,
)
from exchangelib.folders import Calendar, Contacts, Tasks
from exchangelib.items import Item

AT_ONCE = 100

Side = dict[str, Any]


def main() -> None:
    source, destination = json.load(sys.stdin)
    COPIES[sys.argv[1]](source, destination)


def mail_in(source: Side, destination: Side) -> None:
    inbox = _exchange(destination).inbox
    messages = (Message(mime_content=body, folder=inbox) for body in _fetched(source))
    while some := list(islice(messages, AT_ONCE)):
        inbox.bulk_create(items=some)


def mail_out(source: Side, destination: Side) -> None:
    imap = _imap(destination)
    for message in _exchange(source).inbox.all().only("mime_content"):
        imap.append("INBOX", "", "", message.mime_content)
    imap.logout()


def others(kind: str, source: Side, destination: Side) -> None:
    """Every folder of that kind, to a folder of the same name."""
    old, new = _exchange(source), _exchange(destination)
    folder_class, usual = FOLDERS[kind]
    for folder in old.msg_folder_root.glob("*"):
        if not isinstance(folder, folder_class):
            continue
        there = getattr(new, usual)
        if folder.name != there.name:
            there = folder_class(parent=new.msg_folder_root, name=folder.name)
            there.save()
        items = (_again(item, new, there) for item in folder.all())
        while some := list(islice(items, AT_ONCE)):
            there.bulk_create(items=some)


def _again(item: Item, account: Account, folder: Folder) -> Item:
    """The same item, to be saved elsewhere."""
    fields = {
        field.name: getattr(item, field.name)
        for field in item.supported_fields(account.version)
        if not field.is_read_only and field.name not in ("mime_content", "attachments")
    }
    copy = type(item)(account=account, folder=folder, **fields)
    for file in item.attachments:
        copy.attach(
            FileAttachment(
                name=file.name, content=file.content, is_contact_photo=file.is_contact_photo
            )
        )
    return copy


FOLDERS = {
    "contacts": (Contacts, "contacts"),
    "events": (Calendar, "calendar"),
    "tasks": (Tasks, "tasks"),
}
COPIES: dict[str, Callable[[Side, Side], None]] = {
    "mail-in": mail_in,
    "mail-out": mail_out,
    **{kind: partial(others, kind) for kind in FOLDERS},
}


def _exchange(side: Side) -> Account:
    credentials = Credentials(side["login"], side["password"])
    config = Configuration(service_endpoint=side["url"], credentials=credentials, auth_type=BASIC)
    return Account(side["login"], config=config, autodiscover=False, access_type=DELEGATE)


def _imap(side: Side) -> imaplib.IMAP4:
    imap = imaplib.IMAP4(side["host"], side["port"])
    imap.login(side["login"], side["password"])
    return imap


def _fetched(side: Side) -> Iterator[bytes]:
    imap = _imap(side)
    count = int(imap.select("INBOX", readonly=True)[1][0] or b"0")
    for number in range(1, count + 1):
        answer = imap.fetch(str(number), "(BODY.PEEK[])")[1][0]
        assert isinstance(answer, tuple)
        yield answer[1]
    imap.logout()


if __name__ == "__main__":
    main()
