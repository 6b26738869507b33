"""Servers that tell much of what they do, and servers that tell little."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.cyrus import Cyrus, CyrusOptions
from tests.servers.dovecot import Dovecot, DovecotOptions

BARE = "IMAP4rev1 NAMESPACE CHILDREN UNSELECT"


@pytest.fixture(scope="package")
def telling_dovecot(needs_dovecot: None) -> Iterator[Dovecot]:
    """With MULTIAPPEND, UIDPLUS and LITERAL+."""
    with Dovecot() as server:
        yield server


@pytest.fixture(scope="package")
def keyless_dovecot(needs_dovecot: None) -> Iterator[Dovecot]:
    """Pipelined, one command for each message, and no key in the answer."""
    with Dovecot(DovecotOptions(capability=f"{BARE} LITERAL+")) as server:
        yield server


@pytest.fixture(scope="package")
def plain_dovecot(needs_dovecot: None) -> Iterator[Dovecot]:
    """As IMAP was in 1996: each message waits for the answer to the one before."""
    with Dovecot(DovecotOptions(capability=BARE)) as server:
        yield server


@pytest.fixture(scope="package")
def telling_cyrus(needs_cyrus: None) -> Iterator[Cyrus]:
    with Cyrus() as server:
        yield server


@pytest.fixture(scope="package")
def keyless_cyrus(needs_cyrus: None) -> Iterator[Cyrus]:
    with Cyrus(CyrusOptions(hidden=("MULTIAPPEND", "UIDPLUS"))) as server:
        yield server
