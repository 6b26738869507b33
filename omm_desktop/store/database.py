"""The file of the records: durable transactions, and what its faults mean for the person.

SQLite, WAL with `synchronous=FULL`, so that a commit survives a power cut.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from omm_desktop.model.disk import records_problem
from omm_desktop.model.problem import CannotGoOn, Place, Problem, ProblemId

from . import schema

SQLITE_VERSION = sqlite3.sqlite_version

CAUSES = {
    "SQLITE_CORRUPT": ProblemId.RECORDS_DAMAGED,
    "SQLITE_NOTADB": ProblemId.RECORDS_DAMAGED,
    "SQLITE_BUSY": ProblemId.RECORDS_IN_USE,
    "SQLITE_LOCKED": ProblemId.RECORDS_IN_USE,
    "SQLITE_FULL": ProblemId.DISK_FULL,
    "SQLITE_IOERR": ProblemId.DISK_FULL,
    "SQLITE_READONLY": ProblemId.RECORDS_REFUSED,
    "SQLITE_CANTOPEN": ProblemId.RECORDS_REFUSED,
    "SQLITE_PERM": ProblemId.RECORDS_REFUSED,
}


class Database:
    """Opened on a file, or in memory when `path` is None.

    `committed` is called after every durable commit. Raises `CannotGoOn`: RECORDS_DAMAGED,
    RECORDS_NEWER, RECORDS_REFUSED, DISK_FULL.
    """

    def __init__(self, path: Path | None, committed: Callable[[], None] = lambda: None) -> None:
        self._lock = threading.RLock()
        self._committed, self._path = committed, path
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
            self._connection = _prepared(path)
        except sqlite3.DatabaseError as error:
            raise cannot_go_on(error, path) from error
        except OSError as error:
            raise CannotGoOn(records_problem(error)) from error

    def drop_older_forms(self) -> None:
        """Remove the records as they were before each upgrade. Raises `CannotGoOn`."""
        if self._path is None:
            return
        try:
            for version in schema.UPGRADES:
                schema.older_form(self._path, version).unlink(missing_ok=True)
        except OSError as error:
            raise CannotGoOn(records_problem(error)) from error

    def _cannot_go_on(self, error: sqlite3.DatabaseError) -> CannotGoOn:
        found = cannot_go_on(error, self._path)
        if found.problem.id is ProblemId.RECORDS_DAMAGED and self._path is not None:
            with suppress(OSError):
                _mark_of(self._path).touch()
        return found

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, to nobody else, for statements that change no lasting table."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.DatabaseError as error:
                raise self._cannot_go_on(error) from error

    @contextmanager
    def looking(self) -> Iterator[sqlite3.Connection]:
        """A connection of one's own that only reads, so that nobody waits: neither a window for a
        copy that commits, nor that copy for somebody who counts.
        """
        if self._path is None:
            with self.reading() as connection:
                yield connection
            return
        try:
            with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
                connection.execute("PRAGMA query_only=ON")
                yield connection
        except sqlite3.DatabaseError as error:
            raise self._cannot_go_on(error) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction, or a part of the one that this thread is in already.

        The whole makes many small writes one: each of their own would wait for the disk. What is
        raised undoes all of it.
        """
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    # A full disk may have ended the transaction, or left it open.
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.DatabaseError as error:
                raise self._cannot_go_on(error) from error
        self._committed()


def set_aside(path: Path, name: str) -> None:
    """Damaged records get this `name`, beside which new ones may begin. Raises OSError."""
    for part in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + part).rename(path.with_name(name + part))
    _mark_of(path).unlink(missing_ok=True)


def _mark_of(path: Path) -> Path:
    """Is there when the records were found to be damaged."""
    return path.with_name(f"{path.name}-damaged")


def _prepared(path: Path | None) -> sqlite3.Connection:
    """Given back at once where it cannot be used: Windows moves no file that is open."""
    connection = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        # What is forgotten is not left in the file until something else takes its place.
        connection.execute("PRAGMA secure_delete=ON")
        schema.prepare(connection, path)
        _look_for_damage(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _look_for_damage(connection: sqlite3.Connection, path: Path | None) -> None:
    """Where an earlier program met some; everything is read only then, which may take long."""
    if path is None or not _mark_of(path).exists():
        return
    ((told, *_more),) = connection.execute("PRAGMA quick_check(1)").fetchall()
    if told != "ok":
        raise CannotGoOn(Problem(ProblemId.RECORDS_DAMAGED, Place.COMPUTER, "quick_check"))
    _mark_of(path).unlink()


def cannot_go_on(error: sqlite3.DatabaseError, path: Path | None = None) -> CannotGoOn:
    """What SQLite's result code about the file means for the person; a fault of ours is UNEXPECTED.

    Extended codes (SQLITE_IOERR_WRITE) begin with the code they extend.
    """
    name = getattr(error, "sqlite_errorname", "") or ""
    known = next((id for code, id in CAUSES.items() if name.startswith(code)), None)
    subject = str(path) if path is not None and known is ProblemId.RECORDS_REFUSED else ""
    detail = f"{name} {error}"
    return CannotGoOn(Problem(known or ProblemId.UNEXPECTED, Place.COMPUTER, detail, subject))
