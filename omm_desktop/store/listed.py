"""Items whose keys do not last: known again by fingerprint, content and count.

A row whose key the source no longer lists belongs to an item that is gone, or that has another key
now. So an item under a key nobody knows takes over such a row when it is the same mail; each row is
taken once. With a period, a twin of mail outside of it counts as that mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .ledger import Ledger
from .rows import Intent, RowState

TABLE = """
CREATE TEMP TABLE IF NOT EXISTS listed (
    source_folder INTEGER NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (source_folder, key)
) WITHOUT ROWID;
DELETE FROM listed;
"""


class Listed:
    """The keys a source gave in this run, of folders where keys do not last."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        with ledger.reading() as connection:
            connection.executescript(TABLE)

    def add(self, source_folder: int, keys: Iterable[str]) -> None:
        with self._ledger.reading() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO listed VALUES (?, ?)", ((source_folder, k) for k in keys)
            )

    def clear(self, source_folder: int) -> None:
        with self._ledger.reading() as connection:
            connection.execute("DELETE FROM listed WHERE source_folder = ?", (source_folder,))

    def known_again(self, destination_folder: int, items: Sequence[Intent]) -> dict[str, RowState]:
        """Those of the items that were copied, or found there, under another key; by key now.

        From now on their rows have the present key.
        """
        rows: dict[int, Intent] = {}
        states: dict[str, RowState] = {}
        for item in items:
            for row, state in self._unlisted(destination_folder, item):
                if row not in rows:
                    rows[row] = item
                    states[item.key] = state
                    break
        if rows:
            self._rename(destination_folder, rows)
        return states

    def _unlisted(self, destination_folder: int, item: Intent) -> list[tuple[int, RowState]]:
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT id, state FROM item WHERE destination_folder = ? AND fingerprint = ?"
                " AND content = ? AND source_folder = ? AND validity = ? AND aside = 0"
                " AND state IN ('done', 'present', 'accepted', 'unsure')"
                " AND NOT EXISTS (SELECT 1 FROM listed"
                " WHERE listed.source_folder = item.source_folder AND listed.key = item.key)"
                " ORDER BY id",
                (
                    destination_folder,
                    item.fingerprint,
                    item.content,
                    item.source_folder,
                    item.validity,
                ),
            )
            return [(int(id), RowState(state)) for id, state in rows]

    def _rename(self, destination_folder: int, rows: dict[int, Intent]) -> None:
        with self._ledger.writing() as connection:
            for row, item in rows.items():
                place = (item.source_folder, item.validity, item.key, destination_folder)
                # An earlier failure under the present key is no longer one.
                connection.execute(
                    "DELETE FROM item WHERE source_folder = ? AND validity = ? AND key = ?"
                    " AND destination_folder = ?",
                    place,
                )
                connection.execute("UPDATE item SET key = ? WHERE id = ?", (item.key, row))
