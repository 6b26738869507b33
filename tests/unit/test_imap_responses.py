"""Reading FETCH, LIST, STATUS and QUOTA responses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop.endpoints.convert.payload import MemoryPayload, whole
from omm_desktop.endpoints.imap.responses import (
    code,
    fetched,
    listed,
    quotas,
    status,
    uid_set,
    uids,
)
from omm_desktop.endpoints.imap.wire import Response


def response(text: bytes, *literals: bytes) -> Response:
    return Response(text, [MemoryPayload(literal) for literal in literals])


def test_fetch_with_the_body_last() -> None:
    one = fetched(
        response(
            b"* 12 FETCH (UID 5 FLAGS (\\Seen $Forwarded) "
            b'INTERNALDATE " 1-Feb-2003 04:05:06 +0700" BODY[] {9})',
            b"UID 7 (x)",
        )
    )
    assert one is not None
    assert (one.sequence, one.uid) == (12, 5)
    assert one.flags == {"\\Seen", "$Forwarded"}
    assert one.internal_date == " 1-Feb-2003 04:05:06 +0700"
    body = one.part(b"BODY[]")
    assert body is not None
    assert whole(body) == b"UID 7 (x)"


@pytest.mark.parametrize(
    "text",
    [
        b"* 1 FETCH (BODY[] {3} UID 8 FLAGS ())",
        b'* 1 FETCH (BODY[] "a\\"b" FLAGS () UID 8)',
        b"* 1 FETCH (X-GM-MSGID 123 MODSEQ (12) BODY[] {3} RFC822.SIZE 3 UID 8)",
        b"* 1 fetch (uid 8 body[] {3})",
        b'* 1 FETCH (X-THING "a b" X-LIST (c d) UID 8 BODY[]<0> {3})',
    ],
)
def test_fetch_in_any_order(text: bytes) -> None:
    one = fetched(response(text, b'a"b'))
    assert one is not None
    assert one.uid == 8
    body = one.part(b"BODY[]")
    assert body is not None
    assert whole(body) == b'a"b'


@pytest.mark.parametrize("text", [b"* 1 FETCH (UID 8 BODY[] NIL)", b"* 1 FETCH (UID 8)"])
def test_fetch_without_a_body(text: bytes) -> None:
    one = fetched(response(text))
    assert one is not None
    assert one.part(b"BODY[]") is None


def test_other_responses_are_no_fetch() -> None:
    assert fetched(response(b"* 3 EXISTS")) is None
    assert listed(response(b"* STATUS INBOX (MESSAGES 1)")) is None
    assert status(response(b"* LIST () NIL INBOX")) is None


def test_list_names_as_atom_string_or_literal() -> None:
    atom = listed(response(b'* LIST (\\HasNoChildren \\sent) "." Sent'))
    text = listed(response(b'* LIST () "/" "a \\"b\\" \\\\ c"'))
    literal = listed(response(b"* LSUB () NIL {5}", b"a (b)"))
    assert atom is not None
    assert text is not None
    assert literal is not None
    assert (atom.name, atom.delimiter, atom.attributes) == (
        b"Sent",
        b".",
        {"\\hasnochildren", "\\sent"},
    )
    assert (text.name, text.delimiter) == (b'a "b" \\ c', b"/")
    assert (literal.name, literal.delimiter, literal.verb) == (b"a (b)", None, b"LSUB")


def test_status_and_quota() -> None:
    told = status(response(b'* STATUS "a b" (MESSAGES 3 UIDNEXT 9 SIZE 12345678901 X NIL)'))
    assert told == (b"a b", {b"MESSAGES": 3, b"UIDNEXT": 9, b"SIZE": 12345678901})
    rows = quotas(response(b'* QUOTA "User quota" (STORAGE 3 20 MESSAGE 1 5)'))
    assert rows == [(b"STORAGE", 3, 20), (b"MESSAGE", 1, 5)]
    assert quotas(response(b'* QUOTAROOT INBOX ""')) is None


def test_codes() -> None:
    assert code(b"[APPENDUID 1 2:4] done") == (b"APPENDUID", b"1 2:4")
    assert code(b"[TRYCREATE] none") == (b"TRYCREATE", b"")
    assert code(b"plain words") == (b"", b"")


def test_uid_sets_keep_their_order() -> None:
    assert uids(b"7,3:5,9:8") == [7, 3, 4, 5, 9, 8]
    for nonsense in (b"", b"a", b"1:x", b"1:99999999999"):
        with pytest.raises(ValueError, match=r"."):
            uids(nonsense)


@given(st.sets(st.integers(1, 300), min_size=1))
def test_uid_sets_come_back(numbers: set[int]) -> None:
    assert uids(uid_set(list(numbers))) == sorted(numbers)
