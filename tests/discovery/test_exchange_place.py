"""Where EWS answers for a plan that does not tell: what is asked, and what no host gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omm_desktop.guide.discovery.exchange_place import located
from omm_desktop.guide.discovery.network import Surroundings
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.problem import OmmError, Place, ProblemId
from omm_desktop.model.secret import Secret
from tests.servers.certificates import Authority
from tests.servers.dns_server import DnsServer
from tests.servers.ews import EwsServer
from tests.servers.process import LOOPBACK
from tests.servers.web_server import WebServer, leads_to, says, wants_password

from .conftest import ADDRESS, DOMAIN, HOSTS, PASSWORD
from .test_exchange_account import POX, POX_ANSWER, REDIRECT, SIGNED, SOAP, SOAP_ANSWER, STRANGER

EWS = "https://exchange.exemple.test/ews/exchange.asmx"
OTHERS = "exchange.autre.test"
TOLD_ELSEWHERE = SOAP_ANSWER.replace("exchange.exemple.test", OTHERS)
NOT_ASKED = Account(EndpointKind.EWS, ADDRESS, Server("", 443, Security.TLS), ADDRESS)


@pytest.fixture
def exchange(names: DnsServer, web: WebServer) -> WebServer:
    hosts = (f"autodiscover.{DOMAIN}", f"mail.{DOMAIN}", STRANGER, OTHERS)
    names.zone |= {f"{host} A": [LOOPBACK] for host in hosts}
    return web


def find(surroundings: Surroundings, host: str = "", **more: object) -> Account:
    account = replace(NOT_ASKED, server=Server(host, 443, Security.TLS), **more)  # type: ignore[arg-type]
    return located(account, Secret(PASSWORD), surroundings, Place.DESTINATION)


def refused(surroundings: Surroundings, host: str = "") -> tuple[ProblemId, str]:
    with pytest.raises(OmmError) as error:
        find(surroundings, host)
    return error.value.problem.id, error.value.problem.subject


def asks_then_says(answer: str):  # type: ignore[no-untyped-def]
    """As Exchange: who asks without a password is told to sign in."""

    def reply(handler):  # type: ignore[no-untyped-def]
        signed = handler.headers.get("Authorization")
        (says(answer.encode()) if signed else wants_password)(handler)

    return reply


def who_saw_the_password(web: WebServer) -> set[str]:
    return {heard.host for heard in web.heard if SIGNED in heard.text or PASSWORD in heard.text}


@pytest.mark.parametrize(
    ("path", "answer"), [(POX, POX_ANSWER), (SOAP, SOAP_ANSWER)], ids=["POX", "SOAP"]
)
def test_the_domain_tells(
    surroundings: Surroundings, exchange: WebServer, path: str, answer: str
) -> None:
    exchange.answers[path] = asks_then_says(answer)
    found = find(surroundings)
    assert (found.url, found.server) == (EWS, Server("exchange.exemple.test", 443, Security.TLS))
    assert who_saw_the_password(exchange) == {f"autodiscover.{DOMAIN}"}


def test_the_record_of_the_domain_tells(
    surroundings: Surroundings, exchange: WebServer, names: DnsServer
) -> None:
    names.zone[f"_autodiscover._tcp.{DOMAIN} SRV"] = [f"0 0 443 mail.{DOMAIN}."]
    exchange.answers[f"mail.{DOMAIN}/autodiscover/autodiscover.xml"] = asks_then_says(POX_ANSWER)
    assert find(surroundings).url == EWS


def test_an_ovhcloud_server_is_known_without_a_password(
    surroundings: Surroundings, exchange: WebServer, names: DnsServer
) -> None:
    names.zone[f"_autodiscover._tcp.{DOMAIN} SRV"] = ["0 0 443 ex3.mail.ovh.net."]
    assert find(surroundings).url == "https://ex3.mail.ovh.net/ews/exchange.asmx"
    assert who_saw_the_password(exchange) == set()


def test_what_is_for_outside_comes_first(surroundings: Surroundings, exchange: WebServer) -> None:
    inside = "<Protocol><Type>EXCH</Type><EwsUrl>https://inside.exemple.test/e</EwsUrl></Protocol>"
    outside = f"<Protocol><Type>EXPR</Type><EwsUrl>{EWS}</EwsUrl></Protocol>"
    exchange.answers[POX] = asks_then_says(f"<Autodiscover>{inside}{outside}</Autodiscover>")
    assert find(surroundings).url == EWS


def test_where_no_basic_sign_in_is_offered_the_usual_place_is_tried(
    surroundings: Surroundings, exchange: WebServer
) -> None:
    ntlm = says(status=401, headers={"WWW-Authenticate": "NTLM"})
    exchange.answers[POX] = ntlm
    assert refused(surroundings)[0] is ProblemId.SIGN_IN_METHOD_UNAVAILABLE
    exchange.answers[f"autodiscover.{DOMAIN}/EWS/Exchange.asmx"] = ntlm
    assert find(surroundings).url == f"https://autodiscover.{DOMAIN}/EWS/Exchange.asmx"


@pytest.mark.parametrize("url", ["http://exchange.exemple.test/e", "https://a\\@b.test/e", "x"])
def test_an_unusable_place_counts_for_nothing(
    surroundings: Surroundings, exchange: WebServer, url: str
) -> None:
    exchange.answers[SOAP] = asks_then_says(
        SOAP_ANSWER.replace("https://exchange.exemple.test/ews/exchange.asmx", url)
    )
    assert refused(surroundings) == (ProblemId.EXCHANGE_NOT_FOUND, DOMAIN)


def test_another_companys_host_has_to_be_named(
    surroundings: Surroundings, exchange: WebServer
) -> None:
    exchange.answers[SOAP] = asks_then_says(TOLD_ELSEWHERE)
    assert refused(surroundings) == (ProblemId.EXCHANGE_ELSEWHERE, OTHERS)
    exchange.answers[f"{OTHERS}/EWS/Exchange.asmx"] = wants_password
    assert find(surroundings, OTHERS).url == f"https://{OTHERS}/EWS/Exchange.asmx"


@pytest.mark.parametrize("in_document", [False, True], ids=["header", "document"])
def test_a_redirect_to_another_company_has_to_be_named(
    surroundings: Surroundings, exchange: WebServer, in_document: bool
) -> None:
    """Before the password is asked for, or only then."""
    target = f"https://{STRANGER}/autodiscover/autodiscover.xml"
    document = REDIRECT.format(target)
    exchange.answers[POX] = asks_then_says(document) if in_document else leads_to(target)
    exchange.answers[target.removeprefix("https://")] = asks_then_says(POX_ANSWER)
    assert refused(surroundings) == (ProblemId.EXCHANGE_ELSEWHERE, STRANGER)
    assert STRANGER not in who_saw_the_password(exchange)
    assert find(surroundings, STRANGER).url == EWS
    assert STRANGER in who_saw_the_password(exchange)


def test_a_named_host_is_no_consent_for_a_third_one(
    surroundings: Surroundings, exchange: WebServer
) -> None:
    path = f"{STRANGER}/autodiscover/autodiscover.svc"
    exchange.answers[path] = asks_then_says(TOLD_ELSEWHERE)
    assert refused(surroundings, STRANGER) == (ProblemId.EXCHANGE_ELSEWHERE, OTHERS)


def test_a_host_that_cannot_be_asked_keeps_its_usual_place(surroundings: Surroundings) -> None:
    """Its name may be known to this computer alone."""
    assert find(surroundings, "srv-mail").url == "https://srv-mail/EWS/Exchange.asmx"


def test_exchange_online_is_known_by_its_mx(
    surroundings: Surroundings, names: DnsServer, web: WebServer
) -> None:
    names.zone[f"{DOMAIN} MX"] = ["0 exemple-test.mail.protection.outlook.com."]
    assert refused(surroundings)[0] is ProblemId.SERVICE_RETIRED
    assert who_saw_the_password(web) == set()


def test_exchange_online_is_known_by_its_redirect(
    surroundings: Surroundings, names: DnsServer, authority: Authority
) -> None:
    host = "autodiscover-s.outlook.com"
    names.zone = {f"{name} A": [LOOPBACK] for name in (host, f"autodiscover.{DOMAIN}")}
    path = "/autodiscover/autodiscover.xml"
    with (
        WebServer(authority.named(host), {host + path: wants_password}) as protected,
        WebServer(None, {f"autodiscover.{DOMAIN}{path}": leads_to(f"https://{host}{path}")}) as web,
    ):
        ports = {**surroundings.ports, 443: protected.port, 80: web.port}
        assert refused(replace(surroundings, ports=ports))[0] is ProblemId.SERVICE_RETIRED
        assert who_saw_the_password(protected) == set()


def test_an_address_of_exchange_online_in_the_answer_is_recognised(
    surroundings: Surroundings, exchange: WebServer
) -> None:
    exchange.answers[POX] = asks_then_says(
        "<Autodiscover><RedirectAddr>claire@exemple.mail.onmicrosoft.com</RedirectAddr>"
        "</Autodiscover>"
    )
    assert refused(surroundings)[0] is ProblemId.SERVICE_RETIRED


def test_nothing_found_is_told_with_its_domain(surroundings: Surroundings, web: WebServer) -> None:
    assert refused(surroundings) == (ProblemId.EXCHANGE_NOT_FOUND, DOMAIN)
    assert who_saw_the_password(web) == set()


def test_a_wrong_password_is_told_and_tried_once(
    surroundings: Surroundings, exchange: WebServer
) -> None:
    exchange.answers[POX] = exchange.answers[SOAP] = wants_password
    assert refused(surroundings)[0] is ProblemId.SIGN_IN_REFUSED
    assert sum(SIGNED in heard.text for heard in exchange.heard) == 1


def test_an_endpoint_that_talks_nonsense_leaves_the_next_one(
    surroundings: Surroundings, exchange: WebServer
) -> None:
    nonsense = asks_then_says("<html><p>Welcome")
    exchange.answers[f"{DOMAIN}/autodiscover/autodiscover.xml"] = nonsense
    assert refused(surroundings)[0] is ProblemId.SETTINGS_FILE_UNUSABLE
    exchange.answers[SOAP] = asks_then_says(SOAP_ANSWER)
    assert find(surroundings).url == EWS


def test_a_host_may_be_named_for_an_address_without_a_domain(
    surroundings: Surroundings, exchange: WebServer
) -> None:
    path = f"{STRANGER}/autodiscover/autodiscover.svc"
    exchange.answers[path] = asks_then_says(SOAP_ANSWER.replace("exchange.exemple.test", STRANGER))
    found = find(surroundings, STRANGER, login="claire@local")
    assert found.url == f"https://{STRANGER}/ews/exchange.asmx"


def test_another_login_asks_about_its_mailbox(
    surroundings: Surroundings, exchange: WebServer
) -> None:
    exchange.answers[POX] = asks_then_says(POX_ANSWER)
    assert find(surroundings, login="EXEMPLE\\claire", mailbox=ADDRESS).url == EWS
    (signed,) = [heard for heard in exchange.heard if "Authorization" in heard.headers]
    assert ADDRESS.encode() in signed.body


def test_an_exchange_server_is_found(
    names: DnsServer, surroundings: Surroundings, authority: Authority
) -> None:
    names.zone = {f"autodiscover.{DOMAIN} A": [LOOPBACK]}
    with EwsServer(authority.named(*HOSTS)) as server:
        server.add_mailbox(ADDRESS, PASSWORD)
        server.known_as = f"exchange.{DOMAIN}"
        nearby = replace(surroundings, ports={**surroundings.ports, 443: server.port})
        assert find(nearby).url == f"https://exchange.{DOMAIN}/EWS/Exchange.asmx"
