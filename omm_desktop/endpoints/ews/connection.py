"""One signed-in session with an Exchange server: sign-in, requests, end."""

from __future__ import annotations

import contextlib
import socket
import ssl
from dataclasses import dataclass
from io import SEEK_END
from typing import IO
from urllib.parse import urlsplit

import requests
from exchangelib import BASIC, DIGEST, NTLM, Configuration, Credentials, FailFast, Identity
from exchangelib.errors import EWSError
from exchangelib.transport import NOAUTH
from exchangelib.version import Version
from lxml import etree
from requests.auth import HTTPBasicAuth
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from omm_desktop import __version__

from ...model.account import Access, Account, Security, Server
from ...model.items import Payload
from ...model.problem import ItemError, OmmError, OwnerNeeded, Place, Problem, ProblemId, TryAgain
from ...model.secret import Secret
from .. import translate
from ..trust import default_context
from .elements import Element, M, make
from .envelope import Places
from .faults import Fault, by_status, is_soap, passing_or_owners
from .line import Adapter, Line
from .protocol import Operation, Protocol

CONNECT_SECONDS = 30.0
READ_SECONDS = 120.0
_SUCCESS, _BAD_REQUEST, _UNAUTHORIZED, _TOO_LARGE, _SERVER_ERROR = 200, 400, 401, 413, 500
_LOOK = 4 << 10
_RETIRED = ("outlook.office365.com", "outlook.office.com")
# Over TLS the plainest one is as safe as any, and takes one request.
_SCHEMES = {"basic": BASIC, "ntlm": NTLM, "digest": DIGEST}
# What no server can find too large: its 413 is about something else.
_SMALL = 256 << 10
_LIBRARIES = (requests.RequestException, HTTPError, EWSError, OSError, ValueError, etree.LxmlError)


_proven: set[int] = set()
"""Hashes of what signed in during the life of this process: one more refusal may be about pace."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The response messages in the order of what was asked, and the mails in them."""

    messages: list[Element]
    payloads: list[Payload]


class Connection:
    """A session in which each request is signed. Build it with `Connection.open`."""

    def __init__(
        self,
        account: Account,
        place: Place,
        ssl_context: ssl.SSLContext | None,
        seconds: tuple[float, float],
        *,
        writing: bool,
    ) -> None:
        self.account = account
        self.place = place
        self.host = account.server.host
        self._url = account.url
        self._seconds = seconds
        self._line = Line()
        self._adapter = Adapter(self._line, ssl_context, writing=writing)
        self._protocol: Protocol | None = None
        self._session: requests.Session = requests.Session()
        self._proof = 0

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
        """Connect and find out how to sign in; the first request proves the password.

        Raises `OwnerNeeded` for what the person must correct and `TryAgain` for what may pass.
        """
        parts = urlsplit(account.url)
        protected = parts.scheme == "https"
        if not protected and not Server(parts.hostname or "", 0, Security.NONE).is_loopback:
            problem = Problem(ProblemId.ENCRYPTION_MISSING, place, "not encrypted", account.url)
            raise OwnerNeeded(problem)
        if account.server.host.casefold() in _RETIRED:
            problem = Problem(ProblemId.SERVICE_RETIRED, place, "", account.server.host)
            raise OwnerNeeded(problem)
        context = (ssl_context or default_context()) if protected else None
        seconds = (connect_seconds, read_seconds)
        connection = cls(account, place, context, seconds, writing=writing)
        try:
            connection._prepare(secret)
        except _LIBRARIES as error:
            connection.close()
            raise connection.translated(error) from error
        except BaseException:
            connection.close()
            raise
        return connection

    # -- sign-in -------------------------------------------------------------------------

    def _prepare(self, secret: Secret) -> None:
        """Learn from an unsigned request which sign-in the server offers."""
        self._start(Configuration(service_endpoint=self._url, auth_type=NOAUTH))
        offered = self._offered()
        self._proof = hash((self._url, self.account.login, secret))
        scheme = next((_SCHEMES[name] for name in _SCHEMES if name in offered), None)
        if scheme is None:
            detail = f"offered: {', '.join(sorted(offered))}"
            problem = Problem(ProblemId.SIGN_IN_METHOD_UNAVAILABLE, self.place, detail, self.host)
            raise OwnerNeeded(problem)
        self._start(
            Configuration(
                service_endpoint=self._url,
                auth_type=scheme,
                credentials=Credentials(self.account.login, secret.reveal()),
                retry_policy=FailFast(),
            )
        )
        if scheme == BASIC:
            # As str it would be sent in Latin-1.
            login, password = self.account.login.encode(), secret.reveal().encode()
            self._session.auth = HTTPBasicAuth(login, password)

    def _start(self, config: Configuration) -> None:
        self._protocol = Protocol(config, self._adapter)
        self._session = self._protocol.create_session()
        self._session.headers["User-Agent"] = f"omm-desktop/{__version__}"

    def _offered(self) -> frozenset[str]:
        """The schemes of WWW-Authenticate, in lower case. Raises `OmmError`."""
        question = make("m:GetFolder", make("m:FolderShape", make("t:BaseShape", text="IdOnly")))
        soap = self._operation("GetFolder").wrap(question)
        response = self._send(soap, self._headers())
        with contextlib.closing(response):
            if response.status_code != _UNAUTHORIZED:
                self._raise_unless_soap(response)
                problem = Problem(
                    ProblemId.NOT_A_MAIL_SERVER, self.place, "asks for no sign-in", self.host
                )
                raise OwnerNeeded(problem)
            self._drain(response)
            told = response.raw.headers.getlist("WWW-Authenticate")
        return frozenset(
            one.strip().partition(" ")[0].lower()
            for value in told
            for one in value.split(",")
            if "=" not in one.strip().partition(" ")[0]
        )

    # -- requests ------------------------------------------------------------------------

    def ask(self, request: Element, mails: Places | None = None) -> Reply:
        """Send a request such as `m:GetItem`.

        Raises `RequestRefused` when all of it was refused, `TryAgain` when its outcome is not
        known or (`NotNow`) nothing of it was done, and `OwnerNeeded`.
        """
        name = etree.QName(request).localname
        operation = self._operation(name, mails)
        try:
            messages = operation.messages(request)
        except _LIBRARIES as error:
            raise self.translated(error) from error
        _proven.add(self._proof)
        return Reply(messages, operation.stream.payloads)

    @property
    def version(self) -> Version:
        """The server's version, without a build before its first answer."""
        assert self._protocol is not None
        return self._protocol.config.version

    @property
    def _signed_in(self) -> bool:
        return self._proof in _proven

    def _operation(self, name: str, mails: Places | None = None) -> Operation:
        account = self.account
        acting = account.mailbox and account.access is Access.IMPERSONATION
        whom = Identity(primary_smtp_address=account.mailbox) if acting else None

        def post(soap: bytes) -> requests.Response:
            return self._post(soap, mails)

        assert self._protocol is not None
        return Operation(name, self._protocol, post, self.place, whom)

    def _headers(self) -> dict[str, str]:
        """Who the mailbox belongs to, so that Exchange finds its server at once."""
        owner = self.account.mailbox or self.account.login
        return {"X-AnchorMailbox": owner} if "@" in owner and owner.isascii() else {}

    def _post(self, soap: bytes, mails: Places | None) -> requests.Response:
        if mails is None:
            return self._answered(soap)
        with contextlib.closing(mails.filled(soap)) as body:
            return self._answered(body)

    def _answered(self, body: bytes | IO[bytes]) -> requests.Response:
        """A reply in SOAP; raises `OmmError` for any other."""
        response = self._send(body, self._headers())
        if response.status_code == _BAD_REQUEST and self._is_spoilt(response):
            # The connection was: the server has not read the request, and closes.
            response.close()
            if not isinstance(body, bytes):
                body.seek(0)
            response = self._send(body, self._headers())
        if response.status_code != _SUCCESS:
            size = len(body) if isinstance(body, bytes) else body.seek(0, SEEK_END)
            self._raise_unless_soap(response, size)
        return response

    def _is_spoilt(self, response: requests.Response) -> bool:
        closes = response.headers.get("Connection", "").lower() == "close"
        return closes and not is_soap(response.content[:_LOOK])

    def _send(self, body: bytes | IO[bytes], headers: dict[str, str]) -> requests.Response:
        try:
            return self._session.post(
                self._url,
                data=body,
                headers=headers,
                timeout=self._seconds,
                allow_redirects=False,
                stream=True,
                proxies={} if self.account.server.is_loopback else get_environ_proxies(self._url),
            )
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise self.translated(error) from error

    def _drain(self, response: requests.Response) -> bytes:
        """The beginning of a reply; a short one is then read to its end."""
        start: bytes = next(response.iter_content(_LOOK), b"")
        return start

    def _raise_unless_soap(self, response: requests.Response, size: int = 0) -> None:
        """Raise what the status means, but for a fault in SOAP. `size` of the request in bytes."""
        status = response.status_code
        if status in (_BAD_REQUEST, _SERVER_ERROR):
            # A fault is small; it is read again by who takes it apart.
            if is_soap(response.content[:_LOOK]):
                return
            start = response.content[:_LOOK]
        else:
            start = self._drain(response)
        wait = response.headers.get("Retry-After", "")
        response.close()
        signed_in = self._signed_in
        if status == _UNAUTHORIZED:
            _proven.discard(self._proof)
        if status == _TOO_LARGE and size < _SMALL:
            status = _BAD_REQUEST
        raise by_status(status, start, wait, self.place, self.host, signed_in=signed_in)

    def translated(self, error: BaseException) -> OmmError:
        """What lies at the bottom of the libraries' exceptions."""
        cause: BaseException | None = error
        bottom: Exception = ConnectionError(type(error).__name__)
        while cause is not None:
            if isinstance(cause, ssl.SSLError | socket.gaierror | TimeoutError | OmmError):
                return translate.connection_failed(cause, self.place, self.host)
            if isinstance(cause, requests.Timeout):
                bottom = TimeoutError()
            elif isinstance(cause, OSError) and not isinstance(cause, requests.RequestException):
                bottom = cause
            cause = cause.__cause__ or cause.__context__
        if isinstance(error, EWSError | etree.LxmlError):
            problem = Problem(
                ProblemId.NOT_A_MAIL_SERVER, self.place, translate.shown(repr(error)), self.host
            )
            if self._signed_in:
                return TryAgain(Problem(ProblemId.CONNECTION_LOST, self.place, problem.detail))
            return OwnerNeeded(problem)
        return translate.connection_failed(bottom, self.place, self.host)

    # -- reading messages ----------------------------------------------------------------

    def fault_of(self, message: Element) -> Fault | None:
        """What a response message says went wrong; None for success.

        Raises `OmmError` when it concerns the pace or the mailbox, not what was asked for.
        """
        if message.get("ResponseClass") != "Error":
            return None
        words = message.findtext(f"{M}MessageText") or ""
        fault = Fault(message.findtext(f"{M}ResponseCode") or "", words)
        known = passing_or_owners(fault, self.place)
        if known is not None:
            raise known
        return fault

    def only(self, request: Element, otherwise: ProblemId) -> Element:
        """The one response message to a request for one thing; raises `OmmError`."""
        messages = self.ask(request).messages
        fault = self.fault_of(messages[0]) if messages else Fault("", "no answer")
        if fault is not None:
            raise ItemError(Problem(otherwise, self.place, fault.detail))
        return messages[0]

    # -- end -----------------------------------------------------------------------------

    def close(self) -> None:
        """End the session; owner thread only; never raises."""
        with contextlib.suppress(Exception):
            self._session.close()
            self._adapter.close()

    def abort(self) -> None:
        """Unblock the owner thread. Any thread; never raises."""
        self._line.cut()
