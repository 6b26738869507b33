"""Rules and the out-of-office reply, from one Exchange mailbox to another, by the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.account import TestAccount
from tests.servers.ews import EwsServer
from tests.servers.ews.journal import Entry
from tests.servers.ews.reached import mailbox_of as reached
from tests.servers.ews.rules import (
    add_rule,
    is_on,
    names_of,
    people,
    reply_of,
    set_reply,
    texts,
)
from tests.servers.ews.settings import assert_arrived, furnish
from tests.servers.ews.soap import Element, make, need
from tests.servers.ews.store import Mailbox

from .command import CommandLine, Ended
from .letters import letters

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"
KINDS = ["mail", "rules", "out-of-office"]
REQUESTS = {"GetInboxRules", "GetUserOofSettingsRequest"}


@pytest.fixture
def anna(exchange: EwsServer) -> Mailbox:
    return exchange.store.mailboxes[ANNA]


@pytest.fixture
def boris(exchange: EwsServer) -> Mailbox:
    return exchange.add_mailbox(BORIS)


@pytest.fixture(autouse=True)
def nothing_sent(exchange: EwsServer) -> Iterator[None]:
    """Nothing leaves either mailbox, and of the old one no setting is touched."""
    yield
    exchange.journal.assert_nothing_sent()
    assert {whose_settings(entry) for entry in exchange.journal.entries} <= {None, BORIS}


def whose_settings(entry: Entry) -> str | None:
    """Whose a request changes."""
    if entry.operation not in ("UpdateInboxRules", "SetUserOofSettingsRequest"):
        return None
    assert entry.body is not None
    named = [one.text for one in entry.body.iter("{*}MailboxSmtpAddress", "{*}Address")]
    return next(filter(None, named), entry.user)


@pytest.fixture
def filled(exchange: EwsServer, anna: Mailbox) -> None:
    """Mail in three folders, four rules of which one forwards, a reply that is on."""
    for folder in furnish(anna):
        for letter in letters(0, 2):
            exchange.deliver(folder, letter.body, received=letter.received)


@pytest.fixture
def old(exchange: EwsServer) -> TestAccount:
    return reached(exchange, ANNA)


@pytest.fixture
def new(exchange: EwsServer, boris: Mailbox) -> TestAccount:
    return reached(exchange, BORIS)


def settings(ended: Ended) -> list[tuple[str, str, str]]:
    """Name (or kind), fate and code of each setting in the report."""
    return [
        (one["name"] or one["kind"], one["fate"], one.get("code", ""))
        for one in ended.report["settings"]
    ]


AS_COPIED = [
    ("out-of-office", "switched-off", "28-43"),
    ("clients", "copied", ""),
    ("deep", "copied", ""),
    ("trash", "copied", ""),
    ("away", "switched-off", "28-38"),
]
ALL_THERE = [(name, "present", code) for name, _, code in AS_COPIED]
"""What waits to be switched on is told again."""


@pytest.mark.usefixtures("filled")
def test_settings_follow_the_mail_once(
    command: CommandLine, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    first = command.migrate(old, new, kinds=KINDS)
    assert (first.status, first.report["grade"]) == (0, "complete-with-notes")
    assert settings(first) == AS_COPIED
    assert first.totals["copied"] == 6
    assert_arrived(boris)
    again = command.migrate(old, new, kinds=KINDS)
    assert (again.status, again.report["grade"]) == (0, "complete-with-notes")
    assert settings(again) == ALL_THERE
    assert_arrived(boris)
    other = CommandLine(command.folder / "other")
    assert settings(other.migrate(old, new, kinds=KINDS)) == ALL_THERE
    assert_arrived(boris)


@pytest.mark.usefixtures("filled")
def test_only_what_the_plan_says(
    command: CommandLine, exchange: EwsServer, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    ended = command.migrate(old, new, kinds=["mail"])
    assert settings(ended) == []
    assert (boris.rules, reply_of(boris)) == ([], None)
    assert not REQUESTS & set(exchange.journal.operations())


@pytest.mark.usefixtures("filled")
def test_rules_alone_find_the_folders_of_an_earlier_copy(
    command: CommandLine, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    command.migrate(old, new, kinds=["mail"])
    ended = command.migrate(old, new, kinds=["rules"])
    assert [one for one in settings(ended) if one[1] == "missing"] == []
    assert names_of(boris) == ["clients", "deep", "trash", "away"]


@pytest.mark.usefixtures("filled")
def test_a_rule_for_a_folder_that_is_not_copied_stays_behind(
    command: CommandLine, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    ended = command.migrate(old, new, kinds=KINDS, include=["INBOX", "Clients"])
    assert (ended.status, ended.report["grade"]) == (1, "incomplete")
    (missing,) = (one for one in ended.report["settings"] if one["fate"] == "missing")
    assert (missing["name"], missing["code"]) == ("deep", "28-35")
    assert missing["concerns"] == "Clients/Été/2019"
    assert names_of(boris) == ["clients", "trash", "away"]
    later = command.migrate(old, new, kinds=KINDS)
    assert later.status == 0
    assert names_of(boris) == ["clients", "trash", "away", "deep"]


@pytest.mark.usefixtures("filled")
def test_what_the_new_mailbox_has_stays_as_it_is(
    command: CommandLine, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    add_rule(boris, "clients", make("t:Delete", "true"))
    add_rule(boris, "other name", people("RedirectToRecipients", "Claire@far.test"))
    set_reply(boris, "Disabled", "Mine, and off")
    ended = command.migrate(old, new, kinds=KINDS)
    assert settings(ended) == [
        ("out-of-office", "left", "28-42"),
        ("clients", "copied", ""),
        ("deep", "copied", ""),
        ("trash", "copied", ""),
        ("away", "present", ""),
    ]
    assert names_of(boris) == ["clients", "other name", "clients", "deep", "trash"]
    assert is_on(boris, "other name")
    assert reply_of(boris) == ("Disabled", "Known", "Mine, and off", "")


@pytest.mark.parametrize("state", ["Enabled", "Scheduled"])
def test_a_reply_that_is_on_is_never_replaced(
    command: CommandLine,
    anna: Mailbox,
    boris: Mailbox,
    old: TestAccount,
    new: TestAccount,
    state: str,
) -> None:
    set_reply(anna, "Enabled", "Absente")
    set_reply(boris, state)
    ended = command.migrate(old, new, kinds=KINDS)
    assert settings(ended) == [("out-of-office", "left", "28-42")]
    assert reply_of(boris) == (state, "Known", "", "")


def test_a_planned_reply_arrives_off_with_its_dates_in_the_report(
    command: CommandLine, anna: Mailbox, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    set_reply(anna, "Scheduled", "Absente", start="2089-12-20T08:00:00Z")
    ended = command.migrate(old, new, kinds=KINDS)
    (told,) = ended.report["settings"]
    assert (told["fate"], told["code"]) == ("switched-off", "28-43")
    assert (told["detail"], told["concerns"]) == (
        "scheduled",
        "2089-12-20 08:00 / 2090-01-01 00:00 UTC",
    )
    kept = reply_of(boris)
    assert kept is not None
    assert (kept[0], "Absente" in kept[2]) == ("Disabled", True)


@pytest.mark.parametrize(
    ("state", "texts_of_it", "told"),
    [
        ("Disabled", ("Absente",), [("out-of-office", "copied", "")]),
        ("Scheduled", ("Absente",), [("out-of-office", "copied", "")]),
        ("Disabled", ("<html><body> &nbsp; </body></html>",), []),
    ],
)
def test_what_answers_nobody_needs_no_remark(
    command: CommandLine,
    anna: Mailbox,
    old: TestAccount,
    new: TestAccount,
    state: str,
    texts_of_it: tuple[str, ...],
    told: list[tuple[str, str, str]],
) -> None:
    set_reply(anna, state, *texts_of_it, start="2019-01-01T00:00:00Z", end="2019-02-01T00:00:00Z")
    ended = command.migrate(old, new, kinds=KINDS)
    assert (ended.status, settings(ended)) == (0, told)


@pytest.mark.usefixtures("filled")
def test_what_was_removed_or_edited_there_does_not_come_back(
    command: CommandLine, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    command.migrate(old, new, kinds=KINDS)
    del boris.rules[1]
    need(boris.rules[-1], "t:IsEnabled").text = "true"
    set_reply(boris, "Enabled", "Mine")
    again = command.migrate(old, new, kinds=KINDS)
    assert again.report["grade"] == "complete"
    assert settings(again) == [(name, "present", "") for name, _, _ in AS_COPIED]
    assert names_of(boris) == ["clients", "trash", "away"]
    assert reply_of(boris) == ("Enabled", "Known", "Mine", "")


@pytest.mark.usefixtures("filled")
def test_what_was_edited_at_the_source_is_told(
    command: CommandLine, anna: Mailbox, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    command.migrate(old, new, kinds=KINDS)
    anna.rules.pop(0)
    add_rule(anna, "clients", texts("AssignCategories", "Rouge"))
    set_reply(anna, "Enabled", "Encore absente")
    again = command.migrate(old, new, kinds=KINDS)
    assert {one for one in settings(again) if one[1] != "present"} == {
        ("clients", "left", "18-41"),
        ("out-of-office", "left", "18-41"),
    }
    assert_arrived(boris)


def test_what_cannot_follow_is_named(
    command: CommandLine, anna: Mailbox, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    anna.outlook_rules = ["print"]
    add_rule(anna, "client only", flaw="IsNotSupported")
    add_rule(anna, "broken", make("t:Delete", "true"), flaw="IsInError")
    add_rule(anna, "template", make("t:ServerReplyWithMessage", Id="AAAA"))
    stranger = people("SentToAddresses", "/o=Gone/cn=Nobody")
    add_rule(anna, "stranger", make("t:MarkAsRead", "true"), conditions=(stranger,))
    add_rule(anna, "fine", make("t:MarkAsRead", "true"))
    ended = command.migrate(old, new, kinds=KINDS)
    assert (ended.status, settings(ended)) == (
        1,
        [
            ("rules", "unseen", "18-36"),
            ("client only", "missing", "18-31"),
            ("broken", "missing", "18-32"),
            ("template", "missing", "18-33"),
            ("stranger", "missing", "18-34"),
            ("fine", "copied", ""),
        ],
    )
    assert names_of(boris) == ["fine"]
    assert anna.outlook_rules == ["print"]


def test_rules_that_outlook_keeps_in_the_new_mailbox_are_spared(
    command: CommandLine, anna: Mailbox, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    boris.outlook_rules = ["print"]
    add_rule(boris, "there", make("t:MarkAsRead", "true"))
    add_rule(anna, "same", make("t:MarkAsRead", "true"))
    add_rule(anna, "other", make("t:Delete", "true"))
    ended = command.migrate(old, new, kinds=KINDS)
    assert settings(ended) == [("same", "present", ""), ("other", "missing", "28-37")]
    assert (names_of(boris), boris.outlook_rules) == (["there"], ["print"])


@pytest.mark.usefixtures("filled")
def test_a_mailbox_that_takes_no_more_rules(
    command: CommandLine, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    boris.most_rules = 2
    ended = command.migrate(old, new, kinds=KINDS)
    assert [one for one in settings(ended) if one[1] == "missing"] == [
        ("trash", "missing", "28-40"),
        ("away", "missing", "28-40"),
    ]
    assert names_of(boris) == ["clients", "deep"]


@pytest.mark.usefixtures("filled")
def test_settings_that_are_denied_cost_no_mail(
    command: CommandLine, exchange: EwsServer, boris: Mailbox, old: TestAccount
) -> None:
    """A delegate may read mail, and set nobody's reply."""
    exchange.allow(ANNA, BORIS)
    new = reached(exchange, ANNA, mailbox=BORIS)
    ended = command.migrate(old, new, kinds=["mail", "out-of-office"])
    assert (ended.status, ended.totals["copied"]) == (1, 6)
    assert settings(ended) == [("out-of-office", "missing", "28-40")]
    assert reply_of(boris) is None


@pytest.mark.usefixtures("filled")
def test_the_report_in_words(
    command: CommandLine, anna: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    add_rule(anna, "broken", make("t:Delete", "true"), flaw="IsInError")
    command.as_json = False
    ended = command.migrate(old, new, kinds=KINDS)
    lines: list[Any] = ended.output.splitlines()
    assert lines[0] == "Everything is copied but 1 setting of the mailbox."
    assert "Rule “away”: copied, switched off" in lines
    assert "Rule “broken”: not copied" in lines
    assert "Out-of-office reply: copied, switched off" in lines
    assert "28-38 · One rule that forwards mail is copied switched off. (1)" in lines
    assert "Settings of the mailbox" in ended.errors.splitlines()


def test_other_servers_cost_nothing_but_the_settings(
    command: CommandLine, new_account: TestAccount, old: TestAccount, new: TestAccount
) -> None:
    """Told before anything is copied; what nobody shows may not even be there."""
    ended = command.migrate(old, new_account, kinds=KINDS)
    assert (ended.status, settings(ended)) == (
        1,
        [("out-of-office", "missing", "28-45"), ("rules", "missing", "28-45")],
    )
    lines = ended.errors.splitlines()
    told = [number for number, line in enumerate(lines) if "go from Exchange to Exchange" in line]
    assert told
    assert max(told) < lines.index("Copying")
    back = command.migrate(new_account, new, kinds=KINDS)
    assert (back.status, settings(back)) == (
        0,
        [("out-of-office", "unseen", "18-45"), ("rules", "unseen", "18-45")],
    )


@pytest.mark.usefixtures("filled")
def test_a_reply_that_the_server_forgets_is_missing_and_brought_by_the_next_copy(
    command: CommandLine, exchange: EwsServer, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    written = False

    def forgetful(entry: Entry, body: Element) -> list[str]:
        """It says that the reply is kept, and shows none when it is asked."""
        nonlocal written
        if entry.operation == "SetUserOofSettingsRequest":
            written = True
        elif entry.operation == "GetUserOofSettingsRequest" and written:
            set_reply(boris, "Disabled", "", "")
        return []

    exchange.journal.checks.append(forgetful)
    first = command.migrate(old, new, kinds=KINDS)
    assert (first.status, first.report["grade"]) == (1, "incomplete")
    assert settings(first) == [("out-of-office", "missing", "28-44"), *AS_COPIED[1:]]
    exchange.journal.checks.remove(forgetful)
    again = command.migrate(old, new, kinds=KINDS)
    assert again.status == 0
    assert settings(again) == [AS_COPIED[0], *ALL_THERE[1:]]
    assert_arrived(boris)


@pytest.mark.usefixtures("filled")
def test_a_copy_that_is_taken_back_leaves_the_settings_and_says_so(
    command: CommandLine, boris: Mailbox, old: TestAccount, new: TestAccount
) -> None:
    copied = command.migrate(old, new, kinds=KINDS).totals["copied"]
    undone = command.undo(1, new, copied)
    assert undone.status == 0, undone
    assert "28-51" in undone.output
    assert "24-51" in undone.output
    thrown_away = {folder.id for folder in boris.distinguished("deleteditems").below()}
    used = {place.get("Id") for rule in boris.rules for place in rule.iter("{*}FolderId")}
    assert used
    assert used <= boris.folders.keys() - thrown_away
    assert names_of(boris) == ["clients", "deep", "trash", "away"]
    assert reply_of(boris) is not None
