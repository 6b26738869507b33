"""Attachments that Apple Mail keeps beside its messages."""

from __future__ import annotations

import email
from contextlib import closing, suppress
from pathlib import Path

from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.model.items import Item

from .reading import all_mail, answers
from .test_folders import LETTER, put

PNG = b"\x89PNG\r\n\x1a\n"
PARTIAL = b"""\
From: a@example.test
Content-Type: multipart/alternative; boundary=outer

--outer
Content-Type: text/plain

Text
--outer
Content-Type: multipart/mixed; boundary=inner

--inner
Content-Type: application/pdf
Content-Transfer-Encoding: base64
X-Apple-Content-Length: 270000

--inner
X-Apple-Content-Length: 12
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

--inner
Content-Type: image/png
Content-Transfer-Encoding: base64
X-Apple-Content-Length: 5


--inner--
--outer--
"""


def put_partial(messages: Path, **files: bytes) -> None:
    put(messages / "7.partial.emlx", b"%d\n" % len(PARTIAL) + PARTIAL)
    for number, content in files.items():
        place = messages.parent / "Attachments" / "7" / number.strip("_").replace("_", ".")
        put(place / "Été.bin", content)
        put(place / ".DS_Store", b"x")


def test_attachments_that_apple_mail_keeps_elsewhere_are_put_back(tmp_path: Path) -> None:
    data = tmp_path / "Work.mbox" / "ABC" / "Data"
    put_partial(data / "Messages", _2_1=bytes(range(256)) * 800, _2_2="Été\n".encode(), _2_3=PNG)
    # What is attached is no mail of the folder.
    put(data / "Attachments" / "8" / "2" / "attached.eml", LETTER)
    ((path, (mail,)),) = all_mail(tmp_path).items()
    assert path == ("Work",)
    message = email.message_from_bytes(mail.message)
    assert [
        part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()
    ] == [
        b"Text",
        bytes(range(256)) * 800,
        "Été\n".encode(),
        PNG,
    ]
    assert b"X-Apple" not in mail.message
    assert not any(part.defects for part in message.walk())


def test_attachments_that_are_nowhere_are_told(tmp_path: Path) -> None:
    put_partial(tmp_path / "Messages", _2_1=PNG)
    outside = tmp_path / "secret"
    put(outside / "key", b"secret")
    with suppress(OSError):
        (tmp_path / "Attachments" / "7" / "2.2").symlink_to(outside)
    with closing(open_mail(tmp_path / "Messages")) as source:
        (folder,) = source.folders()
        (item,) = answers(source, folder)
    assert isinstance(item, Item)
    assert [problem.detail for problem in item.remarks] == ["2 attachments are missing"]
    assert b"secret" not in b"".join(item.payload.pieces())
