"""Mail in files copied into a folder by the engine: again, after a change, after every death."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from omm_desktop.endpoints.files.mail_destination import MailFolder
from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.engine.run import Migration
from omm_desktop.model.account import MailFormat
from omm_desktop.model.plan import MigrationPlan, Options
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.report import Grade, Report
from omm_desktop.model.secret import Secret, Secrets
from tests.engine.world import FastClock, Killed, Life, MortalLedger, account

from .reading import all_mail

SEPARATOR = b"From a Mon Jan  1 00:00:00 2001\n"


def letter(number: int) -> bytes:
    return b"From: a@example.test\nSubject: %d\n\nText\n" % number


def copied(path: Path, top: Path, format: MailFormat, life: Life | None = None) -> Report | None:
    """One run of the program; no report when it died."""
    life = life or Life()
    top.mkdir(exist_ok=True)
    plan = MigrationPlan(account("old"), account("new"), options=Options(2, 30.0))
    try:
        ledger = MortalLedger(top.parent / "ledger.db", life)
    except Killed:
        return None
    try:
        migration = Migration(
            plan,
            Secrets(Secret("a"), Secret("b")),
            ledger,
            lambda _, __: open_mail(path),
            lambda _, __: MailFolder(top, format),
            attended=False,
            clock=FastClock(),
            rescue=top.parent / "rescue",
        )
        return migration.run(lambda event: None)
    except Killed:
        return None
    finally:
        ledger.close()


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """Three folders, with one mail twice."""
    top = tmp_path / "mailbox"
    (top / "letters").mkdir(parents=True)
    numbers = [*range(8), 3]
    (top / "Inbox").write_bytes(b"".join(SEPARATOR + letter(n) + b"\n" for n in numbers))
    (top / "Work").write_bytes(b"".join(SEPARATOR + letter(n) + b"\n" for n in range(20, 25)))
    for number in range(30, 34):
        (top / "letters" / f"{number}.eml").write_bytes(letter(number))
    return top


def messages(path: Path) -> Counter[bytes]:
    return Counter(one.message for mail in all_mail(path).values() for one in mail)


@pytest.mark.parametrize("format", MailFormat)
def test_everything_arrives_once_and_a_second_run_adds_nothing(
    mailbox: Path, tmp_path: Path, format: MailFormat
) -> None:
    first, second = (copied(mailbox, tmp_path / "to", format) for _ in range(2))
    assert first is not None
    assert second is not None
    assert (first.grade, first.copied) == (Grade.COMPLETE, 18)
    assert (second.grade, second.copied, second.present) == (Grade.COMPLETE, 0, 18)
    assert messages(tmp_path / "to") == messages(mailbox)


def test_of_what_changed_only_what_is_new_is_added(mailbox: Path, tmp_path: Path) -> None:
    copied(mailbox, tmp_path / "to", MailFormat.MBOX)
    inbox = mailbox / "Inbox"
    inbox.write_bytes(SEPARATOR + letter(99) + b"\n" + inbox.read_bytes())
    again = mailbox / "letters" / "30.eml"
    again.write_bytes(again.read_bytes())
    (mailbox / "letters" / "40.eml").write_bytes(letter(40))
    report = copied(mailbox, tmp_path / "to", MailFormat.MBOX)
    assert report is not None
    assert report.copied == 2
    assert ProblemId.FOLDER_RENUMBERED in {note.problem.id for note in report.notes}
    assert messages(tmp_path / "to") == messages(mailbox)


@pytest.mark.parametrize("format", MailFormat)
def test_a_lost_ledger_doubles_nothing(mailbox: Path, tmp_path: Path, format: MailFormat) -> None:
    copied(mailbox, tmp_path / "to", format)
    for place in tmp_path.glob("ledger.db*"):
        place.unlink()
    report = copied(mailbox, tmp_path / "to", format)
    assert report is not None
    assert (report.copied, report.present) == (0, 18)


@pytest.mark.parametrize("format", MailFormat)
def test_whenever_the_program_dies_the_next_run_brings_the_rest(
    mailbox: Path, tmp_path: Path, format: MailFormat
) -> None:
    expected = messages(mailbox)
    for step in range(5, 300, 13):
        (tmp_path / str(step)).mkdir()
        top = tmp_path / str(step) / "to"
        life = Life(step)
        if copied(mailbox, top, format, life) is not None:
            assert not life.dead
            return
        report = copied(mailbox, top, format)
        assert report is not None
        assert report.grade is Grade.COMPLETE, step
        assert messages(top) == expected, step
    pytest.fail("the program never lived to the end")
