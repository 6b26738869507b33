"""One signed-in session with an Exchange server: sign-in, requests, end."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from dataclasses import dataclass
from io import SEEK_END
from typing import IO
from urllib.parse import urlsplit

import requests
from exchangelib import BASIC, Configuration, Credentials, FailFast, Identity
from exchangelib.errors import EWSError
from exchangelib.transport import NOAUTH
from exchangelib.version import Version
from lxml import etree
from requests.auth import HTTPBasicAuth
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from omm_desktop import __version__

from ....model.account import Access, Account, Security, Server
from ....model.items import Payload
from ....model.problem import (
    ItemError,
    NotNow,
    OmmError,
    OwnerNeeded,
    Place,
    Problem,
    ProblemId,
    TryAgain,
)
from ....model.secret import Secret
from ... import translate
from ...trust import default_context
from ..exchange_online import is_exchange_online
from .elements import Element, M, make, shape
from .envelope import Placeholders
from .faults import STOPPED, Fault, RequestRefused, back_off, by_status, is_soap, passing_or_owners
from .http_adapter import Adapter, Line, is_ended
from .protocol import Operation, Protocol
from .sign_in import STUMBLES, Proof, broken_off, scheme_of

CONNECT_SECONDS = 30.0
READ_SECONDS = 120.0
_SUCCESS, _BAD_REQUEST, _UNAUTHORIZED = 200, 400, 401
_NOT_FOUND, _TOO_LARGE, _SERVER_ERROR = 404, 413, 500
_NO_ERROR = ("", "NoError")
_LOOK = 4 << 10
# What no server can find too large: its 413 is about something else.
_SMALL = 256 << 10
# From here on a filter before Exchange may refuse the size as 404 (IIS), or as 400 (WCF).
_LARGE = 8 << 20
_READING = ("Get", "Find")

_closing: set[str] = set()
"""Servers that were seen to close connections between requests."""

_LIBRARIES = (requests.RequestException, HTTPError, EWSError, OSError, ValueError, etree.LxmlError)


def _small_question() -> Element:
    folder = make("t:DistinguishedFolderId", Id="inbox")
    return make("m:GetFolder", shape("m:FolderShape"), make("m:FolderIds", folder))


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
        self._proof: Proof | None = None
        self._is_signed_in = False
        self._is_renegotiated = False
        self._is_reading = False
        self._asked = 0.0

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
        """Connect and sign in.

        Raises `OwnerNeeded` for what the person must correct and `TryAgain` for what may pass.
        """
        parts = urlsplit(account.url)
        protected = parts.scheme == "https"
        if not protected and not Server(parts.hostname or "", 0, Security.NONE).is_loopback:
            problem = Problem(ProblemId.ENCRYPTION_MISSING, place, "not encrypted", account.url)
            raise OwnerNeeded(problem)
        if is_exchange_online(account.server.host):
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
        """Learn from an unsigned request which sign-in the server offers, and try it."""
        self._start(Configuration(service_endpoint=self._url, auth_type=NOAUTH))
        scheme = self._offered()
        self._proof = Proof(self.account, secret)
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
        self._is_renegotiated = scheme != BASIC
        self._try()

    def _try(self) -> None:
        """Ask for something small, to see whether the password is right."""
        try:
            self.ask(_small_question())
        except (NotNow, RequestRefused):
            # That it is busy is told again, where there is patience for it.
            return
        except OwnerNeeded as error:
            # Not everybody who may open another mailbox has one.
            if error.problem.id is not ProblemId.MAILBOX_NOT_OPENED:
                raise

    def _start(self, config: Configuration) -> None:
        self._protocol = Protocol(config, self._adapter)
        self._session = self._protocol.create_session()
        self._session.headers["User-Agent"] = f"omm-desktop/{__version__}"

    def _offered(self) -> str:
        """The scheme to sign in by. Raises `OmmError`."""
        soap = self._operation("GetFolder").wrap(_small_question())
        response = self._send(soap, self._headers())
        with contextlib.closing(response):
            if response.status_code != _UNAUTHORIZED:
                if response.status_code != _SUCCESS or not is_soap(self._drain(response)):
                    self._raise_unless_soap(response)
                # It answers whom it does not know, and has yet to be told who is asking.
                return str(BASIC)
            self._drain(response)
            return scheme_of(response, self.place, self.host)

    # -- requests ------------------------------------------------------------------------

    def ask(self, request: Element, mails: Placeholders | None = None) -> Reply:
        """Send a request such as `m:GetItem`.

        Raises `RequestRefused` when all of it was refused, `TryAgain` when its outcome is not
        known or (`NotNow`) nothing of it was done, and `OwnerNeeded`.
        """
        name = etree.QName(request).localname.removesuffix("Request")
        operation = self._operation(name, mails)
        try:
            messages = operation.messages(request)
        except _LIBRARIES as error:
            raise self.translated(error) from error
        self._let_in()
        return Reply(messages, operation.stream.payloads)

    @property
    def version(self) -> Version:
        """The server's version, without a build before its first answer."""
        assert self._protocol is not None
        return self._protocol.config.version

    def _operation(self, name: str, mails: Placeholders | None = None) -> Operation:
        account = self.account
        self._is_reading = name.startswith(_READING)
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

    def _post(self, soap: bytes, mails: Placeholders | None) -> requests.Response:
        if mails is None:
            return self._answered(soap)
        with contextlib.closing(mails.filled(soap)) as body:
            if mails.size <= _SMALL:
                return self._answered(body.read())
            if self._is_renegotiated:
                # What has to sign in anew is sent again, and many break off what is large.
                self._try()
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
            self._let_in()
        return response

    def _let_in(self) -> None:
        self._is_signed_in = True
        if self._proof is not None:
            self._proof.given()

    def _is_spoilt(self, response: requests.Response) -> bool:
        closes = response.headers.get("Connection", "").lower() == "close"
        return closes and not is_soap(response.content[:_LOOK])

    def _send(self, body: bytes | IO[bytes], headers: dict[str, str]) -> requests.Response:
        self._asked = time.monotonic()
        before = self._line.connections
        if self._url in _closing:
            self._adapter.close()
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
        except (requests.RequestException, HTTPError, OSError, ValueError, *STUMBLES) as error:
            was_open = 0 < before == self._line.connections
            in_order = self._is_renegotiated
            if was_open and self._url not in _closing and is_ended(error, in_order=in_order):
                # From now on each request has a connection of its own.
                _closing.add(self._url)
                if self._is_reading and isinstance(body, bytes) and is_ended(error, in_order=True):
                    return self._send(body, headers)
            known = broken_off(error, self.place, self.host)
            raise known or self.translated(error) from error

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
        response.close()
        signed_in = self._is_signed_in
        if status == _UNAUTHORIZED and self._proof is not None:
            # Who is refused later comes back with a new connection, and is then told.
            signed_in = self._proof.may_pass(self._asked) or signed_in
        if status == _TOO_LARGE and size < _SMALL:
            status = _BAD_REQUEST
        elif status in (_BAD_REQUEST, _NOT_FOUND) and size > _LARGE and signed_in:
            status = _TOO_LARGE
        told = response.headers
        raise by_status(status, start, told, self.place, self.host, signed_in=signed_in)

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
            # Behind its own words exchangelib quotes the reply, which may be somebody's mail.
            detail = translate.shown(repr(error).partition("<")[0])
            problem = Problem(ProblemId.NOT_A_MAIL_SERVER, self.place, detail, self.host)
            if self._is_signed_in:
                return TryAgain(Problem(ProblemId.CONNECTION_LOST, self.place, problem.detail))
            return OwnerNeeded(problem)
        return translate.connection_failed(bottom, self.place, self.host)

    # -- reading messages ----------------------------------------------------------------

    def fault_of(self, message: Element) -> Fault | None:
        """What a response message says went wrong; None for success.

        Raises `OmmError` when it concerns the pace or the mailbox, not what was asked for.
        """
        code = (message.findtext(f"{M}ResponseCode") or "").strip()
        known = message.get("ResponseClass") or ("Success" if code in _NO_ERROR else "Error")
        if known != "Error" and code != STOPPED:
            return None
        fault = Fault(code, message.findtext(f"{M}MessageText") or "", back_off(message))
        passing = passing_or_owners(fault, self.place)
        if passing is not None:
            raise passing
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
        # A sign-in that broke off leaves its socket to nobody.
        self._line.cut()

    def abort(self) -> None:
        """Unblock the owner thread. Any thread; never raises."""
        self._line.cut()
