"""The password goes to the domain's own Exchange server, and nowhere else."""

from __future__ import annotations

import base64
import time
from dataclasses import replace

import pytest

from omm_desktop.guide.discovery import exchange_account
from omm_desktop.guide.discovery.candidate import Candidate
from omm_desktop.guide.discovery.exchange_account import Question, may_sign_in_at
from omm_desktop.guide.discovery.network import Surroundings
from omm_desktop.guide.providers import providers
from omm_desktop.model.account import Security, Server
from omm_desktop.model.problem import OmmError, Place, ProblemId
from omm_desktop.model.secret import Secret
from tests.servers.certificates import Authority
from tests.servers.dns_server import DnsServer
from tests.servers.process import LOOPBACK
from tests.servers.web_server import WebServer, endless, leads_to, says, wants_password

from .conftest import ADDRESS, DOMAIN, PASSWORD

HOST = f"autodiscover.{DOMAIN}"
POX, SOAP = f"{HOST}/autodiscover/autodiscover.xml", f"{HOST}/autodiscover/autodiscover.svc"
STRANGER = "autodiscover.autre.test"
SIGNED = base64.b64encode(f"{ADDRESS}:{PASSWORD}".encode()).decode()

POX_ANSWER = """<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
 <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
  <Account><AccountType>email</AccountType><Action>settings</Action>
   <Protocol><Type>EXCH</Type><Server>internal</Server>
    <EwsUrl>https://exchange.exemple.test/ews/exchange.asmx</EwsUrl></Protocol>
   <Protocol><Type>IMAP</Type><Server>Mail.exemple.test</Server><Port>993</Port><SSL>on</SSL>
   </Protocol>
   <Protocol><Type>IMAP</Type><Server>old.exemple.test</Server><Port>143</Port><SSL>off</SSL>
   </Protocol>
   <Protocol><Type>SMTP</Type><Server>mail.exemple.test</Server><Port>587</Port>
    <Encryption>TLS</Encryption></Protocol>
  </Account></Response></Autodiscover>"""
SOAP_ANSWER = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
 <GetUserSettingsResponseMessage xmlns="http://schemas.microsoft.com/exchange/2010/Autodiscover">
  <Response><UserResponses><UserResponse><UserSettings>
   <UserSetting><Name>ExternalEwsUrl</Name>
    <Value>https://exchange.exemple.test/ews/exchange.asmx</Value></UserSetting>
   <UserSetting><Name>ExternalImap4Connections</Name><ProtocolConnections>
    <ProtocolConnection><EncryptionMethod>SSL</EncryptionMethod>
     <Hostname>mail.exemple.test</Hostname><Port>993</Port></ProtocolConnection>
   </ProtocolConnections></UserSetting>
   <UserSetting><Name>ExternalSmtpConnections</Name><ProtocolConnections>
    <ProtocolConnection><EncryptionMethod>TLS</EncryptionMethod>
     <Hostname>mail.exemple.test</Hostname><Port>587</Port></ProtocolConnection>
   </ProtocolConnections></UserSetting>
  </UserSettings></UserResponse></UserResponses></Response>
 </GetUserSettingsResponseMessage></s:Body></s:Envelope>"""
REDIRECT = "<Autodiscover><Account><RedirectUrl>{}</RedirectUrl></Account></Autodiscover>"


@pytest.fixture
def exchange(names: DnsServer, web: WebServer) -> WebServer:
    names.zone |= {f"{host} A": [LOOPBACK] for host in (HOST, STRANGER)}
    return web


def ask(path: str, surroundings: Surroundings, seconds: float = 8.0) -> Candidate:
    question = Question(ADDRESS, ADDRESS, Secret(PASSWORD))
    return exchange_account.ask(f"https://{path}", question, surroundings, Place.SOURCE, seconds)


@pytest.mark.parametrize(
    ("path", "answer"), [(POX, POX_ANSWER), (SOAP, SOAP_ANSWER)], ids=["POX", "SOAP"]
)
def test_exchange_names_its_servers(
    surroundings: Surroundings, exchange: WebServer, path: str, answer: str
) -> None:
    exchange.answers[path] = says(answer.encode())
    found = ask(path, surroundings)
    assert found.imap == (Server("mail.exemple.test", 993, Security.TLS),)
    assert found.smtp == (Server("mail.exemple.test", 587, Security.STARTTLS),)
    assert found.ews == "https://exchange.exemple.test/ews/exchange.asmx"
    assert not found.needs_consent
    (heard,) = exchange.heard
    assert heard.method == "POST"
    assert heard.headers["Authorization"] == f"Basic {SIGNED}"
    assert ADDRESS.encode() in heard.body
    assert PASSWORD.encode() not in heard.body


def test_a_refused_password_is_told_as_such(
    surroundings: Surroundings, exchange: WebServer
) -> None:
    exchange.answers[POX] = wants_password
    with pytest.raises(OmmError) as refused:
        ask(POX, surroundings)
    assert refused.value.problem.id is ProblemId.SIGN_IN_REFUSED
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize(
    "target",
    [
        f"https://{STRANGER}/x.xml",
        f"https://{STRANGER}\\@{HOST}/x.xml",
        "https://[no-address/",
        f"http://{POX}",
    ],
)
@pytest.mark.parametrize("in_document", [False, True], ids=["header", "document"])
def test_the_password_does_not_follow_a_redirect_elsewhere(
    surroundings: Surroundings, exchange: WebServer, target: str, in_document: bool
) -> None:
    exchange.answers[POX] = (
        says(REDIRECT.format(target).encode()) if in_document else leads_to(target)
    )
    with WebServer(None) as plain:
        ports = {**surroundings.ports, 80: plain.port}
        nearby = replace(surroundings, ports=ports)
        with pytest.raises(OmmError) as refused:
            ask(POX, nearby)
        assert refused.value.problem.id is ProblemId.REDIRECT_REFUSED
        assert plain.heard == []
    assert [heard.host for heard in exchange.heard] == [HOST]


def test_a_redirect_within_the_domain_is_followed(
    surroundings: Surroundings, exchange: WebServer
) -> None:
    exchange.answers[POX] = leads_to(f"https://{SOAP}")
    exchange.answers[SOAP] = says(SOAP_ANSWER.encode())
    assert ask(POX, surroundings).imap


def test_a_circle_has_an_end(surroundings: Surroundings, exchange: WebServer) -> None:
    exchange.answers[POX] = leads_to(f"https://{POX}")
    with pytest.raises(OmmError) as refused:
        ask(POX, surroundings)
    assert refused.value.problem.id is ProblemId.REDIRECT_REFUSED
    assert len(exchange.heard) == 6


def test_no_password_behind_a_wrong_certificate(
    surroundings: Surroundings, exchange: WebServer, authority: Authority
) -> None:
    with WebServer(authority.wrong_name()) as wrong:
        ports = {**surroundings.ports, 443: wrong.port}
        nearby = replace(surroundings, ports=ports)
        with pytest.raises(OmmError) as refused:
            ask(POX, nearby)
        assert refused.value.problem.id is ProblemId.CERTIFICATE_OTHER_NAME
        assert wrong.heard == []


def test_an_endless_answer_is_refused(surroundings: Surroundings, exchange: WebServer) -> None:
    exchange.answers[POX] = endless(b" " * 65536, 50 << 20)
    with pytest.raises(OmmError) as refused:
        ask(POX, surroundings)
    assert refused.value.problem.id is ProblemId.SETTINGS_FILE_UNUSABLE


@pytest.mark.parametrize("fault", ["silent", "dripping"])
def test_a_server_that_never_ends(
    surroundings: Surroundings, exchange: WebServer, fault: str
) -> None:
    exchange.answers[POX] = getattr(exchange, fault)()
    begin = time.monotonic()
    with pytest.raises(OmmError) as late:
        ask(POX, surroundings, seconds=1.0)
    assert time.monotonic() - begin < 20
    assert late.value.problem.id is ProblemId.SERVER_SILENT


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://autodiscover.filiale.exemple.test/a", True),
        ("https://filiale.exemple.test/a", True),
        ("https://ex3.mail.ovh.net/a", True),
        ("https://exemple.test/a", False),
        ("https://autodiscover.exemple.test/a", False),
        ("http://filiale.exemple.test/a", False),
        ("https://xfiliale.exemple.test/a", False),
        ("https://filiale.exemple.test.autre.test/a", False),
        ("https://filiale.exemple.test@autre.test/a", False),
        ("https://autre.test\\@filiale.exemple.test/a", False),
        ("https://[filiale.exemple.test/a", False),
    ],
)
def test_which_hosts_may_see_a_password(url: str, may: bool) -> None:
    """For claire@filiale.exemple.test: a parent domain is another company until proved ours."""
    assert may_sign_in_at(url, "filiale.exemple.test", providers()) is may
