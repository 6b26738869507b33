"""A mailbox with the bytes of its messages, to be put as they are into a server for comparison."""

from __future__ import annotations

from imapclient import IMAPClient

from tests.servers.account import TestAccount
from tests.servers.mailbox import MailFolder, Message

AT_ONCE = 200


def originals(account: TestAccount) -> list[MailFolder]:
    """Everything as the server gives it, byte for byte; names have no namespace prefix here."""
    with account.client() as client:
        return [
            MailFolder(tuple(str(name).split(delimiter.decode())), _messages(client, name))
            for flags, delimiter, name in client.list_folders()
            if not {flag.lower() for flag in flags} & {b"\\noselect", b"\\nonexistent"}
        ]


def _messages(client: IMAPClient, name: str) -> list[Message]:
    if not client.select_folder(name, readonly=True)[b"EXISTS"]:
        return []
    uids = client.search("ALL")
    found = []
    for start in range(0, len(uids), AT_ONCE):
        batch = uids[start : start + AT_ONCE]
        answer = client.fetch(batch, ["FLAGS", "INTERNALDATE", "BODY.PEEK[]"])
        found += [
            Message(
                answer[uid][b"BODY[]"] or b"",
                frozenset(
                    flag.decode("latin-1")
                    for flag in answer[uid][b"FLAGS"]
                    if flag.lower() != b"\\recent"
                ),
                answer[uid][b"INTERNALDATE"],
            )
            for uid in batch
        ]
    return found
