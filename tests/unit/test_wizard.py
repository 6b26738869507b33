"""The wizard as data and rules: order of pages, what must be mended, drafts, restored plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.items import Folder, FolderRole, ItemKind
from omm_desktop.model.plan import MigrationPlan, Options, Selection
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.wizard import flow
from omm_desktop.wizard.draft import AccountCheck, AccountDraft, Draft, FolderChoice, Pace
from omm_desktop.wizard.finding import Scope
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.probe_result import ProbeResult
from omm_desktop.wizard.restore import restore
from omm_desktop.wizard.rules import (
    Field,
    Rule,
    account_faults,
    clean_password,
    complete_address,
    destination_faults,
    option_faults,
)

TODAY = date(2026, 3, 12)
OLD = Account(
    EndpointKind.IMAP, "moi@exemple.fr", Server("imap.exemple.fr", 993, Security.TLS),
    "moi@exemple.fr",
)  # fmt: skip
NEW = replace(OLD, login="moi@exemple.com", address="moi@exemple.com")
PASSWORD = Secret("secret")
FOUND = ProbeResult((Folder(("INBOX",), "INBOX", FolderRole.INBOX, 3, 900),))


def typed(account: Account) -> AccountDraft:
    draft = AccountDraft()
    draft.prefill(account, PASSWORD)
    return draft


def checked(account: Account) -> AccountDraft:
    draft = typed(account)
    draft.check = AccountCheck(draft.account(), draft.password, FOUND)
    return draft


def rules_of(draft: AccountDraft) -> list[tuple[Field, Rule]]:
    return [(fault.field, fault.rule) for fault in account_faults(draft)]


def test_home_comes_first_only_with_a_history() -> None:
    assert flow.first_page(has_history=True) is PageId.HOME
    assert flow.first_page(has_history=False) is PageId.SOURCE
    assert flow.previous_page(PageId.SOURCE, has_history=False) is None
    assert flow.previous_page(PageId.SOURCE, has_history=True) is PageId.HOME


def test_there_is_no_way_back_once_the_copy_has_begun() -> None:
    assert flow.next_page(PageId.REVIEW) is PageId.PROGRESS
    for page in (PageId.PROGRESS, PageId.RESULT):
        assert flow.previous_page(page, has_history=True) is None
    assert flow.next_page(PageId.RESULT) is None


def test_a_page_opens_once_those_before_it_are_done() -> None:
    draft = Draft()
    assert flow.reachable(draft, TODAY) == {PageId.SOURCE}
    draft.source = checked(OLD)
    assert flow.reachable(draft, TODAY) == {PageId.SOURCE, PageId.DESTINATION}
    draft.destination = checked(NEW)
    assert PageId.REVIEW in flow.reachable(draft, TODAY)
    draft.source.password = Secret("autre")
    assert flow.reachable(draft, TODAY) == {PageId.SOURCE}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", Secret("autre")), ("host", "imap.autre.fr"), ("port", 143),
        ("security", Security.STARTTLS), ("login", "moi"), ("address", "toi@exemple.fr"),
    ],
)  # fmt: skip
def test_an_edit_undoes_the_check_and_typing_it_back_redoes_it(field: str, value: object) -> None:
    draft = checked(OLD)
    before = getattr(draft, field)
    setattr(draft, field, value)
    assert draft.checked is None
    setattr(draft, field, before)
    assert draft.checked is FOUND


def test_another_security_proposes_its_port_unless_the_port_was_typed() -> None:
    draft = AccountDraft()
    draft.use_security(Security.STARTTLS)
    assert draft.port == 143
    draft.port, draft.port_typed = 1143, True
    draft.use_security(Security.TLS)
    assert draft.port == 1143


def test_a_whole_account_has_nothing_to_mend() -> None:
    assert rules_of(typed(OLD)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"address": ""}, (Field.ADDRESS, Rule.ADDRESS_MISSING)),
        ({"address": "moi@"}, (Field.ADDRESS, Rule.ADDRESS_INCOMPLETE)),
        ({"password": Secret("")}, (Field.PASSWORD, Rule.PASSWORD_MISSING)),
        ({"host": ""}, (Field.HOST, Rule.HOST_MISSING)),
        ({"host": "", "service": "x"}, (Field.ANSWER, Rule.ANSWER_MISSING)),
        ({"host": "imap exemple"}, (Field.HOST, Rule.HOST_MALFORMED)),
        ({"host": "https://imap.fr"}, (Field.HOST, Rule.HOST_MALFORMED)),
        ({"port": 0}, (Field.PORT, Rule.PORT_OUT_OF_RANGE)),
        ({"port": 65536}, (Field.PORT, Rule.PORT_OUT_OF_RANGE)),
        ({"security": Security.NONE}, (Field.SECURITY, Rule.PLAIN_TOWARDS_NETWORK)),
        ({"login": " "}, (Field.LOGIN, Rule.LOGIN_MISSING)),
    ],
)
def test_each_rule_names_its_field(change: dict[str, object], fault: tuple[Field, Rule]) -> None:
    assert rules_of(replace(typed(OLD), **change)) == [fault]  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_without_protection_only_on_this_computer(host: str) -> None:
    assert rules_of(replace(typed(OLD), host=host, security=Security.NONE)) == []


@pytest.mark.parametrize(
    ("text", "complete"),
    [("a@b.fr", True), (" a@b.fr ", True), ("a@localhost", True), ("a@", False),
     ("@b.fr", False), ("a b@c.fr", False), ("a@b..fr", False), ("a@b@c", False)],
)  # fmt: skip
def test_complete_addresses(text: str, complete: bool) -> None:
    assert complete_address(text) is complete


@pytest.mark.parametrize(
    ("host", "port", "login", "same"),
    [
        ("imap.exemple.fr", 993, "moi@exemple.fr", True),
        ("IMAP.Exemple.FR.", 143, "MOI@exemple.fr", True),
        ("imap.exemple.fr", 993, "toi@exemple.fr", False),
        ("imap.exemple.com", 993, "moi@exemple.fr", False),
    ],
)
def test_the_same_mailbox_is_seen_however_it_is_typed(
    host: str, port: int, login: str, same: bool
) -> None:
    other = replace(OLD, login=login, server=Server(host, port, Security.TLS))
    faults = destination_faults(Draft(typed(OLD), typed(other)))
    assert [fault.rule for fault in faults] == ([Rule.SAME_MAILBOX] if same else [])


def test_on_loopback_each_port_is_a_server_of_its_own() -> None:
    one = replace(OLD, server=Server("127.0.0.1", 1143, Security.NONE))
    other = replace(OLD, server=Server("127.0.0.1", 2143, Security.NONE))
    assert destination_faults(Draft(typed(one), typed(other))) == []


def test_options_that_copy_nothing_are_refused() -> None:
    draft = Draft()
    options = draft.options
    assert option_faults(draft, TODAY) == []
    options.folders, options.since = FolderChoice.CHOSEN, date(2026, 3, 13)
    rules = [fault.rule for fault in option_faults(draft, TODAY)]
    assert rules == [Rule.NO_FOLDER_CHOSEN, Rule.DAY_TO_COME]
    options.unticked = frozenset({ItemKind.MAIL})
    rules = [fault.rule for fault in option_faults(draft, TODAY)]
    assert rules == [Rule.NOTHING_CHOSEN, Rule.DAY_TO_COME]


@pytest.mark.parametrize(
    ("text", "app", "cleaned"),
    [(" mot de passe\n", False, "mot de passe"), ("sans", True, "sans"),
     (" abcd efgh ijkl mnop\n", True, "abcdefghijklmnop"),
     ("ab12\u00a0cd34  EFGH\u00a0ijkl", True, "ab12cd34EFGHijkl"),
     (" abcd efgh ijkl mnop", False, "abcd efgh ijkl mnop"),
     ("mon chien dort\n", True, "mon chien dort"), ("abcd efgh ijkl", True, "abcd efgh ijkl"),
     ("abcd efgh ijkl mno!", True, "abcd efgh ijkl mno!")],
)  # fmt: skip
def test_blanks_of_a_pasted_password(text: str, app: bool, cleaned: str) -> None:
    assert clean_password(text, app_password=app) == (cleaned, cleaned != text)


@pytest.mark.parametrize("folders", FolderChoice)
@pytest.mark.parametrize("pace", Pace)
def test_a_stored_plan_comes_back_as_it_was(folders: FolderChoice, pace: Pace) -> None:
    draft = Draft(typed(OLD), typed(NEW))
    options = draft.options
    options.folders, options.pace, options.since = folders, pace, date(2020, 1, 1)
    options.chosen = frozenset({"INBOX", "Devis [2019]", "Quoi?", "a*b"})
    plan = draft.plan()
    again = Draft()
    restore(again, plan, Secrets(PASSWORD, Secret("")))
    assert again.plan() == plan
    assert again.source.password == PASSWORD
    assert not again.destination.password
    assert again.source.checked is None


def test_patterns_of_a_plan_are_kept_until_the_folders_are_looked_at() -> None:
    selection = Selection(include=("inbox", "Archives/*", "Devis [[]2019]"))
    plan = MigrationPlan(OLD, NEW, selection)
    draft = Draft()
    restore(draft, plan, Secrets(PASSWORD, PASSWORD))
    assert set(draft.plan().selection.include or ()) == set(selection.include or ())
    draft.spell_out_patterns()
    assert draft.options.patterns
    names = ("INBOX", "Archives", "Archives/2019", "Archives/2019/Mai", "Devis [2019]")
    folders = tuple(Folder(tuple(name.split("/")), name, None, 1, 1) for name in names)
    check = AccountCheck(draft.source.account(), PASSWORD, ProbeResult(folders))
    draft.source.check = check
    assert option_faults(draft, TODAY) == []
    draft.spell_out_patterns()
    wanted = draft.plan().selection
    assert [folder.name for folder in folders if wanted.takes(folder)] == [
        "INBOX", "Archives/2019", "Archives/2019/Mai", "Devis [2019]",
    ]  # fmt: skip
    assert option_faults(draft, TODAY) == []


def test_an_exchange_account_of_a_plan_that_is_still_to_be_found_is_searched() -> None:
    to_be_found = Account(
        EndpointKind.EWS, "moi@exemple.fr", Server("", 443, Security.TLS), "moi@exemple.fr"
    )
    draft = Draft()
    plan = MigrationPlan(to_be_found, NEW, Selection())
    restore(draft, plan, Secrets(Secret(""), Secret("")))
    assert (draft.source.kind, draft.source.host) == (EndpointKind.EWS, "")
    assert draft.source.scope is Scope.EXCHANGE
    told = replace(to_be_found, server=Server("ex.exemple.fr", 443, Security.TLS))
    restore(draft, replace(plan, source=told), Secrets(Secret(""), Secret("")))
    assert draft.source.url == "https://ex.exemple.fr/EWS/Exchange.asmx"


def test_a_trial_comes_back_as_a_whole_copy() -> None:
    draft = Draft()
    restore(
        draft, MigrationPlan(OLD, NEW, Selection(), Options(at_most=20)), Secrets(*2 * [PASSWORD])
    )
    assert not draft.options.trial
    assert draft.plan().options.at_most is None


def test_pop_is_kept_in_a_plan_and_found_again() -> None:
    draft = Draft()
    draft.source.prefill(replace(OLD, kind=EndpointKind.POP3), PASSWORD)
    draft.source.port_typed = False
    draft.source.use_kind(EndpointKind.POP3)
    assert draft.source.port == 995
    draft.source.use_security(Security.STARTTLS)
    assert draft.source.port == 110
    draft.options.folders = FolderChoice.CHOSEN
    draft.options.chosen = frozenset({"Clients"})
    plan = draft.plan()
    assert plan.source.kind is EndpointKind.POP3
    assert plan.selection.include is None
    again = Draft()
    restore(again, plan, Secrets(PASSWORD, PASSWORD))
    assert again.source.account() == plan.source
    again.source.use_kind(EndpointKind.IMAP)
    assert again.source.port == 143
