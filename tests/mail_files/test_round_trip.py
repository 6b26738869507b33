"""A mailbox saved as files and read again: byte for byte, with flags and dates."""

from __future__ import annotations

import mailbox
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omm_desktop.endpoints.files.mail_destination import MailFolder as SavedMail
from omm_desktop.model.account import MailFormat
from omm_desktop.model.items import Folder, Item
from omm_desktop.model.ports import FolderWish, Stored
from tests.contract.letters import item
from tests.servers.corpus import mailbox_of, peculiar_messages
from tests.servers.mailbox import MailFolder, Message

from .reading import all_mail

ODD = (
    b"",
    b"\n",
    b"\r\n",
    b"\n\n\n",
    b"\r",
    b"a\r",
    b"\n\r",
    b"\n\r\n",
    b"From x\nFrom y",
    b"From x Mon Jan  1 00:00:00 2001\nSubject: y\n\nz\n",
    b"From : a@example.test\n\n>From b\r\n>>From \n\n",
    b"Subject: CR alone\rText\rFrom z\r",
    b"Subject: x\nContent-Length: 3\n\nabc\n\nFrom d\n",
    b"X-Gmail-Labels: Inbox\nStatus: RO\n\nx\n",
    b"\0\0\0",
    b"Subject: mixed\r\nTo: a\n\r\none\ntwo\r\n\nFrom three\r\n\r\nfour",
    b"Subject: \xe9t\xe9 \xff\nFrom: \x80\x00\n\n\xfe\xffFrom x\n",
    b"From : x\r\n\r\n>From y\r\n\r\nFrom z Mon Jan  1 00:00:00 2001\r\n",
    b"x" * 70_000 + b"\n\ny\n",
    b"Subject: long\n\n" + b">" * 70_000 + b"From x",
)
BATCH = 150


def save(top: Path, format: MailFormat, folders: Sequence[MailFolder]) -> None:
    with closing(SavedMail(top, format)) as destination:
        made = destination.ensure_folders([FolderWish(folder.path) for folder in folders])
        for folder, target in zip(folders, made, strict=True):
            assert isinstance(target, Folder)
            items = [
                item(str(number), message.body, message.flags, message.received)
                for number, message in enumerate(folder.messages)
            ]
            for start in range(0, len(items), BATCH):
                store(destination, target, items[start : start + BATCH])


def store(destination: object, target: Folder, items: list[Item]) -> None:
    answers = list(destination.store(target.key, items))  # type: ignore[attr-defined]
    assert all(isinstance(answer, Stored) for answer in answers)
    assert len(answers) == len(items)


@pytest.mark.parametrize("format", MailFormat)
def test_a_mailbox_comes_back_byte_for_byte(
    tmp_path: Path, corpus: list[Message], format: MailFormat
) -> None:
    odd = MailFolder(("INBOX", "Odd"), [Message(body) for body in ODD])
    folders = [*mailbox_of(corpus), odd]
    save(tmp_path, format, folders)
    back = all_mail(tmp_path)
    wanted: dict[tuple[str, ...], list[Message]] = defaultdict(list)
    for folder in folders:
        wanted[folder.path] += folder.messages
    if format is MailFormat.EML:
        # A folder on the disk that holds nothing holds no mail.
        wanted = {path: messages for path, messages in wanted.items() if messages}
    assert back.keys() == wanted.keys()
    for path, messages in wanted.items():
        assert Counter(one.message for one in back[path]) == Counter(
            message.body for message in messages
        ), path
        if format is MailFormat.MBOX:
            dated = [message for message in messages if message.received]
            told = Counter((one.message, one.flags, one.received) for one in back[path])
            assert not Counter((m.body, m.flags, m.received) for m in dated) - told, path


def test_other_programs_read_what_we_save(tmp_path: Path, corpus: list[Message]) -> None:
    messages = [message for message in corpus if message.body.endswith(b"\n")][:300]
    save(tmp_path, MailFormat.MBOX, [MailFolder(("Work",), messages)])
    with closing(mailbox.mbox(tmp_path / "mail" / "Work.mbox", create=False)) as box:
        read = [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118
    assert len(read) == len(messages)
    for theirs, message in zip(read, messages, strict=True):
        unquoted = re.sub(rb"(?m)^>(>*From )", rb"\1", theirs)
        # Python takes an empty line of CRLF behind a message for its own.
        assert unquoted in (message.body, message.body + b"\r\n")


@pytest.mark.parametrize("format", MailFormat)
def test_a_line_of_fifty_megabytes_comes_back(tmp_path: Path, format: MailFormat) -> None:
    message = b"Subject: x\n\n>From " + b"x" * 50_000_000
    save(tmp_path, format, [MailFolder(("A",), [Message(message), Message(b"\n")])])
    (back,) = all_mail(tmp_path).values()
    assert {one.message == message for one in back} == {True, False}


FLAGS = st.frozensets(
    st.sampled_from(["\\Seen", "\\Answered", "\\Flagged", "\\Draft", "\\Deleted"])
    | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
        lambda text: not text.startswith("\\")
    ),
    max_size=4,
)
MOMENTS = st.none() | st.datetimes(
    datetime(2, 1, 1),
    datetime(9998, 12, 31),
    timezones=st.integers(-720, 840).map(lambda m: timezone(timedelta(minutes=m))),
).map(lambda moment: moment.replace(microsecond=0))
BODIES = st.lists(
    st.sampled_from(
        [
            b"From ",
            b">",
            b">From ",
            b"\n",
            b"\r\n",
            b"\r",
            b"Subject: x",
            b"\0",
            b"Content-Length: 4",
        ]
    )
    | st.binary(max_size=6),
    max_size=12,
).map(b"".join)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None
)
@given(st.lists(st.tuples(BODIES, FLAGS, MOMENTS), min_size=1, max_size=6))
def test_anything_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    mails: list[tuple[bytes, frozenset[str], datetime | None]],
) -> None:
    top = tmp_path_factory.mktemp("saved")
    save(top, MailFormat.MBOX, [MailFolder(("A",), [Message(*mail) for mail in mails])])
    (back,) = all_mail(top).values()
    assert [(one.message, one.flags) for one in back] == [mail[:2] for mail in mails]
    for one, (_, _, moment) in zip(back, mails, strict=True):
        assert moment is None or one.received == moment.astimezone(UTC)


def test_a_mailbox_of_peculiar_mail_keeps_its_order(tmp_path: Path) -> None:
    messages = peculiar_messages()
    save(tmp_path, MailFormat.MBOX, [MailFolder(("A",), messages)])
    (back,) = all_mail(tmp_path).values()
    assert [one.message for one in back] == [message.body for message in messages]
