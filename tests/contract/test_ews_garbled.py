"""Replies that are no EWS: no exception of a library ever comes out, and no item costs another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from omm_desktop.endpoints.ews.writer import EwsDestination
from omm_desktop.model.items import FolderRole, ItemKind
from omm_desktop.model.ports import Refused, Stored
from omm_desktop.model.problem import OmmError, ProblemId, TryAgain

from .conftest import ANNA, Ends
from .entries import SERIES, entry
from .letters import letters

GARBLED = {
    "nothing": lambda reply: b"",
    "text": lambda reply: b"Bad gateway",
    "json": lambda reply: b'{"error": "down"}',
    "page": lambda reply: b"<!DOCTYPE html><html><body>Sign in<br></body></html>",
    "other answer": lambda reply: re.sub(rb"(</?m:)(\w+)(Response[ >])", rb"\1Other\3", reply),
    "empty elements": lambda reply: re.sub(
        rb"(?s)<m:(Folders|RootFolder|Items)\b[^>]*>.*?</m:\1>", rb"<m:\1/>", reply
    ),
    "no ids": lambda reply: re.sub(rb'(<t:\w+Id) [^>]*?/?>', rb"\1/>", reply),
    "no numbers": lambda reply: re.sub(
        rb"<t:(TotalCount|Size)>\d+<", rb"<t:\1>many<", reply
    ),
}  # fmt: skip


def _fails(question: Callable[[], object]) -> bool:
    """What went wrong is told without quoting the reply."""
    try:
        question()
    except OmmError as error:
        quoted = "<" in error.problem.detail
    else:
        return False
    assert not quoted
    return True


def _soap_fault(code: str) -> bytes:
    return (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
        b"<faultcode>%b</faultcode><faultstring>no</faultstring>"
        b"</s:Fault></s:Body></s:Envelope>" % code.encode()
    )


@pytest.mark.parametrize("garbled", GARBLED)
def test_nothing_but_our_own_errors_for_events(ends: Ends, garbled: str) -> None:
    source, to = ends.source, ends.destination
    folder, event = ends.folder(ItemKind.EVENTS), entry(ItemKind.EVENTS, "one", SERIES)
    edited = entry(ItemKind.EVENTS, "one", SERIES.replace(b"meeting", b"council"))
    (stored,) = to.store(folder.key, [event])
    assert isinstance(stored, Stored)
    key = str(stored.key)
    refs = [ref for window in source.refs(folder, None) for ref in window]
    assert isinstance(to, EwsDestination)
    ends.exchange.rewrite = lambda operation, reply: GARBLED[garbled](reply)
    failed = [
        _fails(question)
        for question in (
            lambda: list(source.refs(folder, date(2020, 1, 1))),
            lambda: list(source.fetch(folder, refs)),
            lambda: list(to.existing(folder.key, None)),
            lambda: list(to.store(folder.key, [event])),
            lambda: to.update(folder.key, key, edited),
            to.rules,
            to.out_of_office,
        )
    ]
    assert any(failed) or garbled == "no numbers"


@pytest.mark.parametrize("garbled", GARBLED)
def test_nothing_but_our_own_errors(ends: Ends, garbled: str) -> None:
    source, to = ends.source, ends.destination
    inbox = next(folder for folder in to.folders() if folder.role is FolderRole.INBOX)
    (stored, *_) = to.store(inbox.key, letters(2))
    assert isinstance(stored, Stored)
    refs = [ref for window in source.refs(inbox, None) for ref in window]
    ends.exchange.rewrite = lambda operation, reply: GARBLED[garbled](reply)
    failed = [
        _fails(question)
        for question in (
            source.folders,
            lambda: list(source.refs(inbox, None)),
            lambda: list(source.fetch(inbox, refs)),
            lambda: to.position(inbox.key),
            lambda: list(to.existing(inbox.key, None)),
            lambda: list(to.contents(inbox.key, [str(stored.key)])),
            lambda: list(to.store(inbox.key, letters(2))),
        )
    ]
    assert any(failed) or garbled == "no numbers"


def test_one_mail_that_spoils_a_whole_reply_costs_no_other(ends: Ends) -> None:
    """Not its folder either."""
    source = ends.source
    inbox = next(folder for folder in source.folders() if folder.role is FolderRole.INBOX)
    answered = list(ends.destination.store(inbox.key, letters(5)))
    spoilt = answered[2].key if isinstance(answered[2], Stored) else None
    refs = [ref for window in source.refs(inbox, None) for ref in window]

    def refused(operation: str, reply: bytes) -> bytes:
        reads = operation == "GetItem" and str(spoilt).encode() in reply
        return _soap_fault("a:ErrorCorruptData") if reads else reply

    ends.exchange.rewrite = refused
    answers = list(source.fetch(inbox, refs))
    assert len(answers) == 5
    (bad,) = [one for one in answers if isinstance(one, Refused)]
    assert bad.ref.key == spoilt
    assert bad.problem.id is ProblemId.ITEM_UNREADABLE


@pytest.mark.parametrize("code", ["s:Server", "a:InternalServiceFault", "env:Receiver", ""])
def test_what_may_have_been_made_is_not_made_again(ends: Ends, code: str) -> None:
    """A fault that only says that the server failed does not say how far it got."""
    to, exchange = ends.destination, ends.exchange
    inbox = next(folder for folder in to.folders() if folder.role is FolderRole.INBOX)
    calendar = ends.folder(ItemKind.EVENTS)

    def failing(operation: str, reply: bytes) -> bytes:
        return _soap_fault(code) if operation == "CreateItem" else reply

    exchange.rewrite = failing
    with pytest.raises(TryAgain):
        list(to.store(inbox.key, letters(4)))
    with pytest.raises(TryAgain):
        list(to.store(calendar.key, [entry(ItemKind.EVENTS, "one", SERIES)]))
    mailbox = exchange.store.mailboxes[ANNA]
    assert len(mailbox.distinguished("inbox").items) == 4
    assert len(mailbox.distinguished("calendar").items) == 1
