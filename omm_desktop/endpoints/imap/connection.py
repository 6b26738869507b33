"""One signed-in IMAP connection: TLS, sign-in, selected mailbox, end."""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import ProtocolError

from ...model.account import Account, Security
from ...model.problem import ItemError, OmmError, OwnerNeeded, Place, Problem, ProblemId
from ...model.secret import Secret
from .. import translate
from ..trust import default_context as default_context
from . import exchange
from .names import quoted
from .responses import code
from .wire import Answer, Response, Wire

CONNECT_SECONDS = 30.0
READ_SECONDS = 90.0
_GOODBYE_SECONDS = 5.0

_EXISTS = re.compile(rb"\* (\d+) EXISTS", re.I)
_FORGOTTEN = re.compile(rb"\* \d+ EXPUNGE|\* VANISHED", re.I)


@dataclass(frozen=True, slots=True)
class Opened:
    """A mailbox as the server described it when it was opened."""

    key: str
    exists: int
    validity: int | None
    next_key: int | None
    permanent_flags: frozenset[str] | None
    read_only: bool


class Connection:
    """A connection in the authenticated state. Build it with `Connection.open`."""

    def __init__(self, client: IMAPClient, account: Account, place: Place) -> None:
        self._client = client
        self._socket: socket.socket = client.socket()
        self.place = place
        self.host = account.server.host
        self.greeting: bytes = client.welcome or b""
        self.wire = Wire(client._imap, place, self.host)
        self.capabilities: frozenset[str] = frozenset()
        self.opened: Opened | None = None
        self._another: Callable[[], Connection] | None = None
        self._aborted = False

    @classmethod
    def open(
        cls,
        account: Account,
        secret: Secret,
        place: Place,
        *,
        writing: bool = False,
        ssl_context: ssl.SSLContext | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> Connection:
        """Connect and sign in, once.

        Raises `OwnerNeeded` for what the person must correct (certificate, encryption, sign-in)
        and `TryAgain` for what may pass (unknown host, refusal, silence, too many connections).
        """
        client = _connect(account, place, ssl_context, connect_seconds, read_seconds)
        connection = cls(client, account, place)
        connection._another = partial(
            cls.open,
            account,
            secret,
            place,
            writing=writing,
            ssl_context=ssl_context,
            connect_seconds=connect_seconds,
            read_seconds=read_seconds,
        )
        try:
            connection._tune(writing)
            connection._sign_in(account, secret)
        except BaseException:
            connection.abort()
            connection._shut()
            raise
        return connection

    def _tune(self, writing: bool) -> None:
        # imapclient sets 5: every body would be printed into memory twice.
        self._client._imap.debug = 0
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if writing:
            # Nothing may be delivered by the kernel after this process is dead.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    # -- sign-in -------------------------------------------------------------------------

    def _sign_in(self, account: Account, secret: Secret) -> None:
        offered = _words(self._client.capabilities())
        answer = self._authenticate(account.login, secret.reveal(), offered)
        if not answer.ok:
            text = translate.shown(translate.without_secret(answer.text, account.login, secret))
            raise translate.sign_in_refused(text, self.place)
        self.capabilities = self._told_capabilities(answer)
        if not self.capabilities:
            self.capabilities = self._told_capabilities(self.wire.ask(b"CAPABILITY"))

    def _authenticate(self, login: str, password: str, offered: frozenset[str]) -> Answer:
        wire = self.wire
        if "AUTH=PLAIN" in offered:
            plain = base64.b64encode(f"\0{login}\0{password}".encode())
            if "SASL-IR" in offered:
                return wire.ask(b"AUTHENTICATE PLAIN " + plain)
            return self._after_continuation(b"AUTHENTICATE PLAIN", [plain])
        if "LOGINDISABLED" in offered:
            problem = Problem(ProblemId.SIGN_IN_METHOD_UNAVAILABLE, self.place, "LOGINDISABLED")
            raise OwnerNeeded(problem)
        user, word = login.encode(), password.encode()
        if _fits_quotes(user) and _fits_quotes(word):
            return wire.ask(b"LOGIN " + quoted(user) + b" " + quoted(word))
        return self._after_continuation(
            b"LOGIN {%d}" % len(user), [user + b" {%d}" % len(word), word]
        )

    def _after_continuation(self, command: bytes, rest: list[bytes]) -> Answer:
        tag = self.wire.start(command)
        untagged: list[Response] = []
        lines = iter(rest)
        while True:
            response = self.wire.next()
            if response.tag == tag:
                return Answer(response.status, response.text, untagged)
            if response.is_continuation:
                self.wire.send(next(lines, b"*") + b"\r\n")
            else:
                untagged.append(response)

    @staticmethod
    def _told_capabilities(answer: Answer) -> frozenset[str]:
        for response in reversed(answer.untagged):
            if response.text[2:13].upper() == b"CAPABILITY ":
                return _words(response.text[13:].split())
        name, words = code(answer.text)
        return _words(words.split()) if name == b"CAPABILITY" else frozenset()

    def has(self, *names: str) -> bool:
        """True when every capability is announced."""
        return self.capabilities.issuperset(names)

    # -- mailboxes -----------------------------------------------------------------------

    def open_mailbox(self, key: str, *, read_only: bool = True, fresh: bool = False) -> Opened:
        """EXAMINE (or SELECT) a mailbox unless it is open; raises `ItemError`."""
        now = self.opened
        if not fresh and now is not None and now.key == key and now.read_only == read_only:
            return now
        return self.end_opening(self.begin_opening(key, read_only=read_only), key, read_only)

    def begin_opening(self, key: str, *, read_only: bool = True) -> bytes:
        """Send EXAMINE (or SELECT) without waiting, so that more can follow in one flight."""
        name = self.name(key)
        self.wire.settle()
        self.opened = None
        return self.wire.start((b"EXAMINE " if read_only else b"SELECT ") + name)

    def end_opening(self, tag: bytes, key: str, read_only: bool = True) -> Opened:
        """Read the answer to `begin_opening`; raises `ItemError`."""
        answer = self.wire.collect(tag)
        if not answer.ok:
            raise self.refusal(answer.text, ProblemId.FOLDER_UNREADABLE, key)
        self.opened = _opened(key, answer, read_only)
        return self.opened

    def permanent_flags(self, key: str) -> frozenset[str] | None:
        """Flags that last in a mailbox, in lower case; None when not told. Leaves it again.

        SELECT, because EXAMINE tells an empty list on some servers.
        """
        opening = self.begin_opening(key, read_only=False)
        leaving = self.wire.start(b"UNSELECT") if self.has("UNSELECT") else None
        permanent = self.end_opening(opening, key, read_only=False).permanent_flags
        if leaving is None:
            self.leave_mailbox()
        elif self.wire.collect(leaving).ok:
            self.opened = None
        return permanent

    def leave_mailbox(self) -> None:
        """Deselect without expunging, so that STATUS tells what others did."""
        if self.opened is None:
            return
        if self.has("UNSELECT"):
            self.wire.ask(b"UNSELECT")
        else:
            # CLOSE expunges what was selected for writing, never what was examined.
            self.open_mailbox(self.opened.key, read_only=True)
            self.wire.ask(b"CLOSE")
        self.opened = None

    def ask_outside(self, command: bytes) -> Answer:
        """A command while no mailbox is open: STATUS of the open one may tell old numbers."""
        if self.opened is None or not self.has("UNSELECT"):
            self.leave_mailbox()
            return self.wire.ask(command)
        left, answer = self.wire.ask_all([b"UNSELECT", command])
        if left.ok:
            self.opened = None
        return answer

    def name(self, key: str) -> bytes:
        """A folder key as an argument; raises `ItemError` for one that no command can carry."""
        try:
            return quoted(key)
        except ValueError as error:
            problem = Problem(ProblemId.FOLDER_UNREADABLE, self.place, str(error))
            raise ItemError(problem) from error

    def refusal(self, text: bytes, otherwise: ProblemId, subject: str = "") -> OmmError:
        """A NO or BAD as an error."""
        return translate.refusal(text, self.place, otherwise, subject)

    def idle(self) -> None:
        """NOOP; what it tells of other people's changes makes the open mailbox stale."""
        answer = self.wire.ask(b"NOOP")
        if any(_EXISTS.match(r.text) or _FORGOTTEN.match(r.text) for r in answer.untagged):
            self.opened = None

    # -- servers that count errors --------------------------------------------------------

    @property
    def errors_left(self) -> int | None:
        """How many commands may still be refused before the server hangs up; None: any number."""
        if not exchange.greets(self.greeting):
            return None
        return exchange.MOST_ERRORS - self.wire.refusals

    def renew(self) -> None:
        """Sign out and in again; only while no answer is awaited. No mailbox is open then.

        Raises as `open`.
        """
        assert self._another is not None
        self.close()
        fresh = self._another()
        self._client, self._socket = fresh._client, fresh._socket
        self.wire.go_on_with(fresh.wire)
        self.opened = None
        if self._aborted:
            self.abort()

    # -- end -----------------------------------------------------------------------------

    def close(self) -> None:
        """LOGOUT and close; owner thread only; never raises."""
        with contextlib.suppress(OmmError, OSError):
            self._socket.settimeout(_GOODBYE_SECONDS)
            self.wire.leaving = True
            self.wire.ask(b"LOGOUT")
        self._shut()

    def _shut(self) -> None:
        with contextlib.suppress(Exception):
            self._client.shutdown()

    def abort(self) -> None:
        """Unblock the owner thread: shuts the raw socket below TLS. Any thread; never raises."""
        self._aborted = True
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _words(capabilities: object) -> frozenset[str]:
    words = capabilities if isinstance(capabilities, tuple | list) else ()
    return frozenset(
        (word.decode("ascii", "replace") if isinstance(word, bytes) else str(word)).upper()
        for word in words
    )


def _fits_quotes(text: bytes) -> bool:
    return text.isascii() and not set(text) & {0, 10, 13}


def _opened(key: str, answer: Answer, read_only: bool) -> Opened:
    exists = 0
    told: dict[bytes, bytes] = {}
    for response in answer.untagged:
        if found := _EXISTS.match(response.text):
            exists = int(found[1])
        elif response.text[:5].upper() == b"* OK ":
            name, argument = code(response.text[5:])
            told[name] = argument
    flags = told.get(b"PERMANENTFLAGS")
    return Opened(
        key,
        exists,
        _number(told.get(b"UIDVALIDITY")),
        _number(told.get(b"UIDNEXT")),
        None if flags is None else frozenset(flags.decode("latin-1").strip("()").lower().split()),
        read_only,
    )


def _number(text: bytes | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _connect(
    account: Account,
    place: Place,
    ssl_context: ssl.SSLContext | None,
    connect_seconds: float,
    read_seconds: float,
) -> IMAPClient:
    server = account.server
    if server.security is Security.NONE and not server.is_loopback:
        problem = Problem(ProblemId.ENCRYPTION_MISSING, place, "not encrypted", server.host)
        raise OwnerNeeded(problem)
    protected = server.security is not Security.NONE
    context = (ssl_context or default_context()) if protected else None
    try:
        client = IMAPClient(
            server.host,
            server.port,
            ssl=server.security is Security.TLS,
            ssl_context=context if server.security is Security.TLS else None,
            timeout=SocketTimeout(connect=connect_seconds, read=read_seconds),
        )
    except (OSError, ValueError, ProtocolError, client_error) as error:
        raise translate.connection_failed(error, place, server.host) from error
    client.folder_encode = False
    if server.security is Security.STARTTLS:
        assert context is not None
        _start_tls(client, context, place, server.host)
    return client


client_error = IMAPClient.Error


def _start_tls(client: IMAPClient, context: ssl.SSLContext, place: Place, host: str) -> None:
    try:
        if "STARTTLS" not in _words(client.capabilities()) or client._imap.state != "NONAUTH":
            raise OwnerNeeded(Problem(ProblemId.ENCRYPTION_MISSING, place, "no STARTTLS", host))
        client.starttls(ssl_context=context)
    except (OmmError, OSError, ValueError, ProtocolError, client_error) as error:
        with contextlib.suppress(Exception):
            client.shutdown()
        raise translate.connection_failed(error, place, host) from error
