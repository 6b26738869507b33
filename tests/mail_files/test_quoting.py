"""The four ways of keeping lines that look like a separator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omm_desktop.endpoints.files.mbox.quoting import Dialect, quoted, unquoted

from .reading import messages_of

PARTS = (b">", b"F", b"From", b"From ", b">From ", b">>From ", b" ", b"\n", b"\r\n", b"\r", b"x")
TEXT = st.lists(st.sampled_from(PARTS), max_size=20).map(b"".join)
CUTS = st.lists(st.integers(0, 60), max_size=6)


def cut(text: bytes, places: list[int]) -> list[bytes]:
    edges = sorted({0, *(place for place in places if place < len(text)), len(text)})
    return [text[a:b] for a, b in pairwise(edges)]


def quoted_whole(text: bytes) -> bytes:
    return re.sub(rb"(?m)^(>*From )", rb">\1", text)


@given(TEXT, CUTS)
def test_cuts_make_no_difference(text: bytes, places: list[int]) -> None:
    pieces = cut(text, places)
    assert b"".join(quoted(pieces)) == quoted_whole(text)
    by_rd = b"".join(unquoted(pieces, Dialect.MBOXRD))
    assert by_rd == re.sub(rb"(?m)^>(>*From )", rb"\1", text)
    by_o = b"".join(unquoted(pieces, Dialect.MBOXO))
    assert by_o == re.sub(rb"(?m)^>(From )", rb"\1", text)
    assert b"".join(unquoted(pieces, Dialect.MBOXCL)) == by_o
    assert b"".join(unquoted(pieces, Dialect.MBOXCL2)) == text


@given(TEXT, CUTS)
def test_mboxrd_is_undone_without_loss(text: bytes, places: list[int]) -> None:
    kept = b"".join(quoted(cut(text, places)))
    assert not re.search(rb"(?m)^From ", kept)
    assert b"".join(unquoted([kept], Dialect.MBOXRD)) == text


def test_a_line_of_marks_without_end_is_not_held() -> None:
    taken = 0

    def marks() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(1000):
            taken += 1000
            yield b">" * 1000
        yield b"From x\n"

    passed_on = 0
    for piece in unquoted(marks(), Dialect.MBOXRD):
        assert taken - passed_on <= 1001
        passed_on += len(piece)
    assert passed_on == 999_999 + len(b"From x\n")


LETTERS = (
    b"Subject: one\n\nText\nFrom here on\n>From there\n>>From far\nend\n",
    b"Subject: two\n\nFrom the first line\n",
    b"Subject: three\n\n\n",
)


SEPARATOR = b"From someone@example.test Mon Jan  1 00:00:00 2001\n"
LENGTHS = re.compile(rb"\nContent-Length: \d+")


def quoted_once(text: bytes) -> bytes:
    return re.sub(rb"(?m)^(From )", rb">\1", text)


def with_length(message: bytes) -> bytes:
    header, empty, body = message.partition(b"\n\n")
    return header + b"\nContent-Length: %d" % len(body) + empty + body


def mbox(messages: Iterable[bytes]) -> bytes:
    return b"".join(SEPARATOR + message + b"\n" for message in messages)


def without_length(message: bytes) -> bytes:
    return LENGTHS.sub(b"", message)


def in_crlf(content: bytes) -> bytes:
    """Lengths included: each line takes one octet more."""
    lengthened = re.sub(
        rb"Content-Length: (\d+)\n\n((?:.|\n)*?)(?=\nFrom s|\n\Z)",
        lambda m: b"Content-Length: %d\n\n" % (int(m[1]) + m[2].count(b"\n")) + m[2],
        content,
    )
    return lengthened.replace(b"\n", b"\r\n")


def test_mboxrd_is_read(tmp_path: Path) -> None:
    (tmp_path / "rd.mbox").write_bytes(mbox(map(quoted_whole, LETTERS)))
    assert messages_of(tmp_path / "rd.mbox") == list(LETTERS)


def test_mboxo_is_read_but_for_lines_that_it_cannot_tell_apart(tmp_path: Path) -> None:
    (tmp_path / "o.mbox").write_bytes(mbox(map(quoted_once, LETTERS)))
    read = messages_of(tmp_path / "o.mbox")
    assert read[1:] == list(LETTERS[1:])
    assert read[0] == LETTERS[0].replace(b">From there", b"From there").replace(b">>F", b">F")


@pytest.mark.parametrize("ended", [bytes, in_crlf])
def test_mboxcl2_is_read(tmp_path: Path, ended: Callable[[bytes], bytes]) -> None:
    (tmp_path / "cl2.mbox").write_bytes(ended(mbox(map(with_length, LETTERS))))
    read = [one.replace(b"\r\n", b"\n") for one in messages_of(tmp_path / "cl2.mbox")]
    assert [without_length(one) for one in read] == list(LETTERS)


@pytest.mark.parametrize("ended", [bytes, in_crlf])
def test_mboxcl_is_read_like_mboxo(tmp_path: Path, ended: Callable[[bytes], bytes]) -> None:
    kept = [with_length(quoted_once(message)) for message in LETTERS]
    (tmp_path / "cl.mbox").write_bytes(ended(mbox(kept)))
    read = [one.replace(b"\r\n", b"\n") for one in messages_of(tmp_path / "cl.mbox")]
    assert [without_length(one) for one in read[1:]] == list(LETTERS[1:])
    assert without_length(read[0]) == LETTERS[0].replace(b">From there", b"From there")


def test_a_wrong_length_counts_for_nothing(tmp_path: Path) -> None:
    wrong = [with_length(one).replace(b"Length: ", b"Length: 9") for one in LETTERS]
    (tmp_path / "wrong.mbox").write_bytes(mbox(map(quoted_whole, wrong)))
    assert [without_length(one) for one in messages_of(tmp_path / "wrong.mbox")] == list(LETTERS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(TEXT, min_size=1, max_size=5))
def test_any_messages_come_back_from_mboxcl2(tmp_path: Path, bodies: list[bytes]) -> None:
    content = b"".join(
        SEPARATOR + b"Subject: x\nContent-Length: %d\n\n" % len(body) + body + b"\n\n"
        for body in (b"From no", *bodies)
    )
    (tmp_path / "any.mbox").write_bytes(content)
    # The first shows that the file quotes nothing.
    read = messages_of(tmp_path / "any.mbox")
    assert [one.partition(b"\n\n")[2] for one in read[1:]] == bodies
