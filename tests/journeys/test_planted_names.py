"""Names planted in a mailbox, a run with failures and a crash, and what is written of it where."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from omm_desktop.copies import LEDGER
from omm_desktop.endpoints.imap.reader import ImapSource
from omm_desktop.endpoints.imap.writer import ImapDestination
from omm_desktop.model.ports import Refused
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.report import Report
from omm_desktop.report.as_csv import as_csv
from omm_desktop.report.as_html import as_html
from omm_desktop.store.history import History
from omm_desktop.store.ledger import Ledger
from omm_desktop.support import bundle
from omm_desktop.support.catalogue import catalogue
from omm_desktop.wizard.present import help_desk, mask, support_file
from omm_desktop.wizard.present.masked_report import masked
from tests.servers.account import TestAccount
from tests.servers.mailbox import MailFolder, Message, load

from .in_process import Computer

FOLDER, SUBFOLDER = "Divorce", "Maitre Zephyrin"
SENDER, SUBJECT = "amandine.marqueur@exemple.test", "Analyses de sang"
FAILED_SENDER, FAILED_SUBJECT = "docteur.planton@exemple.test", "Ordonnance du docteur"
BODY = "le secret de la recette"
EVERYTHING = (FOLDER, SUBFOLDER, SENDER, SUBJECT, FAILED_SENDER, FAILED_SUBJECT, BODY,
              "amandine", "marqueur", "docteur", "planton")  # fmt: skip


def message(sender: str, subject: str) -> Message:
    text = (
        f"From: {sender}\r\nSubject: {subject}\r\nMessage-ID: <{subject[:4]}@x>\r\n\r\n{BODY}\r\n"
    )
    return Message(text.encode(), frozenset(), datetime(2024, 3, 1, tzinfo=UTC))


@pytest.fixture
def mailbox(old_account: TestAccount) -> TestAccount:
    letters = [message(SENDER, SUBJECT), message(FAILED_SENDER, FAILED_SUBJECT)]
    load(old_account, [MailFolder(("INBOX",), letters[:1]), MailFolder((FOLDER,), letters[:1]),
                       MailFolder((FOLDER, SUBFOLDER), letters)])  # fmt: skip
    return old_account


@pytest.fixture
def reports(
    computer: Computer,
    mailbox: TestAccount,
    new_account: TestAccount,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> list[Report]:
    """Of a run in which one message is refused in words that quote it, and of one that crashes."""
    fetch = ImapSource.fetch

    def quoting(self, folder, refs):  # type: ignore[no-untyped-def]
        for one in fetch(self, folder, refs):
            if isinstance(one, Refused) or one.label.subject != FAILED_SUBJECT:
                yield one
                continue
            said = f"NO [CANNOT] cannot read {FAILED_SUBJECT} of {FAILED_SENDER} in {SUBFOLDER}"
            problem = Problem(ProblemId.ITEM_UNREADABLE, Place.SOURCE, said, FAILED_SUBJECT)
            yield Refused(one.ref, problem, one.label)

    def crash(*_args: object, **_named: object) -> object:
        raise RuntimeError(f"{FOLDER}/{SUBFOLDER}: {SUBJECT} from {SENDER}: {BODY}")

    monkeypatch.setattr(ImapSource, "fetch", quoting)
    assert computer.migrate(mailbox, new_account)[0] == 1
    monkeypatch.setattr(ImapDestination, "position", crash)
    monkeypatch.setattr(ImapSource, "refs", crash)
    assert computer.migrate(mailbox, new_account)[0] == 3
    assert "Traceback" not in "".join(capfd.readouterr())
    with_ledger = Ledger(computer.folder / "state" / LEDGER)
    history = History(with_ledger)
    found = [report for run in history.runs() if (report := history.report(run.id))]
    with_ledger.close()
    assert any(report.failed for report in found)
    return found


def naming(text: str, names: tuple[str, ...] = EVERYTHING) -> list[str]:
    return [name for name in names if re.search(re.escape(name), text, re.IGNORECASE)]


def test_the_log_tells_what_happened_and_to_nobody(
    computer: Computer, reports: list[Report], mailbox: TestAccount
) -> None:
    assert "RuntimeError" in computer.log
    assert not naming(computer.log)
    assert mailbox.password not in computer.log


def test_the_records_hold_what_the_reference_says(
    computer: Computer, reports: list[Report], mailbox: TestAccount
) -> None:
    """Names of folders, and of messages those that failed; of what arrived numbers alone."""
    database = sqlite3.connect(computer.folder / "state" / LEDGER)
    text = "\n".join(database.iterdump())
    database.close()
    kept = (FOLDER, SUBFOLDER, FAILED_SENDER, FAILED_SUBJECT)
    assert naming(text, kept) == list(kept)
    assert not naming(text, (SENDER, SUBJECT, BODY))
    for file in (computer.folder / "state").rglob("*"):
        if file.is_file():
            assert BODY.encode() not in file.read_bytes()
            assert mailbox.password.encode() not in file.read_bytes()


def test_a_report_is_whole_or_without_names(reports: list[Report]) -> None:
    mask.put_on(True)
    for report in reports:
        for version, hidden in ((masked(report), True), (report, False)):
            page = as_html(version, catalogue().entry)
            table = as_csv(version, catalogue().entry).decode("utf-8-sig")
            for text in (page, table):
                found = naming(text)
                assert not found if hidden else FOLDER in found or not report.folders
                assert BODY not in text


def test_the_support_file_names_nobody(
    computer: Computer, reports: list[Report], mailbox: TestAccount, tmp_path: Path
) -> None:
    source = mailbox.as_account
    quoted = Problem(ProblemId.SIGN_IN_REFUSED, Place.SOURCE, f"NO {SENDER}?", SUBFOLDER)
    for report in [replace(one, stopped_by=quoted) for one in reports]:
        standing = help_desk.Standing(page="4", copy=report.run, problem=quoted)
        facts = support_file.Facts(standing, source, source, report, {"scale": 1.0})
        made = support_file.parts(facts, catalogue(), computer.redactor, computer.log_folder)
        assert [part.name for part in made] == list(bundle.PartName)
        bundle.write(made, tmp_path / "support.zip")
        with ZipFile(tmp_path / "support.zip") as archive:
            text = "\n".join(archive.read(name).decode() for name in archive.namelist())
        assert not naming(text)
        assert mailbox.password not in text
        assert mailbox.login not in text
        assert {"11-01", "127.0.0.1"} <= set(re.findall(r"[\d.-]{5,}", text))
    codes = [item.problem.id for report in reports for item in report.failed]
    assert codes == [ProblemId.ITEM_UNREADABLE]
