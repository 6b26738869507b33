"""Records that cannot be read or written are named for what they are."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from omm_desktop.model.problem import CannotGoOn, ProblemId
from omm_desktop.store.ledger import Ledger


def _fill(ledger: Ledger) -> None:
    for number in range(100_000):
        ledger.account(f"somebody {number}")


def _write_and_fail(ledger: Ledger) -> None:
    with ledger.writing():
        ledger.account("first")
        raise KeyError


def test_a_file_that_is_no_ledger_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"no database at all" * 400)
    with pytest.raises(CannotGoOn) as raised:
        Ledger(path)
    assert raised.value.problem.id is ProblemId.RECORDS_DAMAGED


def test_damage_that_was_met_once_is_told_at_the_next_opening(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = Ledger(path)
    for number in range(200):
        ledger.account(f"somebody {number}")
    with ledger.reading() as connection:
        page, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "page_size")
        )
    ledger.close()
    whole = path.read_bytes()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    ledger = Ledger(path)
    with pytest.raises(CannotGoOn) as raised, ledger.reading() as connection:
        connection.execute("SELECT * FROM account").fetchall()
    assert raised.value.problem.id is ProblemId.RECORDS_DAMAGED
    ledger.close()
    with pytest.raises(CannotGoOn) as raised:
        Ledger(path)
    assert raised.value.problem.id is ProblemId.RECORDS_DAMAGED
    path.write_bytes(whole)
    for _time in range(2):
        Ledger(path).close()
    assert not list(tmp_path.glob("*-damaged"))


def test_a_ledger_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger(path).close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(CannotGoOn) as raised:
        Ledger(path)
    assert raised.value.problem.id is ProblemId.RECORDS_NEWER


@pytest.mark.skipif(sys.platform != "linux", reason="told by /proc alone")
def test_a_ledger_that_is_refused_is_not_kept_open(tmp_path: Path) -> None:
    """Whoever is told to move the file away has to be able to: Windows moves no open file."""
    path = tmp_path / "ledger.db"
    Ledger(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(CannotGoOn) as raised:
        Ledger(path)
    assert raised.value.problem.id is ProblemId.RECORDS_NEWER
    held = [os.path.realpath(file) for file in Path("/proc/self/fd").iterdir()]
    assert not [name for name in held if name.startswith(str(path))]


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


def test_what_is_written_within_a_transaction_lasts_or_is_undone_with_all_of_it(
    tmp_path: Path,
) -> None:
    commits: list[None] = []
    ledger = Ledger(tmp_path / "ledger.db", lambda: commits.append(None))
    with pytest.raises(KeyError):
        _write_and_fail(ledger)
    assert not commits
    with ledger.writing():
        ledger.account("second")
        ledger.account("third")
    assert len(commits) == 1
    ledger.close()
    again = Ledger(tmp_path / "ledger.db")
    with again.reading() as connection:
        names = [name for (name,) in connection.execute("SELECT identity FROM account")]
    assert names == ["second", "third"]
    again.close()
