"""What each origin tells, asked of real servers on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm_desktop.guide.discovery.candidate import Origin
from omm_desktop.model.account import Security, Server
from tests.servers.dns_server import DnsServer
from tests.servers.process import LOOPBACK
from tests.servers.web_server import WebServer, leads_to, says, wants_password

from .conftest import ADDRESS, DOMAIN, PASSWORD, Find

CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="exemple.test">
  <domain>exemple.test</domain>
  <incomingServer type="pop3"><hostname>pop.%EMAILDOMAIN%</hostname><port>995</port>
    <socketType>SSL</socketType><username>%EMAILADDRESS%</username></incomingServer>
  <incomingServer type="imap"><hostname>{host}</hostname><port>143</port>
    <socketType>plain</socketType><username>%EMAILADDRESS%</username></incomingServer>
  <incomingServer type="imap"><hostname>{host}</hostname><port>143</port>
    <socketType>STARTTLS</socketType><username>{login}</username></incomingServer>
  <outgoingServer type="smtp"><hostname>smtp.exemple.test</hostname><port>587</port>
    <socketType>STARTTLS</socketType><username>%EMAILADDRESS%</username></outgoingServer>
</emailProvider></clientConfig>
"""


def config(host: str = "imap.exemple.test", login: str = "%EMAILADDRESS%") -> bytes:
    return CONFIG.format(host=host, login=login).encode()


def test_a_known_domain_asks_nobody(find: Find, names: DnsServer, web: WebServer) -> None:
    best = find("claire@gmail.com").best
    assert best is not None
    assert (best.origin, best.service and best.service.id) == (Origin.KNOWN_DOMAIN, "gmail")
    assert names.questions == []
    assert web.heard == []


def test_mail_taken_by_a_known_provider(find: Find, names: DnsServer) -> None:
    names.zone[f"{DOMAIN} MX"] = ["5 mx.inconnu.test.", "10 alt1.aspmx.l.google.com."]
    best = find().best
    assert best is not None
    assert best.origin is Origin.KNOWN_MX
    assert best.service is not None
    assert best.service.id == "gmail"
    assert not best.needs_consent


def test_srv_records_in_their_order_and_encrypted_alone(find: Find, names: DnsServer) -> None:
    names.zone |= {
        f"_imaps._tcp.{DOMAIN} SRV": [
            "20 0 993 late.exemple.test.",
            "10 1 993 light.exemple.test.",
            "10 9 9993 heavy.exemple.test.",
        ],
        f"_imap._tcp.{DOMAIN} SRV": ["0 0 143 imap.exemple.test."],
        f"_pop3s._tcp.{DOMAIN} SRV": ["0 0 0 ."],
        f"_submissions._tcp.{DOMAIN} SRV": ["0 0 465 smtp.exemple.test."],
    }
    best = find().best
    assert best is not None
    assert best.origin is Origin.SRV
    assert best.imap == (
        Server("heavy.exemple.test", 9993, Security.TLS),
        Server("light.exemple.test", 993, Security.TLS),
        Server("late.exemple.test", 993, Security.TLS),
        Server("imap.exemple.test", 143, Security.STARTTLS),
    )
    assert best.pop == ()
    assert best.smtp == (Server("smtp.exemple.test", 465, Security.TLS),)
    assert not best.needs_consent


def test_the_settings_file_of_the_domain(find: Find, names: DnsServer, web: WebServer) -> None:
    names.zone[f"autoconfig.{DOMAIN} A"] = [LOOPBACK]
    web.answers[f"autoconfig.{DOMAIN}/mail/config-v1.1.xml"] = says(
        config(login="%EMAILLOCALPART%@autre.test")
    )
    best = find().best
    assert best is not None
    assert best.origin is Origin.AUTOCONFIG
    assert best.imap == (Server("imap.exemple.test", 143, Security.STARTTLS),)
    assert best.pop == (Server("pop.exemple.test", 995, Security.TLS),)
    assert best.smtp == (Server("smtp.exemple.test", 587, Security.STARTTLS),)
    assert best.login_for("claire@exemple.test") == "claire@autre.test"


def test_the_settings_file_in_its_second_place_behind_a_redirect(
    find: Find, web: WebServer
) -> None:
    first = f"{DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml"
    web.answers[first] = leads_to(f"https://{DOMAIN}/elsewhere.xml")
    web.answers[f"{DOMAIN}/elsewhere.xml"] = says(config(login="%EMAILLOCALPART%"))
    best = find().best
    assert best is not None
    assert best.origin is Origin.AUTOCONFIG
    assert best.login_for(ADDRESS) == "claire.moreau"
    assert not any("Cookie" in heard.headers for heard in web.heard)


def test_only_the_domain_leaves_the_computer(find: Find, names: DnsServer, web: WebServer) -> None:
    names.zone |= {f"{name}.{DOMAIN} A": [LOOPBACK] for name in ("autoconfig", "autodiscover")}
    find()
    assert len({heard.path for heard in web.heard}) >= 4
    for said in (*(heard.text for heard in web.heard), *(one.name for one in names.questions)):
        assert "claire" not in said
        assert "moreau" not in said


@pytest.mark.parametrize(
    ("host", "consent"),
    [
        ("imap.exemple.test", ""),
        ("exemple.test", ""),
        ("imap.autre.test", "imap.autre.test"),
        ("imapexemple.test", "imapexemple.test"),
        ("imap.gmail.com", ""),
        ("pro7.mail.ovh.net", ""),
        ("pro7.mail.ovh.net.autre.test", "pro7.mail.ovh.net.autre.test"),
    ],
)
def test_another_companys_host_wants_consent(
    find: Find, names: DnsServer, host: str, consent: str
) -> None:
    names.zone[f"_imaps._tcp.{DOMAIN} SRV"] = [f"0 0 993 {host}."]
    best = find().best
    assert best is not None
    assert best.foreign_host == consent
    assert best.needs_consent is bool(consent)


def test_a_rank_wins_not_the_first_answer(find: Find, names: DnsServer, web: WebServer) -> None:
    """What wants consent does not keep the search from ending with something better below."""
    names.zone[f"_imaps._tcp.{DOMAIN} SRV"] = ["0 0 993 imap.autre.test."]
    web.answers[f"{DOMAIN}/.well-known/autoconfig/mail/config-v1.1.xml"] = says(config())
    found = find()
    assert [one.origin for one in found.candidates] == [Origin.SRV, Origin.AUTOCONFIG]
    assert found.best is found.candidates[0]


@pytest.mark.parametrize(
    "path", ["/autodiscover/autodiscover.xml", "/autodiscover/autodiscover.svc"]
)
def test_an_exchange_server_is_recognised_by_its_question(
    find: Find, names: DnsServer, web: WebServer, path: str
) -> None:
    names.zone[f"autodiscover.{DOMAIN} A"] = [LOOPBACK]
    web.answers[f"autodiscover.{DOMAIN}{path}"] = wants_password
    found = find()
    assert found.best is found.exchange_only
    assert found.best is not None
    assert found.best.exchange == f"https://autodiscover.{DOMAIN}{path}"
    assert not found.best.needs_consent
    assert all("Authorization" not in heard.headers for heard in web.heard)
    assert PASSWORD not in "".join(heard.text for heard in web.heard)


def test_a_site_that_is_closed_as_a_whole_is_no_exchange_server(find: Find, web: WebServer) -> None:
    paths = ("/", *(f"/autodiscover/autodiscover.{form}" for form in ("xml", "svc")))
    web.answers |= {f"{DOMAIN}{path}": wants_password for path in paths}
    assert find().candidates == ()
    assert {heard.path for heard in web.heard} >= set(paths)


def test_an_exchange_server_by_its_srv_record(find: Find, names: DnsServer, web: WebServer) -> None:
    names.zone[f"_autodiscover._tcp.{DOMAIN} SRV"] = ["0 0 443 exchange.autre.test."]
    names.zone["exchange.autre.test A"] = [LOOPBACK]
    web.answers["exchange.autre.test/autodiscover/autodiscover.xml"] = wants_password
    best = find().best
    assert best is not None
    assert best.foreign_host == "exchange.autre.test"


def test_a_plain_redirect_only_asks(find: Find, names: DnsServer, web: WebServer) -> None:
    names.zone |= {f"{name}.{DOMAIN} A": [LOOPBACK] for name in ("autodiscover", "exchange")}
    web.answers[f"exchange.{DOMAIN}/autodiscover/autodiscover.xml"] = wants_password
    with WebServer(None) as plain:
        plain.answers[f"autodiscover.{DOMAIN}/autodiscover/autodiscover.xml"] = leads_to(
            f"https://exchange.{DOMAIN}/autodiscover/autodiscover.xml"
        )
        best = find(ports={80: plain.port}).best
        assert best is not None
        assert best.exchange_only
        assert best.foreign_host == f"exchange.{DOMAIN}"
        assert all(heard.body == b"" for heard in plain.heard)
        assert ADDRESS not in "".join(heard.text for heard in plain.heard)


def test_passwords_stored_for_other_programs_stay_where_they_are(
    find: Find, web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = tmp_path / "netrc"
    stored.write_text(f"machine {DOMAIN} login claire password {PASSWORD}\n")
    monkeypatch.setenv("NETRC", str(stored))
    find()
    assert web.heard
    assert all("Authorization" not in heard.headers for heard in web.heard)


def test_the_systems_proxy_is_honoured(
    find: Find, names: DnsServer, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names.zone[f"autoconfig.{DOMAIN} A"] = [LOOPBACK]
    with WebServer(None) as proxy:
        monkeypatch.setenv("https_proxy", f"http://{LOOPBACK}:{proxy.port}")
        find()
        asked = {heard.path for heard in proxy.heard if heard.method == "CONNECT"}
    assert f"autoconfig.{DOMAIN}:443" in asked
    assert web.heard == []
