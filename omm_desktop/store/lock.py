"""One holder at a time of a ledger or of a destination mailbox.

A lock is an SQLite file held in an exclusive transaction: it works on every system and is freed by
the system itself when its holder is killed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from types import TracebackType

from omm_desktop.model.disk import records_problem
from omm_desktop.model.problem import CannotGoOn

from .database import cannot_go_on


class Lock:
    """Held from creation until `release`.

    Raises `CannotGoOn`: RECORDS_IN_USE when taken, else what keeps the lock from being written.
    """

    def __init__(self, folder: Path, name: str) -> None:
        digest = hashlib.sha256(name.encode()).hexdigest()[:24]
        file = folder / f"{digest}.lock"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.touch()
        except OSError as error:
            raise CannotGoOn(records_problem(error)) from error
        try:
            self._connection = sqlite3.connect(
                file, timeout=0.5, isolation_level=None, check_same_thread=False
            )
        except sqlite3.DatabaseError as error:
            raise cannot_go_on(error, file) from error
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise cannot_go_on(error, file) from error

    def release(self) -> None:
        self._connection.close()

    def __enter__(self) -> Lock:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
