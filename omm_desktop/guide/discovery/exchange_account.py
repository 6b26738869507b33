"""What an Exchange server says about one mailbox, asked with its password (autodiscover).

Only once the person wants to go on, only over HTTPS with a verified certificate, and only at the
address's own domain, a known provider or the host the person named: never at a host of a parent
domain, never where a redirect leads elsewhere.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from omm_desktop.guide.discovery import documents
from omm_desktop.guide.discovery.candidate import Candidate, Origin
from omm_desktop.guide.discovery.exchange import answers
from omm_desktop.guide.discovery.hosts import belongs, foreign, is_host, is_known, is_port
from omm_desktop.guide.discovery.network import Surroundings, within
from omm_desktop.guide.discovery.web import MOST_REDIRECTS, Page, Web, host_of
from omm_desktop.guide.providers import Providers
from omm_desktop.guide.resolver import DEADLINE_SECONDS, domain_name
from omm_desktop.model.account import Security, Server
from omm_desktop.model.ews_url import server_at, usual_url
from omm_desktop.model.problem import (
    CannotGoOn,
    OmmError,
    OwnerNeeded,
    Place,
    Problem,
    ProblemId,
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
_EWS = ("ExternalEwsUrl", "InternalEwsUrl")
# In the POX form; what is for outside comes first.
_EWS_PROTOCOLS = ("EXPR", "EXCH", "WEB")
_CONNECTIONS = {
    "imap": "ExternalImap4Connections",
    "pop": "ExternalPop3Connections",
    "smtp": "ExternalSmtpConnections",
}
_SETTINGS = "".join(f"<a:Setting>{name}</a:Setting>" for name in (*_EWS, *_CONNECTIONS.values()))
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


@dataclass(frozen=True, slots=True)
class Question:
    """About the mailbox of `address`; `login` signs in, and its password may also go to `named`."""

    address: str
    login: str
    secret: Secret
    named: str = ""

    @property
    def domain(self) -> str:
        """Empty when the address is not of one, such as of a network without names."""
        try:
            return domain_name(self.address.rpartition("@")[2])
        except ValueError:
            return ""


def is_trusted(host: str, domain: str, providers: Providers, named: str = "") -> bool:
    """Whether a host may see the password of an address of this domain."""
    own = belongs(host, domain) or is_known(host, providers)
    return own or (bool(host) and host == named.casefold())


def may_sign_in_at(url: str, domain: str, providers: Providers, named: str = "") -> bool:
    """Whether the password of an address of this domain may go there."""
    return is_trusted(host_of(url), domain, providers, named) and urlsplit(url).scheme == "https"


def ask(
    url: str,
    question: Question,
    surroundings: Surroundings,
    place: Place,
    seconds: float = DEADLINE_SECONDS,
) -> Candidate:
    """The settings of this mailbox; without a server when Exchange names none.

    Where an endpoint lets in by other means than Basic, EWS is looked for at the usual place beside
    it, without the password. Raises OmmError: a refused sign-in, a redirect to a host that must not
    see the password, an answer that cannot be read, or a server that cannot be reached in time.
    """
    with within(surroundings, seconds, place, host_of(url)) as network:
        web, providers = Web(network, place), surroundings.providers
        try:
            page = _signed_in(url, question, web, providers, place)
        except OmmError as error:
            problem = error.problem
            beside = usual_url(problem.subject)
            if problem.id is ProblemId.SIGN_IN_METHOD_UNAVAILABLE and answers(beside, web):
                return Candidate(Origin.AUTODISCOVER, ews=beside)
            raise
        return _settings(page, question, providers, place)


def _settings(page: Page, question: Question, providers: Providers, place: Place) -> Candidate:
    root = documents.parse(page.body, host_of(page.url), place)
    servers = {kind: _servers(root, kind) for kind in _CONNECTIONS}
    imap, pop, smtp = servers["imap"], servers["pop"], servers["smtp"]
    ews = _ews(root)
    if ews:
        host = host_of(ews)
        trusted = is_trusted(host, question.domain, providers, question.named)
        stranger = "" if trusted else host
    else:
        stranger = foreign((*imap, *pop, *smtp), question.domain, providers)
    return Candidate(
        Origin.AUTODISCOVER, imap=imap, pop=pop, smtp=smtp, foreign_host=stranger, ews=ews
    )


def _signed_in(url: str, question: Question, web: Web, providers: Providers, place: Place) -> Page:
    """The answer behind at most five redirects, each to a host that may see the password."""
    pair = base64.b64encode(f"{question.login}:{question.secret.reveal()}".encode()).decode()
    for _ in range(MOST_REDIRECTS + 1):
        if not may_sign_in_at(url, question.domain, providers, question.named):
            break
        is_soap = urlsplit(url).path.endswith(".svc")
        body = (_SOAP if is_soap else _POX).format(address=escape(question.address))
        headers = {"Authorization": f"Basic {pair}"}
        if is_soap:
            headers["SOAPAction"] = f'"{_ACTION}"'
        page = web.ask(url, body.encode(), headers)
        if page.status == _UNAUTHORIZED:
            raise _refused(page, place)
        target = page.location or _redirect(page, place)
        if not target:
            return page
        url = target
    host = host_of(url) or url.rpartition("@")[2]
    raise CannotGoOn(Problem(ProblemId.REDIRECT_REFUSED, place, "autodiscover", host))


def _refused(page: Page, place: Place) -> OmmError:
    """A server that lets in by other means only has not looked at the password."""
    offered = page.headers.get("WWW-Authenticate", "")
    by_password = not offered or "basic" in offered.casefold()
    refused, other = ProblemId.SIGN_IN_REFUSED, ProblemId.SIGN_IN_METHOD_UNAVAILABLE
    problem = Problem(refused if by_password else other, place, "401", host_of(page.url))
    return OwnerNeeded(problem)


def _redirect(page: Page, place: Place) -> str:
    """Where the document itself leads to, a URL or an address; empty when it holds settings."""
    root = documents.parse(page.body, host_of(page.url), place)
    for name in ("RedirectUrl", "RedirectTarget", "RedirectAddr"):
        for element in documents.inside(root, name):
            if element.text:
                return element.text.strip()
    return ""


def _ews(root: Element) -> str:
    """Where EWS answers from outside, or else from inside; empty when no usable place is told."""
    told = {
        documents.text(one, "Type"): documents.text(one, "EwsUrl")
        for one in documents.inside(root, "Protocol")
    }
    told |= {
        documents.text(one, "Name"): documents.text(one, "Value")
        for one in documents.inside(root, "UserSetting")
    }
    urls = (told.get(name, "") for name in (*_EWS_PROTOCOLS, *_EWS))
    return next((url for url in urls if _is_safe(url)), "")


def _is_safe(url: str) -> bool:
    """Encrypted, and all readers of addresses agree on the host."""
    try:
        return server_at(url).security is Security.TLS and bool(host_of(url))
    except ValueError:
        return False


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
