"""What the reader of Exchange's replies and the writer of its requests are made of."""

from __future__ import annotations

import time
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop.endpoints.convert.payload import MemoryPayload, whole
from omm_desktop.endpoints.ews.folders.creating import acceptable_path
from omm_desktop.endpoints.ews.transport.envelope import Placeholders
from omm_desktop.endpoints.ews.transport.faults import by_status
from omm_desktop.endpoints.ews.transport.mime_stream import MimeStream
from omm_desktop.endpoints.ews.transport.sign_in import Proof
from omm_desktop.endpoints.ews.transport.timestamps import instant, written
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.problem import NotNow, Place, ProblemId, TryAgain
from omm_desktop.model.secret import Secret


def cut(reply: bytes, sizes: list[int]) -> list[bytes]:
    """The reply in pieces of these sizes, over and over."""
    pieces, at, turn = [], 0, 0
    while at < len(reply):
        size = sizes[turn % len(sizes)]
        pieces.append(reply[at : at + size])
        at, turn = at + size, turn + 1
    return pieces


@given(
    st.lists(st.binary(max_size=60), max_size=4),
    st.lists(st.integers(1, 40), min_size=1, max_size=5),
    st.sampled_from([b"", b"\r\n", b"&#xD;\n"]),
)
def test_mails_are_taken_out_however_a_reply_is_cut(
    mails: list[bytes], sizes: list[int], between: bytes
) -> None:
    def encoded(mail: bytes) -> bytes:
        letters = b64encode(mail)
        return between.join(letters[at : at + 8] for at in range(0, len(letters), 8))

    parts = [
        b'<t:Message><t:MimeContent CharacterSet="UTF-8">%b</t:MimeContent></t:Message>'
        % encoded(mail)
        for mail in mails
    ]
    reply = b"<Items a='1'>" + b"<t:Size>1</t:Size>".join(parts) + b"<t:MimeContent/></Items>"
    stream = MimeStream(cut(reply, sizes))
    shown = b"".join(stream.xml())
    assert [whole(payload) for payload in stream.payloads] == mails
    for number, part in enumerate(parts):
        expected = part.partition(b">")[2].partition(b">")[0] + b">%d</t:MimeContent>" % number
        assert expected in shown
    assert shown.endswith(b"<t:MimeContent/></Items>")


def test_a_reply_that_ends_within_a_mail() -> None:
    stream = MimeStream([b"<MimeContent>QUJ", b"D"])
    with pytest.raises(ConnectionError):
        list(stream.xml())


@pytest.mark.parametrize("letters", [b"QUJDRA==", b"QUJDRA", b"QUJDRA=", b"QU JD\tRA=="])
def test_padding_and_blanks_do_not_matter(letters: bytes) -> None:
    stream = MimeStream([b"<MimeContent>" + letters + b"</MimeContent>"])
    list(stream.xml())
    assert whole(stream.payloads[0]) == b"ABCD"


@pytest.mark.parametrize("size", [0, 1, 2, 3, 3 << 18, (3 << 18) + 1, 17 << 20])
def test_mails_take_their_places_in_a_request(size: int) -> None:
    payloads = [MemoryPayload(b"x" * size), MemoryPayload(b"second")]
    places = Placeholders(payloads)
    soap = f"<a>{places.text(1)}</a><b>{places.text(0)}</b>".encode()
    with places.filled(soap) as body:
        sent = body.read()
    assert sent == b"<a>%b</a><b>%b</b>" % (b64encode(b"second"), b64encode(b"x" * size))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-03-03T01:02:03Z", datetime(2025, 3, 3, 1, 2, 3, tzinfo=UTC)),
        ("2025-03-03T01:02:03.123456789Z", datetime(2025, 3, 3, 1, 2, 3, tzinfo=UTC)),
        ("2025-03-03T01:02:03+01:00", datetime(2025, 3, 3, 0, 2, 3, tzinfo=UTC)),
        ("2025-03-03T01:02:03", datetime(2025, 3, 3, 1, 2, 3, tzinfo=UTC)),
        ("2025-02-30T01:02:03Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
    ],
)
def test_dates_of_replies(text: str, moment: datetime | None) -> None:
    assert instant(text) == moment


def test_dates_of_requests() -> None:
    assert written(datetime(2025, 3, 3, 1, 2, 3, 999, tzinfo=UTC)) == "2025-03-03T01:02:03Z"
    assert written(datetime(1600, 12, 31, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("status", "id"),
    [
        (301, ProblemId.NOT_A_MAIL_SERVER),
        (401, ProblemId.SIGN_IN_REFUSED),
        (403, ProblemId.ACCESS_TURNED_OFF),
        (404, ProblemId.NOT_A_MAIL_SERVER),
        (413, ProblemId.ITEM_TOO_BIG),
        (429, ProblemId.ASKED_TO_SLOW_DOWN),
        (502, ProblemId.CONNECTION_LOST),
    ],
)
def test_what_a_status_means(status: int, id: ProblemId) -> None:
    error = by_status(status, b"", {}, Place.SOURCE, "host", signed_in=False)
    assert error.problem.id is id


def test_a_refusal_after_a_good_sign_in_is_doubted_once() -> None:
    account = Account(EndpointKind.EWS, "zoe", Server("host", 443, Security.TLS), url="https://x/")
    proof = Proof(account, Secret("right"))
    long_ago = time.monotonic()
    assert not proof.may_pass(long_ago)
    proof.given()
    assert not Proof(account, Secret("wrong")).may_pass(long_ago)
    assert proof.may_pass(long_ago)
    # Another that was asked before the first was refused; then one that was asked later.
    assert Proof(account, Secret("right")).may_pass(long_ago)
    assert not proof.may_pass(time.monotonic())


def test_a_locked_account_is_told_as_such() -> None:
    body = b"The referenced account is currently locked out"
    error = by_status(401, body, {}, Place.SOURCE, "host", signed_in=True)
    assert error.problem.id is ProblemId.ACCOUNT_LOCKED


@pytest.mark.parametrize(("told", "wait"), [("12", 12), ("", 0), ("tomorrow", 0)])
def test_how_long_to_wait(told: str, wait: float) -> None:
    error = by_status(503, b"", {"Retry-After": told}, Place.SOURCE, "host", signed_in=True)
    assert isinstance(error, TryAgain)
    assert error.after == wait
    # Without a hint it may have come from a server that had begun.
    assert isinstance(error, NotNow) is bool(wait)


def test_names_beside_what_has_them_already() -> None:
    closed = frozenset({("calendar",), ("calendar (2)",), ("a", "notes")})
    assert acceptable_path(("Calendar",), closed) == ("Calendar (3)",)
    assert acceptable_path(("A", "Notes", "x"), closed) == ("A", "Notes (2)", "x")
    assert acceptable_path(("inbox", "Calendar"), closed) == ("INBOX", "Calendar")
