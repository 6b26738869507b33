"""Rules and the out-of-office reply of a mailbox on Exchange: read, added to, refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from omm_desktop.model.account import Access
from omm_desktop.model.ports import (
    Destination,
    SettingsDestination,
    SettingsSource,
    Source,
)
from omm_desktop.model.problem import ItemError, ProblemId, TryAgain
from omm_desktop.model.settings import Audience, InboxRule, OutOfOffice, ReplyState
from tests.servers.account import TestAccount
from tests.servers.ews import EwsServer, Fault, FaultKind, service
from tests.servers.ews.reached import mailbox_of
from tests.servers.ews.rules import (
    add_rule,
    filing,
    is_on,
    names_of,
    people,
    reply_of,
    rule_text,
    set_reply,
    texts,
)
from tests.servers.ews.soap import make
from tests.servers.ews.store import Mailbox

ANNA, BORIS = "anna@exchange.test", "boris@exchange.test"


@pytest.fixture
def anna(exchange: EwsServer) -> Mailbox:
    return exchange.store.mailboxes[ANNA]


@pytest.fixture
def boris(exchange: EwsServer) -> Mailbox:
    return exchange.add_mailbox(BORIS)


@pytest.fixture(autouse=True)
def nothing_sent(exchange: EwsServer) -> Iterator[None]:
    yield
    exchange.journal.assert_nothing_sent()


@pytest.fixture
def source(exchange: EwsServer, source_of: Callable[[TestAccount], Source]) -> SettingsSource:
    found = source_of(mailbox_of(exchange, ANNA))
    assert isinstance(found, SettingsSource)
    return found


@pytest.fixture
def destination(
    exchange: EwsServer, boris: Mailbox, destination_of: Callable[[TestAccount], Destination]
) -> SettingsDestination:
    found = destination_of(mailbox_of(exchange, BORIS))
    assert isinstance(found, SettingsDestination)
    return found


def obstacles(source: SettingsSource) -> dict[str, tuple[ProblemId, str]]:
    return {
        rule.name: (rule.obstacle.id, rule.obstacle.detail or rule.obstacle.subject)
        for rule in source.rules().rules
        if rule.obstacle is not None
    }


def test_a_mailbox_without_rules(source: SettingsSource) -> None:
    found = source.rules()
    assert (found.rules, found.outlook_has_more) == ((), False)


AS_KEPT = [
    *("c ContainsSubjectStrings= devis ,offre", "c FlaggedForAction=Any"),
    *("c FromAddresses=claire@far.test,denis@far.test", "c HasAttachments=true"),
    "c WithinDateRange=2026-01-01T00:00:00Z,2027-01-01T00:00:00Z",
    *("c WithinSizeRange=10,900", "e SentOnlyToMe=true", "e Sensitivity=Private"),
    *("a AssignCategories=Rouge,Été", "a CopyToFolder=Kunden", "a MarkImportance=High"),
    *("a MarkAsRead=true", "a MoveToFolder=Kunden", "a StopProcessingRules=true"),
]


def test_a_rule_arrives_as_it_was(
    anna: Mailbox, boris: Mailbox, source: SettingsSource, destination: SettingsDestination
) -> None:
    clients = anna.add_folder(anna.distinguished("msgfolderroot"), "Clients", "IPF.Note")
    theirs = boris.add_folder(boris.distinguished("msgfolderroot"), "Kunden", "IPF.Note")
    sizes = make("t:MinimumSize", "10"), make("t:MaximumSize", "900")
    days = (
        make("t:StartDateTime", "2026-01-01T01:00:00+01:00"),
        make("t:EndDateTime", "2027-01-01T00:00:00Z"),
    )
    add_rule(
        anna,
        "Clients & <friends>",
        texts("AssignCategories", "Rouge", "Été"),
        filing("CopyToFolder", clients),
        make("t:MarkImportance", "High"),
        make("t:MarkAsRead", "true"),
        filing("MoveToFolder", clients),
        make("t:StopProcessingRules", "true"),
        conditions=(
            texts("ContainsSubjectStrings", " devis ", "offre"),
            make("t:FlaggedForAction", "Any"),
            people("FromAddresses", "Claire@far.test", "denis@far.test"),
            make("t:HasAttachments", "true"),
            make("t:WithinDateRange", *days),
            make("t:WithinSizeRange", *sizes),
        ),
        exceptions=(make("t:SentOnlyToMe", "true"), make("t:Sensitivity", "Private")),
    )
    (rule,) = source.rules().rules
    assert (rule.name, rule.enabled, rule.sends) == ("Clients & <friends>", True, False)
    assert rule.folders == (clients.id, clients.id)
    destination.add_rule(replace(rule, folders=(theirs.id, theirs.id)))
    assert rule_text(boris, rule.name) == AS_KEPT
    (kept,) = destination.rules().rules
    assert kept.identity == replace(rule, folders=(theirs.id, theirs.id)).identity


def test_rules_are_added_behind_those_that_are_there(
    anna: Mailbox, boris: Mailbox, source: SettingsSource, destination: SettingsDestination
) -> None:
    add_rule(boris, "mine", make("t:MarkAsRead", "true"))
    add_rule(boris, "mine too", make("t:Delete", "true"))
    for name in ("first", "second", "third"):
        add_rule(anna, name, texts("AssignCategories", name))
    for rule in source.rules().rules:
        destination.add_rule(rule)
    assert names_of(boris) == ["mine", "mine too", "first", "second", "third"]


def test_rules_are_read_in_the_order_of_their_priorities(
    anna: Mailbox, source: SettingsSource
) -> None:
    for name in ("a", "b", "c"):
        add_rule(anna, name, texts("AssignCategories", name))
    anna.rules.reverse()
    assert [rule.name for rule in source.rules().rules] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "action", ["ForwardToRecipients", "ForwardAsAttachmentToRecipients", "RedirectToRecipients"]
)
def test_what_sends_is_never_switched_on(
    anna: Mailbox,
    boris: Mailbox,
    source: SettingsSource,
    destination: SettingsDestination,
    action: str,
) -> None:
    add_rule(anna, "away", people(action, "claire@far.test"))
    (rule,) = source.rules().rules
    assert (rule.enabled, rule.sends, rule.arrives_enabled) == (True, True, False)
    destination.add_rule(rule)
    assert not is_on(boris, "away")


def test_what_no_other_mailbox_can_have_is_named(anna: Mailbox, source: SettingsSource) -> None:
    read = make("t:MarkAsRead", "true")
    add_rule(anna, "client only", read, flaw="IsNotSupported")
    add_rule(anna, "broken", make("t:Delete", "true"), flaw="IsInError")
    add_rule(anna, "template", make("t:ServerReplyWithMessage", Id="AAAA"))
    add_rule(anna, "sms", people("SendSMSAlertToRecipients", "+33600000000"))
    add_rule(
        anna,
        "class",
        make("t:Delete", "true"),
        conditions=(texts("MessageClassifications", "secret"),),
    )
    add_rule(
        anna,
        "to come",
        make("t:Delete", "true"),
        conditions=(make("t:SomethingNew", "true"),),
    )
    add_rule(
        anna,
        "stranger",
        make("t:Delete", "true"),
        conditions=(people("FromAddresses", "/o=Gone/cn=Nobody"),),
    )
    add_rule(anna, "nothing")
    assert obstacles(source) == {
        "client only": (ProblemId.RULE_NOT_SHOWN, ""),
        "broken": (ProblemId.RULE_IN_ERROR, ""),
        "template": (ProblemId.RULE_BOUND, "ServerReplyWithMessage"),
        "sms": (ProblemId.RULE_BOUND, "SendSMSAlertToRecipients"),
        "class": (ProblemId.RULE_BOUND, "MessageClassifications"),
        "to come": (ProblemId.RULE_BOUND, "SomethingNew"),
        "stranger": (ProblemId.RULE_PERSON_UNKNOWN, "/O=Gone/Cn=Nobody"),
        "nothing": (ProblemId.RULE_NOT_SHOWN, ""),
    }


def test_a_colleague_is_told_by_address(
    anna: Mailbox, boris: Mailbox, source: SettingsSource
) -> None:
    sender = people("FromAddresses", boris.directory_name)
    add_rule(anna, "colleague", make("t:Delete", "true"), conditions=(sender,))
    (rule,) = source.rules().rules
    assert rule.obstacle is None
    assert BORIS.encode() in rule.content


def test_a_folder_is_the_same_however_a_rule_calls_it(
    anna: Mailbox, source: SettingsSource
) -> None:
    by_name = make("t:MoveToFolder", make("t:DistinguishedFolderId", Id="drafts"))
    add_rule(anna, "by name", by_name)
    add_rule(anna, "by id", filing("MoveToFolder", anna.distinguished("drafts")))
    one, other = source.rules().rules
    assert one.folders == other.folders == (anna.distinguished("drafts").id,)
    assert one.identity == other.identity


def test_a_folder_that_is_gone_stays_a_folder_of_nobody(
    anna: Mailbox, source: SettingsSource
) -> None:
    gone = make("t:MoveToFolder", make("t:FolderId", Id="folder-that-is-gone"))
    add_rule(anna, "gone", gone)
    (rule,) = source.rules().rules
    assert rule.folders == ("folder-that-is-gone",)


def test_a_rule_is_known_by_what_it_does(anna: Mailbox, source: SettingsSource) -> None:
    add_rule(anna, "a", make("t:MarkAsRead", "1"), enabled=False)
    add_rule(anna, "b", make("t:MarkAsRead", "true"), conditions=(make("t:SentToMe", "false"),))
    add_rule(anna, "c", make("t:MarkAsRead", "true"), conditions=(make("t:SentToMe", "true"),))
    a, b, c = source.rules().rules
    assert a.identity == b.identity != c.identity


def test_outlooks_own_list_is_spared(
    boris: Mailbox, destination: SettingsDestination, exchange: EwsServer
) -> None:
    boris.outlook_rules = ["print it"]
    assert destination.rules().outlook_has_more
    with pytest.raises(ItemError) as refused:
        destination.add_rule(rule_of("read"))
    assert refused.value.problem.id is ProblemId.RULES_BLOCKED
    assert (boris.rules, boris.outlook_rules) == ([], ["print it"])
    (sent,) = exchange.journal.of("UpdateInboxRules")
    assert sent.body is not None
    assert sent.body.findtext("{*}RemoveOutlookRuleBlob") == "false"


def rule_of(name: str, *folders: str) -> InboxRule:
    """A rule that marks as read, or files."""
    action = "<t:MoveToFolder/>" * len(folders) or "<t:MarkAsRead>true</t:MarkAsRead>"
    namespace = "http://schemas.microsoft.com/exchange/services/2006/types"
    content = f'<t:Rule xmlns:t="{namespace}"><t:Actions>{action}</t:Actions></t:Rule>'
    return InboxRule(name, content.encode(), folders)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (rule_of("gone", "nowhere"), "FolderDoesNotExist"),
        (rule_of(""), "MissingParameter"),
    ],
)
def test_a_refused_rule_says_why(
    boris: Mailbox, destination: SettingsDestination, rule: InboxRule, said: str
) -> None:
    with pytest.raises(ItemError) as refused:
        destination.add_rule(rule)
    assert refused.value.problem.id is ProblemId.SETTING_REFUSED
    assert said in refused.value.problem.detail
    assert boris.rules == []


def test_too_many_rules(boris: Mailbox, destination: SettingsDestination) -> None:
    boris.most_rules = 1
    destination.add_rule(rule_of("one"))
    with pytest.raises(ItemError, match="ErrorRulesOverQuota"):
        destination.add_rule(rule_of("two"))


def test_a_lost_answer_is_no_refusal(
    exchange: EwsServer, boris: Mailbox, destination: SettingsDestination
) -> None:
    exchange.faults.plan(Fault(FaultKind.LOST, "UpdateInboxRules"))
    with pytest.raises(TryAgain):
        destination.add_rule(rule_of("one"))
    assert names_of(boris) == ["one"]


# -- out of office --------------------------------------------------------------------------


def test_a_reply_is_read_whole(anna: Mailbox, source: SettingsSource) -> None:
    set_reply(anna, "Scheduled", "<b>Absente</b>", "Away", start="2026-12-20T08:00:00")
    assert source.out_of_office() == OutOfOffice(
        ReplyState.SCHEDULED,
        "<b>Absente</b>",
        "Away",
        Audience.KNOWN,
        datetime(2026, 12, 20, 8, tzinfo=UTC),
        datetime(2090, 1, 1, tzinfo=UTC),
    )


def test_no_reply_was_ever_written(source: SettingsSource) -> None:
    found = source.out_of_office()
    assert (found.state, found.is_empty, found.audience) == (
        ReplyState.OFF,
        True,
        Audience.EVERYBODY,
    )


@pytest.mark.parametrize("state", ReplyState)
def test_a_reply_arrives_switched_off(
    boris: Mailbox, destination: SettingsDestination, state: ReplyState
) -> None:
    end = datetime(2090, 1, 1, tzinfo=UTC)
    reply = OutOfOffice(state, "<p>Absent é</p>", "<p>Away</p>", Audience.KNOWN, end, end)
    destination.keep_out_of_office(reply)
    assert reply_of(boris) == ("Disabled", "Known", "<p>Absent é</p>", "<p>Away</p>")


def test_words_are_the_same_in_the_servers_own_markup(destination: SettingsDestination) -> None:
    reply = OutOfOffice(ReplyState.ON, "Back on Monday", "")
    destination.keep_out_of_office(reply)
    kept = destination.out_of_office()
    assert kept.internal != reply.internal
    assert kept.identity == reply.identity


@pytest.mark.parametrize("operation", ["rules", "out_of_office"])
def test_what_belongs_to_somebody_else_is_not_told(
    exchange: EwsServer,
    boris: Mailbox,
    source_of: Callable[[TestAccount], Source],
    operation: str,
) -> None:
    found = source_of(mailbox_of(exchange, ANNA, mailbox=BORIS))
    with pytest.raises(ItemError) as denied:
        getattr(found, operation)()
    assert denied.value.problem.id is ProblemId.SETTING_UNREADABLE
    assert "ErrorAccessDenied" in denied.value.problem.detail


@pytest.mark.parametrize(
    ("operation", "request_name"),
    [("rules", "GetInboxRules"), ("out_of_office", "GetUserOofSettingsRequest")],
)
def test_a_server_that_knows_no_settings(
    source: SettingsSource, monkeypatch: pytest.MonkeyPatch, operation: str, request_name: str
) -> None:
    monkeypatch.delitem(service.OPERATIONS, request_name)
    with pytest.raises(ItemError) as unknown:
        getattr(source, operation)()
    assert unknown.value.problem.id is ProblemId.SETTING_UNREADABLE


@pytest.mark.parametrize("access", Access)
def test_the_mailbox_of_another_person(
    exchange: EwsServer,
    boris: Mailbox,
    source_of: Callable[[TestAccount], Source],
    access: Access,
) -> None:
    exchange.allow(ANNA, BORIS)
    exchange.allow_impersonation(ANNA)
    add_rule(boris, "of Boris", make("t:Delete", "true"))
    set_reply(boris, "Enabled", "Boris is away")
    found = source_of(mailbox_of(exchange, ANNA, mailbox=BORIS, access=access))
    assert isinstance(found, SettingsSource)
    assert [rule.name for rule in found.rules().rules] == ["of Boris"]
    assert found.out_of_office().internal == "Boris is away"


def test_a_reply_that_only_its_owner_may_set(
    exchange: EwsServer, boris: Mailbox, destination_of: Callable[[TestAccount], Destination]
) -> None:
    exchange.allow(ANNA, BORIS)
    found = destination_of(mailbox_of(exchange, ANNA, mailbox=BORIS))
    assert isinstance(found, SettingsDestination)
    with pytest.raises(ItemError) as denied:
        found.keep_out_of_office(OutOfOffice(ReplyState.OFF, "away"))
    assert denied.value.problem.id is ProblemId.SETTING_REFUSED
    assert reply_of(boris) is None
