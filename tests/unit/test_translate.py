"""Foreign exceptions and server texts -> problems."""

from __future__ import annotations

import errno
import imaplib
import socket
import ssl

import pytest

from omm_desktop.endpoints import translate
from omm_desktop.model.problem import (
    ItemError,
    OmmError,
    OwnerNeeded,
    Place,
    ProblemId,
    TryAgain,
)

P = ProblemId


@pytest.mark.parametrize(
    ("text", "id", "kind"),
    [
        ("[AUTHENTICATIONFAILED] Authentication failed.", P.SIGN_IN_REFUSED, OwnerNeeded),
        ("Login failed.", P.SIGN_IN_REFUSED, OwnerNeeded),
        ("[AUTHENTICATIONFAILED] Invalid credentials (Failure)", P.SIGN_IN_REFUSED, OwnerNeeded),
        (
            "[ALERT] Application-specific password required: support.example/185833 (Failure)",
            P.APP_PASSWORD_NEEDED,
            OwnerNeeded,
        ),
        (
            "LOGIN failed. Basic authentication is disabled.",
            P.SIGN_IN_METHOD_UNAVAILABLE,
            OwnerNeeded,
        ),
        ("AUTHENTICATE failed. BasicAuthBlocked", P.SIGN_IN_METHOD_UNAVAILABLE, OwnerNeeded),
        (
            "[PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure connections.",
            P.SIGN_IN_METHOD_UNAVAILABLE,
            OwnerNeeded,
        ),
        ("[ALERT] Your account is not enabled for IMAP use", P.ACCESS_TURNED_OFF, OwnerNeeded),
        ("IMAP access is disabled for your domain.", P.ACCESS_TURNED_OFF, OwnerNeeded),
        ("Account is locked, try again in 30 minutes", P.ACCOUNT_LOCKED, OwnerNeeded),
        ("Too many failed login attempts", P.ACCOUNT_LOCKED, OwnerNeeded),
        (
            "[LIMIT] Maximum number of connections from user+IP exceeded",
            P.TOO_MANY_CONNECTIONS,
            TryAgain,
        ),
        ("[ALERT] Too many simultaneous connections. (Failure)", P.TOO_MANY_CONNECTIONS, TryAgain),
        ("[UNAVAILABLE] Temporary authentication failure.", P.ASKED_TO_SLOW_DOWN, TryAgain),
        ("[ALERT] Account exceeded command or bandwidth limits.", P.DAILY_LIMIT, TryAgain),
    ],
)
def test_sign_in(text: str, id: ProblemId, kind: type[OmmError]) -> None:
    error = translate.sign_in_refused(text, Place.SOURCE)
    assert (error.problem.id, error.problem.place, type(error)) == (id, Place.SOURCE, kind)


@pytest.mark.parametrize(
    ("text", "id", "kind", "after"),
    [
        ("[OVERQUOTA] Quota exceeded (mailbox for user is full)", P.MAILBOX_FULL, OwnerNeeded, 0),
        ("Over quota", P.MAILBOX_FULL, OwnerNeeded, 0),
        ("Server Unavailable. 15", P.MAILBOX_FULL, OwnerNeeded, 0),
        ("[ALERT] You exceeded your mail quota.", P.MAILBOX_FULL, OwnerNeeded, 0),
        (
            "[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)",
            P.DAILY_LIMIT,
            TryAgain,
            3600,
        ),
        (
            "Request is throttled. Suggested Backoff Time: 92415 milliseconds",
            P.ASKED_TO_SLOW_DOWN,
            TryAgain,
            92.415,
        ),
        ("Session expired, please login again.", P.DAILY_LIMIT, TryAgain, 300),
        ("[LIMIT] UID FETCH Rate limit hit.", P.ASKED_TO_SLOW_DOWN, TryAgain, 15),
        ("[SERVERBUG] Internal error", P.ASKED_TO_SLOW_DOWN, TryAgain, 15),
        ("[TOOBIG] Message too large", P.ITEM_TOO_BIG, ItemError, 0),
        ("Message exceeds maximum message size", P.ITEM_TOO_BIG, ItemError, 0),
        ("Virus found in message", P.ITEM_LOOKS_HARMFUL, ItemError, 0),
    ],
)
def test_command(text: str, id: ProblemId, kind: type[OmmError], after: float) -> None:
    error = translate.command_refused(text, Place.DESTINATION)
    assert error is not None
    assert (error.problem.id, type(error)) == (id, kind)
    assert getattr(error, "after", 0) == pytest.approx(after)


@pytest.mark.parametrize(
    "text",
    ["Message contains bare newlines", "Message contains NUL characters", "Invalid date-time"],
)
def test_unknown_words_mean_nothing(text: str) -> None:
    assert translate.command_refused(text, Place.DESTINATION) is None


def certificate_error(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("error", "id", "kind"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), P.SERVER_NOT_FOUND, TryAgain),
        (socket.gaierror(socket.EAI_AGAIN, "temporary"), P.NO_NETWORK, TryAgain),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), P.CONNECTION_REFUSED, TryAgain),
        (TimeoutError("timed out"), P.SERVER_SILENT, TryAgain),
        (OSError(errno.ENETUNREACH, "unreachable"), P.NO_NETWORK, TryAgain),
        (ConnectionResetError(errno.ECONNRESET, "reset"), P.CONNECTION_LOST, TryAgain),
        (ssl.SSLEOFError(8, "EOF occurred"), P.CONNECTION_LOST, TryAgain),
        (certificate_error(9), P.CERTIFICATE_NOT_YET_VALID, OwnerNeeded),
        (certificate_error(10), P.CERTIFICATE_EXPIRED, OwnerNeeded),
        (certificate_error(62), P.CERTIFICATE_OTHER_NAME, OwnerNeeded),
        (certificate_error(19), P.CERTIFICATE_UNTRUSTED, OwnerNeeded),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong"), P.ENCRYPTION_MISSING, OwnerNeeded),
        (imaplib.IMAP4.abort("socket error: EOF"), P.CONNECTION_LOST, TryAgain),
        (imaplib.IMAP4.abort("unexpected response: b'HTTP/1'"), P.NOT_A_MAIL_SERVER, OwnerNeeded),
        (
            imaplib.IMAP4.error(b"* BYE [ALERT] Too many connections"),
            P.TOO_MANY_CONNECTIONS,
            TryAgain,
        ),
    ],
)
def test_connecting(error: Exception, id: ProblemId, kind: type[OmmError]) -> None:
    told = translate.connection_failed(error, Place.DESTINATION, "mail.example")
    assert (told.problem.id, type(told), told.problem.subject) in {
        (id, kind, "mail.example"),
        (id, kind, ""),
    }


def test_a_goodbye_may_ask_for_time() -> None:
    busy = translate.goodbye("Request is throttled", Place.SOURCE)
    plain = translate.goodbye("Autologout; idle for too long", Place.SOURCE)
    assert busy.problem.id is P.ASKED_TO_SLOW_DOWN
    assert plain.problem.id is P.CONNECTION_LOST


def test_details_are_short_and_printable() -> None:
    assert translate.shown(b"a\r\n\x00b \xff" + b"x" * 5000).startswith("a b")
    assert len(translate.shown(b"x" * 5000)) == 300
