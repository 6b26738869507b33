"""Exchange as it is typed, found, stored and brought back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from omm_desktop.guide.discovery.candidate import Candidate, Findings, Origin
from omm_desktop.guide.providers import providers
from omm_desktop.model.account import Access, Account, EndpointKind, Security, Server
from omm_desktop.model.items import Folder, ItemKind
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.model.settings import SettingKind
from omm_desktop.wizard.belonging import imap_beside
from omm_desktop.wizard.draft import AccountCheck, AccountDraft, Draft, FolderChoice
from omm_desktop.wizard.finding import Scope, usable
from omm_desktop.wizard.probe_result import ProbeResult
from omm_desktop.wizard.restore import restore
from omm_desktop.wizard.rules import Field, Rule, account_faults, option_faults

PASSWORD = Secret("secret")
URL = "https://ex.exemple.fr/EWS/Exchange.asmx"
ACCOUNT = Account(
    EndpointKind.EWS,
    "moi@exemple.fr",
    Server("ex.exemple.fr", 443, Security.TLS),
    "moi@exemple.fr",
    URL,
)
OTHERS = replace(
    ACCOUNT, address="lui@exemple.fr", mailbox="lui@exemple.fr", access=Access.IMPERSONATION
)
ON_EXCHANGE = ProbeResult(
    tuple(Folder((kind,), kind, None, 2, kind=kind) for kind in ItemKind),
    kinds=frozenset(ItemKind),
)
IMAP = Server("imap.exemple.fr", 993, Security.TLS)


def typed(account: Account = ACCOUNT) -> AccountDraft:
    draft = AccountDraft()
    draft.prefill(account, PASSWORD)
    return draft


def checked(account: Account, found: ProbeResult = ON_EXCHANGE) -> AccountDraft:
    draft = typed(account)
    draft.check = AccountCheck(draft.account(), draft.password, found)
    return draft


@pytest.mark.parametrize(
    ("text", "url", "server"),
    [
        ("ex.exemple.fr", URL, Server("ex.exemple.fr", 443, Security.TLS)),
        (f" {URL} ", URL, Server("ex.exemple.fr", 443, Security.TLS)),
        ("https://a.test:8443/x", "https://a.test:8443/x", Server("a.test", 8443, Security.TLS)),
        ("http://[::1]/x", "http://[::1]/x", Server("::1", 80, Security.NONE)),
    ],
)
def test_a_server_or_the_whole_address_may_be_typed(text: str, url: str, server: Server) -> None:
    account = replace(typed(), host=text).account()
    assert (account.url, account.server) == (url, server)
    assert account_faults(replace(typed(), host=text)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"host": ""}, (Field.HOST, Rule.PLACE_MISSING)),
        ({"host": "ex exemple"}, (Field.HOST, Rule.PLACE_MALFORMED)),
        ({"host": "ex:443"}, (Field.HOST, Rule.PLACE_MALFORMED)),
        ({"host": "ftp://ex.exemple.fr/"}, (Field.HOST, Rule.PLACE_MALFORMED)),
        ({"host": "https://moi:x@ex.exemple.fr/"}, (Field.HOST, Rule.PLACE_MALFORMED)),
        ({"host": "https://ex.exemple.fr:x/"}, (Field.HOST, Rule.PLACE_MALFORMED)),
        ({"host": "http://ex.exemple.fr/"}, (Field.HOST, Rule.PLACE_UNPROTECTED)),
        ({"login": ""}, (Field.LOGIN, Rule.LOGIN_MISSING)),
        ({"another": True}, (Field.MAILBOX, Rule.MAILBOX_MISSING)),
        ({"another": True, "mailbox": "lui"}, (Field.MAILBOX, Rule.ADDRESS_INCOMPLETE)),
        ({"host": "", "service": "ovh-exchange-eu"}, (Field.ANSWER, Rule.ANSWER_MISSING)),
    ],
)
def test_each_rule_names_its_field(change: dict[str, object], fault: tuple[Field, Rule]) -> None:
    faults = account_faults(replace(typed(), **change))  # type: ignore[arg-type]
    assert [(one.field, one.rule) for one in faults] == [fault]


def test_the_mailbox_of_another_person_counts_only_while_it_is_wanted() -> None:
    draft = typed(OTHERS)
    assert draft.account() == OTHERS
    assert draft.address == "moi@exemple.fr"
    draft.another = False
    assert draft.account() == ACCOUNT


@pytest.mark.parametrize("login", ["moi@exemple.fr", "EXEMPLE\\moi"])
@pytest.mark.parametrize("account", [ACCOUNT, OTHERS, replace(ACCOUNT, url=f"{URL}/x")])
def test_a_stored_plan_comes_back_as_it_was(account: Account, login: str) -> None:
    account = replace(account, login=login)
    draft = Draft(typed(account), typed(replace(account, mailbox="elle@b.fr", address="elle@b.fr")))
    draft.options.unticked = frozenset({ItemKind.TASKS, SettingKind.RULES})
    draft.options.update = True
    plan = draft.plan()
    again = Draft()
    restore(again, plan, Secrets(PASSWORD, PASSWORD))
    assert again.plan() == plan
    assert plan.selection.kinds == set(ItemKind) - {ItemKind.TASKS}
    assert plan.selection.settings == {SettingKind.OUT_OF_OFFICE}
    assert plan.options.update


def test_the_plan_carries_what_the_two_mailboxes_can() -> None:
    to_exchange = Draft(checked(ACCOUNT), checked(OTHERS))
    assert to_exchange.plan().selection.kinds == set(ItemKind)
    to_exchange.options.unticked = frozenset({ItemKind.MAIL})
    assert to_exchange.plan().selection.kinds == set(ItemKind) - {ItemKind.MAIL}
    few = replace(ON_EXCHANGE, kinds=frozenset({ItemKind.MAIL, ItemKind.EVENTS}))
    to_few = Draft(checked(ACCOUNT), checked(OTHERS, few))
    assert to_few.plan().selection.kinds == {ItemKind.MAIL, ItemKind.EVENTS}


def test_folders_of_what_is_not_copied_are_no_choice() -> None:
    draft = Draft(checked(ACCOUNT), checked(OTHERS))
    draft.options.folders = FolderChoice.CHOSEN
    draft.options.chosen = frozenset({"mail"})
    assert option_faults(draft, date(2026, 3, 12)) == []
    draft.options.unticked = frozenset({ItemKind.MAIL})
    (fault,) = option_faults(draft, date(2026, 3, 12))
    assert fault.rule is Rule.NO_FOLDER_CHOSEN


def test_going_from_exchange_to_imap_keeps_the_host_alone() -> None:
    draft = replace(typed(), host="https://ex.exemple.fr:8443/e", port_typed=False)
    draft.choose_kind(EndpointKind.IMAP)
    assert draft.account().server == Server("ex.exemple.fr", 993, Security.TLS)
    draft.choose_kind(EndpointKind.EWS)
    assert draft.account().url == URL


def test_what_was_found_is_not_kept_for_another_address() -> None:
    draft = AccountDraft(address="moi@exemple.fr")
    draft.use_candidates((Candidate(Origin.AUTODISCOVER, ews=URL),))
    assert (draft.kind, draft.host, draft.login) == (
        EndpointKind.EWS,
        "ex.exemple.fr",
        "moi@exemple.fr",
    )
    draft.forget_found()
    assert (draft.kind, draft.host) == (EndpointKind.IMAP, "")


def offer(id: str, answer: str = "") -> Candidate:
    return Candidate.of_service(Origin.KNOWN_MX, providers().by_id(id), answer)


@pytest.mark.parametrize(
    ("id", "answer", "kind"),
    [
        ("ovh-exchange-eu", "3", EndpointKind.EWS),
        ("ovh-exchange-private", "ex.exemple.fr", EndpointKind.EWS),
        ("ovh-emailpro", "3", EndpointKind.IMAP),
        ("microsoft365", "", EndpointKind.IMAP),
        ("gmail", "", EndpointKind.IMAP),
    ],
)
def test_the_way_that_brings_most_is_taken(id: str, answer: str, kind: EndpointKind) -> None:
    found, picked = AccountDraft(), AccountDraft(answer=answer)
    found.use_candidates((offer(id, answer),))
    picked.use_service(providers().by_id(id))
    assert found.kind is picked.kind is kind
    assert found.account().server == picked.account().server
    assert found.account().url == picked.account().url


def test_where_exchange_is_looked_for_everything_else_is_left() -> None:
    own = Candidate(Origin.AUTODISCOVER, ews=URL)
    pro, online = offer("ovh-emailpro", "3"), offer("microsoft365")
    found = Findings((Candidate(Origin.GUESS, imap=(IMAP,)), online, pro, own, offer("gmail")))
    assert usable(found, Scope.EXCHANGE) == [pro, own, online]
    assert usable(found, Scope.EXCHANGE, taken="ex.exemple.fr") == [pro, online]


def test_imap_is_offered_where_it_takes_a_password() -> None:
    online = typed(replace(ACCOUNT, url="https://outlook.office365.com/ews/exchange.asmx"))
    assert imap_beside(online, providers()) is None
    hosted = typed(replace(ACCOUNT, url="https://ex7.mail.ovh.net/ews/exchange.asmx"))
    beside = imap_beside(hosted, providers())
    assert beside is not None
    assert beside.id == "ovh-exchange-eu"
    assert imap_beside(typed(), providers()) is None
