"""Account -> adapter: the only list of adapters."""

from __future__ import annotations

import ssl

from ..model.account import Account
from ..model.ports import Destination, Source
from ..model.problem import Place
from ..model.secret import Secret
from .imap.connection import Connection
from .imap.reader import ImapSource
from .imap.writer import ImapDestination


def open_source(
    account: Account, secret: Secret, ssl_context: ssl.SSLContext | None = None
) -> Source:
    """Connect, sign in and give the source; raises `OmmError`."""
    return ImapSource(Connection.open(account, secret, Place.SOURCE, ssl_context=ssl_context))


def open_destination(
    account: Account, secret: Secret, ssl_context: ssl.SSLContext | None = None
) -> Destination:
    """Connect, sign in and give the destination; raises `OmmError`."""
    return ImapDestination(
        Connection.open(account, secret, Place.DESTINATION, writing=True, ssl_context=ssl_context)
    )
