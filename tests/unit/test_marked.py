"""Recognising items where they carry marks: those of ours by the mark, others by their date."""

from __future__ import annotations

import pytest

from omm_desktop.engine.settle import Verdict, alike, claim, judge_unclaimed
from omm_desktop.model.items import ItemKind
from omm_desktop.model.ports import Fidelity
from omm_desktop.store.rows import Row, RowState, SeenRow

PRINT, BODY, OTHER = b"f" * 16, b"c" * 16, b"d" * 16
ROW = Row(1, RowState.SENDING, PRINT, BODY, 1000.0, None)


def seen(content: bytes | None, received: float = 1000.0) -> SeenRow:
    return SeenRow("key", 0, PRINT, 10, received, content)


@pytest.mark.parametrize(
    ("message", "same"),
    [
        (seen(BODY, 5.0), True),
        (seen(OTHER), False),
        (seen(None), True),
        (seen(None, 5.0), False),
    ],
)
def test_which_message_is_ours(message: SeenRow, same: bool) -> None:
    assert alike(ROW, message, Fidelity.MARKED) is same


def test_twins_are_told_apart_by_their_marks() -> None:
    twin = Row(2, RowState.SENDING, PRINT, OTHER, 1000.0, None)
    there = SeenRow("other", 0, PRINT, 10, 1000.0, OTHER)
    claims = dict(claim([ROW, twin], [there], Fidelity.MARKED))
    assert claims == {ROW: None, twin: there}


def test_mail_of_others_is_no_reason_to_doubt() -> None:
    foreign = SeenRow("key", 0, OTHER, 10, 1000.0, None)
    verdict, found = judge_unclaimed(ROW, [foreign], Fidelity.MARKED)
    assert (verdict, found) == (Verdict.ABSENT, None)


@pytest.mark.parametrize(("content", "same"), [(BODY, True), (OTHER, False), (None, True)])
@pytest.mark.parametrize("kind", [ItemKind.CONTACTS, ItemKind.EVENTS, ItemKind.TASKS])
def test_other_kinds_have_no_date_to_be_known_by(
    kind: ItemKind, content: bytes | None, same: bool
) -> None:
    assert alike(ROW, seen(content, 5.0), Fidelity.MARKED, kind) is same


def test_what_has_our_mark_is_claimed_before_what_nobody_marked() -> None:
    """Whatever their dates and numbers: an item of ours can be changed later."""
    ours = SeenRow("ours", 1, PRINT, 10, 5.0, BODY)
    foreign = SeenRow("foreign", 2, PRINT, 10, 1000.0, None)
    claims = claim([ROW], [ours, foreign], Fidelity.MARKED, ItemKind.CONTACTS)
    assert claims == [(ROW, ours)]
