"""What an Exchange server says about one mailbox, asked with its password (autodiscover).

Only once the person wants to go on, only over HTTPS with a verified certificate, and only at the
address's own domain or a known provider: never at a host of a parent domain, never where a redirect
leads elsewhere.
"""

from __future__ import annotations

import base64
import threading
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from omm_desktop.guide.discovery import documents
from omm_desktop.guide.discovery.candidate import Candidate, Origin
from omm_desktop.guide.discovery.hosts import belongs, foreign, is_host, is_known, is_port
from omm_desktop.guide.discovery.network import Network, SearchEnded, Surroundings
from omm_desktop.guide.discovery.web import MOST_REDIRECTS, Page, Web, host_of
from omm_desktop.guide.providers import Providers
from omm_desktop.guide.resolver import DEADLINE_SECONDS, LookupStopped, domain_name
from omm_desktop.model.account import Security, Server
from omm_desktop.model.problem import (
    CannotGoOn,
    OmmError,
    OwnerNeeded,
    Place,
    Problem,
    ProblemId,
    TryAgain,
)
from omm_desktop.model.secret import Secret

_UNAUTHORIZED = 401
_OUTLOOK = "http://schemas.microsoft.com/exchange/autodiscover/outlook"
_POX = (
    '<?xml version="1.0" encoding="utf-8"?>'
    f'<Autodiscover xmlns="{_OUTLOOK}/requestschema/2006"><Request>'
    "<EMailAddress>{address}</EMailAddress>"
    f"<AcceptableResponseSchema>{_OUTLOOK}/responseschema/2006a</AcceptableResponseSchema>"
    "</Request></Autodiscover>"
)
_AUTODISCOVER = "http://schemas.microsoft.com/exchange/2010/Autodiscover"
_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_ACTION = f"{_AUTODISCOVER}/Autodiscover/GetUserSettings"
_EWS = "ExternalEwsUrl"
_CONNECTIONS = {
    "imap": "ExternalImap4Connections",
    "pop": "ExternalPop3Connections",
    "smtp": "ExternalSmtpConnections",
}
_SETTINGS = "".join(f"<a:Setting>{name}</a:Setting>" for name in (_EWS, *_CONNECTIONS.values()))
_SOAP = (
    '<?xml version="1.0" encoding="utf-8"?>'
    f'<s:Envelope xmlns:s="{_ENVELOPE}" xmlns:a="{_AUTODISCOVER}"'
    ' xmlns:w="http://www.w3.org/2005/08/addressing"><s:Header>'
    "<a:RequestedServerVersion>Exchange2010</a:RequestedServerVersion>"
    f"<w:Action>{_ACTION}</w:Action></s:Header><s:Body>"
    "<a:GetUserSettingsRequestMessage><a:Request>"
    "<a:Users><a:User><a:Mailbox>{address}</a:Mailbox></a:User></a:Users>"
    f"<a:RequestedSettings>{_SETTINGS}</a:RequestedSettings>"
    "</a:Request></a:GetUserSettingsRequestMessage></s:Body></s:Envelope>"
)
_STARTTLS_PORTS = frozenset({143, 110, 587})


def may_sign_in_at(url: str, domain: str, providers: Providers) -> bool:
    """Whether the password of an address of this domain may go there."""
    host = host_of(url)
    may = belongs(host, domain) or is_known(host, providers)
    return may and urlsplit(url).scheme == "https"


def ask(
    url: str,
    address: str,
    secret: Secret,
    surroundings: Surroundings,
    place: Place,
    seconds: float = DEADLINE_SECONDS,
) -> Candidate:
    """The settings of this mailbox; without a server when Exchange names none.

    Raises OmmError: a refused sign-in, a redirect to a host that must not see the password, an
    answer that cannot be read, or a server that cannot be reached in time.
    """
    domain = domain_name(address.rpartition("@")[2])
    network = Network(surroundings, seconds)
    end = threading.Timer(seconds, network.end)
    end.start()
    try:
        web = Web(network, place)
        page = _signed_in(url, domain, address, secret, web, surroundings.providers, place)
    except (OmmError, SearchEnded, LookupStopped) as error:
        if isinstance(error, OmmError) and not network.is_over:
            raise
        host = host_of(url)
        raise TryAgain(Problem(ProblemId.SERVER_SILENT, place, subject=host)) from error
    finally:
        end.cancel()
        network.end()
    root = documents.parse(page.body, host_of(page.url), place)
    servers = {kind: _servers(root, kind) for kind in _CONNECTIONS}
    imap, pop, smtp = servers["imap"], servers["pop"], servers["smtp"]
    stranger = foreign((*imap, *pop, *smtp), domain, surroundings.providers)
    exchange = _ews(root) or url
    return Candidate(
        Origin.AUTODISCOVER,
        imap=imap,
        pop=pop,
        smtp=smtp,
        exchange=exchange,
        foreign_host=stranger,
    )


def _signed_in(
    url: str,
    domain: str,
    address: str,
    secret: Secret,
    web: Web,
    providers: Providers,
    place: Place,
) -> Page:
    """The answer behind at most five redirects, each to a host that may see the password."""
    pair = base64.b64encode(f"{address}:{secret.reveal()}".encode()).decode()
    for _ in range(MOST_REDIRECTS + 1):
        if not may_sign_in_at(url, domain, providers):
            break
        is_soap = urlsplit(url).path.endswith(".svc")
        body = (_SOAP if is_soap else _POX).format(address=escape(address))
        headers = {"Authorization": f"Basic {pair}"}
        if is_soap:
            headers["SOAPAction"] = f'"{_ACTION}"'
        page = web.ask(url, body.encode(), headers)
        host = host_of(url)
        if page.status == _UNAUTHORIZED:
            raise OwnerNeeded(Problem(ProblemId.SIGN_IN_REFUSED, place, "401", host))
        target = page.location or _redirect(page, place)
        if not target:
            return page
        url = target
    host = host_of(url)
    raise CannotGoOn(Problem(ProblemId.REDIRECT_REFUSED, place, "autodiscover", host))


def _redirect(page: Page, place: Place) -> str:
    """Where the document itself leads to; empty when it holds settings."""
    root = documents.parse(page.body, host_of(page.url), place)
    for name in ("RedirectUrl", "RedirectTarget"):
        for element in documents.inside(root, name):
            if element.text:
                return element.text.strip()
    return ""


def _ews(root: Element) -> str:
    for element in documents.inside(root, "EwsUrl"):
        return (element.text or "").strip()
    for setting in documents.inside(root, "UserSetting"):
        if documents.text(setting, "Name") == _EWS:
            return documents.text(setting, "Value")
    return ""


def _servers(root: Element, kind: str) -> tuple[Server, ...]:
    """Encrypted servers of the POX form (Protocol) and of the SOAP form (ProtocolConnection)."""
    type_ = {"imap": "IMAP", "pop": "POP3", "smtp": "SMTP"}[kind]
    found = [
        _server(
            documents.text(one, "Server"),
            documents.text(one, "Port"),
            documents.text(one, "Encryption") or documents.text(one, "SSL") or "on",
        )
        for one in documents.inside(root, "Protocol")
        if documents.text(one, "Type") == type_
    ]
    for setting in documents.inside(root, "UserSetting"):
        if documents.text(setting, "Name") == _CONNECTIONS[kind]:
            found += [
                _server(
                    documents.text(one, "Hostname"),
                    documents.text(one, "Port"),
                    documents.text(one, "EncryptionMethod"),
                )
                for one in documents.inside(setting, "ProtocolConnection")
            ]
    return tuple(server for server in found if server is not None)


def _server(host: str, port: str, encryption: str) -> Server | None:
    """Exchange says SSL for TLS from the start, and TLS for STARTTLS."""
    host = host.lower().rstrip(".")
    if not is_host(host) or not is_port(port):
        return None
    if encryption.lower() not in ("on", "ssl", "tls", "auto"):
        return None
    upgraded = encryption.lower() == "tls" or int(port) in _STARTTLS_PORTS
    return Server(host, int(port), Security.STARTTLS if upgraded else Security.TLS)
