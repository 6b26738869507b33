"""The file of the records: durable transactions, and what its faults mean for the person.

SQLite, WAL with `synchronous=FULL`, so that a commit survives a power cut.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from omm_desktop.model.disk import disk_problem
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
    "SQLITE_READONLY": ProblemId.PLACE_REFUSED,
    "SQLITE_CANTOPEN": ProblemId.PLACE_REFUSED,
    "SQLITE_PERM": ProblemId.PLACE_REFUSED,
}


class Database:
    """Opened on a file, or in memory when `path` is None.

    `committed` is called after every durable commit. Raises `CannotGoOn`: RECORDS_DAMAGED,
    RECORDS_NEWER, DISK_FULL, PLACE_MISSING, PLACE_REFUSED.
    """

    def __init__(self, path: Path | None, committed: Callable[[], None] = lambda: None) -> None:
        self._lock = threading.RLock()
        self._committed, self._path = committed, path
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
            self._connection = _opened(path)
        except sqlite3.DatabaseError as error:
            raise cannot_go_on(error) from error
        except OSError as error:
            raise CannotGoOn(disk_problem(error)) from error

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
                raise cannot_go_on(error) from error

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
            raise cannot_go_on(error) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction."""
        with self._lock:
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
                raise cannot_go_on(error) from error
        self._committed()


def _opened(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        schema.prepare(connection, path)
    except BaseException:
        # Windows neither moves nor removes a file that is open.
        connection.close()
        raise
    return connection


def cannot_go_on(error: sqlite3.DatabaseError) -> CannotGoOn:
    """What SQLite's result code means for the person; a fault of ours is UNEXPECTED.

    Extended codes (SQLITE_IOERR_WRITE) begin with the code they extend.
    """
    name = getattr(error, "sqlite_errorname", "") or ""
    known = next((id for code, id in CAUSES.items() if name.startswith(code)), None)
    return CannotGoOn(Problem(known or ProblemId.UNEXPECTED, Place.COMPUTER, f"{name} {error}"))
