"""Items that were edited at the source since they were copied, known by their versions.

The change of an item of ours is intended durably before it is asked for: until its outcome is
known, the row keeps what the item was before, and the intent says what it may be by now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from omm_desktop.model.items import ContentHash, ItemRef

from .ledger import CHUNK, Ledger
from .rows import Intent, instant

OTHER_VERSION = ""
"""Of a row whose item was there before, and says something else: no version of the source is it."""

TABLE = """
CREATE TEMP TABLE IF NOT EXISTS edited (
    job INTEGER NOT NULL,
    key TEXT NOT NULL,
    size INTEGER,
    received REAL,
    version TEXT NOT NULL,
    PRIMARY KEY (job, key)
) WITHOUT ROWID;
DELETE FROM edited;
"""

_ARRIVED = "item.aside = 0 AND item.state IN ('done', 'present', 'accepted')"


@dataclass(frozen=True, slots=True)
class Target:
    """A row whose item may be changed: `key` is its address at the destination."""

    row: int
    key: str
    content: ContentHash


class Edits:
    """Of one run; the intents outlive it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        with ledger.reading() as connection:
            connection.executescript(TABLE)

    # What the listing shows

    def note(
        self,
        job: int,
        place: tuple[int, int, int],
        refs: Sequence[ItemRef],
    ) -> None:
        """Remember those of the refs that arrived in another version.

        `place`: the numbers of the source folder, its validity, the destination folder.
        """
        told = [ref for ref in refs if ref.version is not None]
        if not told:
            return
        known = self._versions(place, [ref.key for ref in told])
        with self._ledger.reading() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO edited VALUES (?, ?, ?, ?, ?)",
                (
                    (job, ref.key, ref.size, instant(ref.received), ref.version)
                    for ref in told
                    if known.get(ref.key, ref.version) != ref.version
                ),
            )

    def _versions(self, place: tuple[int, int, int], keys: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        with self._ledger.reading() as connection:
            for start in range(0, len(keys), CHUNK):
                chunk = keys[start : start + CHUNK]
                marks = ",".join("?" * len(chunk))
                found.update(
                    connection.execute(
                        "SELECT key, version FROM item WHERE source_folder = ? AND validity = ?"
                        f" AND destination_folder = ? AND {_ARRIVED} AND version IS NOT NULL"
                        f" AND key IN ({marks})",
                        (*place, *chunk),
                    )
                )
        return found

    def clear(self, job: int) -> None:
        """The folder is listed from the beginning."""
        with self._ledger.reading() as connection:
            connection.execute("DELETE FROM edited WHERE job = ?", (job,))

    def jobs(self) -> set[int]:
        """Those of which something was edited."""
        with self._ledger.reading() as connection:
            return {int(row[0]) for row in connection.execute("SELECT DISTINCT job FROM edited")}

    def take(self, job: int, folder_key: str, items: int, size: int) -> list[ItemRef]:
        """At most so many of a job, about `size` bytes together; they are not given again."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT key, size, received, version FROM edited WHERE job = ?"
                " ORDER BY key LIMIT ?",
                (job, items),
            ).fetchall()
            sums = accumulate(row[1] or 0 for row in rows)
            rows = rows[: max(1, sum(total <= size for total in sums))]
            connection.executemany(
                "DELETE FROM edited WHERE job = ? AND key = ?", ((job, row[0]) for row in rows)
            )
        return [
            ItemRef(folder_key, key, size, _date(received), version=version)
            for key, size, received, version in rows
        ]

    def versions(self, place: tuple[int, int, int], refs: Sequence[ItemRef]) -> set[str]:
        """Keys of those that have arrived in the version of their ref meanwhile."""
        known = self._versions(place, [ref.key for ref in refs])
        return {ref.key for ref in refs if known.get(ref.key) == ref.version}

    # Changing

    def target(self, place: tuple[int, int, int], key: str) -> Target | None:
        """None where it has no valid address, or where that is another item's as well."""
        with self._ledger.reading() as connection:
            row = connection.execute(
                "SELECT item.id, destination_key, content FROM item"
                " JOIN destination_folder AS folder ON folder.id = item.destination_folder"
                " WHERE source_folder = ? AND item.validity = ? AND destination_folder = ?"
                f" AND item.key = ? AND {_ARRIVED} AND destination_key IS NOT NULL"
                " AND destination_validity = folder.validity"
                " AND NOT EXISTS (SELECT 1 FROM item AS other"
                "  WHERE other.destination_folder = item.destination_folder AND other.aside = 0"
                "  AND other.destination_key = item.destination_key AND other.id <> item.id)",
                (*place, key),
            ).fetchone()
            return None if row is None else Target(int(row[0]), str(row[1]), bytes(row[2]))

    def intend(self, row: int, intent: Intent) -> None:
        """Before the change is asked for."""
        with self._ledger.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO edit VALUES (?, ?, ?, ?, ?)",
                (row, intent.fingerprint, intent.content, intent.size, intent.version),
            )

    def arrived(self, row: int, key: str | None = None) -> None:
        """The item is what was intended, under another `key` perhaps."""
        with self._ledger.writing() as connection:
            connection.execute(
                "UPDATE item SET (fingerprint, content, size, version) ="
                " (SELECT fingerprint, content, size, version FROM edit WHERE item = item.id),"
                " destination_key = coalesce(?, destination_key) WHERE id = ?",
                (key, row),
            )
            connection.execute("DELETE FROM edit WHERE item = ?", (row,))

    def forget(self, row: int) -> None:
        """The item is what it was."""
        with self._ledger.writing() as connection:
            connection.execute("DELETE FROM edit WHERE item = ?", (row,))

    def set_version(self, row: int, version: str | None) -> None:
        """What the item says did not change with its version."""
        with self._ledger.writing() as connection:
            connection.execute("UPDATE item SET version = ? WHERE id = ?", (version, row))

    def pending(self, destination_folder: int) -> list[Target]:
        """Rows whose change has an unknown outcome, with the content that was intended."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT item.id, destination_key, edit.content FROM edit"
                " JOIN item ON item.id = edit.item"
                " WHERE destination_folder = ? AND aside = 0 AND destination_key IS NOT NULL",
                (destination_folder,),
            )
            return [Target(int(id), str(key), bytes(content)) for id, key, content in rows]


def _date(received: float | None) -> datetime | None:
    return None if received is None else datetime.fromtimestamp(received, UTC)
