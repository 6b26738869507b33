"""The real servers the IMAP contract is tested on, and a way to open both ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from omm_desktop.endpoints.convert import mail
from omm_desktop.endpoints.convert.payload import MemoryPayload
from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.model.items import Item, ItemRef
from omm_desktop.model.ports import Destination, Source
from tests.servers.account import TestAccount

OpenSource = Callable[[TestAccount], Source]
OpenDestination = Callable[[TestAccount], Destination]


@pytest.fixture
def source_of() -> Iterator[OpenSource]:
    """`source_of(account)`: a source, closed after the test."""
    with ExitStack() as stack:

        def open_(account: TestAccount) -> Source:
            source = open_source(account.as_account, account.secret)
            stack.callback(source.close)
            return source

        yield open_


@pytest.fixture
def destination_of() -> Iterator[OpenDestination]:
    """`destination_of(account)`: a destination, closed after the test."""
    with ExitStack() as stack:

        def open_(account: TestAccount) -> Destination:
            destination = open_destination(account.as_account, account.secret)
            stack.callback(destination.close)
            return destination

        yield open_


def item(
    key: str,
    message: bytes,
    flags: frozenset[str] = frozenset(),
    received: object = None,
) -> Item:
    """An item as a reader would give it."""
    payload = MemoryPayload(message)
    fingerprint, label = mail.identity(mail.header_of(payload))
    content = mail.content_hash(payload)
    ref = ItemRef("source", key, len(message))
    return Item(ref, payload, fingerprint, content, flags, received, label=label)  # type: ignore[arg-type]
