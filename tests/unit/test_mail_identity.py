"""Fingerprint, content hash and label of a mail."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop.endpoints.convert import mail
from omm_desktop.endpoints.convert.payload import IN_MEMORY, FilePayload, MemoryPayload
from omm_desktop.model.problem import CannotGoOn, ProblemId

HEADER = (
    b"Received: from b by c; Tue, 1 Jan 2019 10:00:02 +0000\r\n"
    b"Received: from a by b; Tue, 1 Jan 2019 10:00:01 +0000\r\n"
    b"Message-ID: <1@example.test>\r\n"
    b"Date: Tue, 1 Jan 2019 11:00:00 +0100\r\n"
    b"From: =?utf-8?q?Ren=C3=A9e?= <renee@example.test>\r\n"
    b"To: a@example.test,\r\n b@example.test\r\n"
    b"Subject: Bonjour\r\n"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\r\n", b"\n"),
        (b",\r\n b@", b", b@"),
        (b",\r\n b@", b",\r\n\t b@"),
        (b"11:00:00 +0100", b"10:00:00 +0000"),
        (b"Subject:", b"SUBJECT:"),
        (b"=?utf-8?q?Ren=C3=A9e?=", b"=?utf-8?b?UmVuw6ll?="),
        (b"Received: from b by c", b"Received: from y by z"),
        (b"Subject: Bonjour\r\n", b"Subject: Bonjour\r\nX-Added: by a server\r\n"),
    ],
)
def test_what_servers_change_leaves_the_fingerprint(old: bytes, new: bytes) -> None:
    assert old in HEADER
    assert mail.fingerprint(HEADER.replace(old, new)) == mail.fingerprint(HEADER)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<1@", b"<2@"),
        (b"11:00:00", b"11:00:01"),
        (b"Bonjour", b"Bonsoir"),
        (b"renee@", b"rene@"),
        (b" b@", b" c@"),
        (b"from a by b", b"from x by b"),
        (b"Subject: Bonjour\r\n", b""),
        (b"Subject: Bonjour\r\n", b"Cc: d@example.test\r\nSubject: Bonjour\r\n"),
    ],
)
def test_what_tells_mails_apart_changes_it(old: bytes, new: bytes) -> None:
    assert old in HEADER
    assert mail.fingerprint(HEADER.replace(old, new)) != mail.fingerprint(HEADER)


def test_raw_octets_count_as_the_x_that_cyrus_stores() -> None:
    raw = "Subject: é\r\n".encode()
    assert mail.fingerprint(raw) == mail.fingerprint(b"Subject: XX\r\n")


@given(st.binary(max_size=400))
def test_nothing_raises_whatever_the_bytes(message: bytes) -> None:
    header = mail.header_of(MemoryPayload(message))
    assert len(mail.fingerprint(header)) == 16
    assert mail.identity(header) == (mail.fingerprint(header), mail.label(header))
    assert len(mail.content_hash(MemoryPayload(message))) == 16


@given(
    st.sampled_from([b"Date", b"From", b"Subject", b"To"]),
    st.sampled_from(
        [b"=?utf-8?b?@@@?=", b"=?nope?q?a?=", b"99 Foo 99999 99:99", b"=?utf-8?q?=ff?=", b"\xff\0"]
    ),
)
def test_broken_values_are_only_text(name: bytes, value: bytes) -> None:
    assert len(mail.fingerprint(name + b": " + value)) == 16


@pytest.mark.parametrize(
    ("message", "header", "body"),
    [
        (b"A: b\r\n\r\nbody", b"A: b\r\n", b"body"),
        (b"A: b\n\nbody\r\n\r\nmore", b"A: b\n", b"body\r\n\r\nmore"),
        (b"A: b\r\n\r\nbody\n\nmore", b"A: b\r\n", b"body\n\nmore"),
        (b"A: b\n\r\nbody", b"A: b\n", b"body"),
        (b"\r\nbody", b"", b"body"),
        (b"\nbody", b"", b"body"),
        (b"A: b\r\n", b"A: b\r\n", b""),
        (b"", b"", b""),
    ],
)
def test_header_and_body_part_at_the_first_blank_line(
    message: bytes, header: bytes, body: bytes
) -> None:
    end, start = mail.split(message)
    assert (message[:end], message[start:]) == (header, body)


def test_line_ends_do_not_count_in_the_body() -> None:
    crlf, bare = MemoryPayload(b"A: b\r\n\r\none\r\ntwo\r\n"), MemoryPayload(b"A: b\n\none\ntwo\n")
    other = MemoryPayload(b"A: b\r\n\r\none\r\ntwo\r\n\r\n")
    assert mail.content_hash(crlf) == mail.content_hash(bare)
    assert mail.content_hash(crlf) != mail.content_hash(other)


@given(
    st.lists(
        st.sampled_from([b"A: b", b"\r", b"\n", b"\r\n", b"\n\n", b"\0", b"body"]), max_size=12
    )
)
def test_the_pieces_a_mail_comes_in_do_not_count(pieces: list[bytes]) -> None:
    message = b"".join(pieces)
    digest = mail.ContentDigest()
    assert b"".join(digest.adding(pieces)) == message
    whole = mail.ContentDigest()
    whole.add(message)
    body = message[mail.split(message)[1] :].replace(b"\r", b"").replace(b"\0", b"\x80")
    assert digest.content_hash() == whole.content_hash() == sha256(body).digest()[:16]


def test_a_header_without_end_is_not_kept_for_ever() -> None:
    endless = MemoryPayload(b"A: b\r\n" * 400_000)
    digest = mail.ContentDigest()
    for start in range(0, endless.size, 300_000):
        digest.add(endless.data[start : start + 300_000])
    assert digest.content_hash() == mail.content_hash(endless)


def test_a_mail_on_disk_has_the_same_identity_as_in_memory() -> None:
    data = HEADER + b"\r\n" + b"0123456789abcdef\r\n" * (IN_MEMORY // 16)
    on_disk = FilePayload(data[start : start + 7777] for start in range(0, len(data), 7777))
    in_memory = MemoryPayload(data)
    assert on_disk.size == len(data)
    assert b"".join(on_disk.pieces(1 << 16)) == data
    assert mail.header_of(on_disk) == mail.header_of(in_memory)
    assert mail.content_hash(on_disk) == mail.content_hash(in_memory)
    on_disk.close()


def test_the_label_is_readable() -> None:
    label = mail.label(HEADER)
    assert label.sender == "Renée <renee@example.test>"
    assert label.subject == "Bonjour"
    assert label.date.startswith("Tue, 1 Jan 2019")
    assert mail.label("Subject: été\x00\r\n".encode()).subject == "été"


def test_a_computer_without_room_for_temporary_files_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(CannotGoOn) as raised:
        FilePayload([b"x"])
    assert raised.value.problem.id is ProblemId.PLACE_MISSING
