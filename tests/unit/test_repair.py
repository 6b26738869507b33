"""The repair ladder: each rung changes only what it names."""

from __future__ import annotations

import base64
from email import message_from_bytes
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop.endpoints.convert.repair import ends_connections, next_rung, shorter_lines

LINE_ENDS, NUL, HEADER = (
    "line ends made CRLF",
    "NUL octets removed",
    "header made valid (RFC 5322, 2047)",
)
LONG_LINES = "long lines re-encoded (RFC 2045)"


def climbed(message: bytes) -> tuple[list[str], bytes]:
    """The repairs that keep it a mail of its own, and what they make of it."""
    original, done = message, list[str]()
    while (step := next_rung(message, original, done)) is not None and not step[0].attaches:
        message = step[1]
        done.append(step[0].name)
    return done, message


def attached(message: bytes, times: int = 1) -> Message:
    """The mail of ours that carries `message`, after so many refusals of such."""
    done, repaired = climbed(message)
    for _ in range(times):
        step = next_rung(repaired, message, done)
        assert step is not None
        repaired = step[1]
        done.append(step[0].name)
    assert times == 1 or next_rung(repaired, message, done) is None
    return message_from_bytes(repaired)


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


LONG = "accentué " * 200
HTML = b"<p>" + b"x" * 3000 + b"</p>\r\n"


def test_only_the_part_with_a_long_line_is_re_encoded() -> None:
    first = b"Content-Type: text/plain\r\n\r\nshort  \r\n\tlines\r\n"
    last = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n"
    mail = (
        b'Subject: x\r\nContent-Type: multipart/mixed; boundary="b 1"\r\n\r\n'
        b"before\r\n--b 1\r\n" + first + b"\r\n--b 1\r\nContent-Type: text/html\r\n"
        b"Content-Transfer-Encoding: 8bit\r\nContent-ID: <1>\r\n\r\n"
        + HTML
        + b"\r\n--b 1\r\n"
        + last
        + b"\r\n--b 1--\r\nafter\r\n"
    )
    rungs, repaired = climbed(mail)
    assert rungs == [LONG_LINES]
    assert max(map(len, repaired.split(b"\r\n"))) <= 998
    before, after = mail.split(b"Content-Type: text/html")[0], mail[mail.index(last) :]
    assert repaired.startswith(before)
    assert repaired.endswith(after)
    html = message_from_bytes(repaired).get_payload()[1]
    assert html["Content-ID"] == "<1>"
    assert html.get_all("Content-Transfer-Encoding") == ["quoted-printable"]
    assert html.get_payload(decode=True) == HTML


@pytest.mark.parametrize(
    ("fields", "body", "encoding"),
    [
        (b"Content-Type: text/plain; charset=utf-8\r\n", LONG.encode(), "quoted-printable"),
        (b"", b"no MIME at all " * 200, "quoted-printable"),
        (b"Content-Type: application/pdf\r\n", bytes(range(1, 10)) + b"x" * 2000, "base64"),
    ],
)
def test_a_mail_of_one_part_keeps_its_content(fields: bytes, body: bytes, encoding: str) -> None:
    rungs, repaired = climbed(b"Subject: x\r\n" + fields + b"\r\n" + body + b"\r\n")
    parsed = message_from_bytes(repaired)
    assert LONG_LINES in rungs
    assert parsed["Content-Transfer-Encoding"] == encoding
    content = parsed.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.split() == body.split()
    assert max(map(len, repaired.split(b"\r\n"))) <= 998


def test_a_base64_part_in_one_line_is_wrapped_to_the_same_octets() -> None:
    octets = bytes(range(256)) * 20
    head = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
    _, repaired = climbed(head + b"\r\n" + base64.b64encode(octets) + b"\r\n")
    assert message_from_bytes(repaired).get_payload(decode=True) == octets
    assert max(map(len, repaired.split(b"\r\n"))) == 76


def test_a_mail_inside_a_mail_is_mended_where_the_line_is() -> None:
    inner = b"Subject: inner\r\n\r\n" + b"y" * 1500 + b"\r\n"
    _, repaired = climbed(b"Subject: outer\r\nContent-Type: message/rfc822\r\n\r\n" + inner)
    outer = message_from_bytes(repaired)
    assert outer["Content-Transfer-Encoding"] is None
    inside = outer.get_payload()[0]
    assert inside["Content-Transfer-Encoding"] == "quoted-printable"
    assert inside.get_payload(decode=True) == b"y" * 1500 + b"\r\n"


def test_a_long_header_line_is_folded() -> None:
    field = b"References: " + b" ".join(b"<%04d@exemple.fr>" % n for n in range(200))
    _, repaired = climbed(field + b"\r\n\r\nx\r\n")
    assert repaired.replace(b"\r\n ", b" ") == field + b"\r\n\r\nx\r\n"
    assert max(map(len, repaired.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "kind",
    [
        b'multipart/signed; protocol="application/pgp-signature"; boundary=b',
        b"multipart/encrypted; boundary=b",
        b"application/pkcs7-mime; smime-type=signed-data",
    ],
)
def test_what_is_signed_or_encrypted_is_not_re_encoded(kind: bytes) -> None:
    mail = b"Subject: x\r\nContent-Type: " + kind + b"\r\n\r\n" + b"z" * 2000 + b"\r\n"
    assert climbed(mail) == ([], mail)


MAIL = (
    b"Received: by somebody\r\nFrom: Claire <claire@exemple.fr>\r\nTo: moi@exemple.fr\r\n"
    b"Subject: R\xe9union\r\nDate: Sat, 14 Mar 2015 09:00:00 +0100\r\nMessage-ID: <1@x>\r\n"
    b"X-Odd: 1\r\n\r\nBonjour\0\r\n"
)
KNOWN_BY = {
    "From": "Claire <claire@exemple.fr>",
    "To": "moi@exemple.fr",
    "Subject": "=?iso-8859-1?q?R=E9union?=",
    "Date": "Sat, 14 Mar 2015 09:00:00 +0100",
    "Message-ID": "<1@x>",
}


@pytest.mark.parametrize(
    "kind",
    [b'multipart/mixed; boundary="\xe9"', b"multipart/mixed; boundary*=utf-8''%C3%A9"],
)
def test_a_boundary_that_is_not_ascii(kind: bytes) -> None:
    _, repaired = shorter_lines(b"Content-Type: " + kind + b"\r\n\r\n" + b"x" * 20_000 + b"\r\n")
    assert not ends_connections(repaired)


@pytest.mark.parametrize(
    "around",
    [
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=b%(n)d\r\n\r\n--b%(n)d\r\n",
    ],
)
def test_parts_within_parts_without_end(around: bytes) -> None:
    outside = b"".join(around % {b"n": n} for n in range(1_500))
    rung, repaired = shorter_lines(outside + b"\r\n" + b"x" * 20_000 + b"\r\n")
    assert rung.attaches
    assert not ends_connections(repaired)


@pytest.mark.parametrize("times", [1, 2])
def test_what_cannot_be_mended_is_attached_to_a_mail_known_by_the_same_fields(times: int) -> None:
    cover = attached(MAIL, times)
    assert {name: cover[name] for name in KNOWN_BY} == KNOWN_BY
    assert cover["X-Odd"] is None
    words = cover.get_payload()[0].get_payload(decode=True)
    assert isinstance(words, bytes)
    assert "pièce jointe" in words.decode()
    assert attached(MAIL, times).as_bytes() == cover.as_bytes()


def test_it_is_attached_as_a_mail_first_and_then_as_the_octets_it_was() -> None:
    inside = attached(MAIL).get_payload()[1]
    assert inside.get_content_type() == "message/rfc822"
    assert inside.get_filename() == "message.eml"
    assert inside.get_payload()[0].get_payload() == "Bonjour\r\n"
    file = attached(MAIL, 2).get_payload()[1]
    assert file.get_content_type() == "application/octet-stream"
    assert file.get_payload(decode=True) == MAIL


@given(st.binary(max_size=300))
def test_a_mail_of_ours_is_well_formed_whatever_it_carries(message: bytes) -> None:
    cover = attached(message, 2)
    assert cover.get_payload()[1].get_payload(decode=True) == message
    raw = cover.as_bytes()
    assert raw.isascii()
    assert b"\0" not in raw
