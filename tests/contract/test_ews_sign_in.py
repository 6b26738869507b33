"""Connecting to Exchange and signing in: what is right works, what is wrong has its own problem."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from omm_desktop.endpoints.ews.folders.listing import list_folders
from omm_desktop.endpoints.ews.transport.connection import Connection
from omm_desktop.model.account import Access, Account, Server
from omm_desktop.model.problem import NotNow, OmmError, OwnerNeeded, Place, ProblemId, TryAgain
from omm_desktop.model.secret import Secret
from tests.servers.certificates import Authority
from tests.servers.ews import (
    EXCHANGE_2010,
    EXCHANGE_2013,
    EXCHANGE_2016,
    EXCHANGE_SE,
    EwsServer,
    Fault,
    FaultKind,
)
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.versions import ExchangeVersion

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
MARKER = "marker-4711-é"
FOLDERS = {("INBOX",), ("Sent Items",), ("Drafts",), ("Deleted Items",), ("Junk Email",)}


def account_of(server: EwsServer, **changes: str) -> Account:
    return replace(mailbox_of(server, ANNA).as_account, **changes)  # type: ignore[arg-type]


@contextmanager
def connected(
    account: Account, password: str = "secret", context: ssl.SSLContext | None = None
) -> Iterator[Connection]:
    connection = Connection.open(
        account,
        Secret(password),
        Place.SOURCE,
        ssl_context=context,
        connect_seconds=5,
        read_seconds=5,
    )
    try:
        yield connection
    finally:
        connection.close()


def problem(
    account: Account, password: str = "secret", context: ssl.SSLContext | None = None
) -> OmmError:
    """What goes wrong between the first connection and a list of folders."""
    with pytest.raises(OmmError) as caught, connected(account, password, context) as connection:
        list_folders(connection)
    assert password not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("version", [EXCHANGE_2010, EXCHANGE_2013, EXCHANGE_2016, EXCHANGE_SE])
def test_every_exchange_since_2010(version: ExchangeVersion) -> None:
    with EwsServer(version=version) as server:
        server.add_mailbox(ANNA)
        with connected(account_of(server)) as connection:
            paths = {folder.path for folder in list_folders(connection).folders}
    assert paths >= FOLDERS


@pytest.mark.parametrize("compresses", [False, True])
def test_a_password_with_every_kind_of_character(exchange: EwsServer, compresses: bool) -> None:
    exchange.compresses = compresses
    password = 'pass"word:\\é€'
    exchange.add_mailbox(BORIS, password)
    with connected(account_of(exchange, login=BORIS), password) as connection:
        assert {folder.path for folder in list_folders(connection).folders} >= FOLDERS


def test_a_wrong_password_is_tried_once_and_told_at_once(exchange: EwsServer) -> None:
    began = time.monotonic()
    error = problem(account_of(exchange), "wrong-word")
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is ProblemId.SIGN_IN_REFUSED
    assert time.monotonic() - began < 200
    # One request to see which sign-in is offered, and one that is signed.
    assert [entry.status for entry in exchange.journal.entries] == [401, 401]


def test_a_password_that_worked_gets_the_benefit_of_one_doubt(exchange: EwsServer) -> None:
    """Exchange refuses sign-ins, too, when it wants to be left in peace."""
    with connected(account_of(exchange)) as connection:
        list_folders(connection)
    exchange.store.mailboxes[ANNA].password = "another"
    first, second = problem(account_of(exchange)), problem(account_of(exchange))
    assert isinstance(first, TryAgain)
    assert isinstance(second, OwnerNeeded)
    assert second.problem.id is ProblemId.SIGN_IN_REFUSED


def test_all_that_was_on_its_way_shares_the_doubt(exchange: EwsServer) -> None:
    """Several connections are refused at once; who comes after them is told."""
    with ExitStack() as stack:
        open_ones = [stack.enter_context(connected(account_of(exchange))) for _ in range(3)]
        exchange.store.mailboxes[ANNA].password = "another"
        for connection in open_ones:
            with pytest.raises(TryAgain):
                list_folders(connection)
        assert isinstance(problem(account_of(exchange)), OwnerNeeded)


def test_a_page_for_people_is_no_ews(exchange: EwsServer) -> None:
    account = account_of(exchange, url=f"{exchange.root}/autodiscover/autodiscover.xml")
    error = problem(account)
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is ProblemId.NOT_A_MAIL_SERVER


def test_a_sign_in_that_nobody_here_knows(exchange: EwsServer) -> None:
    exchange.schemes = ("Negotiate", 'Bearer realm="x"')
    error = problem(account_of(exchange))
    assert error.problem.id is ProblemId.SIGN_IN_METHOD_UNAVAILABLE
    assert len(exchange.journal.entries) == 1


def test_tls_with_an_authority_that_is_trusted(authority: Authority) -> None:
    trusting = ssl.create_default_context(cafile=str(authority.path))
    with EwsServer(authority.good()) as server:
        server.add_mailbox(ANNA)
        with connected(account_of(server), context=trusting) as connection:
            assert {folder.path for folder in list_folders(connection).folders} >= FOLDERS


@pytest.mark.parametrize(
    ("kind", "id"),
    [
        ("unknown", ProblemId.CERTIFICATE_UNTRUSTED),
        ("expired", ProblemId.CERTIFICATE_EXPIRED),
        ("not_yet_valid", ProblemId.CERTIFICATE_NOT_YET_VALID),
        ("wrong_name", ProblemId.CERTIFICATE_OTHER_NAME),
    ],
)
def test_no_password_behind_a_wrong_certificate(
    authority: Authority, other_authority: Authority, kind: str, id: ProblemId
) -> None:
    trusting = ssl.create_default_context(cafile=str(authority.path))
    shown = other_authority.good() if kind == "unknown" else getattr(authority, kind)()
    with EwsServer(shown) as server:
        server.add_mailbox(ANNA)
        error = problem(account_of(server), context=trusting)
        assert not server.journal.entries
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is id


def test_plain_text_stays_on_this_computer() -> None:
    server = Server("exchange.test", 80, account_of_nobody().server.security)
    account = replace(account_of_nobody(), server=server, url="http://exchange.test/EWS")
    assert problem(account).problem.id is ProblemId.ENCRYPTION_MISSING


def account_of_nobody() -> Account:
    with EwsServer() as server:
        return account_of(server)


def test_nothing_answers_there() -> None:
    error = problem(account_of_nobody())
    assert isinstance(error, TryAgain)
    assert error.problem.id is ProblemId.CONNECTION_REFUSED


def test_https_on_a_plain_port(exchange: EwsServer) -> None:
    account = account_of(exchange, url=exchange.url.replace("http:", "https:"))
    secure = replace(account.server, security="tls")
    trusting = ssl.create_default_context()
    error = problem(replace(account, server=secure), context=trusting)
    assert error.problem.id is ProblemId.ENCRYPTION_MISSING


def test_a_place_where_no_ews_is(exchange: EwsServer) -> None:
    error = problem(account_of(exchange, url=f"{exchange.root}/elsewhere"))
    assert isinstance(error, OwnerNeeded)
    assert error.problem.id is ProblemId.NOT_A_MAIL_SERVER


def test_microsofts_own_service_is_known_to_be_closed() -> None:
    server = replace(account_of_nobody().server, host="outlook.office365.com", security="tls")
    error = problem(replace(account_of_nobody(), server=server))
    assert error.problem.id is ProblemId.SERVICE_RETIRED


@pytest.mark.parametrize("access", Access)
def test_the_mailbox_of_another_person(exchange: EwsServer, access: Access) -> None:
    exchange.add_mailbox(BORIS)
    account = mailbox_of(exchange, ANNA, mailbox=BORIS, access=access).as_account
    refused = problem(account)
    assert isinstance(refused, OwnerNeeded)
    assert refused.problem.id is ProblemId.MAILBOX_NOT_OPENED
    exchange.allow(ANNA, BORIS)
    exchange.allow_impersonation(ANNA)
    inbox = exchange.store.mailboxes[BORIS].distinguished("inbox")
    with connected(account) as connection:
        folders = list_folders(connection).folders
        assert inbox.id in {folder.key for folder in folders}


@pytest.mark.parametrize(
    ("fault", "kind", "id", "after"),
    [
        (Fault(FaultKind.BUSY, seconds=7.5), NotNow, ProblemId.ASKED_TO_SLOW_DOWN, 7.5),
        (Fault(FaultKind.BUSY), NotNow, ProblemId.ASKED_TO_SLOW_DOWN, 0),
        (Fault(FaultKind.UNAVAILABLE, seconds=9), NotNow, ProblemId.ASKED_TO_SLOW_DOWN, 9),
        (Fault(FaultKind.UNAVAILABLE), TryAgain, ProblemId.ASKED_TO_SLOW_DOWN, 0),
        (Fault(FaultKind.UNAUTHORIZED), TryAgain, ProblemId.ASKED_TO_SLOW_DOWN, 0),
        (Fault(FaultKind.TOO_LARGE), TryAgain, ProblemId.CONNECTION_LOST, 0),
        (Fault(FaultKind.CROWDED), NotNow, ProblemId.TOO_MANY_CONNECTIONS, 0),
        (Fault(FaultKind.INTERNAL), TryAgain, ProblemId.SERVER_SILENT, 0),
        (Fault(FaultKind.DROPPED), TryAgain, ProblemId.CONNECTION_LOST, 0),
        (Fault(FaultKind.CUT), TryAgain, ProblemId.CONNECTION_LOST, 0),
        (Fault(FaultKind.SLOW, seconds=8), TryAgain, ProblemId.SERVER_SILENT, 0),
    ],
)
def test_what_goes_wrong_on_the_way(
    exchange: EwsServer, fault: Fault, kind: type[OmmError], id: ProblemId, after: float
) -> None:
    with connected(account_of(exchange)) as connection:
        list_folders(connection)
        exchange.faults.plan(fault)
        with pytest.raises(OmmError) as caught:
            list_folders(connection)
        assert type(caught.value) is kind
        assert caught.value.problem.id is id
        assert getattr(caught.value, "after", 0) == after
        # The next request has a connection of its own.
        assert list_folders(connection).folders


def test_another_thread_unblocks_who_waits(exchange: EwsServer) -> None:
    with connected(account_of(exchange)) as connection:
        list_folders(connection)
        exchange.faults.plan(Fault(FaultKind.SLOW, seconds=60))
        timer = threading.Timer(0.3, connection.abort)
        timer.start()
        began = time.monotonic()
        with pytest.raises(TryAgain):
            list_folders(connection)
        assert time.monotonic() - began < 20
        timer.join()
        with pytest.raises(TryAgain):
            list_folders(connection)


def test_no_log_at_any_level_holds_a_password(
    exchange: EwsServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither as it is nor as it travels, whatever goes wrong."""
    exchange.add_mailbox(BORIS, MARKER)
    account = account_of(exchange, login=BORIS)
    names = [name for name in logging.root.manager.loggerDict if name.startswith("exchangelib")]
    assert "exchangelib.util" in names
    for name in ("", "exchangelib", "urllib3", "requests", *names):
        caplog.set_level(logging.DEBUG, name)
    with connected(account, MARKER) as connection:
        list_folders(connection)
        for kind in (FaultKind.DROPPED, FaultKind.INTERNAL, FaultKind.UNAUTHORIZED):
            exchange.faults.plan(Fault(kind))
            with pytest.raises(OmmError):
                list_folders(connection)
    problem(account, MARKER + "!")
    assert caplog.records
    told = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert "Authorization" not in told
    assert "marker-4711" not in told
    assert "Ym9yaXNAZXhjaGFuZ2U" not in told
