"""Our services against a table of published settings that was made apart from them."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from omm_desktop.guide.providers import providers
from omm_desktop.guide.service import Service, SignIn, Wording
from omm_desktop.guide.steps import mail_programs
from omm_desktop.model.account import Security

TABLE = json.loads(Path(__file__).with_name("published_settings.json").read_text("utf-8"))
SERVICES = providers().services
every_row = pytest.mark.parametrize("row", TABLE, ids=lambda row: row["id"])
every_service = pytest.mark.parametrize("service", SERVICES, ids=lambda one: one.id)

SIGN_IN = {
    "password": {SignIn.PASSWORD},
    "app_password": {SignIn.APP_PASSWORD},
    "oauth2": {SignIn.OAUTH2},
    "oauth2_or_app_password": {SignIn.APP_PASSWORD, SignIn.OAUTH2},
    "oauth2_or_password": {SignIn.PASSWORD, SignIn.OAUTH2},
}
# The help pages of these three say that a program needs a password of its own.
WANT_MORE = {"fastmail", "mailru", "yandex"}
LIMITS = {
    "mailbox_bytes_max": "mailbox_bytes",
    "imap_download_bytes_per_day": "imap_download_bytes_per_day",
    "imap_upload_bytes_per_day": "imap_upload_bytes_per_day",
    "pop_download_bytes_per_day": "pop_download_bytes_per_day",
    "simultaneous_imap_clients": "connections",
    "append_limit_bytes": "message_bytes",
    "message_bytes_default": "message_bytes",
    "imap_append_bytes_default": "message_bytes",
    "ews_max_concurrency": "ews_connections",
    "ews_max_concurrency_2013_plus": "ews_connections",
    "ews_find_count_limit": "ews_find_items",
}
# Kept by nobody: what an Exchange of 2010 or ActiveSync allows, and what a tenant may raise.
OTHER_LIMITS = {
    "ews_max_concurrency_2010",
    "ews_request_bytes_default",
    "activesync_request_kib_default",
    "message_bytes_max",
}


def test_the_same_services_in_the_same_order() -> None:
    assert [service.id for service in SERVICES] == [row["id"] for row in TABLE]


@every_row
def test_servers_and_addresses(row: dict[str, Any]) -> None:
    service = providers().by_id(row["id"])
    for protocol in ("imap", "pop", "smtp"):
        ours = [(one.host, one.port, one.security.value) for one in getattr(service, protocol)]
        assert ours == [(one["host"], one["port"], one["security"]) for one in row[protocol]]
    for name in ("ews", "activesync", "caldav", "webmail"):
        assert getattr(service, name) == row[name], name


@every_row
def test_what_is_recognised_asked_and_wanted(row: dict[str, Any]) -> None:
    service = providers().by_id(row["id"])
    assert (service.kind, service.region) == (row["kind"], row["region"])
    assert service.domains == set(row["domains"])
    assert list(service.mx) == row["mx"]
    assert (service.login, service.smtp_login) == (row["login"], row["smtp_login"])
    needs_host = "{host}" in (row["ews"] or "")
    asked = row["asks"] or ("host" if needs_host else None)
    assert (service.ask.name if service.ask else None) == asked
    if service.id in WANT_MORE:
        assert service.wants_app_password
    else:
        assert set(service.sign_in) == SIGN_IN[row["sign_in"]]


@every_row
def test_limits(row: dict[str, Any]) -> None:
    service = providers().by_id(row["id"])
    for name, number in row["limits"].items():
        if name not in OTHER_LIMITS:
            assert getattr(service.limits, LIMITS[name]) == number, name


@every_row
def test_sources_and_what_is_only_inferred(row: dict[str, Any]) -> None:
    service = providers().by_id(row["id"])
    assert set(row["sources"]) <= set(service.sources)
    for value in row["inferred"]:
        assert service.origins[value].inferred, value


@pytest.mark.parametrize(
    ("id", "value", "parts"),
    [
        ("ovh-emailpro", "ews", {"url"}),
        ("ovh-emailpro", "imap", set()),
        ("ovh-exchange-eu", "ews", set()),
        ("ovh-exchange-eu", "pop", {"port", "security"}),
        ("ovh-exchange-ca", "ews", {"url"}),
        ("ovh-exchange-private", "smtp", {"port", "security"}),
        ("ionos-fr", "imap", {"port", "security"}),
        ("ionos-fr", "smtp", {"host", "port", "security"}),
    ],
)
def test_each_value_that_is_inferred_is_marked_by_itself(
    id: str, value: str, parts: set[str]
) -> None:
    assert providers().by_id(id).origins[value].inferred == parts


@every_service
def test_every_value_has_a_source_and_a_day(service: Service) -> None:
    assert date(2026, 1, 1) <= service.checked <= date(2026, 11, 21)
    for name in ("imap", "pop", "smtp", "ews", "activesync", "caldav", "webmail"):
        assert service.origins[name].citation.id in service.sources, name
    if service.guide is not None:
        assert service.guide.citation.id in service.sources
        assert service.guide.checked <= date(2026, 11, 21)


@every_service
def test_no_port_goes_with_the_other_encryption(service: Service) -> None:
    for server in (*service.imap, *service.pop, *service.smtp):
        encrypted_at_once = server.port in (993, 995, 465)
        assert encrypted_at_once == (server.security is Security.TLS), server
        assert server.security is not Security.NONE


@every_service
def test_who_needs_a_password_of_its_own_is_told_how(service: Service) -> None:
    if service.wants_app_password or not service.takes_password:
        assert service.guide is not None
        assert len(service.guide.steps) >= 3


def wordings() -> list[Wording]:
    found = [citation.name for citation in providers().citations.values()]
    for service in SERVICES:
        found += [service.name, *service.notes]
        found += service.guide.steps if service.guide else ()
        found += [service.advice] if service.advice else []
    return found


def test_both_languages_everywhere_with_french_signs() -> None:
    for words in wordings():
        assert words.en
        assert words.fr
        assert not re.search(r"\w'\w|[^\u202f][;:?!»]", words.fr), words.fr


def test_the_switch_that_no_longer_exists_is_advised_nowhere() -> None:
    told = " ".join(f"{words.fr} {words.en}" for words in wordings()).lower()
    assert "less secure" not in told
    assert "moins sécurisé" not in told


def test_all_sources_are_used_or_kept_for_the_diagnosis() -> None:
    used = {id for service in SERVICES for id in service.sources}
    used |= {program.citation.id for program in mail_programs()}
    unused = set(providers().citations) - used
    assert all(id.startswith(("dns-", "exchange-adddomain")) for id in unused), unused
