"""Exchange in plan files: what is read, kept, and refused by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm_desktop.cli.plan_fields import PlanRefused
from omm_desktop.cli.plan_file import read_plan
from omm_desktop.model.account import Access, Account, EndpointKind, Security, Server, same_mailbox
from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import Place, ProblemId
from omm_desktop.model.settings import SettingKind
from omm_desktop.store import plan_json

GOOD = """\
[source]
kind = "imap"
host = "imap.exemple.fr"
port = 993
security = "tls"
login = "moi@exemple.fr"
[destination]
kind = "ews"
url = "https://ex.exemple.com/EWS/Exchange.asmx"
login = "admin@exemple.com"
mailbox = "moi@exemple.com"
access = "impersonation"
"""
URL = 'url = "https://ex.exemple.com/EWS/Exchange.asmx"'


def read(folder: Path, text: str) -> MigrationPlan:
    file = folder / "plan.toml"
    file.write_text(text, encoding="utf-8")
    return read_plan(file)


def test_an_exchange_account(tmp_path: Path) -> None:
    plan = read(tmp_path, GOOD)
    assert plan.destination == Account(
        EndpointKind.EWS,
        "admin@exemple.com",
        Server("ex.exemple.com", 443, Security.TLS),
        "moi@exemple.com",
        "https://ex.exemple.com/EWS/Exchange.asmx",
        "moi@exemple.com",
        Access.IMPERSONATION,
    )
    assert plan_json.from_json(plan_json.to_json(plan)) == plan


@pytest.mark.parametrize(
    ("where", "url", "server"),
    [
        (
            'host = "ex.exemple.com"',
            "",
            Server("ex.exemple.com", 443, Security.TLS),
        ),
        (
            'url = "https://ex.exemple.com:8443/other"',
            "https://ex.exemple.com:8443/other",
            Server("ex.exemple.com", 8443, Security.TLS),
        ),
        (
            'url = "http://127.0.0.1:8080/EWS/Exchange.asmx"',
            "http://127.0.0.1:8080/EWS/Exchange.asmx",
            Server("127.0.0.1", 8080, Security.NONE),
        ),
    ],
)
def test_where_ews_answers(tmp_path: Path, where: str, url: str, server: Server) -> None:
    account = read(tmp_path, GOOD.replace(URL, where)).destination
    assert (account.url, account.server) == (url, server)


@pytest.mark.parametrize("login", ["admin@exemple.com", "EXEMPLE\\\\admin"])
def test_where_ews_answers_may_be_left_to_be_found(tmp_path: Path, login: str) -> None:
    """By the domain of the login, or else of the mailbox."""
    account = read(tmp_path, GOOD.replace(URL, "").replace("admin@exemple.com", login)).destination
    assert (account.url, account.server.host) == ("", "")


def test_without_a_domain_there_is_nothing_to_find(tmp_path: Path) -> None:
    text = GOOD.replace(URL, 'login = "EXEMPLE\\\\admin"').replace(
        'login = "admin@exemple.com"\nmailbox = "moi@exemple.com"\naccess = "impersonation"\n', ""
    )
    with pytest.raises(PlanRefused) as caught:
        read(tmp_path, text)
    assert caught.value.problem.subject == "destination.login"


def test_a_mailbox_of_its_own(tmp_path: Path) -> None:
    text = GOOD.replace('mailbox = "moi@exemple.com"\naccess = "impersonation"\n', "")
    account = read(tmp_path, text).destination
    assert (account.mailbox, account.access, account.owner) == (
        "",
        Access.DELEGATE,
        "admin@exemple.com",
    )


@pytest.mark.parametrize(
    ("good", "bad", "field"),
    [
        (URL, 'url = "ex.exemple.com"', "destination.url"),
        (URL, 'url = "ftp://ex.exemple.com/"', "destination.url"),
        (URL, 'url = "https:///EWS"', "destination.url"),
        (URL, 'url = "https://me:word@ex.exemple.com/"', "destination.url"),
        (URL, 'url = "https://ex.exemple.com:x/"', "destination.url"),
        (URL, 'url = "https://a.test\\\\@b.test/"', "destination.url"),
        (URL, URL + '\nhost = "ex.exemple.com"', "destination.host"),
        (URL, 'host = "https://ex.exemple.com"', "destination.host"),
        (URL, URL + "\nport = 443", "destination.port"),
        ('access = "impersonation"', 'access = "owner"', "destination.access"),
        ('mailbox = "moi@exemple.com"', 'mailbox = "moi"', "destination.mailbox"),
        ('login = "admin@exemple.com"', "login = 5", "destination.login"),
    ],
)
def test_a_bad_value_is_refused_by_name(tmp_path: Path, good: str, bad: str, field: str) -> None:
    assert good in GOOD
    with pytest.raises(PlanRefused) as caught:
        read(tmp_path, GOOD.replace(good, bad))
    assert caught.value.problem.id is ProblemId.PLAN_UNREADABLE
    assert caught.value.problem.subject == field


def test_plain_text_is_accepted_towards_this_computer_only(tmp_path: Path) -> None:
    with pytest.raises(PlanRefused) as caught:
        read(tmp_path, GOOD.replace("https://", "HTTP://"))
    problem = caught.value.problem
    assert problem.id is ProblemId.ENCRYPTION_MISSING
    assert (problem.place, problem.subject) == (Place.DESTINATION, "destination.url")


def test_two_mailboxes_of_one_login_are_two(tmp_path: Path) -> None:
    one = read(tmp_path, GOOD).destination
    other = read(tmp_path, GOOD.replace("moi@exemple.com", "toi@exemple.com")).destination
    assert one.identity != other.identity
    assert not same_mailbox(one, other)
    assert same_mailbox(one, read(tmp_path, GOOD).destination)


def test_settings_of_the_mailbox_are_kinds_too(tmp_path: Path) -> None:
    kinds = '[options]\nkinds = ["rules", "mail", "out-of-office"]\n'
    _, _, destination = GOOD.partition("[destination]")
    source = '[source]\nkind = "ews"\nhost = "ex.exemple.fr"\nlogin = "moi@exemple.fr"\n'
    plan = read(tmp_path, f"{source}[destination]{destination}{kinds}")
    assert plan.selection.settings == set(SettingKind)
    assert plan.selection.kinds == {ItemKind.MAIL}
    assert plan_json.from_json(plan_json.to_json(plan)) == plan
    alone = read(tmp_path, f'{source}[destination]{destination}[options]\nkinds = ["rules"]\n')
    assert (alone.selection.kinds, alone.selection.settings) == (set(), {SettingKind.RULES})
    unsaid = read(tmp_path, f"{source}[destination]{destination}")
    assert unsaid.selection.settings == frozenset()
