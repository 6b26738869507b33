"""Small mailboxes written by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.servers.mailbox import Message

FIRST_DAY = datetime(2019, 5, 6, 7, 8, 9, tzinfo=UTC)


def letter(number: int, size: int = 300) -> Message:
    """A letter of at least `size` bytes, one day later than the letter before."""
    head = (
        f"From: =?utf-8?q?Zo=C3=A9?= <zoe@example.test>\r\nTo: ami@example.test\r\n"
        f"Subject: Lettre {number}\r\nMessage-ID: <{number}@example.test>\r\n\r\n"
    ).encode()
    line = b"Bien le bonjour de la montagne, il y fait beau.\r\n"
    body = line * max(1, (size - len(head)) // len(line))
    flags = frozenset({"\\Seen"} if number % 2 else {"\\Flagged", "$Forwarded"})
    return Message(head + body, flags, FIRST_DAY + timedelta(days=number))


def letters(first: int, number: int, size: int = 300) -> list[Message]:
    return [letter(one, size) for one in range(first, first + number)]
