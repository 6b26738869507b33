"""What was read in a destination folder, held against what the ledger says of it.

The messages stream through a temporary SQLite table, so that a folder of any size costs no memory.
What is left untaken are messages that nobody explains: mail that was there before us, and spare
copies that a pending item may turn out to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from omm_desktop.model.items import ContentHash, Fingerprint
from omm_desktop.model.ports import Seen

from .ledger import Ledger
from .rows import Absent, Row, RowState, SeenRow, instant

_MOST_DIGITS = 18

KEYLESS = """
    SELECT item.id, item.state, item.fingerprint, item.content, item.received,
           CASE WHEN batch.validity = :validity THEN batch.quiet END
    FROM item LEFT JOIN batch ON batch.id = item.batch
    WHERE item.destination_folder = :folder AND item.aside = 0
      AND (item.fingerprint, item.id) > (:fingerprint, :id)
      AND (item.state IN ('sending', 'unsure')
           OR (item.state IN ('done', 'present')
               AND (item.destination_key IS NULL OR item.destination_validity <> :validity)
               AND (:floor IS NULL
                    OR (batch.validity = :validity AND batch.quiet >= :floor))))
    ORDER BY item.fingerprint, item.id LIMIT 500
"""


class Survey:
    """One reading of one destination folder, from the key `floor` on (None: all of it)."""

    def __init__(
        self, ledger: Ledger, destination_folder: int, validity: int, floor: int | None
    ) -> None:
        self._ledger = ledger
        self._folder = destination_folder
        self._validity = validity
        self._floor = floor
        with ledger.reading() as connection:
            # Below the floor too: an earlier copy may have left there what is gone by now.
            connection.execute("DELETE FROM seen WHERE folder = ?", (destination_folder,))

    def add(self, window: Iterable[Seen]) -> None:
        with self._ledger.reading() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO seen"
                " (folder, key, number, fingerprint, size, received, content)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                ((self._folder, s.key, number(s.key), *_told(s)) for s in window),
            )

    def explain_by_key(self) -> None:
        """Take every message whose key a row of ours holds.

        Of set-aside rows the message takes identity and body: the server may have changed both.
        """
        held = (
            "SELECT destination_key FROM item WHERE destination_folder = :folder"
            " AND destination_validity = :validity AND destination_key IS NOT NULL"
        )
        names = {"folder": self._folder, "validity": self._validity}
        with self._ledger.reading() as connection:
            connection.execute(
                "UPDATE seen SET taken = 1 WHERE folder = :folder AND key IN"
                f" ({held} AND aside = 0)",
                names,
            )
            connection.execute(
                "UPDATE seen SET (fingerprint, content) ="
                " (SELECT item.fingerprint, item.content FROM item"
                " WHERE item.destination_folder = :folder AND item.destination_key = seen.key"
                " AND item.destination_validity = :validity AND item.aside = 1)"
                f" WHERE folder = :folder AND key IN"
                f" ({held} AND aside = 1 AND fingerprint IS NOT NULL)",
                names,
            )

    def keyless_groups(self) -> Iterator[tuple[Fingerprint, list[Row]]]:
        """Our rows without a valid key that may lie in what was read, by fingerprint.

        Sending rows come whatever their position. Rows that were yielded may change meanwhile.
        """
        for fingerprint, rows in groupby(self._keyless(), key=lambda row: row.fingerprint):
            yield fingerprint, list(rows)

    def _keyless(self) -> Iterator[Row]:
        """In order of fingerprint, a few hundred in memory at a time."""
        names = {"folder": self._folder, "validity": self._validity, "floor": self._floor}
        fingerprint, id = b"", 0
        while True:
            with self._ledger.reading() as connection:
                page = connection.execute(
                    KEYLESS, {**names, "fingerprint": fingerprint, "id": id}
                ).fetchall()
            if not page:
                return
            yield from map(_row, page)
            fingerprint, id = page[-1][2], page[-1][0]

    def spare(self, fingerprint: Fingerprint) -> list[SeenRow]:
        """Unexplained messages with this fingerprint."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT key, number, fingerprint, size, received, content FROM seen"
                " WHERE folder = ? AND fingerprint = ? AND taken = 0",
                (self._folder, fingerprint),
            )
            return [_seen(row) for row in rows]

    def bearing(self, fingerprint: Fingerprint) -> list[SeenRow]:
        """All with this fingerprint, whoever explains them."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT key, number, fingerprint, size, received, content FROM seen"
                " WHERE folder = ? AND fingerprint = ?",
                (self._folder, fingerprint),
            )
            return [_seen(row) for row in rows]

    def of_date(self, received: float | None) -> list[SeenRow]:
        """Unexplained messages of that instant, whatever their fingerprint."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT key, number, fingerprint, size, received, content FROM seen"
                " WHERE folder = ? AND received = ? AND taken = 0",
                (self._folder, received),
            )
            return [_seen(row) for row in rows]

    def brought(self, fingerprint: Fingerprint, content: ContentHash) -> bool:
        """Whether rows set aside say that we put such an item there, before a renumbering."""
        with self._ledger.reading() as connection:
            (found,) = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM item WHERE destination_folder = ?"
                " AND aside = 1 AND fingerprint = ? AND content = ?)",
                (self._folder, fingerprint, content),
            ).fetchone()
            return bool(found)

    def unexplained(self, at_least: int | None) -> list[SeenRow]:
        """Unexplained messages whatever their fingerprint, from the key `at_least` on."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT key, number, fingerprint, size, received, content FROM seen"
                " WHERE folder = ? AND taken = 0 AND number >= ? ORDER BY number",
                (self._folder, at_least or 0),
            )
            return [_seen(row) for row in rows]

    def take(self, key: str) -> None:
        with self._ledger.reading() as connection:
            connection.execute(
                "UPDATE seen SET taken = 1 WHERE folder = ? AND key = ?", (self._folder, key)
            )

    def set_content(self, key: str, content: ContentHash) -> None:
        with self._ledger.reading() as connection:
            connection.execute(
                "UPDATE seen SET content = ? WHERE folder = ? AND key = ?",
                (content, self._folder, key),
            )

    def first_unexplained(self) -> int | None:
        """The lowest key of an unexplained message; None when there is none."""
        with self._ledger.reading() as connection:
            row = connection.execute(
                "SELECT min(number) FROM seen WHERE folder = ? AND taken = 0", (self._folder,)
            ).fetchone()
            return None if row[0] is None else int(row[0])

    def absent(self, row: int, run: int) -> Absent | None:
        """A row of ours as something that was not found; None when another run stored it."""
        with self._ledger.reading() as connection:
            found = connection.execute(
                "SELECT id, source_folder, key, size FROM item WHERE id = ? AND run = ?", (row, run)
            ).fetchone()
            return None if found is None else Absent(*found)

    def fingerprints_of_ours(self) -> list[Fingerprint]:
        """Fingerprints of unexplained messages that rows of ours in this folder share."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT DISTINCT seen.fingerprint FROM seen JOIN item"
                " ON item.destination_folder = seen.folder"
                " AND item.fingerprint = seen.fingerprint"
                " WHERE seen.folder = ? AND seen.taken = 0 AND item.state = 'done'",
                (self._folder,),
            )
            return [bytes(row[0]) for row in rows]

    def contents_of_ours(self, fingerprint: Fingerprint) -> set[ContentHash]:
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT content FROM item WHERE destination_folder = ? AND fingerprint = ?"
                " AND content IS NOT NULL",
                (self._folder, fingerprint),
            )
            return {bytes(row[0]) for row in rows}

    def forget_aside(self) -> None:
        """Open rows that were set aside by a renumbering are judged no more: their items are listed
        anew. That we may have brought them is kept.
        """
        with self._ledger.writing() as connection:
            connection.execute(
                "UPDATE item SET state = 'missing' WHERE destination_folder = ? AND aside = 1"
                " AND state IN ('sending', 'unsure')",
                (self._folder,),
            )


def number(key: str) -> int:
    """A key as a number, 0 where the endpoint does not number (or beyond what SQLite holds)."""
    return int(key) if key.isdecimal() and len(key) <= _MOST_DIGITS else 0


def _told(
    seen: Seen,
) -> tuple[Fingerprint, int | None, float | None, ContentHash | None]:
    return seen.fingerprint, seen.size, instant(seen.received), seen.content


def _row(row: tuple[int, str, bytes, bytes, float | None, int | None]) -> Row:
    return Row(row[0], RowState(row[1]), bytes(row[2]), bytes(row[3]), row[4], row[5])


def _seen(row: tuple[str, int, bytes, int | None, float | None, bytes | None]) -> SeenRow:
    return SeenRow(row[0], row[1], bytes(row[2]), row[3], row[4], row[5] and bytes(row[5]))
