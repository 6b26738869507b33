"""Puts the demo's messages into its first server, as any mail program would."""

from __future__ import annotations

import itertools
import socket
from operator import attrgetter

import imapclient

from omm_desktop.model.account import Account
from omm_desktop.model.secret import Secret

from .mailbox import DemoMailbox, DemoMessage

_BATCH = 50


def load(mailbox: DemoMailbox, account: Account, password: Secret) -> None:
    """Create the folders and add the messages, oldest first, `_BATCH` in one MULTIAPPEND."""
    server = account.server
    with imapclient.IMAPClient(server.host, server.port, ssl=False) as client:
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # imapclient has imaplib format every line for its log, heard or not.
        client._imap.debug = 0
        client.login(account.login, password.reveal())
        for folder in mailbox.folders:
            if folder != "INBOX":
                client.create_folder(folder)
            client.subscribe_folder(folder)
        by_folder = sorted(mailbox.messages(), key=attrgetter("folder", "received"))
        for folder, group in itertools.groupby(by_folder, key=attrgetter("folder")):
            _append(client, folder, list(group))


def _append(client: imapclient.IMAPClient, folder: str, messages: list[DemoMessage]) -> None:
    for start in range(0, len(messages), _BATCH):
        client.multiappend(
            folder,
            [
                {"msg": message.octets, "flags": message.flags, "date": message.received}
                for message in messages[start : start + _BATCH]
            ],
        )
