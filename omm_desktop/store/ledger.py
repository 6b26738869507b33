"""The ledger: every intent and every outcome, durable before and after each write.

Callers of any thread share one `Ledger`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.ports import Fidelity

from . import plan_json
from .database import Database
from .rows import FolderTally, Intent, Outcome, RowState

CHUNK = 500
"""Keys in one SQL statement."""


class Ledger(Database):
    """Each public method is one transaction."""

    # Accounts and runs

    def account(self, identity: str) -> int:
        with self.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO account (identity) VALUES (?)", (identity,))
            row = connection.execute("SELECT id FROM account WHERE identity = ?", (identity,))
            return int(row.fetchone()[0])

    def fidelity(self, account: int) -> Fidelity:
        with self.reading() as connection:
            row = connection.execute("SELECT fidelity FROM account WHERE id = ?", (account,))
            return Fidelity(row.fetchone()[0])

    def set_fidelity(self, account: int, fidelity: Fidelity) -> None:
        with self.writing() as connection:
            connection.execute("UPDATE account SET fidelity = ? WHERE id = ?", (fidelity, account))

    def expect_marks(self, account: int) -> None:
        """So that a first batch whose answer is lost leaves no doubt."""
        if self.fidelity(account) is Fidelity.UNKNOWN:
            self.set_fidelity(account, Fidelity.MARKED)

    def begin_run(
        self,
        plan: MigrationPlan,
        source: int,
        destination: int,
        now: float,
        files: Sequence[int] = (),
    ) -> int:
        """`source` and `files` are the accounts of the plan's, in its order."""
        with self.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO run (source, destination, plan, began) VALUES (?, ?, ?, ?)",
                (source, destination, plan_json.to_json(plan), now),
            )
            run = int(cursor.lastrowid or 0)
            connection.executemany(
                "INSERT INTO run_source VALUES (?, ?)", ((run, one) for one in (source, *files))
            )
            return run

    def note_listed(self, run: int, items: int) -> None:
        """How many items the source held when the run counted them."""
        with self.writing() as connection:
            connection.execute("UPDATE run SET listed = ? WHERE id = ?", (items, run))

    def end_run(self, run: int, now: float, grade: str, report: str) -> None:
        with self.writing() as connection:
            connection.execute(
                "UPDATE run SET ended = ?, grade = ?, report = ? WHERE id = ?",
                (now, grade, report, run),
            )

    # Folders

    def source_folder(self, account: int, key: str, validity: int) -> tuple[int, bool]:
        """The folder's number here, and whether the server renumbered it since it was last seen.

        Renumbered: its rows are set aside (they still tell what we put where) and every
        destination folder they lead to must be read again.
        """
        with self.writing() as connection:
            row = connection.execute(
                "SELECT id, validity FROM source_folder WHERE account = ? AND key = ?",
                (account, key),
            ).fetchone()
            if row is None:
                cursor = connection.execute(
                    "INSERT INTO source_folder (account, key, validity) VALUES (?, ?, ?)",
                    (account, key, validity),
                )
                return int(cursor.lastrowid or 0), False
            folder, known = int(row[0]), int(row[1])
            if known == validity:
                return folder, False
            connection.execute(
                "UPDATE destination_folder SET explained_next = NULL WHERE id IN"
                " (SELECT DISTINCT destination_folder FROM item WHERE source_folder = ?)",
                (folder,),
            )
            connection.execute("UPDATE item SET aside = 1 WHERE source_folder = ?", (folder,))
            connection.execute("DELETE FROM finished WHERE source_folder = ?", (folder,))
            connection.execute(
                "UPDATE source_folder SET validity = ? WHERE id = ?", (validity, folder)
            )
            return folder, True

    def destination_folder(self, account: int, key: str, validity: int, *, empty: bool) -> int:
        """The folder's number here.

        A folder met empty starts explained. One that was renumbered was rebuilt, or made anew:
        what we put there may be gone, so its rows are set aside and every item is looked for again.
        """
        with self.writing() as connection:
            row = connection.execute(
                "SELECT id, validity FROM destination_folder WHERE account = ? AND key = ?",
                (account, key),
            ).fetchone()
            if row is None:
                cursor = connection.execute(
                    "INSERT INTO destination_folder (account, key, validity, explained_next)"
                    " VALUES (?, ?, ?, ?)",
                    (account, key, validity, 0 if empty else None),
                )
                return int(cursor.lastrowid or 0)
            folder, known = int(row[0]), int(row[1])
            if known != validity:
                for statement in (
                    "UPDATE item SET aside = 1 WHERE destination_folder = ?",
                    "DELETE FROM finished WHERE destination_folder = ?",
                ):
                    connection.execute(statement, (folder,))
                connection.execute(
                    "UPDATE destination_folder SET validity = ?, explained_next = NULL"
                    " WHERE id = ?",
                    (validity, folder),
                )
            return folder

    def led_to(self, source: int, destination: int) -> dict[str, str]:
        """For each folder key of a source account, the destination folder key it was copied to."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT source_folder.key, destination_folder.key, max(item.run) FROM item"
                " JOIN source_folder ON source_folder.id = item.source_folder"
                " JOIN destination_folder ON destination_folder.id = item.destination_folder"
                " WHERE source_folder.account = ? AND destination_folder.account = ?"
                " GROUP BY 1, 2 ORDER BY 3",
                (source, destination),
            )
            return {str(mine): str(theirs) for mine, theirs, _ in rows}

    def explained_next(self, destination_folder: int) -> int | None:
        """The key below which everything in the folder is ours or gone; None: not known."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT explained_next FROM destination_folder WHERE id = ?", (destination_folder,)
            ).fetchone()
            return None if row[0] is None else int(row[0])

    def set_explained(self, destination_folder: int, next_key: int | None) -> None:
        with self.writing() as connection:
            connection.execute(
                "UPDATE destination_folder SET explained_next = ? WHERE id = ?",
                (next_key, destination_folder),
            )

    def finished(self, source_folder: int, destination_folder: int) -> tuple[int, int] | None:
        """Next key and count of the source folder when all of it had last been copied."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT next_key, count FROM finished"
                " WHERE source_folder = ? AND destination_folder = ?",
                (source_folder, destination_folder),
            ).fetchone()
            return None if row is None else (int(row[0]), int(row[1]))

    def set_finished(
        self, source_folder: int, destination_folder: int, position: tuple[int, int] | None
    ) -> None:
        with self.writing() as connection:
            if position is None:
                connection.execute(
                    "DELETE FROM finished WHERE source_folder = ? AND destination_folder = ?",
                    (source_folder, destination_folder),
                )
            else:
                connection.execute(
                    "INSERT OR REPLACE INTO finished VALUES (?, ?, ?, ?)",
                    (source_folder, destination_folder, *position),
                )

    # Items

    def states(
        self, source_folder: int, validity: int, destination_folder: int, keys: Sequence[str]
    ) -> dict[str, RowState]:
        """How those of the given source keys stand that have a row."""
        found: dict[str, RowState] = {}
        with self.reading() as connection:
            for start in range(0, len(keys), CHUNK):
                chunk = keys[start : start + CHUNK]
                marks = ",".join("?" * len(chunk))
                found.update(
                    (str(key), RowState(state))
                    for key, state in connection.execute(
                        "SELECT key, state FROM item WHERE source_folder = ? AND validity = ?"
                        f" AND destination_folder = ? AND aside = 0 AND key IN ({marks})",
                        (source_folder, validity, destination_folder, *chunk),
                    )
                )
        return found

    def tally(self, source_folder: int, destination_folder: int) -> FolderTally:
        with self.reading() as connection:
            row = connection.execute(
                "SELECT count(*) FILTER (WHERE state IN ('done', 'present', 'accepted')),"
                " total(size) FILTER (WHERE state IN ('done', 'present', 'accepted')),"
                " count(*) FILTER (WHERE state IN ('failed', 'missing')),"
                " count(*) FILTER (WHERE state = 'unsure'),"
                " count(*) FILTER (WHERE state = 'accepted')"
                " FROM item WHERE source_folder = ? AND destination_folder = ? AND aside = 0",
                (source_folder, destination_folder),
            ).fetchone()
            return FolderTally(int(row[0]), int(row[1]), int(row[2]), int(row[3]), int(row[4]))

    def open_from(self, destination_folder: int, validity: int) -> tuple[bool, int | None]:
        """Whether an outcome is unknown in the folder, and the oldest quiet position of those.

        The position is None when any of them has none that is still valid.
        """
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT CASE WHEN batch.validity = ? THEN batch.quiet END"
                " FROM item JOIN batch ON batch.id = item.batch"
                " WHERE item.destination_folder = ? AND item.state IN ('sending', 'unsure')"
                " GROUP BY 1",
                (validity, destination_folder),
            ).fetchall()
        quiet = [row[0] for row in rows]
        if not quiet or None in quiet:
            return bool(quiet), None
        return True, min(quiet)

    def intend(
        self,
        run: int,
        destination_folder: int,
        quiet: int | None,
        validity: int,
        now: float,
        intents: Iterable[Intent],
    ) -> list[int]:
        """Write the intents of one batch; the rows' numbers, in order."""
        with self.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO batch (run, destination_folder, quiet, validity, intent_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (run, destination_folder, quiet, validity, now),
            )
            batch = cursor.lastrowid
            return [
                self._upsert(connection, run, destination_folder, intent, RowState.SENDING, batch)
                for intent in intents
            ]

    def _upsert(
        self,
        connection: sqlite3.Connection,
        run: int,
        destination_folder: int,
        intent: Intent,
        state: RowState,
        batch: int | None,
        key: str | None = None,
        key_validity: int | None = None,
    ) -> int:
        row = connection.execute(
            "INSERT INTO item (source_folder, validity, key, destination_folder, state,"
            " fingerprint, content, size, received, run, batch, destination_key,"
            " destination_validity, object_id, version, handled)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET state = excluded.state, aside = 0, lent = 0,"
            " fingerprint = excluded.fingerprint, content = excluded.content,"
            " size = excluded.size, received = excluded.received, run = excluded.run,"
            " batch = excluded.batch, destination_key = excluded.destination_key,"
            " destination_validity = excluded.destination_validity,"
            " object_id = excluded.object_id, version = excluded.version,"
            " handled = excluded.handled RETURNING id",
            (
                intent.source_folder,
                intent.validity,
                intent.key,
                destination_folder,
                state,
                intent.fingerprint,
                intent.content,
                intent.size,
                intent.received.timestamp() if intent.received else None,
                run,
                batch,
                key,
                key_validity,
                intent.object_id,
                intent.version,
                " ".join(sorted(intent.handled)),
            ),
        ).fetchone()
        return int(row[0])

    def note_present(
        self,
        run: int,
        destination_folder: int,
        validity: int,
        found: Iterable[tuple[Intent, str | None]],
    ) -> None:
        """Items that were there before us, each with its key there, as far as it is known."""
        with self.writing() as connection:
            for intent, key in found:
                self._upsert(
                    connection,
                    run,
                    destination_folder,
                    intent,
                    RowState.PRESENT,
                    None,
                    key,
                    None if key is None else validity,
                )

    def note_outcomes(self, outcomes: Iterable[Outcome]) -> None:
        with self.writing() as connection:
            for outcome in outcomes:
                self._apply(connection, outcome)

    @staticmethod
    def _apply(connection: sqlite3.Connection, outcome: Outcome) -> None:
        if outcome.state is None:
            connection.execute("DELETE FROM item WHERE id = ?", (outcome.id,))
            return
        connection.execute(
            "UPDATE item SET state = ?, destination_key = coalesce(?, destination_key),"
            " destination_validity = coalesce(?, destination_validity),"
            " fingerprint = coalesce(?, fingerprint), content = coalesce(?, content)"
            " WHERE id = ?",
            (
                outcome.state,
                outcome.key,
                outcome.validity if outcome.key is not None else None,
                outcome.fingerprint,
                outcome.content,
                outcome.id,
            ),
        )

    def note_failed(
        self,
        run: int,
        source_folder: int,
        validity: int,
        destination_folder: int,
        key: str,
        size: int | None,
    ) -> None:
        """An item that could not be read, or that the destination does not take."""
        with self.writing() as connection:
            connection.execute(
                "INSERT INTO item (source_folder, validity, key, destination_folder, state, size,"
                " run) VALUES (?, ?, ?, ?, 'failed', ?, ?)"
                " ON CONFLICT DO UPDATE SET state = 'failed', aside = 0, run = excluded.run",
                (source_folder, validity, key, destination_folder, size, run),
            )
