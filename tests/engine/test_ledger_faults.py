"""Records that cannot be read or written are named for what they are."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import pytest

from omm_desktop.model.problem import CannotGoOn, ProblemId
from omm_desktop.store.ledger import Ledger


def _fill(ledger: Ledger) -> None:
    for number in range(100_000):
        ledger.account(f"somebody {number}")


def test_a_file_that_is_no_ledger_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"no database at all" * 400)
    with pytest.raises(CannotGoOn) as raised:
        Ledger(path)
    assert raised.value.problem.id is ProblemId.RECORDS_DAMAGED


def test_a_ledger_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger(path).close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(CannotGoOn) as raised:
        Ledger(path)
    assert raised.value.problem.id is ProblemId.RECORDS_NEWER


@pytest.mark.skipif(sys.platform != "linux", reason="Linux lists the open files")
def test_records_that_cannot_be_opened_are_not_held_open(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"no database at all" * 400)
    with pytest.raises(CannotGoOn) as raised:
        Ledger(path)
    assert raised.value.problem.id is ProblemId.RECORDS_DAMAGED
    assert path not in {entry.resolve() for entry in Path("/proc/self/fd").iterdir()}


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    with ledger.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CannotGoOn) as raised:
        _fill(ledger)
    assert raised.value.problem.id is ProblemId.DISK_FULL
    with ledger.reading() as connection:
        connection.execute("PRAGMA max_page_count = 100000")
    assert ledger.account("somebody new")
    ledger.close()


def test_a_ledger_that_somebody_else_writes_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path)
    with ledger.reading() as connection:
        connection.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(CannotGoOn) as raised:
        ledger.account("somebody")
    assert raised.value.problem.id is ProblemId.RECORDS_IN_USE
    other.close()
    assert ledger.account("somebody")
    ledger.close()
