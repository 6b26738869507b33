"""Recognising items where they carry marks: those of ours by the mark, others by their date."""

from __future__ import annotations

import pytest

from omm_desktop.engine.settle import Verdict, alike, claim, judge_unclaimed
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
