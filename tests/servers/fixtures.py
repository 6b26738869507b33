"""Servers for a whole session, a fresh mailbox for each test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from .account import TestAccount
from .certificates import Authority
from .corpus import corpus_folder, corpus_messages
from .courier import Courier, CourierUnavailable
from .cyrus import PACKAGES, Cyrus
from .dns_server import DnsServer
from .dovecot import POP3_PROGRAM, PROGRAM, Dovecot, DovecotOptions
from .mailbox import Message
from .packages import PackagesMissing, unpacked
from .process import need
from .pymap_server import PymapServer

if TYPE_CHECKING:
    from .ews import EwsServer

NewUser = Callable[..., TestAccount]
"""`new_user(quota_kib=None)`: an empty mailbox."""

_numbers = itertools.count(1)


def _users_of(server: Dovecot, request: pytest.FixtureRequest) -> NewUser:
    """Each is removed after the test: all at once at the end would take minutes on a slow disk."""

    def new(quota_kib: int | None = None) -> TestAccount:
        account = server.add_user(f"user{next(_numbers)}@example.test", "secret", quota_kib)
        request.addfinalizer(lambda: server.remove_user(account.login))
        return account

    return new


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def other_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority nobody trusts."""
    return Authority(tmp_path_factory.mktemp("other-authority"), "Unknown authority")


@pytest.fixture(scope="session")
def needs_dovecot() -> None:
    need(PROGRAM, "Dovecot (Debian package dovecot-imapd)")


@pytest.fixture(scope="session")
def dovecot(needs_dovecot: None, authority: Authority) -> Iterator[Dovecot]:
    """A Dovecot with everything Debian's announces, TLS and a record of what clients send."""
    with Dovecot(DovecotOptions(certificate=authority.good(), rawlog=True)) as server:
        yield server


@pytest.fixture(scope="session")
def needs_pop3(needs_dovecot: None) -> None:
    need(POP3_PROGRAM.exists(), "Dovecot's POP3 server (Debian package dovecot-pop3d)")


@pytest.fixture(scope="session")
def pop3_dovecot(needs_pop3: None, authority: Authority) -> Iterator[Dovecot]:
    """The same with POP3 beside IMAP."""
    with Dovecot(DovecotOptions(certificate=authority.good(), rawlog=True, pop3=True)) as server:
        yield server


@pytest.fixture
def new_pop3_user(pop3_dovecot: Dovecot, request: pytest.FixtureRequest) -> NewUser:
    """Filled and looked at by IMAP; `pop3_dovecot.by_pop3(account)` is how it is copied."""
    return _users_of(pop3_dovecot, request)


@pytest.fixture
def start_dovecot(
    needs_dovecot: None, request: pytest.FixtureRequest
) -> Callable[[DovecotOptions], Dovecot]:
    """`start_dovecot(options)`: one with options of its own, ended after the test."""

    def start(options: DovecotOptions) -> Dovecot:
        server = Dovecot(options)
        request.addfinalizer(lambda: server.__exit__(None, None, None))
        return server.__enter__()

    return start


@pytest.fixture
def new_dovecot_user(dovecot: Dovecot, request: pytest.FixtureRequest) -> NewUser:
    return _users_of(dovecot, request)


@pytest.fixture
def old_account(new_dovecot_user: NewUser) -> TestAccount:
    """An empty mailbox to fill and copy from."""
    return new_dovecot_user()


@pytest.fixture
def new_account(new_dovecot_user: NewUser) -> TestAccount:
    """An empty mailbox to copy to."""
    return new_dovecot_user()


@pytest.fixture(scope="session")
def needs_cyrus() -> None:
    try:
        unpacked("cyrus", PACKAGES)
    except PackagesMissing as missing:
        need(None, f"Cyrus (Debian packages, unpacked beside Dovecot): {missing}")


@pytest.fixture(scope="session")
def cyrus(needs_cyrus: None) -> Iterator[Cyrus]:
    """A Cyrus as Debian ships it: it refuses bare newlines, NUL and bad headers."""
    with Cyrus() as server:
        yield server


@pytest.fixture
def new_cyrus_user(cyrus: Cyrus) -> NewUser:
    def new(quota_kib: int | None = None) -> TestAccount:
        return cyrus.add_user(f"user{next(_numbers)}", "secret", quota_kib)

    return new


@pytest.fixture(scope="session")
def courier() -> Iterator[Courier]:
    """A Courier: no LITERAL+, no MULTIAPPEND, everything below `INBOX.`."""
    try:
        server = Courier().__enter__()
    except (PackagesMissing, CourierUnavailable) as missing:
        need(None, f"Courier (Debian packages, unpacked beside Dovecot): {missing}")
    yield server
    server.__exit__(None, None, None)


@pytest.fixture
def new_courier_user(courier: Courier) -> NewUser:
    return courier.add_user


@pytest.fixture
def dns_server() -> Iterator[DnsServer]:
    """A name server that knows nothing yet."""
    with DnsServer() as server:
        yield server


@pytest.fixture
def pymap() -> Iterator[PymapServer]:
    with PymapServer() as server:
        yield server


@pytest.fixture
def exchange() -> Iterator[EwsServer]:
    """An Exchange 2016 of our own, with the mailbox anna@exchange.test."""
    from .ews import EwsServer

    with EwsServer() as server:
        server.add_mailbox("anna@exchange.test")
        yield server


@pytest.fixture(scope="session")
def corpus() -> list[Message]:
    """Every message of the collection; `corpus.mailbox_of` lays them out in folders."""
    folder = corpus_folder()
    need((folder / "mail").is_dir(), f"the collection of real mail, OMM_CORPUS ({folder})")
    return corpus_messages(folder)
