"""Every item of the collection's Outlook files, written as mail and read by Python's parser."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from omm_desktop.endpoints.pst.messaging.folder import Folder
from omm_desktop.endpoints.pst.messaging.message import Message
from omm_desktop.endpoints.pst.messaging.store import Store
from omm_desktop.endpoints.pst.messaging.tags import Tag
from omm_desktop.endpoints.pst.mime.message_writer import write_message
from omm_desktop.endpoints.pst.mime.notes import NoteKind

from .collection import SOUND
from .recorded import RECORD

LIBPFF: dict[str, Any] = json.loads(RECORD.read_text())
ONCE = ("from", "subject", "date", "message-id", "mime-version", "content-type", "to", "cc")


@pytest.mark.parametrize("name", SOUND)
def test_the_same_file_gives_the_same_bytes(name: str, pst_files: dict[str, Path]) -> None:
    assert _hashes(pst_files[name]) == _hashes(pst_files[name])


@pytest.mark.parametrize("name", SOUND)
def test_python_reads_what_was_written(name: str, pst_files: dict[str, Path]) -> None:
    for message, written, mail in _mails(pst_files[name]):
        assert written.isascii()
        assert b"\r" not in written.replace(b"\r\n", b"")
        assert b"\n" not in written.replace(b"\r\n", b"")
        assert written.endswith(b"\r\n")
        for part in mail.walk():
            assert not part.defects, (hex(message.nid), part.defects)
        names = [field.lower() for field, _ in mail.items()]
        told = "\n" + (message.properties.text(Tag.TRANSPORT_MESSAGE_HEADERS) or "").lower()
        for field in ONCE:
            # Some messages of 2001 came with two dates.
            assert names.count(field) <= max(1, told.count(f"\n{field}:"))
        assert {"message-id", "subject"} <= set(names)
        # Some contacts have no time at all.
        assert ("date" in names) == (message.received is not None)


@pytest.mark.parametrize("name", SOUND)
def test_attachments_arrive_byte_for_byte(name: str, pst_files: dict[str, Path]) -> None:
    recorded = LIBPFF[name]["items"]
    for message, _, mail in _mails(pst_files[name]):
        if message.message_class.startswith("IPM.OLE"):
            continue
        files = sorted([len(data), hashlib.sha256(data).hexdigest()[:32]] for data in _files(mail))
        kept = [found for found in recorded[str(message.nid)]["attachments"] if found[0]]
        embedded = sum(1 for part in _own_parts(mail) if part.get_content_type() == EMBEDDED)
        # libpff gives the raw properties of an embedded message as if they were a file.
        assert len(files) + embedded == len(recorded[str(message.nid)]["attachments"])
        assert all(file in kept for file in files)


EMBEDDED = "message/rfc822"


@pytest.mark.parametrize("name", SOUND)
def test_texts_arrive_in_full(name: str, pst_files: dict[str, Path]) -> None:
    for message, _, mail in _mails(pst_files[name]):
        text = message.properties.text(Tag.BODY)
        plain = mail.get_body(("plain",))
        if text:
            assert isinstance(plain, EmailMessage)
            assert _lines(plain.get_content()) == _lines(text)
        html = message.html(1 << 30)
        if isinstance(html, bytes) and html:
            shown = mail.get_body(("html",))
            assert isinstance(shown, EmailMessage)
            assert _lines(shown.get_payload(decode=True).decode("latin-1")) == _lines(
                html.decode("latin-1")
            )


def test_fields_from_the_network_are_kept_as_they_came(pst_files: dict[str, Path]) -> None:
    for name in SOUND:
        for message, written, _ in _mails(pst_files[name]):
            told = message.properties.text(Tag.TRANSPORT_MESSAGE_HEADERS) or ""
            head = written.split(b"\r\n\r\n", 1)[0].decode()
            kept = re.findall(r"^Received: .*(?:\r\n[ \t].*)*", told, re.MULTILINE)
            assert re.findall(r"^Received: .*(?:\r\n[ \t].*)*", head, re.MULTILINE) == kept


def test_nothing_in_the_collection_is_left_out(pst_files: dict[str, Path]) -> None:
    told = set()
    for name in SOUND:
        with Store(pst_files[name]) as store:
            for nid in _nids(store):
                told |= {note.kind for note in write_message(store.message(nid), io.BytesIO())}
    # Senders within an organisation that the files know by an internal name alone.
    assert told == {NoteKind.ADDRESS_UNKNOWN}


def _nids(store: Store) -> Iterator[int]:
    for folder in store.folders():
        assert isinstance(folder, Folder)
        yield from folder.item_ids()


def _hashes(path: Path) -> list[str]:
    with Store(path) as store:
        return [hashlib.sha256(_written(store.message(nid))).hexdigest() for nid in _nids(store)]


def _written(message: Message) -> bytes:
    output = io.BytesIO()
    write_message(message, output)
    return output.getvalue()


def _mails(path: Path) -> Iterator[tuple[Message, bytes, EmailMessage]]:
    with Store(path) as store:
        for nid in _nids(store):
            message = store.message(nid)
            written = _written(message)
            mail = email.message_from_bytes(written, policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            yield message, written, mail


def _own_parts(mail: EmailMessage) -> Iterator[EmailMessage]:
    """The parts of a mail without those of the mails within."""
    for part in mail.iter_parts() if mail.is_multipart() else ():
        yield part
        if part.get_content_maintype() == "multipart":
            yield from _own_parts(part)


def _files(mail: EmailMessage) -> Iterator[bytes]:
    for part in _own_parts(mail):
        if part.get_content_disposition() and part.get_content_type() != EMBEDDED:
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            yield data


def _lines(text: str) -> list[str]:
    return text.rstrip().replace("\r\n", "\n").replace("\r", "\n").split("\n")
