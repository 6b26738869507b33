"""What remains to be copied in this run: a temporary table, so that a mailbox of any size fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from omm_desktop.model.items import ItemRef

from .ledger import Ledger
from .survey import number

TABLE = """
CREATE TEMP TABLE IF NOT EXISTS backlog (
    job INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    number INTEGER NOT NULL,
    key TEXT NOT NULL,
    size INTEGER,
    object_id TEXT,
    version TEXT,
    held INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (job, held, tries, number, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS temp.backlog_object ON backlog (object_id, job)
    WHERE object_id IS NOT NULL;
DELETE FROM backlog;
"""

SHOWN_BEFORE = (
    "mine.object_id IS NOT NULL AND EXISTS (SELECT 1 FROM backlog AS other"
    " WHERE other.object_id = mine.object_id AND other.job < mine.job)"
)
"""Of the tasks `mine`: those that a job of lower number has as well."""


ALONE = 2
"""Tries after which an item travels alone."""


@dataclass(frozen=True, slots=True)
class Task:
    """One item to copy, and how often that has been tried in this run.

    What failed in an earlier run begins at `ALONE`, so that it keeps no other item waiting.
    """

    ref: ItemRef
    tries: int = 0


class Backlog:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        with ledger.reading() as connection:
            connection.executescript(TABLE)

    def add(self, job: int, tasks: Iterable[Task], *, held: bool = False) -> None:
        """`held` tasks wait until `release`."""
        with self._ledger.reading() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO backlog VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                ((job, t.tries, *_told(t.ref), held) for t in tasks),
            )

    def drop_shown_before(self, jobs: Sequence[int]) -> list[tuple[int, int, int]]:
        """Take out of these jobs what a job of lower number has as well: job, items and bytes."""
        dropped: list[tuple[int, int, int]] = []
        with self._ledger.reading() as connection:
            # From the last on: what a job loses, another before it still has.
            for job in sorted(jobs, reverse=True):
                items, size = connection.execute(
                    "SELECT count(*), coalesce(sum(size), 0) FROM backlog AS mine"
                    f" WHERE job = ? AND {SHOWN_BEFORE}",
                    (job,),
                ).fetchone()
                connection.execute(
                    f"DELETE FROM backlog AS mine WHERE job = ? AND {SHOWN_BEFORE}", (job,)
                )
                dropped.append((job, items, size))
        return dropped

    def release(self, job: int) -> None:
        with self._ledger.reading() as connection:
            connection.execute("UPDATE backlog SET held = 0 WHERE job = ? AND held = 1", (job,))

    def count(self, job: int) -> int:
        with self._ledger.reading() as connection:
            row = connection.execute("SELECT count(*) FROM backlog WHERE job = ?", (job,))
            return int(row.fetchone()[0])

    def take(self, job: int, folder_key: str, items: int, size: int) -> Sequence[Task]:
        """The newest tasks, in order of arrival: at most `items`, about `size` bytes together.

        Tasks that failed before come last and in smaller company, at the third try alone.
        """
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT tries, number, key, size, object_id, version FROM backlog"
                " WHERE job = ? AND held = 0"
                " AND tries = (SELECT min(tries) FROM backlog WHERE job = ? AND held = 0)"
                " ORDER BY number DESC, key DESC LIMIT ?",
                (job, job, items),
            ).fetchall()
            chosen: list[tuple[int, int, str, int | None, str | None, str | None]] = []
            total = 0
            for row in rows:
                total += row[3] or 0
                if chosen and (total > size or len(chosen) >= company(row[0], items)):
                    break
                chosen.append(row)
            connection.executemany(
                "DELETE FROM backlog WHERE job = ? AND held = 0 AND tries = ? AND number = ?"
                " AND key = ?",
                ((job, tries, place, key) for tries, place, key, *_ in chosen),
            )
        return [
            Task(ItemRef(folder_key, key, size, object_id=object_id, version=version), tries)
            for tries, _, key, size, object_id, version in reversed(chosen)
        ]

    def drain(self, job: int) -> int:
        """Drop all that is left of a job; how many that were."""
        with self._ledger.reading() as connection:
            return connection.execute("DELETE FROM backlog WHERE job = ?", (job,)).rowcount


def _told(ref: ItemRef) -> tuple[int, str, int | None, str | None, str | None]:
    return number(ref.key), ref.key, ref.size, ref.object_id, ref.version


def company(tries: int, items: int) -> int:
    """How many items may share a batch after so many tries."""
    return (items, max(1, items // 10), 1)[min(tries, ALONE)]
