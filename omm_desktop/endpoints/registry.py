"""Account -> adapter: the only list of adapters."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock

from ..model.account import Account, EndpointKind
from ..model.ports import Destination, Source
from ..model.problem import CannotGoOn, OwnerNeeded, Place, Problem, ProblemId
from ..model.removing import Remover
from ..model.secret import Secret
from .imap.connection import Connection
from .imap.reader import ImapSource
from .imap.removing import ImapRemover
from .imap.writer import ImapDestination
from .pop3.connection import Connection as Pop3Connection
from .pop3.source import Pop3Source

# exchangelib takes longer to load than all the rest, and what reads contacts and calendars long:
# only who needs them does. All ends may do so at once, and of modules that import each other one
# thread would see a half that is not ready yet.
_LOADING = Lock()


def open_source(
    account: Account, secret: Secret, ssl_context: ssl.SSLContext | None = None
) -> Source:
    """Connect, sign in and give the source; raises `OmmError`."""
    if account.kind.is_on_disk:
        with _LOADING:
            from .any_file import open_file

        return open_file(account.kind, account.place)
    if account.kind is EndpointKind.POP3:
        return Pop3Source(Pop3Connection.open(account, secret, ssl_context=ssl_context))
    if account.kind is EndpointKind.EWS:
        with _LOADING:
            from .ews.reader import EwsSource
            from .ews.transport.connection import Connection as Exchange

        return EwsSource(Exchange.open(account, secret, Place.SOURCE, ssl_context=ssl_context))
    return ImapSource(Connection.open(account, secret, Place.SOURCE, ssl_context=ssl_context))


@contextmanager
def prepared_for(accounts: Iterable[Account]) -> Iterator[None]:
    """Meanwhile that is started already which sources of the accounts take long to start."""
    on_disk = [account for account in accounts if account.kind.is_on_disk]
    waiting: AbstractContextManager[None] = nullcontext()
    if on_disk:
        with _LOADING:
            from .any_file import is_outlook_file
            from .outlook_file.at_hand import one_waiting
        if any(is_outlook_file(account.kind, account.place) for account in on_disk):
            waiting = one_waiting()
    with waiting:
        yield


def open_destination(
    account: Account, secret: Secret, ssl_context: ssl.SSLContext | None = None
) -> Destination:
    """Connect, sign in and give the destination; raises `OmmError`."""
    if account.kind is EndpointKind.FILES:
        with _LOADING:
            from .files.saved_mailbox import open_saved_mailbox

        return open_saved_mailbox(account.place, account.mail_format)
    if account.kind is EndpointKind.POP3:
        raise OwnerNeeded(
            Problem(ProblemId.POP_CANNOT_RECEIVE, Place.DESTINATION, "", account.server.host)
        )
    if account.kind is EndpointKind.EWS:
        with _LOADING:
            from .ews.transport.connection import Connection as Exchange
            from .ews.writer import EwsDestination

        return EwsDestination(
            Exchange.open(account, secret, Place.DESTINATION, writing=True, ssl_context=ssl_context)
        )
    return ImapDestination(
        Connection.open(account, secret, Place.DESTINATION, writing=True, ssl_context=ssl_context)
    )


def open_remover(
    account: Account, secret: Secret, ssl_context: ssl.SSLContext | None = None
) -> Remover:
    """Connect and sign in to take out what a copy put there; raises `OmmError`.

    Undo alone calls this.
    """
    if account.kind is EndpointKind.EWS:
        with _LOADING:
            from .ews.removing import EwsRemover
            from .ews.transport.connection import Connection as Exchange

        return EwsRemover(
            Exchange.open(account, secret, Place.DESTINATION, writing=True, ssl_context=ssl_context)
        )
    if account.kind is EndpointKind.FILES:
        with _LOADING:
            from .files.removing import open_file_remover

        return open_file_remover(account.place, account.mail_format)
    if account.kind is not EndpointKind.IMAP:
        raise CannotGoOn(Problem(ProblemId.REMOVING_NOT_OFFERED, Place.DESTINATION, account.kind))
    return ImapRemover(
        Connection.open(account, secret, Place.DESTINATION, writing=True, ssl_context=ssl_context)
    )
