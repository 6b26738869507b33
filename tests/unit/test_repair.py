"""The repair ladder: each rung changes only what it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop.endpoints.convert.repair import next_rung

LINE_ENDS, NUL, HEADER = (
    "line ends made CRLF",
    "NUL octets removed",
    "header made valid (RFC 5322, 2047)",
)


def climbed(message: bytes) -> tuple[list[str], bytes]:
    done: list[str] = []
    while (step := next_rung(message, done)) is not None:
        name, message = step
        done.append(name)
    return done, message


@pytest.mark.parametrize(
    ("message", "rungs", "repaired"),
    [
        (b"A: b\r\n\r\nfine\r\n", [], b"A: b\r\n\r\nfine\r\n"),
        (b"A: b\n\nbare\n", [LINE_ENDS], b"A: b\r\n\r\nbare\r\n"),
        (b"A: b\r\n\r\nno end", [LINE_ENDS], b"A: b\r\n\r\nno end\r\n"),
        (b"A: b\r\n\r\nx\0y\r\n", [NUL], b"A: b\r\n\r\nxy\r\n"),
        (b"A: b\n\nx\0\n", [LINE_ENDS, NUL], b"A: b\r\n\r\nx\r\n"),
        (
            "Subject: été\r\n\r\nx\r\n".encode(),
            [HEADER],
            b"Subject: =?utf-8?b?w6l0w6k=?=\r\n\r\nx\r\n",
        ),
        (b"no header\r\n", [HEADER], b"Subject: \r\n\r\nno header\r\n"),
        (b"Date  : x\r\n\r\ny\r\n", [HEADER], b"Date: x\r\n\r\ny\r\n"),
        (
            b"A: b\r\nstray line\r\n\r\ny\r\n",
            [HEADER],
            b"A: b\r\nX-Original-Line: stray line\r\n\r\ny\r\n",
        ),
    ],
)
def test_ladder(message: bytes, rungs: list[str], repaired: bytes) -> None:
    assert climbed(message) == (rungs, repaired)


@given(st.binary(max_size=300))
def test_the_ladder_ends_and_its_header_is_plain(message: bytes) -> None:
    _, repaired = climbed(message)
    assert b"\0" not in repaired
    assert repaired.replace(b"\r\n", b"").find(b"\n") == -1
