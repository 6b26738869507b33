"""What is remembered of past copies, and what forgetting leaves."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from omm_desktop.model.items import ItemKind
from omm_desktop.model.report import Grade
from omm_desktop.store.history import History
from omm_desktop.store.ledger import Ledger

from .memory import Mail
from .test_copy import INBOX, bodies, mail
from .world import World

CONTACTS = ("Contacts",)


def put_contact(world: World, name: bytes) -> None:
    world.source.put(CONTACTS, Mail(name, b"as it was"), kind=ItemKind.CONTACTS)
    world.carry(ItemKind.MAIL, ItemKind.CONTACTS)


def left_in(ledger: Ledger) -> dict[str, int]:
    """How many rows each table has that has any."""
    with ledger.reading() as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        counts = {
            str(table): int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for (table,) in tables.fetchall()
        }
    return {table: rows for table, rows in counts.items() if rows}


def never_began(ledger: Ledger) -> None:
    """One more copy of the same pair, which came to nothing."""
    with ledger.writing() as connection:
        connection.execute(
            "INSERT INTO run (source, destination, plan, began, ended, grade)"
            " SELECT source, destination, plan, began, began, ? FROM run",
            (Grade.NOT_STARTED,),
        )
        connection.execute(
            "INSERT INTO run_source SELECT id, source FROM run WHERE grade = ?",
            (Grade.NOT_STARTED,),
        )


def test_runs_are_listed_with_their_outcome(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, *(mail(n) for n in range(9)))
    world.run(dies_at=60)
    world.run()
    ledger = Ledger(world.path)
    assert not History(ledger).is_empty()
    newest, oldest = History(ledger).runs()
    assert (oldest.grade, oldest.interrupted, oldest.total) == (None, True, 9)
    assert (newest.grade, newest.done, newest.total) == (Grade.COMPLETE, 9, 9)
    report = History(ledger).report(newest.id)
    assert report is not None
    assert report.present + report.copied == 9
    ledger.close()


def test_a_forgotten_copy_leaves_no_row_and_the_next_doubles_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, *(mail(n) for n in range(9)), mail(3))
    world.source.put(("Confidential",), mail(10))
    world.run()
    ledger = Ledger(world.path)
    history = History(ledger)
    history.forget(history.runs()[0].id)
    assert history.is_empty()
    assert left_in(ledger) == {}
    ledger.close()
    assert b"Confidential" not in world.path.read_bytes()
    world.source.boxes.pop(("Confidential",))
    report, _ = world.run()
    assert report is not None
    assert (report.copied, report.present) == (0, 10)
    assert bodies(world.source, INBOX) == bodies(world.destination, INBOX)


def test_what_is_ticked_off_stays_for_the_pair_until_it_is_forgotten(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1))
    world.run()
    world.run()
    ledger = Ledger(world.path)
    history = History(ledger)
    second, first = (run.id for run in history.runs())
    history.tick(first, "webmail", done=True)
    history.tick(first, "settings", done=True)
    history.tick(second, "settings", done=False)
    assert history.ticked(second) == history.ticked(first) == {"webmail"}
    history.forget(first)
    assert history.ticked(second) == {"webmail"}
    history.forget(second)
    with ledger.reading() as connection:
        assert connection.execute("SELECT count(*) FROM ticked").fetchone() == (0,)
    ledger.close()


PROBLEM = (
    "CREATE TABLE problem (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run,"
    " item INTEGER REFERENCES item, problem TEXT NOT NULL, place TEXT NOT NULL,"
    " detail TEXT NOT NULL, folder TEXT NOT NULL, date TEXT NOT NULL, sender TEXT NOT NULL,"
    " subject TEXT NOT NULL);"
)
"""What the seventh version took away."""

UNDO = PROBLEM + (
    "DROP TABLE undo; DROP TABLE undone; DROP TABLE removal; DROP TRIGGER removal_of_no_item;"
    " DROP INDEX item_run; ALTER TABLE item DROP COLUMN handled;"
    " ALTER TABLE item DROP COLUMN lent; ALTER TABLE destination_folder DROP COLUMN name;"
    " ALTER TABLE destination_folder DROP COLUMN kind;"
    " ALTER TABLE destination_folder DROP COLUMN made_by; "
)
"""Takes away what the sixth version brought, and brings what the seventh took away."""


def test_what_the_report_says_is_kept_no_second_time(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1))
    world.run()
    with closing(sqlite3.connect(world.path)) as older:
        older.executescript(
            f"{PROBLEM} INSERT INTO problem VALUES (1, 1, NULL, 'item-refused', 'destination', '',"
            " 'INBOX', '', 'zoe@exemple.fr', 'Private'); PRAGMA user_version = 6;"
        )
    ledger = Ledger(world.path)
    assert History(ledger).report(1) is not None
    with ledger.reading() as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    ledger.close()
    assert ("problem",) not in names
    second, _ = world.run()
    assert second is not None
    assert (second.copied, second.present) == (0, 1)


def test_records_of_the_first_version_are_brought_up_to_date(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1))
    world.run()
    older = sqlite3.connect(world.path)
    older.executescript(
        f"{UNDO}DROP TABLE run_source; DROP TABLE ticked; DROP TABLE traffic; DROP TABLE setting;"
        " DROP INDEX item_object; DROP TABLE edit; DROP TRIGGER edit_of_no_item;"
        " ALTER TABLE item DROP COLUMN version;"
        " ALTER TABLE item DROP COLUMN object_id; PRAGMA user_version = 1;"
    )
    older.close()
    ledger = Ledger(world.path)
    history = History(ledger)
    (run,) = history.runs()
    history.tick(run.id, "webmail", done=True)
    assert history.ticked(run.id) == {"webmail"}
    ledger.close()
    world.source.put(INBOX, mail(2))
    report, _ = world.run()
    assert report is not None
    assert (report.copied, report.present) == (1, 1)
    assert world.path.with_suffix(".version1").exists()
    ledger = Ledger(world.path)
    History(ledger).forget(run.id)
    ledger.close()
    assert not world.path.with_suffix(".version1").exists()


def test_what_a_run_was_left_by_another_that_was_forgotten_is_not_its_own_in_older_records(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    for number in (1, 2, 3):
        world.source.put(INBOX, mail(number))
        world.run()
        world.clock.pass_by(60.0)
    older = sqlite3.connect(world.path)
    older.executescript(
        "DELETE FROM run_source WHERE run <> 2; DELETE FROM run WHERE id <> 2;"
        f" UPDATE batch SET run = 2; UPDATE item SET run = 2; {UNDO}PRAGMA user_version = 5;"
    )
    older.close()
    ledger = Ledger(world.path)
    assert [run.removable for run in History(ledger).runs()] == [1]
    ledger.close()


def test_records_of_the_third_version_are_brought_up_to_date(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1))
    world.run()
    older = sqlite3.connect(world.path)
    # Reports of then said nothing of kinds either.
    older.executescript(
        f"{UNDO}DROP TABLE run_source; DROP TABLE setting; DROP TABLE edit;"
        " DROP TRIGGER edit_of_no_item;"
        " ALTER TABLE item DROP COLUMN version;"
        " UPDATE run SET report = json_remove(report, '$.edited', '$.folders[0].kind',"
        " '$.folders[0].edited', '$.folders[0].updated'); PRAGMA user_version = 3;"
    )
    older.close()
    ledger = Ledger(world.path)
    report = History(ledger).report(1)
    ledger.close()
    assert report is not None
    assert (report.kinds, report.edited, report.copied) == ((ItemKind.MAIL,), (), 1)
    put_contact(world, b"Zoe")
    second, _ = world.run()
    assert second is not None
    assert (second.copied, second.present) == (1, 1)
    assert world.path.with_suffix(".version3").exists()


def test_older_records_of_a_killed_program_are_kept_whole_before_they_are_changed(
    tmp_path: Path,
) -> None:
    """What it wrote last lies in the log beside the file still."""
    world = World(tmp_path)
    living = Ledger(world.path)
    living.account("imap:somebody@here")
    with living.reading() as connection:
        connection.executescript(f"{UNDO}PRAGMA user_version = 5;")
    killed = tmp_path / "killed"
    killed.mkdir()
    for name in ("ledger.db", "ledger.db-wal"):
        shutil.copy(tmp_path / name, killed)
    living.close()
    Ledger(killed / "ledger.db").close()
    with closing(sqlite3.connect(killed / "ledger.version5")) as older:
        assert older.execute("SELECT identity FROM account").fetchall() == [("imap:somebody@here",)]
        assert older.execute("PRAGMA user_version").fetchone() == (5,)
    if os.name == "posix":
        assert stat.S_IMODE((killed / "ledger.version5").stat().st_mode) == 0o600


def test_a_report_with_kinds_is_shown_again_as_it_was(tmp_path: Path) -> None:
    world = World(tmp_path)
    put_contact(world, b"Zoe")
    world.run()
    world.source.boxes[CONTACTS].edit(1, b"edited")
    report, _ = world.run()
    ledger = Ledger(world.path)
    assert report is not None
    assert report.edited
    assert History(ledger).report(report.run) == report
    ledger.close()


def test_a_copy_that_never_began_keeps_nothing_from_being_forgotten(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1))
    world.run()
    ledger = Ledger(world.path)
    history = History(ledger)
    never_began(ledger)
    (run,) = history.runs()
    history.forget(run.id)
    assert left_in(ledger) == {}
    ledger.close()


def test_a_copy_that_never_began_is_forgotten_without_being_asked_for(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1))
    world.run()
    ledger = Ledger(world.path)
    history = History(ledger)
    before = left_in(ledger)
    never_began(ledger)
    history.forget_what_never_began()
    assert left_in(ledger) == before
    assert len(history.runs()) == 1
    ledger.close()


def test_a_copy_that_begins_while_another_is_forgotten_keeps_its_mailboxes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, mail(1))
    world.run()
    begin_run, forgetting = Ledger.begin_run, list[threading.Thread]()

    def begin(ledger: Ledger, *told: Any) -> int:
        """By now its accounts have their numbers."""
        thread = threading.Thread(target=History(ledger).forget, args=(1,))
        forgetting.append(thread)
        thread.start()
        thread.join(0.2)
        return begin_run(ledger, *told)

    monkeypatch.setattr(Ledger, "begin_run", begin)
    report, _ = world.run()
    forgetting[0].join()
    assert report is not None
    assert (report.grade, report.present) == (Grade.COMPLETE, 1)


def test_forgetting_a_copy_forgets_changes_under_way(tmp_path: Path) -> None:
    world = World(tmp_path)
    put_contact(world, b"Zoe")
    world.run()
    world.source.boxes[CONTACTS].edit(1, b"edited")
    world.update = True
    world.destination.faults.lose_update_at = 0
    world.die_when_an_answer_is_lost()
    ledger = Ledger(world.path)
    history = History(ledger)
    with ledger.reading() as connection:
        assert connection.execute("SELECT count(*) FROM edit").fetchone() == (1,)
    for run in history.runs():
        history.forget(run.id)
    with ledger.reading() as connection:
        assert connection.execute("SELECT count(*) FROM edit").fetchone() == (0,)
    ledger.close()


def test_forgetting_one_of_two_runs_keeps_what_prevents_doubles(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source.put(INBOX, *(mail(n) for n in range(9)))
    world.run()
    world.source.put(INBOX, mail(20))
    world.run()
    ledger = Ledger(world.path)
    history = History(ledger)
    history.forget(history.runs()[1].id)
    assert len(history.runs()) == 1
    ledger.close()
    report, _ = world.run()
    assert report is not None
    assert (report.copied, report.present) == (0, 10)
