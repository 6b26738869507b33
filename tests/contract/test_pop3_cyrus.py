"""POP3 of another make: Cyrus, told to mark what is read by POP3."""

from __future__ import annotations

import poplib
from collections.abc import Callable, Iterator

import pytest

from omm_desktop.model.items import Item
from omm_desktop.model.ports import Source
from tests.servers.account import TestAccount
from tests.servers.cyrus import Cyrus, CyrusOptions
from tests.servers.mailbox import MailFolder, Message, load, snapshot
from tests.servers.packages import PackagesMissing
from tests.servers.process import need

MESSAGES = [
    Message(b"From: a@example.test\r\nSubject: %d\r\n\r\n.%d\r\n..\r\n.\r\nend\r\n" % (n, n))
    for n in range(20)
]


@pytest.fixture
def server() -> Iterator[Cyrus]:
    try:
        server = Cyrus(CyrusOptions(pop3=True, settings="popuseimapflags: 1\n")).__enter__()
    except PackagesMissing as missing:
        need(None, f"Cyrus (Debian packages, unpacked beside Dovecot): {missing}")
    yield server
    server.__exit__(None, None, None)


def test_every_octet_and_no_mark(
    needs_cyrus: None, server: Cyrus, source_of: Callable[[TestAccount], Source]
) -> None:
    account = server.add_user("someone")
    load(account, [MailFolder(("INBOX",), MESSAGES)])
    before = snapshot(account)
    source = source_of(account.by_pop3(server.pop3_port))
    (folder,) = source.folders()
    refs = [ref for window in source.refs(folder, None) for ref in window]
    items = [one for one in source.fetch(folder, refs) if isinstance(one, Item)]
    assert {b"".join(item.payload.pieces()) for item in items} == {m.body for m in MESSAGES}
    source.close()
    assert snapshot(account) == before
    # The proof that there was something to be careful about.
    client = poplib.POP3(server.host, server.pop3_port)
    client.user("someone")
    client.pass_("secret")
    client.retr(1)
    client.quit()
    assert snapshot(account) != before
