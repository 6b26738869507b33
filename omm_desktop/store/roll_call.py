"""The keys a destination folder holds, held against the keys our rows say it holds."""

from __future__ import annotations

from collections.abc import Iterable

from omm_desktop.model.items import ContentHash

from .ledger import Ledger
from .rows import Absent
from .survey import number

TABLE = """
CREATE TEMP TABLE IF NOT EXISTS present_key (
    key TEXT PRIMARY KEY,
    number INTEGER NOT NULL
) WITHOUT ROWID;
DELETE FROM present_key;
"""


class RollCall:
    """One folder, one run. Made anew for each folder."""

    def __init__(self, ledger: Ledger, destination_folder: int, validity: int, run: int) -> None:
        self._ledger = ledger
        self._names = {"folder": destination_folder, "validity": validity, "run": run}
        with ledger.reading() as connection:
            connection.executescript(TABLE)

    def add(self, keys: Iterable[str]) -> None:
        with self._ledger.reading() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO present_key VALUES (?, ?)",
                ((key, number(key)) for key in keys),
            )

    def absent(self) -> list[Absent]:
        """Items this run stored under a key that is not there."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT id, source_folder, key, size FROM item"
                " WHERE destination_folder = :folder AND run = :run AND state = 'done'"
                " AND destination_validity = :validity AND destination_key IS NOT NULL"
                " AND destination_key NOT IN (SELECT key FROM present_key)",
                self._names,
            )
            return [Absent(*row) for row in rows]

    def keyless(self) -> int:
        """How many items this run stored without learning their key."""
        with self._ledger.reading() as connection:
            row = connection.execute(
                "SELECT count(*) FROM item WHERE destination_folder = :folder AND run = :run"
                " AND state = 'done' AND (destination_key IS NULL"
                " OR destination_validity <> :validity)",
                self._names,
            ).fetchone()
            return int(row[0])

    def foreign(self, above: int, most: int) -> list[str]:
        """Keys there from the number `above` on that no row of ours holds."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT key FROM present_key WHERE number >= :above AND key NOT IN"
                " (SELECT destination_key FROM item WHERE destination_folder = :folder"
                "  AND destination_validity = :validity AND destination_key IS NOT NULL)"
                " ORDER BY number LIMIT :most",
                {**self._names, "above": above, "most": most},
            )
            return [str(key) for (key,) in rows]

    def has_stored(self, content: ContentHash) -> bool:
        """Whether this run put an item of that content there."""
        with self._ledger.reading() as connection:
            (found,) = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM item WHERE destination_folder = :folder"
                " AND run = :run AND state = 'done' AND content = :content)",
                {**self._names, "content": content},
            ).fetchone()
            return bool(found)

    def first_foreign(self) -> int | None:
        """The lowest key there that no row of ours holds."""
        with self._ledger.reading() as connection:
            row = connection.execute(
                "SELECT min(number) FROM present_key WHERE key NOT IN"
                " (SELECT destination_key FROM item WHERE destination_folder = :folder"
                "  AND destination_validity = :validity AND destination_key IS NOT NULL"
                "  AND aside = 0)",
                self._names,
            ).fetchone()
            return None if row[0] is None else int(row[0])
