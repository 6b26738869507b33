"""Servers for a whole session, a fresh mailbox for each test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from .account import TestAccount
from .certificates import Authority
from .dovecot import PROGRAM, Dovecot, DovecotOptions
from .process import need

NewUser = Callable[..., TestAccount]
"""`new_user(quota_kib=None)`: an empty mailbox."""

_numbers = itertools.count(1)


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
def new_dovecot_user(dovecot: Dovecot) -> NewUser:
    def new(quota_kib: int | None = None) -> TestAccount:
        return dovecot.add_user(f"user{next(_numbers)}@example.test", "secret", quota_kib)

    return new


@pytest.fixture
def old_account(new_dovecot_user: NewUser) -> TestAccount:
    """An empty mailbox to fill and copy from."""
    return new_dovecot_user()


@pytest.fixture
def new_account(new_dovecot_user: NewUser) -> TestAccount:
    """An empty mailbox to copy to."""
    return new_dovecot_user()
