"""What a run put into the new mailbox, on its way out again.

A row is forgotten together with the outcome that its item is gone, so that a later copy brings the
item anew. What stays keeps its row, so that it is not brought twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from omm_desktop.model.items import ContentHash, Fingerprint, Folder, ItemKind
from omm_desktop.model.undoing import Removable

from .ledger import CHUNK, Ledger

_PUT_THERE = "item.lent = 0 AND item.state IN ('done', 'sending')"
_ADDRESSED = (
    "item.run = :run AND item.destination_folder = :folder AND item.state = 'done'"
    " AND item.lent = 0 AND item.destination_key IS NOT NULL"
    " AND item.destination_validity = :validity"
)
REMOVED, GONE = "removed", "gone"

ROWS = f"""
    SELECT item.id, item.destination_key, item.fingerprint, item.content, item.received,
           item.handled, removal.item IS NOT NULL, removal.before,
           CASE WHEN batch.validity = :validity THEN batch.quiet END,
           EXISTS (SELECT 1 FROM item AS other
                   JOIN source_folder AS theirs ON theirs.id = other.source_folder
                   WHERE other.destination_folder = item.destination_folder
                     AND other.destination_key = item.destination_key
                     AND other.destination_validity = item.destination_validity
                     AND other.run <> item.run AND theirs.account <> source_folder.account
                     AND other.state IN ('done', 'present', 'accepted'))
    FROM item JOIN source_folder ON source_folder.id = item.source_folder
    LEFT JOIN removal ON removal.item = item.id
    LEFT JOIN batch ON batch.id = item.batch
    WHERE {_ADDRESSED} AND item.id > :after ORDER BY item.id LIMIT :most
"""


def removable_of(run: str) -> str:
    """SQL that counts what of the run with this number may still be in the new mailbox."""
    return f"SELECT count(*) FROM item WHERE item.run = {run} AND {_PUT_THERE}"


@dataclass(frozen=True, slots=True)
class UndoPlace:
    """A destination folder with items of a run; `validity` as it was last met."""

    id: int
    key: str
    name: str
    kind: ItemKind
    validity: int
    items: int


@dataclass(frozen=True, slots=True)
class PutThere:
    """An item of ours by its address in the new mailbox.

    `handled` is None where nobody noted it. `quiet` is the key below which the item cannot be.
    `begun`: its removal was asked for, and nobody knows what came of it; `before` as it was.
    `is_shared`: a copy from another mailbox found it there and counts on it.
    """

    id: int
    key: str
    fingerprint: Fingerprint
    content: ContentHash
    received: float | None
    handled: frozenset[str] | None
    begun: bool
    before: int | None
    quiet: int | None
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one folder, over all sessions of an undo."""

    removed: int = 0
    gone: int = 0


class Removals:
    """The undo of one run; one that was not ended is gone on with."""

    def __init__(self, ledger: Ledger, run: int) -> None:
        self._ledger = ledger
        self._run = run
        self._undo = 0

    def begin(self, now: float) -> None:
        with self._ledger.writing() as connection:
            found = connection.execute(
                "SELECT id FROM undo WHERE run = ? AND ended IS NULL", (self._run,)
            ).fetchone()
            if found is None:
                found = connection.execute(
                    "INSERT INTO undo (run, began) VALUES (?, ?) RETURNING id", (self._run, now)
                ).fetchone()
            self._undo = int(found[0])

    def is_begun(self) -> bool:
        """Whether there is one to go on with."""
        with self._ledger.reading() as connection:
            (found,) = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM undo WHERE run = ? AND ended IS NULL)", (self._run,)
            ).fetchone()
            return bool(found)

    # What there is

    def accounts(self) -> tuple[int, int]:
        """The numbers of the run's source and destination here."""
        with self._ledger.reading() as connection:
            source, destination = connection.execute(
                "SELECT source, destination FROM run WHERE id = ?", (self._run,)
            ).fetchone()
            return int(source), int(destination)

    def removable(self) -> list[Removable]:
        """By folder, what may still be there; nobody has looked yet."""
        return [Removable(place.name, place.kind, place.items) for place in self.places()]

    def places(self) -> list[UndoPlace]:
        """Folders with anything of the run, in the order in which they were first copied to."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT folder.id, folder.key, coalesce(folder.name, folder.key),"
                " coalesce(folder.kind, 'mail'), folder.validity, count(*) FROM item"
                " JOIN destination_folder AS folder ON folder.id = item.destination_folder"
                f" WHERE item.run = ? AND {_PUT_THERE} GROUP BY folder.id ORDER BY folder.id",
                (self._run,),
            )
            return [
                UndoPlace(int(id), key, name, ItemKind(kind), int(validity), int(items))
                for id, key, name, kind, validity, items in rows
            ]

    def unaddressed(self, folder: int, validity: int) -> int:
        """How many items of the run are in a folder, or may be, without a valid address."""
        with self._ledger.reading() as connection:
            (found,) = connection.execute(
                "SELECT count(*) FROM item WHERE item.run = :run AND destination_folder = :folder"
                " AND item.lent = 0 AND state IN ('done', 'sending', 'unsure', 'accepted')"
                f" AND NOT ({_ADDRESSED})",
                {"run": self._run, "folder": folder, "validity": validity},
            ).fetchone()
            return int(found)

    def is_open(self, folder: int, validity: int) -> bool:
        """Whether reading the folder may tell the address of an item that has none."""
        with self._ledger.reading() as connection:
            (found,) = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM item WHERE run = ? AND destination_folder = ?"
                " AND aside = 0 AND (state IN ('sending', 'unsure') OR (state = 'done'"
                " AND (destination_key IS NULL OR destination_validity <> ?))))",
                (self._run, folder, validity),
            ).fetchone()
            return bool(found)

    def rows(self, folder: int, validity: int, after: int, most: int) -> list[PutThere]:
        """The next items with an address, in the order of their rows."""
        names = {"run": self._run, "folder": folder, "validity": validity}
        with self._ledger.reading() as connection:
            rows = connection.execute(ROWS, {**names, "after": after, "most": most}).fetchall()
        return [
            PutThere(
                int(id),
                str(key),
                bytes(fingerprint),
                bytes(content),
                received,
                None if handled is None else frozenset(handled.split()),
                bool(begun),
                before,
                quiet,
                bool(shared),
            )
            for id, key, fingerprint, content, received, handled, begun, before, quiet, shared
            in rows
        ]  # fmt: skip

    def anywhere(self, folder: int, most: int) -> list[tuple[int, bool]]:
        """Rows of the run in a folder, with and without an address; whether removal was begun."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT id, EXISTS (SELECT 1 FROM removal WHERE removal.item = item.id) FROM item"
                " WHERE run = ? AND destination_folder = ? AND lent = 0"
                " AND state IN ('done', 'sending', 'unsure', 'accepted') LIMIT ?",
                (self._run, folder, most),
            )
            return [(int(id), bool(begun)) for id, begun in rows]

    # What becomes of it

    def intend(self, folder: int, rows: Iterable[int], before: int | None) -> None:
        """Before they are removed. What was noted at an earlier attempt stays.

        From now on nobody knows what is in the folder: the next copy reads all of it.
        """
        with self._ledger.writing() as connection:
            connection.execute(
                "UPDATE destination_folder SET explained_next = NULL WHERE id = ?", (folder,)
            )
            connection.executemany(
                "INSERT OR IGNORE INTO removal VALUES (?, ?, ?)",
                ((row, self._undo, before) for row in rows),
            )

    def note_absent(
        self,
        folder: int,
        *,
        removed: Sequence[int],
        gone: Sequence[int],
        moved: Mapping[str, str] | None = None,
        validity: int | None = None,
    ) -> None:
        """We removed them, or they were not there any more; their rows are forgotten.

        Of what has `moved`, the rows of all runs take the new keys, with the new `validity`. A
        later copy looks at the whole folder: what nobody saw go may be there all the same.
        """
        with self._ledger.writing() as connection:
            for fate, rows in ((REMOVED, removed), (GONE, gone)):
                if rows:
                    connection.execute(
                        "INSERT INTO undone VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
                        " SET items = items + excluded.items",
                        (self._undo, folder, fate, len(rows)),
                    )
                self._forget(connection, rows)
            if moved:
                self._move(connection, folder, moved, validity)
            connection.execute(
                "UPDATE destination_folder SET explained_next = NULL,"
                " validity = coalesce(?, validity) WHERE id = ?",
                (validity, folder),
            )

    @staticmethod
    def _move(
        connection: Connection, folder: int, moved: Mapping[str, str], validity: int | None
    ) -> None:
        """All at once, since one item's new key may be another's old one."""
        connection.execute("CREATE TEMP TABLE moved (old TEXT PRIMARY KEY, new TEXT NOT NULL)")
        connection.executemany("INSERT INTO moved VALUES (?, ?)", moved.items())
        connection.execute(
            "UPDATE item SET destination_key = (SELECT new FROM moved WHERE old = destination_key),"
            " destination_validity = coalesce(?, destination_validity)"
            " WHERE destination_folder = ? AND destination_key IN (SELECT old FROM moved)"
            " AND destination_validity = (SELECT validity FROM destination_folder WHERE id = ?)",
            (validity, folder, folder),
        )
        connection.execute("DROP TABLE moved")
        connection.execute("UPDATE batch SET quiet = NULL WHERE destination_folder = ?", (folder,))

    def _forget(self, connection: Connection, rows: Sequence[int]) -> None:
        """With them what else of the same source led to them, and that their folders are done."""
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            these = f"IN ({','.join('?' * len(chunk))})"
            mine = f"SELECT * FROM item WHERE id {these}"
            connection.execute(
                "DELETE FROM finished WHERE EXISTS (SELECT 1 FROM"
                f" ({mine}) AS mine WHERE mine.source_folder = finished.source_folder"
                " AND mine.destination_folder = finished.destination_folder)",
                chunk,
            )
            connection.execute(
                "DELETE FROM item WHERE id IN (SELECT item.id FROM item"
                f" JOIN ({mine}) AS mine ON mine.destination_folder = item.destination_folder"
                " AND mine.destination_key = item.destination_key"
                " AND mine.destination_validity = item.destination_validity"
                " JOIN source_folder AS theirs ON theirs.id = item.source_folder"
                " JOIN source_folder AS own ON own.id = mine.source_folder"
                " WHERE own.account = theirs.account OR item.run = mine.run)",
                chunk,
            )
            # What has no address is no twin of itself.
            connection.execute(f"DELETE FROM item WHERE id {these}", chunk)

    def leave(self, rows: Iterable[int]) -> None:
        """They are still there, and nothing of ours is on its way to them."""
        with self._ledger.writing() as connection:
            connection.executemany("DELETE FROM removal WHERE item = ?", ((row,) for row in rows))

    def counts(self) -> dict[int, Counts]:
        """By the folder's number here."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT destination_folder, total(items) FILTER (WHERE fate = ?),"
                " total(items) FILTER (WHERE fate = ?) FROM undone WHERE undo = ? GROUP BY 1",
                (REMOVED, GONE, self._undo),
            )
            return {int(folder): Counts(int(removed), int(gone)) for folder, removed, gone in rows}

    def names(self) -> dict[int, tuple[str, ItemKind]]:
        """Of the folders that were counted, by their numbers here."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT id, coalesce(name, key), coalesce(kind, 'mail') FROM destination_folder"
                " WHERE id IN (SELECT destination_folder FROM undone WHERE undo = ?)",
                (self._undo,),
            )
            return {int(id): (str(name), ItemKind(kind)) for id, name, kind in rows}

    # Folders, and the end

    def note_names(self, there: Mapping[str, Folder]) -> None:
        """By their keys, what the folders are called: older records do not tell."""
        with self._ledger.writing() as connection:
            connection.executemany(
                "UPDATE destination_folder SET name = ?, kind = ? WHERE key = ? AND name IS NULL"
                " AND account = (SELECT destination FROM run WHERE id = ?)",
                ((one.name, one.kind, key, self._run) for key, one in there.items()),
            )

    def made(self) -> list[tuple[int, str, str]]:
        """Number, key and name of the folders this run has made, the deepest names first."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT id, key, coalesce(name, key) FROM destination_folder WHERE made_by = ?"
                " ORDER BY length(name) - length(replace(name, '/', '')) DESC, id DESC",
                (self._run,),
            )
            return [(int(id), str(key), str(name)) for id, key, name in rows]

    def unmade(self, folder: int) -> None:
        with self._ledger.writing() as connection:
            connection.execute(
                "UPDATE destination_folder SET made_by = NULL WHERE id = ?", (folder,)
            )

    def settings_arrived(self) -> int:
        """Rules and replies that copies between these two accounts have added."""
        with self._ledger.reading() as connection:
            (found,) = connection.execute(
                "SELECT count(*) FROM setting WHERE arrived = 1 AND (source, destination) ="
                " (SELECT source, destination FROM run WHERE id = ?)",
                (self._run,),
            ).fetchone()
            return int(found)

    def end(self, now: float) -> None:
        """All was looked at. The run counts no more on what it had found in the mailbox."""
        with self._ledger.writing() as connection:
            present = "SELECT {} FROM item WHERE run = ? AND state = 'present'"
            connection.execute(
                "UPDATE destination_folder SET explained_next = NULL WHERE id IN"
                f" ({present.format('destination_folder')})",
                (self._run,),
            )
            connection.execute(
                "DELETE FROM finished WHERE EXISTS"
                f" ({present.format('1')} AND item.source_folder = finished.source_folder"
                " AND item.destination_folder = finished.destination_folder)",
                (self._run,),
            )
            connection.execute("DELETE FROM item WHERE run = ? AND state = 'present'", (self._run,))
            connection.execute("UPDATE undo SET ended = ? WHERE id = ?", (now, self._undo))


def forget_undo(connection: Connection, run: int) -> None:
    """All that is remembered of the undo of a run, and of folders it had made."""
    mine = "SELECT id FROM undo WHERE run = ?"
    for table in ("undone", "removal"):
        connection.execute(f"DELETE FROM {table} WHERE undo IN ({mine})", (run,))
    connection.execute("DELETE FROM undo WHERE run = ?", (run,))
    connection.execute("UPDATE destination_folder SET made_by = NULL WHERE made_by = ?", (run,))
