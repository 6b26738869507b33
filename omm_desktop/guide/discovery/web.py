"""Small files over HTTPS: bounded in size, time and redirects, and without anything personal."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

from omm_desktop import __version__
from omm_desktop.endpoints import translate
from omm_desktop.guide.discovery.network import Network
from omm_desktop.model.problem import CannotGoOn, OmmError, Place, Problem, ProblemId

LARGEST_BODY = 256 << 10
MOST_REDIRECTS = 5
_READ_SECONDS = 5.0
_PIECE = 16 << 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Page:
    """An answer; `url` is where it came from, after redirects."""

    url: str
    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
    body: bytes

    @property
    def location(self) -> str:
        """Where a redirect leads to; empty when this is none."""
        target = self.headers.get("Location", "") if self.status in _REDIRECTS else ""
        try:
            return urljoin(self.url, target) if target else ""
        except ValueError:
            return target


def host_of(url: str) -> str:
    """The host that would be asked; empty when there is none, or readers of addresses disagree.

    Where "https://a.test\\@b.test/" leads to b.test for the one that judges the host and to a.test
    for the one that connects, a password would go to a host that nobody judged.
    """
    try:
        host = urlsplit(url).hostname or ""
        return host if parse_url(url).host == host else ""
    except ValueError:
        return ""


class Web:
    """The system's proxies are honoured; stored passwords are not used, and no cookie is kept."""

    def __init__(self, network: Network, place: Place) -> None:
        self._network, self._place = network, place

    def get(self, url: str) -> Page:
        """The page behind at most five redirects, each over HTTPS; raises OmmError."""
        seen: set[str] = set()
        while True:
            seen.add(url)
            page = self.ask(url)
            target = page.location
            if not target:
                return page
            is_safe = host_of(target) and urlsplit(target).scheme == "https"
            if not is_safe or target in seen or len(seen) > MOST_REDIRECTS:
                raise self._refused(ProblemId.REDIRECT_REFUSED, url, target)
            url = target

    def ask(
        self, url: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Page:
        """One question, no redirect followed; POST when there is a body. Raises OmmError."""
        told = {"User-Agent": f"omm-desktop/{__version__}", "Accept-Encoding": "identity"}
        if body is not None:
            told["Content-Type"] = "text/xml; charset=utf-8"
        with _Session() as session:
            session.trust_env = False
            for scheme in ("https://", "http://"):
                session.mount(scheme, _Adapter(self._network))
            seconds = min(_READ_SECONDS, self._network.seconds_left)
            try:
                with session.request(
                    "GET" if body is None else "POST",
                    url,
                    data=body,
                    headers=told | (headers or {}),
                    timeout=seconds,
                    allow_redirects=False,
                    stream=True,
                    proxies=get_environ_proxies(url),
                ) as response:
                    content = self._read(response)
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                raise self._translated(error, url) from error
        return Page(url, response.status_code, response.headers, content)

    def _read(self, response: requests.Response) -> bytes:
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise self._refused(ProblemId.SETTINGS_FILE_UNUSABLE, response.url)
        content = b""
        # By `read`, which bounds what frames the pieces, too; `stream` does not.
        while piece := response.raw.read(_PIECE, decode_content=False):
            content += piece
            if len(content) > LARGEST_BODY:
                raise self._refused(ProblemId.SETTINGS_FILE_UNUSABLE, response.url)
        return content

    def _refused(self, id: ProblemId, url: str, target: str = "") -> OmmError:
        detail = (target or url).partition("?")[0]
        return CannotGoOn(Problem(id, self._place, detail, host_of(url)))

    def _translated(self, error: Exception, url: str) -> OmmError:
        """What lies at the bottom of the libraries' exceptions, in the catalogue's words."""
        host = host_of(url)
        cause: BaseException | None = error
        bottom: Exception = ConnectionError(str(type(error).__name__))
        while cause is not None:
            if isinstance(cause, ssl.SSLError | socket.gaierror | TimeoutError | OmmError):
                return translate.connection_failed(cause, self._place, host)
            if isinstance(cause, requests.Timeout):
                bottom = TimeoutError()
            elif isinstance(cause, OSError) and not isinstance(cause, requests.RequestException):
                bottom = cause
            cause = cause.__cause__ or cause.__context__
        return translate.connection_failed(bottom, self._place, host)


class _Session(requests.Session):
    """Looks into no redirect: the library would read all of its body, unpacked, to prepare it."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _Adapter(HTTPAdapter):
    """Connections of the search, certificates as the search believes them."""

    def __init__(self, network: Network) -> None:
        self._network = network
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, ssl_context=self._network.new_context(), **named)
        self.poolmanager.pool_classes_by_scheme = _pools(self._network)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        manager = super().proxy_manager_for(proxy, ssl_context=self._network.new_context(), **named)
        manager.pool_classes_by_scheme = _pools(self._network)
        return manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context alone decides: no bundle of the library is added to it."""
        conn.cert_reqs = "CERT_REQUIRED"


def _pools(network: Network) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools over connections that the network makes, or at least can break."""

    def made(connection: HTTPConnection, otherwise: Any) -> socket.socket:
        if connection.proxy is None:
            return network.connect(connection.host, connection.port)
        reached: socket.socket = otherwise()
        network.hold(reached)
        return reached

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return made(self, super()._new_conn)

    class Protected(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return made(self, super()._new_conn)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class ProtectedPool(HTTPSConnectionPool):
        ConnectionCls = Protected

    return {"http": PlainPool, "https": ProtectedPool}
