"""The demo's servers hold the mail they promise, and leave nothing behind."""

from __future__ import annotations

import socket

import imapclient
import pytest

from omm_desktop.demo import DemoServers
from omm_desktop.demo.mailbox import DemoMailbox
from omm_desktop.model.account import Account, Security
from omm_desktop.model.secret import Secret


def _messages(account: Account, password: Secret) -> dict[str, list[tuple[bytes, str]]]:
    found = {}
    with imapclient.IMAPClient(account.server.host, account.server.port, ssl=False) as client:
        client.login(account.login, password.reveal())
        for flags, _, name in client.list_folders():
            if b"\\Noselect" in flags:
                continue
            if client.select_folder(name, readonly=True)[b"EXISTS"]:
                rows = client.fetch(client.search(), ["BODY.PEEK[]", "INTERNALDATE"]).values()
                found[name] = sorted(
                    (row[b"BODY[]"], row[b"INTERNALDATE"].isoformat()) for row in rows
                )
    return found


def test_the_old_mailbox_is_full_and_the_new_one_empty() -> None:
    mailbox = DemoMailbox()
    expected: dict[str, list[tuple[bytes, str]]] = {}
    for message in mailbox.messages():
        local = message.received.astimezone().replace(tzinfo=None)
        expected.setdefault(message.folder, []).append((message.octets, local.isoformat()))
    with DemoServers() as demo:
        found = _messages(demo.source, demo.password)
        assert found == {folder: sorted(rows) for folder, rows in expected.items()}
        assert _messages(demo.destination, demo.password) == {}
    assert sum(map(len, found.values())) >= 300
    assert {"INBOX", "Envoyés", "Œuvres & naïveté"} <= set(found)


def test_the_mailbox_is_the_same_every_time() -> None:
    assert list(DemoMailbox().messages()) == list(DemoMailbox().messages())


def test_system_flags_are_of_every_kind_and_there_are_no_others() -> None:
    """The new mailbox keeps no keywords: a demo that ends on remarks would frighten."""
    flags = {flag for message in DemoMailbox().messages() for flag in message.flags}
    assert flags == {"\\Seen", "\\Answered", "\\Flagged", "\\Draft"}


def test_nobody_else_can_reach_or_open_it() -> None:
    with DemoServers() as demo:
        assert demo.source.server.is_loopback
        assert demo.source.server.security is Security.NONE
        server = demo.source.server
        with (
            imapclient.IMAPClient(server.host, server.port, ssl=False) as client,
            pytest.raises(imapclient.exceptions.LoginError),
        ):
            client.login(demo.source.login, "guess")


def test_it_stops_while_somebody_is_connected() -> None:
    with DemoServers() as demo:
        server = demo.source.server
        guest = socket.create_connection((server.host, server.port))
        assert guest.recv(64).startswith(b"* OK")
    with guest, pytest.raises(ConnectionError):
        socket.create_connection((server.host, server.port)).close()
