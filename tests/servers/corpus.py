"""Real mail nobody here wrote, and the odd mail no collection has, laid out in folders.

The collection is a folder with `mail/*.eml` and `mbox/*`; OMM_CORPUS names it, `shared/corpus` next
to the checkout is the default.

The mbox files are of several dialects; here a message begins after a "From " line at the very start
or after an empty line, the last empty line belongs to the format, and one ">" is taken off every
">From " or ">>From " line (mboxrd). Where a file was written in another dialect, the messages made
of it are mail all the same: only that they arrive as they were stored is asserted.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from .mailbox import MailFolder, Message

FOLDERS = (
    ("INBOX",),
    ("Archives",),
    ("Archives", "2019"),
    ("Archives", "2019", "Été"),
    ("Büro", "Aufträge"),
    ("Клиенты", "Москва"),
    ("日本", "会議"),
    ("Œuvres & naïveté",),
)
EMPTY_FOLDER = ("Vide",)
PECULIAR_FOLDER = ("Peculiar",)
SYSTEM_FLAGS = ("\\Seen", "\\Answered", "\\Flagged", "\\Draft", "\\Deleted")
KEYWORDS = ("$Forwarded", "$Label1", "NonJunk", "$MDNSent", "caf&AOk-", "Projekt-7")
ZONES = (-570, -420, -300, 0, 60, 120, 330, 345, 540, 765)
SEPARATOR = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\n")
QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def corpus_folder() -> Path:
    """Where the collection should be."""
    beside = Path(__file__).parents[3] / "shared" / "corpus"
    return Path(os.environ.get("OMM_CORPUS", beside))


def corpus_messages(folder: Path) -> list[Message]:
    """Every message of the collection, byte for byte, without flags and dates."""
    return [
        *(Message(path.read_bytes(), name=path.name) for path in sorted(folder.glob("mail/*.eml"))),
        *(
            Message(body, name=f"{path.name}#{number}")
            for path in sorted(folder.glob("mbox/*"))
            for number, body in enumerate(split_mbox(path.read_bytes()), 1)
        ),
    ]


def split_mbox(content: bytes) -> Iterator[bytes]:
    """The messages of an mbox file; see the module about dialects."""
    starts = list(SEPARATOR.finditer(content))
    for index, start in enumerate(starts):
        last = index + 1 == len(starts)
        body = content[start.end() : None if last else starts[index + 1].start()]
        if not last:
            body = body.removesuffix(b"\n").removesuffix(b"\r")
        yield QUOTED_FROM.sub(rb"\1", body)


def mailbox_of(messages: list[Message], seed: int = 1) -> list[MailFolder]:
    """The messages in nested and non-ASCII folders, with flags, keywords and old dates."""
    chance = random.Random(seed)
    placed: dict[tuple[str, ...], list[Message]] = {path: [] for path in FOLDERS}
    for message in messages:
        placed[chance.choice(FOLDERS)].append(_dressed(message, chance))
    peculiar = [_dressed(message, chance) for message in peculiar_messages()]
    # An exact duplicate has the same flags and the same date as well.
    peculiar += peculiar[:2]
    return [
        *(MailFolder(path, found, subscribed=len(path) < 3) for path, found in placed.items()),
        MailFolder(PECULIAR_FOLDER, peculiar),
        MailFolder(EMPTY_FOLDER),
    ]


def peculiar_messages() -> list[Message]:
    """Messages that a careless comparison takes for one another, or for nothing."""
    head = "From: a@example.test\r\nTo: b@example.test\r\nDate: Mon, 3 Feb 2003 04:05:06 +0100\r\n"
    letter = head + "Message-ID: <1@example.test>\r\nSubject: Letter\r\n\r\n"
    unnamed = head + "Subject: Without Message-ID\r\n\r\n"
    texts = {
        "letter": letter + "Dear b,\r\n",
        "same-headers-other-body": letter + "Dear c,\r\n",
        "same-id-other-headers": letter.replace("Letter", "Postcard") + "Dear b,\r\n",
        "no-id": unnamed + "Text\r\n",
        "no-id-other-body": unnamed + "Test\r\n",
        "no-id-longer": unnamed + "Text\r\n" * 50,
        "empty-id": letter.replace("<1@example.test>", "") + "Dear b,\r\n",
        "no-body": letter,
        "no-header": "\r\nText alone\r\n",
        "one-octet": "x",
    }
    return [Message(text.encode(), name=name) for name, text in texts.items()]


def _dressed(message: Message, chance: random.Random) -> Message:
    flags = {flag for flag in SYSTEM_FLAGS if chance.random() < 0.25}
    flags |= {keyword for keyword in KEYWORDS if chance.random() < 0.15}
    zone = timezone(timedelta(minutes=chance.choice(ZONES)))
    day = datetime(1994, 1, 1, tzinfo=zone) + timedelta(seconds=chance.randrange(22 * 31_556_952))
    return Message(message.body, frozenset(flags), day, message.name)
