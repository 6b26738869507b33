"""The collection's files, and a mailbox on the EWS server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.servers.corpus import corpus_folder
from tests.servers.process import need

if TYPE_CHECKING:
    from exchangelib import Account

    from tests.servers.ews import EwsServer

ANNA = "anna@exchange.test"


@pytest.fixture
def anna(exchange: EwsServer) -> Iterator[Account]:
    """The mailbox through exchangelib; in the end nothing may have been sent."""
    from tests.servers.ews.client import account

    with account(exchange, ANNA) as opened:
        yield opened
    exchange.journal.assert_nothing_sent()


def _files(kind: str, *endings: str) -> list[tuple[str, bytes]]:
    folder = corpus_folder() / kind
    need(folder.is_dir(), f"the collection of real files, OMM_CORPUS ({folder})")
    paths = [path for ending in endings for path in sorted(folder.glob(ending))]
    return [(path.name, path.read_bytes()) for path in paths]


@pytest.fixture(scope="session")
def card_files() -> list[tuple[str, bytes]]:
    """Every file of contacts: name and bytes."""
    return _files("vcf", "*.vcf")


@pytest.fixture(scope="session")
def calendar_files() -> list[tuple[str, bytes]]:
    """Every file of events and tasks: name and bytes."""
    return _files("ics", "*.ics", "*.vcs")
