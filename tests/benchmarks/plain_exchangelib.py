"""The plainest copies by exchangelib and imaplib, `python -m tests.benchmarks.plain_exchangelib`:

`mail-in` from IMAP by bulk_create, `mail-out` by only("mime_content") to IMAP. Both accounts come
by standard input. No flag, date or importance is minded, and nothing is looked at again.
"""

from __future__ import annotations

import imaplib
import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from exchangelib import BASIC, DELEGATE, Account, Configuration, Credentials, Message

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


COPIES: dict[str, Callable[[Side, Side], None]] = {"mail-in": mail_in, "mail-out": mail_out}


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
