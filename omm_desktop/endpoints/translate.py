"""Foreign exceptions and server texts become `OmmError`. Tables first, few rules after."""

from __future__ import annotations

import base64
import errno
import imaplib
import re
import socket
import ssl
from dataclasses import dataclass

from imapclient.exceptions import ProtocolError

from ..model.problem import ItemError, OmmError, OwnerNeeded, Place, Problem, ProblemId, TryAgain
from ..model.secret import Secret

_DETAIL_LENGTH = 300
_DAY_LIMIT_WAIT = 3600.0
_DAY_LIMIT_PERHAPS_WAIT = 300.0
_BUSY_WAIT = 15.0
_CONNECTIONS_WAIT = 30.0
_IN_USE_WAIT = 5.0
_LOGIN_DELAY = 60.0


@dataclass(frozen=True, slots=True)
class _Text:
    """Server words, what they mean, and the least wait in seconds for passing ones."""

    pattern: str
    id: ProblemId
    kind: type[OmmError]
    after: float = 0.0


_CONNECTIONS = r"too many (simultaneous |concurrent |open )?(imap )?(connections|sessions|logins)"

# Gmail's ways to say that the day's bytes are used up; the last one it says to old sessions, too.
_DAY_LIMIT = r"command or bandwidth limit|bandwidth limit|daily (limit|quota)"
_DAY_LIMIT_PERHAPS = r"session expired.{0,20}log ?in again"

_SIGN_IN_TEXTS = (
    _Text(_DAY_LIMIT, ProblemId.DAILY_LIMIT, TryAgain, _DAY_LIMIT_WAIT),
    _Text(
        r"application.specific password|app(lication)? password|\[webalert",
        ProblemId.APP_PASSWORD_NEEDED,
        OwnerNeeded,
    ),
    _Text(
        r"(imap|pop|access)\b.{0,40}(disabled|not enabled|turned off)|"
        r"not enabled for (imap|pop)|enable (imap|pop)|\[sys/perm\]",
        ProblemId.ACCESS_TURNED_OFF,
        OwnerNeeded,
    ),
    _Text(
        r"basic ?auth\w*.{0,20}(disabled|blocked|not (allowed|supported))|legacy auth|"
        r"log[io]n\w* (is )?disabled|unsupported authentication|mechanism.{0,30}not|"
        r"plain\s?text auth\w* (is )?(disallowed|disabled)|\[privacyrequired\]",
        ProblemId.SIGN_IN_METHOD_UNAVAILABLE,
        OwnerNeeded,
    ),
    _Text(
        _CONNECTIONS + r"|maximum number of connections|\[limit\]|\[inuse\]",
        ProblemId.TOO_MANY_CONNECTIONS,
        TryAgain,
        _CONNECTIONS_WAIT,
    ),
    _Text(
        r"locked|too many (failed|invalid|wrong|login|unsuccessful)|suspended|blocked",
        ProblemId.ACCOUNT_LOCKED,
        OwnerNeeded,
    ),
    _Text(
        r"throttl|backoff|back-off|\[unavailable\]|temporar|try again|\[serverbug\]|\[sys/temp\]",
        ProblemId.ASKED_TO_SLOW_DOWN,
        TryAgain,
        _BUSY_WAIT,
    ),
)

_MAILDROP_TEXTS = (
    _Text(
        r"\[in-use\]|(maildrop|mail drop|mailbox)\b.{0,30}\b(locked|in use|busy)|"
        r"lock\w* (the |your )?(maildrop|mail drop|mailbox)|another pop3? (session|client)",
        ProblemId.MAILBOX_IN_USE,
        TryAgain,
        _IN_USE_WAIT,
    ),
    _Text(r"\[login-delay\]", ProblemId.ASKED_TO_SLOW_DOWN, TryAgain, _LOGIN_DELAY),
)

_WRONG_PASSWORD = ("[AUTHENTICATIONFAILED]", "[AUTH]")

_COMMAND_TEXTS = (
    _Text(
        r"\[toobig\]|\[limit\].*size|message (is )?too (big|large)|"
        r"(maximum|max) (message |mail )?size|exceeds.{0,30}(message |maximum )size",
        ProblemId.ITEM_TOO_BIG,
        ItemError,
    ),
    _Text(_DAY_LIMIT, ProblemId.DAILY_LIMIT, TryAgain, _DAY_LIMIT_WAIT),
    _Text(_DAY_LIMIT_PERHAPS, ProblemId.DAILY_LIMIT, TryAgain, _DAY_LIMIT_PERHAPS_WAIT),
    _Text(
        _CONNECTIONS + r"|maximum number of connections|\[inuse\]",
        ProblemId.TOO_MANY_CONNECTIONS,
        TryAgain,
        _CONNECTIONS_WAIT,
    ),
    _Text(
        r"throttl|suggested backoff|\[limit\]|rate limit|slow down|too many (commands|requests)|"
        r"server (is )?busy|\[unavailable\]|\[serverbug\]|\[sys/temp\]|temporar|try again",
        ProblemId.ASKED_TO_SLOW_DOWN,
        TryAgain,
        _BUSY_WAIT,
    ),
    _Text(
        r"\[overquota\]|over ?quota|quota (has been )?exceeded|exceed\w* (your |the )?\w* ?quota|"
        # The last one is how Exchange says it.
        r"mailbox (is )?full|(not enough|out of) (disk )?space|no space left|"
        r"server unavailable\W{0,2}15\b",
        ProblemId.MAILBOX_FULL,
        OwnerNeeded,
    ),
    _Text(r"virus|malware|infected|trojan|phish", ProblemId.ITEM_LOOKS_HARMFUL, ItemError),
)

_BACKOFF = re.compile(r"backoff time:?\s*(\d+)\s*milliseconds", re.I)
_SECONDS = re.compile(r"(?:retry|try again|wait)\D{0,20}(\d+)\s*s(?:ec|\b)", re.I)


def shown(text: bytes | str) -> str:
    """Server text for `Problem.detail`: printable, bounded."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    printable = "".join(c if c.isprintable() else " " for c in text[: 2 * _DETAIL_LENGTH])
    return " ".join(printable.split())[:_DETAIL_LENGTH]


def waiting_time(text: str, least: float) -> float:
    """Seconds the server asks to wait, at least `least`."""
    if found := _BACKOFF.search(text):
        return max(least, int(found[1]) / 1000)
    if found := _SECONDS.search(text):
        return max(least, float(found[1]))
    return least


def without_secret(text: bytes, login: str, secret: Secret) -> bytes:
    """Some servers repeat the command they refuse, in whatever form it was sent."""
    word = secret.reveal().encode()
    plain = f"\0{login}\0{secret.reveal()}".encode()
    escaped = word.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    for form in (base64.b64encode(plain), base64.b64encode(word), escaped, word):
        if form:
            text = text.replace(form, "•••".encode())
    return text


def _lookup(text: str, table: tuple[_Text, ...], place: Place) -> OmmError | None:
    for entry in table:
        if re.search(entry.pattern, text, re.I):
            problem = Problem(entry.id, place, shown(text))
            if entry.kind is TryAgain:
                return TryAgain(problem, waiting_time(text, entry.after))
            return entry.kind(problem)
    return None


def command_refused(text: bytes | str, place: Place) -> OmmError | None:
    """What a NO, BAD or BYE to a command means, None when its words are not known."""
    return _lookup(shown(text), _COMMAND_TEXTS, place)


def refusal(text: bytes, place: Place, otherwise: ProblemId, subject: str = "") -> OmmError:
    """A refused command as an error: by its words, else `ItemError` with the id given."""
    known = command_refused(text, place)
    if isinstance(known, TryAgain):
        return known
    return ItemError(Problem(otherwise, place, shown(text), subject))


def sign_in_refused(text: bytes | str, place: Place) -> OmmError:
    """What a refused sign-in means (codes of RFC 5530, 2449 and 3206, and free words)."""
    shown_text = shown(text)
    if any(code in shown_text.upper() for code in _WRONG_PASSWORD):
        known = _lookup(shown_text, _SIGN_IN_TEXTS[:4], place)
    else:
        known = _lookup(shown_text, _SIGN_IN_TEXTS, place)
    return known or OwnerNeeded(Problem(ProblemId.SIGN_IN_REFUSED, place, shown_text))


def maildrop_refused(text: bytes | str, place: Place) -> OmmError:
    """What -ERR to a POP3 sign-in means (RFC 1939: one session at a time; codes of RFC 2449)."""
    return _lookup(shown(text), _MAILDROP_TEXTS, place) or sign_in_refused(text, place)


def goodbye(text: bytes | str, place: Place) -> OmmError:
    """What an unsolicited BYE means: a wish to slow down when it says so, else a lost line."""
    known = command_refused(text, place)
    if isinstance(known, TryAgain):
        return known
    return TryAgain(Problem(ProblemId.CONNECTION_LOST, place, shown(text)))


def greeting_refused(text: bytes | str, place: Place) -> OmmError:
    """What a BYE or -ERR in place of a greeting means."""
    known = _lookup(shown(text), _SIGN_IN_TEXTS, place)
    return known or TryAgain(Problem(ProblemId.CONNECTION_LOST, place, shown(text)))


_NETWORK_AWAY = frozenset(
    {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL}
)
# OpenSSL's X509_V_ERR_* numbers, as in SSLCertVerificationError.verify_code.
_NOT_YET_CODES = frozenset({9})
_EXPIRED_CODES = frozenset({10, 13, 14})
_OTHER_NAME_CODES = frozenset({62, 64})


def connection_failed(error: Exception, place: Place, host: str) -> OmmError:
    """What went wrong while connecting, or on an open connection, as the engine wants it told."""
    detail = shown(f"{type(error).__name__}: {error}")

    def passing(id: ProblemId) -> OmmError:
        return TryAgain(Problem(id, place, detail, host))

    def owner(id: ProblemId) -> OmmError:
        return OwnerNeeded(Problem(id, place, detail, host))

    if isinstance(error, OmmError):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return owner(_certificate(error))
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return passing(ProblemId.CONNECTION_LOST)
    if isinstance(error, socket.gaierror):
        away = error.errno == getattr(socket, "EAI_AGAIN", None)
        return passing(ProblemId.NO_NETWORK if away else ProblemId.SERVER_NOT_FOUND)
    if isinstance(error, UnicodeError):
        return passing(ProblemId.SERVER_NOT_FOUND)
    if isinstance(error, TimeoutError):
        return passing(ProblemId.SERVER_SILENT)
    if isinstance(error, ssl.SSLError):
        return owner(_handshake(error))
    if isinstance(error, ConnectionRefusedError):
        return passing(ProblemId.CONNECTION_REFUSED)
    if isinstance(error, OSError) and error.errno in _NETWORK_AWAY:
        return passing(ProblemId.NO_NETWORK)
    if isinstance(error, OSError):
        return passing(ProblemId.CONNECTION_LOST)
    if isinstance(error, imaplib.IMAP4.error | ProtocolError):
        return _imaplib(str(error), place, host)
    return owner(ProblemId.NOT_A_MAIL_SERVER)


def _certificate(error: ssl.SSLCertVerificationError) -> ProblemId:
    text = str(error).lower()
    code = getattr(error, "verify_code", 0)
    if code in _NOT_YET_CODES or "not yet valid" in text:
        return ProblemId.CERTIFICATE_NOT_YET_VALID
    if code in _EXPIRED_CODES or "expired" in text:
        return ProblemId.CERTIFICATE_EXPIRED
    if code in _OTHER_NAME_CODES or "mismatch" in text or "not valid for" in text:
        return ProblemId.CERTIFICATE_OTHER_NAME
    return ProblemId.CERTIFICATE_UNTRUSTED


def _handshake(error: ssl.SSLError) -> ProblemId:
    text = str(error).upper()
    if any(sign in text for sign in ("WRONG_VERSION_NUMBER", "RECORD LAYER", "HTTP_REQUEST")):
        return ProblemId.ENCRYPTION_MISSING
    return ProblemId.NOT_A_MAIL_SERVER


def _imaplib(text: str, place: Place, host: str) -> OmmError:
    low = text.lower()
    if "eof" in low or "socket error" in low:
        return TryAgain(Problem(ProblemId.CONNECTION_LOST, place, shown(text), host))
    if "bye" in low:
        return greeting_refused(text, place)
    return OwnerNeeded(Problem(ProblemId.NOT_A_MAIL_SERVER, place, shown(text), host))
