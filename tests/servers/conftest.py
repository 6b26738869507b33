"""An open mailbox on the EWS server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from exchangelib import Account

    from .ews import EwsServer

ANNA = "anna@exchange.test"


@pytest.fixture
def anna(exchange: EwsServer) -> Iterator[Account]:
    """The mailbox through exchangelib; in the end nothing may have been sent."""
    from .ews.client import account

    with account(exchange, ANNA) as opened:
        yield opened
    exchange.journal.assert_nothing_sent()
