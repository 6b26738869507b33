"""MSG files: what others made as another reader found it, and files of our own making."""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omm_desktop.endpoints.files.content import Brake, Content
from omm_desktop.endpoints.files.mail_item import Letter
from omm_desktop.endpoints.files.msg.read import read_msg
from omm_desktop.model.problem import ItemError, ProblemId

from .msg_writing import (
    BINARY,
    INTEGER,
    OBJECT,
    STRING,
    STRING8,
    STRINGS,
    TIME,
    compound,
    properties,
)
from .reading import all_mail

RECORD = json.loads(Path(__file__).with_name("msg_record.json").read_text("utf-8"))
SAMPLES = Path(__file__).parents[1] / "data" / "msg"


def read(path: Path) -> tuple[Letter, EmailMessage]:
    content = Content.open(path, Brake())
    try:
        letter = read_msg(content)
    finally:
        content.close()
    message = email.message_from_bytes(
        b"".join(letter.payload.pieces()), policy=email.policy.default
    )
    assert isinstance(message, EmailMessage)
    return letter, message


def leaves(message: EmailMessage) -> Iterator[bytes]:
    for part in message.walk():
        if not part.is_multipart():
            yield part.get_payload(decode=True) or b""  # type: ignore[misc]


@pytest.mark.parametrize("name", sorted(RECORD))
def test_what_others_made_is_read_as_another_reader_reads_it(name: str) -> None:
    told = RECORD[name]
    _, message = read(SAMPLES / name)
    hashes = {hashlib.sha256(leaf).hexdigest() for leaf in leaves(message)}
    assert set(told["attachments"]) <= hashes
    embedded = [part for part in message.walk() if part.get_content_type() == "message/rfc822"]
    assert len(embedded) >= told["embedded"]
    if told["subject"] is not None:
        assert " ".join((message["Subject"] or "").split()) == told["subject"]
    if told["text"] is not None:
        assert without_blanks(message) == told["text"]
    named = [str(value) for name in ("To", "Cc", "Bcc") for value in message.get_all(name, [])]
    assert len(getaddresses(named)) == told["recipients"]


def without_blanks(message: EmailMessage) -> str:
    """The hash of its text; where lines end is told in several ways."""
    part = message.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    return hashlib.sha256(re.sub(r"[\s\0]+", "", part.get_content()).encode()).hexdigest()


def test_every_file_of_others_becomes_a_message() -> None:
    found = all_mail(SAMPLES)
    (mail,) = found.values()
    assert len(mail) == len(list(SAMPLES.glob("*.msg"))) == len(RECORD)


MOMENT = datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)
LARGE = bytes(range(256)) * 5000


def a_message() -> bytes:
    person = properties({(0x3001, STRING): "Ann", (0x39FE, STRING): "ann@example.test"}, 8)
    small = properties({(0x3701, BINARY): b"tiny", (0x3707, STRING): "small.txt"}, 8)
    large = properties({(0x3701, BINARY): LARGE, (0x3707, STRING): "Été.bin"}, 8)
    inner = properties({(0x37, STRING): "Within", (0x1000, STRING): "Inner text\r\n"}, 24)
    embedded = properties({(0x3705, INTEGER): 5, (0x3701, OBJECT): 0}, 8)
    names = struct.pack("<IHH", 0, 2 << 1 | 1, 0)
    return compound(
        {
            **properties(
                {
                    (0x001A, STRING): "IPM.Note",
                    (0x0037, STRING): "\x01\x05Re: Œuvres",
                    (0x1000, STRING): "A text\r\nFrom us\r\n",
                    (0x0E06, TIME): MOMENT,
                    (0x0E07, INTEGER): 1,
                    (0x1090, INTEGER): 2,
                    (0x0C1A, STRING): "Bob",
                    (0x5D01, STRING): "bob@example.test",
                    (0x8000, STRINGS): ["Work", "Red label"],
                },
                32,
            ),
            "__recip_version1.0_#00000000": person,
            "__attach_version1.0_#00000000": small,
            "__attach_version1.0_#00000001": large,
            "__attach_version1.0_#00000002": {**embedded, "__substg1.0_3701000D": inner},
            "__nameid_version1.0": {
                "__substg1.0_00020102": b"",
                "__substg1.0_00030102": names,
                "__substg1.0_00040102": struct.pack("<I", 16) + "Keywords".encode("utf-16-le"),
            },
        }
    )


def test_a_message_with_everything(tmp_path: Path) -> None:
    (tmp_path / "x.msg").write_bytes(a_message())
    letter, message = read(tmp_path / "x.msg")
    assert message["Subject"] == "Re: Œuvres"
    assert message["From"] == "Bob <bob@example.test>"
    assert message["To"] == "Ann <ann@example.test>"
    assert letter.received == MOMENT
    assert letter.flags == {"\\Seen", "\\Flagged", "Work", "Red_label"}
    assert letter.remarks == ()
    found = {part.get_filename(): part for part in message.walk() if part.get_filename()}
    assert found["small.txt"].get_payload(decode=True) == b"tiny"
    assert found["Été.bin"].get_payload(decode=True) == LARGE
    (inner,) = (part for part in message.walk() if part["Subject"] == "Within")
    assert b"Inner text" in next(leaves(inner))


@pytest.mark.parametrize(
    ("properties_", "subject"),
    [
        ({(0x37, STRING8): "日本".encode("cp932"), (0x3FFD, INTEGER): 932}, "日本"),
        ({(0x37, STRING8): "日本".encode("cp932"), (0x3FF1, INTEGER): 0x411}, "日本"),
        ({(0x37, STRING8): "Привет".encode("cp1251"), (0x3FF1, INTEGER): 0x419}, "Привет"),
        ({(0x37, STRING8): "été".encode("cp1252")}, "été"),
        ({(0x37, STRING8): "été".encode("cp1252"), (0x3FDE, INTEGER): 65001}, "été"),
        ({(0x37, STRING8): "été".encode(), (0x3FDE, INTEGER): 65001}, "été"),
        (
            {
                (0x37, STRING8): "été".encode("cp1252"),
                (0x3FDE, INTEGER): 1251,
                (0x3FF1, INTEGER): 0x40C,
            },
            "été",
        ),
        ({(0x37, STRING8): "été".encode("utf-16-le")}, "été"),
    ],
)
def test_text_of_8_bits(tmp_path: Path, properties_: dict, subject: str) -> None:
    (tmp_path / "x.msg").write_bytes(compound(properties(properties_, 32)))
    _, message = read(tmp_path / "x.msg")
    assert message["Subject"] == subject


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "x.msg").write_bytes(a_message())
    once, again = (b"".join(read(tmp_path / "x.msg")[0].payload.pieces()) for _ in range(2))
    assert once == again


def test_a_compound_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.doc").write_bytes(compound({"WordDocument": b"x" * 5000}))
    with pytest.raises(ItemError) as caught:
        read(tmp_path / "x.doc")
    assert caught.value.problem.id is ProblemId.FILE_NOT_UNDERSTOOD


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=30),
    length=st.integers(0, 20_000) | st.none(),
)
def test_damage_is_told_and_nothing_else(
    tmp_path: Path, changes: list[tuple[int, int]], length: int | None
) -> None:
    whole = bytearray(a_message())
    for place, value in changes:
        whole[place] = value
    (tmp_path / "x.msg").write_bytes(whole[:length])
    refusal = None
    try:
        read(tmp_path / "x.msg")
    except ItemError as error:
        refusal = error.problem.id
    assert refusal in (None, ProblemId.FILE_NOT_UNDERSTOOD)
