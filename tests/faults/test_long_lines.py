"""A server that hangs up on very long lines, as Exchange does: judged first, mended last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from omm_desktop.endpoints.registry import open_destination, open_source
from omm_desktop.engine.run import Migration
from omm_desktop.model.plan import MigrationPlan, Options
from omm_desktop.model.report import Report
from omm_desktop.model.secret import Secrets
from omm_desktop.store.ledger import Ledger
from tests.engine.world import FastClock
from tests.servers.account import TestAccount
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, load
from tests.servers.relay import Relay

HEADER = b"From: a@example.test\r\nSubject: %b\r\nContent-Type: text/html\r\n\r\n"
LONG = HEADER % b"long" + b"<b>" * 4_000 + b"\r\n"
SHORT = HEADER % b"short" + b"<b>\r\n"
SEALED = (
    b"From: a@example.test\r\nSubject: sealed\r\n"
    b"Content-Type: application/pkcs7-mime\r\n\r\n" + b"x" * 12_000 + b"\r\n"
)
LONGEST = 9_900


@pytest.fixture
def line(new_dovecot_user: NewUser) -> Iterator[tuple[TestAccount, Relay]]:
    """A new mailbox behind a line that breaks on long lines."""
    account = new_dovecot_user()
    with Relay(account.port) as relay:
        relay.change(longest_line=LONGEST)
        yield account, relay


def copied(old: TestAccount, new: TestAccount, folder: Path) -> Report:
    ledger = Ledger(folder / "ledger.db")
    plan = MigrationPlan(old.as_account, new.as_account, options=Options(connections=1))
    try:
        return Migration(
            plan,
            Secrets(old.secret, new.secret),
            ledger,
            open_source,
            open_destination,
            clock=FastClock(),
            rescue=folder / "rescue",
        ).run()
    finally:
        ledger.close()


def bodies(account: TestAccount) -> list[bytes]:
    with account.client() as client:
        client.select_folder("INBOX", readonly=True)
        found = client.fetch(client.search(), ["BODY.PEEK[]"])
    return [one[b"BODY[]"] for one in found.values()]


def test_the_lines_are_re_encoded_after_every_other_try(
    new_dovecot_user: NewUser, line: tuple[TestAccount, Relay], tmp_path: Path
) -> None:
    old, (new, relay) = new_dovecot_user(), line
    load(old, [MailFolder(("INBOX",), [Message(SHORT), Message(LONG)])])
    report = copied(old, new.through(relay.port), tmp_path)
    assert (report.copied, len(report.failed)) == (2, 0)
    (note,) = report.notes
    assert note.problem.detail.startswith("long lines re-encoded (RFC 2045); the connection was")
    there = bodies(new)
    assert SHORT in there
    (mended,) = [body for body in there if body != SHORT]
    assert max(map(len, re.split(rb"\r\n", mended))) <= LONGEST
    same = message_from_bytes(mended, policy=policy.default).get_content()
    assert same == message_from_bytes(LONG, policy=policy.default).get_content()
    again = copied(old, new.through(relay.port), tmp_path)
    assert (again.copied, again.present) == (0, 2)


def test_what_is_sealed_arrives_as_a_file(
    new_dovecot_user: NewUser, line: tuple[TestAccount, Relay], tmp_path: Path
) -> None:
    old, (new, relay) = new_dovecot_user(), line
    load(old, [MailFolder(("INBOX",), [Message(SEALED)])])
    report = copied(old, new.through(relay.port), tmp_path)
    assert (report.copied, len(report.failed)) == (1, 0)
    (carrier,) = bodies(new)
    attached = [part.get_content() for part in attachments(carrier)]
    assert attached == [SEALED]


def attachments(message: bytes):  # type: ignore[no-untyped-def]
    return message_from_bytes(message, policy=policy.default).iter_attachments()
