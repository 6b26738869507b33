"""By what a rule and a reply are known again, and when a reply speaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from omm_desktop.model.account import EndpointKind
from omm_desktop.model.settings import (
    InboxRule,
    OutOfOffice,
    ReplyState,
    SettingKind,
    carried_settings,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
RULE = InboxRule("Clients", b"<Rule/>", ("a", "b"))


@pytest.mark.parametrize(
    "same",
    [replace(RULE, name="Kunden"), replace(RULE, enabled=False), replace(RULE, sends=True)],
)
def test_a_rule_is_known_by_what_it_does(same: InboxRule) -> None:
    assert same.identity == RULE.identity


@pytest.mark.parametrize(
    "other",
    [
        replace(RULE, content=b"<Rule />"),
        replace(RULE, folders=("b", "a")),
        replace(RULE, folders=("ab",)),
        replace(RULE, folders=("a", "b", "")),
    ],
)
def test_what_does_something_else_is_another(other: InboxRule) -> None:
    assert other.identity != RULE.identity


@pytest.mark.parametrize(
    "text",
    [
        "<html>\r\n<body>\r\n<div>Away &amp; back</div>\r\n</body>\r\n</html>",
        "<html><head><style>p { color: red }</style></head><body><p>Away & back</p></body>",
        "Away\xa0&amp;&nbsp;back<!-- <p>never</p> -->",
        "\ufeffAway &#38; back",
    ],
)
def test_a_reply_is_known_by_its_words(text: str) -> None:
    known = OutOfOffice(ReplyState.ON, "Away & back")
    assert OutOfOffice(ReplyState.OFF, text).identity == known.identity
    assert OutOfOffice(ReplyState.OFF, "", text).identity != known.identity


@pytest.mark.parametrize("text", ["", " ", "<p>&nbsp;</p>", "<style>a</style>", "<br/>\r\n"])
def test_markup_alone_says_nothing(text: str) -> None:
    assert OutOfOffice(ReplyState.ON, text, text).is_empty
    assert not OutOfOffice(ReplyState.ON, text, "x").is_empty


@pytest.mark.parametrize(
    ("state", "end", "answers"),
    [
        (ReplyState.OFF, NOW + timedelta(1), False),
        (ReplyState.ON, NOW - timedelta(1), True),
        (ReplyState.SCHEDULED, NOW + timedelta(1), True),
        (ReplyState.SCHEDULED, NOW - timedelta(1), False),
        (ReplyState.SCHEDULED, None, True),
    ],
)
def test_whether_it_answers_now_or_will(
    state: ReplyState, end: datetime | None, answers: bool
) -> None:
    assert OutOfOffice(state, "x", start=NOW - timedelta(9), end=end).answers_from(NOW) is answers


@pytest.mark.parametrize("other", [kind for kind in EndpointKind if kind != EndpointKind.EWS])
def test_settings_go_between_two_exchange_accounts_alone(other: EndpointKind) -> None:
    ews = EndpointKind.EWS
    assert carried_settings(ews, ews) == set(SettingKind)
    assert carried_settings(ews, other) == carried_settings(other, ews) == frozenset()
