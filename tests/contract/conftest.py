"""Mailboxes on every real server, and both ends opened over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.model.items import Folder, Item, ItemKind
from omm_desktop.model.ports import Destination, Source
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.ews import EwsServer
from tests.servers.ews.checks import at_most
from tests.servers.ews.reached import mailbox_of

from .entries import fetched, usual_folder

ANNA = "anna@exchange.test"

PLAIN = "IMAP4rev1 SASL-IR NAMESPACE CHILDREN"
SERVERS = {
    "dovecot": None,
    "dovecot-literal-plus": f"{PLAIN} UIDPLUS UNSELECT LITERAL+",
    "dovecot-literal-minus": f"{PLAIN} UIDPLUS UNSELECT LITERAL-",
    "dovecot-bare": PLAIN,
    "cyrus": None,
    "courier": None,
    "pymap": None,
}


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> str:
    """The name of a server, or of what a Dovecot announces."""
    return str(request.param)


@pytest.fixture
def mailbox(
    server: str,
    request: pytest.FixtureRequest,
    start_dovecot: Callable[[DovecotOptions], Dovecot],
) -> TestAccount:
    """An empty mailbox on that server."""
    if server == "pymap":
        account: TestAccount = request.getfixturevalue("pymap").account
        return account
    if server in ("courier", "cyrus", "dovecot"):
        return request.getfixturevalue(f"new_{server}_user")()  # type: ignore[no-any-return]
    return start_dovecot(DovecotOptions(capability=SERVERS[server])).add_user("someone")


@pytest.fixture
def source_of() -> Iterator[Callable[[TestAccount], Source]]:
    """`source_of(account)`: a source, closed after the test."""
    with ExitStack() as stack:

        def open_(account: TestAccount) -> Source:
            source = open_source(account.as_account, account.secret)
            stack.callback(source.close)
            return source

        yield open_


@pytest.fixture
def destination_of() -> Iterator[Callable[[TestAccount], Destination]]:
    """`destination_of(account)`: a destination, closed after the test."""
    with ExitStack() as stack:

        def open_(account: TestAccount) -> Destination:
            destination = open_destination(account.as_account, account.secret)
            stack.callback(destination.close)
            return destination

        yield open_


@dataclass(frozen=True, slots=True)
class Ends:
    """Anna's mailbox from both sides."""

    exchange: EwsServer
    destination: Destination
    source: Source

    def there(self, kind: ItemKind) -> list[Item]:
        return fetched(self.source, kind)

    def folder(self, kind: ItemKind) -> Folder:
        return usual_folder(self.destination, kind)


@pytest.fixture
def ends(exchange: EwsServer) -> Iterator[Ends]:
    exchange.journal.checks += [at_most(50, 6 << 20)]
    account = mailbox_of(exchange, ANNA)
    with ExitStack() as stack:
        destination = open_destination(account.as_account, account.secret)
        stack.callback(destination.close)
        source = open_source(account.as_account, account.secret)
        stack.callback(source.close)
        yield Ends(exchange, destination, source)
    exchange.journal.assert_nothing_sent()
