"""Sheets of settings, the steps with values in them, and values as they are read out."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from omm_desktop import paths
from omm_desktop.guide import labels
from omm_desktop.guide.providers import providers
from omm_desktop.guide.reference import PartName, ValueName, answer_fits, near, sheet
from omm_desktop.guide.service import Service
from omm_desktop.guide.spelling import spell
from omm_desktop.guide.steps import MailProgram, mail_programs, read
from omm_desktop.language import LANGUAGES, Language, set_language
from omm_desktop.model.account import Security, Server
from omm_desktop.model.protocol import Protocol

every_service = pytest.mark.parametrize("service", providers().services, ids=lambda one: one.id)
every_program = pytest.mark.parametrize("program", mail_programs(), ids=lambda one: one.id)


def service(id: str) -> Service:
    return providers().by_id(id)


def test_both_host_names_stand_in_the_sheet_and_what_is_the_same_stands_once() -> None:
    incoming, outgoing = sheet(service("ovh-mxplan-eu"), Protocol.IMAP).parts
    assert [(one.name, one.text, one.alternative) for one in incoming.values] == [
        (ValueName.SERVER, "imap.mail.ovh.net", False),
        (ValueName.PORT, "993", False),
        (ValueName.ENCRYPTION, "SSL/TLS", False),
        (ValueName.SERVER, "ssl0.ovh.net", True),
    ]
    assert outgoing.name is PartName.OUTGOING
    assert outgoing.first(ValueName.PORT) == "465"


def test_another_port_of_the_same_host_is_an_alternative() -> None:
    part = sheet(service("gandi"), Protocol.POP).parts[0]
    others = [(one.name, one.text) for one in part.values if one.alternative]
    assert others == [(ValueName.PORT, "110"), (ValueName.ENCRYPTION, "STARTTLS")]


def test_a_service_without_pop_has_no_values_there() -> None:
    assert sheet(service("icloud"), Protocol.POP).parts == ()
    assert sheet(service("icloud"), Protocol.POP).programs() == []


def test_no_steps_tell_to_type_a_password_where_none_is_accepted() -> None:
    closed = [one for one in providers().services if not one.takes_password]
    assert {one.id for one in closed} == {"microsoft365", "outlookcom"}
    for one in closed:
        assert sheet(one, Protocol.IMAP).parts
        assert all(sheet(one, protocol).programs() == [] for protocol in Protocol)
        assert one.notes[0].en.endswith("Microsoft asks for the sign-in there.")


def test_sending_may_want_another_user_name() -> None:
    incoming, outgoing = sheet(service("icloud"), Protocol.IMAP).parts
    assert labels.login_line(incoming.login) != labels.login_line(outgoing.login)


def test_a_number_completes_every_host() -> None:
    pro = service("ovh-emailpro")
    assert not sheet(pro, Protocol.IMAP).complete
    full = sheet(pro, Protocol.IMAP, "2")
    assert full.complete
    assert list(full.targets()) == [
        (Protocol.IMAP, Server("pro2.mail.ovh.net", 993, Security.TLS)),
        (Protocol.SMTP, Server("pro2.mail.ovh.net", 587, Security.STARTTLS)),
    ]
    exchange = sheet(pro, Protocol.EWS, "2")
    assert list(exchange.targets()) == [
        (Protocol.EWS, "https://pro2.mail.ovh.net/ews/exchange.asmx")
    ]
    assert exchange.parts[0].values[0].inferred


@pytest.mark.parametrize(
    ("id", "answer", "fits"),
    [
        ("ovh-emailpro", "2", True),
        ("ovh-emailpro", "two", False),
        ("ovh-emailpro", "2.evil.example/", False),
        ("ovh-exchange-private", "mail.exemple.fr", True),
        ("ovh-exchange-private", "mail exemple fr", False),
        ("ovh-exchange-private", "https://mail.exemple.fr", False),
        ("gmail", "2", False),
    ],
)
def test_an_answer_completes_a_host_or_is_refused(id: str, answer: str, fits: bool) -> None:
    assert answer_fits(service(id), answer) is fits


@every_service
@pytest.mark.parametrize("language", LANGUAGES)
def test_steps_hold_the_values_of_the_service(service: Service, language: Language) -> None:
    set_language(language)
    for protocol in Protocol:
        shown = sheet(service, protocol, "7" if service.ask else "")
        for program in shown.programs():
            told = " ".join(labels.steps(program.add, shown))
            assert "{" not in told
            if protocol in (Protocol.IMAP, Protocol.POP):
                for part in shown.parts:
                    assert part.first(ValueName.SERVER) in told


@every_service
def test_a_blank_that_nobody_filled_yet_is_dots(service: Service) -> None:
    for protocol in Protocol:
        shown = sheet(service, protocol)
        values = [value for part in shown.parts for value in part.values]
        told = [labels.value_line(value) for value in values] + [value.shown for value in values]
        for program in shown.programs():
            told += labels.steps(program.add, shown) + labels.steps(program.change, shown)
        assert not any("{" in text for text in told)
        assert any("…" in text for text in told) is any("{" in value.text for value in values)


def test_outlook_comes_first_and_exchange_is_added_anew() -> None:
    imap = sheet(service("ovh-mxplan-eu"), Protocol.IMAP).programs()
    assert [one.id for one in imap[:2]] == ["outlook-simple", "outlook-manual"]
    exchange = sheet(service("ovh-exchange-eu"), Protocol.EWS, "3").programs()
    assert [one.id for one in exchange] == ["outlook-exchange"]
    assert "SRV" in " ".join(labels.steps(exchange[0].change, sheet(service("ovh-exchange-eu"),
                                                                    Protocol.EWS)))  # fmt: skip
    pro = sheet(service("ovh-zimbra-pro-eu"), Protocol.EWS)
    assert "zimbra1.mail.ovh.net" in " ".join(labels.steps(pro.programs()[0].add, pro))
    assert sheet(service("microsoft365"), Protocol.EWS).programs() == []


@every_program
def test_steps_are_complete_and_short_in_both_languages(program: MailProgram) -> None:
    for step in (*program.add, *program.change):
        assert step.en
        assert not re.search(r"\w'\w|[^\u202f][;:?!»]", step.fr), step.fr
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (step.fr, step.en)
        ]
        assert fields[0] == fields[1]
        for sentence in re.split(r"[.;:!?]\s", step.fr):
            assert len(sentence.split()) <= 20, sentence


def test_steps_with_unknown_keys_or_sources_are_refused(tmp_path: Path) -> None:
    text = (paths.resources() / "steps.toml").read_text("utf-8")
    for good, bad in (("kinds =", "kind ="), ('"imap", "pop"', '"imap", "pop4"'),
                      ('source = "zimbra-outlook"', 'source = "hearsay"')):  # fmt: skip
        assert good in text
        broken = tmp_path / "steps.toml"
        broken.write_text(text.replace(good, bad, 1), "utf-8")
        with pytest.raises((ValueError, KeyError)):
            read(broken, providers().citations)


def test_a_value_is_spelled_sign_by_sign() -> None:
    assert spell("ssl0.ovh-a", language="fr") == "s – s – l – 0 – point – o – v – h – tiret – a"
    assert spell("a_b@c", language="en") == "a – underscore – b – at – c"
    assert spell("ex3", names=True, language="fr") == "E Eugène – X Xavier – 3"
    assert spell("ex3", names=True, language="en") == "E Echo – X X-ray – 3"


@every_service
def test_every_sign_of_every_value_can_be_said(service: Service) -> None:
    for protocol in Protocol:
        for part in sheet(service, protocol, "7" if service.ask else "").parts:
            for value in part.values:
                for said in spell(value.text, language="fr").split(" – "):
                    assert re.fullmatch(r"\w|[\w -]{3,}", said), (value.text, said)


def test_dates_are_told_as_they_are_known() -> None:
    set_language("fr")
    assert labels.published("2026-03-24") == "24 mars 2026"
    assert labels.published("2022-06") == "juin 2022"
    assert labels.published("2024") == "2024"
    assert labels.published("") == ""


def test_limits_are_told_with_their_sources() -> None:
    told = labels.limits(service("gmail"))
    assert len(told) == 5
    assert any("15" in line and "second hand" in line for line in told)
    assert labels.limits(service("sfr")) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ovh-mxplan", "ovh-mxplan-eu"), ("gmial", "gmail"), ("OVH-EMAILPRO", "ovh-emailpro")],
)
def test_near_ids_are_offered(typed: str, meant: str) -> None:
    assert meant in near(providers(), typed)


def test_nothing_is_offered_for_nonsense() -> None:
    assert near(providers(), "xqzw") == []
    assert near(providers(), "") == []
