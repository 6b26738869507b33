"""Past copies: listed, shown again, forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from omm_desktop.model.account import Account
from omm_desktop.model.items import Folder
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.report import Grade, Report

from . import plan_json, report_json
from .ledger import Ledger
from .moved_files import led_to_by_content
from .removals import forget_undo, removable_of


@dataclass(frozen=True, slots=True)
class PastRun:
    """A copy of the past. Times are Unix seconds.

    `ended` and `grade` are None when it was cut off. `done` of `total` items had arrived then.
    `removable` items it put there are still in the new mailbox as far as is known; `undone` is when
    they were last taken out again, `undoing` that this has begun and not come to its end. `done`,
    `total` and `removable` are None as long as nobody has counted them.
    """

    id: int
    began: float
    ended: float | None
    grade: Grade | None
    plan: MigrationPlan
    done: int | None
    total: int | None
    removable: int | None = 0
    undone: float | None = None
    undoing: bool = False
    has_report: bool = True

    @property
    def interrupted(self) -> bool:
        return self.grade in (None, Grade.INTERRUPTED)

    def waits(self, now: float) -> bool:
        """Whether the time it was planned for is still to come; `now` in Unix time."""
        planned = self.plan.options.start_at
        return self.interrupted and planned is not None and planned.timestamp() > now


_COUNTED = (
    "coalesce(listed, 0),"
    " (SELECT count(*) FROM item"
    "  JOIN source_folder ON source_folder.id = item.source_folder"
    "  JOIN destination_folder ON destination_folder.id = item.destination_folder"
    "  WHERE source_folder.account IN (SELECT source FROM run_source WHERE run_source.run = run.id)"
    "  AND item.aside = 0"
    "  AND destination_folder.account = run.destination"
    "  AND item.state IN ('done', 'present', 'accepted')),"
    f" ({removable_of('run.id')})"
)
_UNCOUNTED = "NULL, NULL, NULL"


class History:
    """What the window asks is read beside a copy that writes: see `Database.looking`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def runs(self) -> Sequence[PastRun]:
        """Newest first, without those that never started."""
        return self._runs(_COUNTED)

    def listed(self) -> Sequence[PastRun]:
        """The same without their counts: at once, however many items they brought."""
        return self._runs(_UNCOUNTED)

    def _runs(self, counts: str) -> Sequence[PastRun]:
        with self._ledger.looking() as connection:
            rows = connection.execute(
                f"SELECT run.id, began, ended, grade, plan, {counts},"
                " (SELECT max(undo.ended) FROM undo WHERE undo.run = run.id),"
                " EXISTS (SELECT 1 FROM undo WHERE undo.run = run.id AND undo.ended IS NULL),"
                " report IS NOT NULL"
                " FROM run WHERE coalesce(grade, '') <> ? ORDER BY began DESC, run.id DESC",
                (Grade.NOT_STARTED,),
            ).fetchall()
        return [
            PastRun(
                number,
                began,
                ended,
                Grade(grade) if grade else None,
                plan_json.from_json(plan),
                None if done is None else min(done, total),
                total,
                removable,
                undone,
                bool(undoing),
                bool(has_report),
            )
            for (
                number, began, ended, grade, plan, total, done, removable, undone, undoing,
                has_report,
            ) in rows
        ]  # fmt: skip

    def is_empty(self) -> bool:
        """Whether `runs` lists none."""
        with self._ledger.looking() as connection:
            (found,) = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM run WHERE coalesce(grade, '') <> ?)",
                (Grade.NOT_STARTED,),
            ).fetchone()
        return not found

    def has_unfinished(self) -> bool:
        """Whether the last copy of any source to any destination was cut off or stopped."""
        with self._ledger.looking() as connection:
            (found,) = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM run WHERE coalesce(grade, ?1) = ?1"
                " AND NOT EXISTS (SELECT 1 FROM run AS later WHERE later.id > run.id"
                "  AND (later.source, later.destination) = (run.source, run.destination)"
                "  AND coalesce(later.grade, '') <> ?2))",
                (Grade.INTERRUPTED, Grade.NOT_STARTED),
            ).fetchone()
        return bool(found)

    def plan(self, run: int) -> MigrationPlan | None:
        """The plan of a run; None when there is no such run."""
        with self._ledger.looking() as connection:
            row = connection.execute("SELECT plan FROM run WHERE id = ?", (run,)).fetchone()
        return plan_json.from_json(row[0]) if row else None

    def report(self, run: int) -> Report | None:
        """The report of a run that came to an end."""
        with self._ledger.looking() as connection:
            row = connection.execute("SELECT report FROM run WHERE id = ?", (run,)).fetchone()
        return report_json.from_json(row[0]) if row and row[0] else None

    def led_to(
        self, source: Account, destination: Account, folders: Sequence[Folder]
    ) -> Mapping[str, str]:
        """By folder keys, where earlier copies brought each of the source's `folders`."""
        identities = (source.identity, destination.identity)
        with self._ledger.looking() as connection:
            known = dict(
                connection.execute(
                    "SELECT identity, id FROM account WHERE identity IN (?, ?)", identities
                ).fetchall()
            )
        there = known.get(destination.identity)
        if there is None:
            return {}
        own = known.get(source.identity)
        led_to = {} if own is None else self._ledger.led_to(own, there)
        if source.path is None:
            return led_to
        unknown = [folder for folder in folders if folder.key not in led_to]
        return {**led_to, **led_to_by_content(self._ledger, unknown, there)}

    def ticked(self, run: int) -> frozenset[str]:
        """What the person has ticked off since the copy; all copies of a pair share it."""
        with self._ledger.looking() as connection:
            rows = connection.execute(
                "SELECT step FROM ticked JOIN run USING (source, destination) WHERE run.id = ?",
                (run,),
            )
            return frozenset(str(row[0]) for row in rows)

    def tick(self, run: int, step: str, *, done: bool) -> None:
        with self._ledger.writing() as connection:
            if done:
                connection.execute(
                    "INSERT OR IGNORE INTO ticked SELECT source, destination, ? FROM run"
                    " WHERE id = ?",
                    (step, run),
                )
            else:
                connection.execute(
                    "DELETE FROM ticked WHERE step = ? AND (source, destination) ="
                    " (SELECT source, destination FROM run WHERE id = ?)",
                    (step, run),
                )

    def forget(self, run: int) -> None:
        """Remove what is remembered of a run, and with the last run of a source to a destination
        all that is remembered of these two.

        As long as another run of the two is kept, the rows stay: they keep it from sending again.
        """
        with self._ledger.writing() as connection:
            found = connection.execute(
                "SELECT destination FROM run WHERE id = ?", (run,)
            ).fetchone()
            if found is None:
                return
            (destination,) = found
            sources = connection.execute(
                "SELECT source FROM run_source WHERE run = ?", (run,)
            ).fetchall()
            connection.execute("DELETE FROM run_source WHERE run = ?", (run,))
            forget_undo(connection, run)
            for (source,) in sources:
                left = connection.execute(
                    "SELECT max(run.id) FROM run JOIN run_source ON run_source.run = run.id"
                    " WHERE run_source.source = ? AND destination = ?",
                    (source, destination),
                ).fetchone()[0]
                if left is None:
                    _forget_pair(connection, source, destination)
                else:
                    _hand_over(connection, source, run, left)
            connection.execute(
                "DELETE FROM batch WHERE run = ? AND id NOT IN (SELECT batch FROM item"
                " WHERE batch IS NOT NULL)",
                (run,),
            )
            connection.execute("DELETE FROM run WHERE id = ?", (run,))


_MINE = "SELECT id FROM source_folder WHERE account = ?"


def _hand_over(connection: Connection, source: int, run: int, left: int) -> None:
    """What the run brought from a source is held for another, which did not bring it."""
    mine = f"WHERE run = ? AND source_folder IN ({_MINE})"
    connection.execute(
        "UPDATE batch SET run = ? WHERE run = ? AND id IN"
        f" (SELECT batch FROM item WHERE source_folder IN ({_MINE}))",
        (left, run, source),
    )
    connection.execute(f"UPDATE item SET run = ?, lent = 1 {mine}", (left, run, source))


def _forget_pair(connection: Connection, source: int, destination: int) -> None:
    for table in ("ticked", "setting"):
        connection.execute(
            f"DELETE FROM {table} WHERE source = ? AND destination = ?", (source, destination)
        )
    connection.execute(
        "UPDATE destination_folder SET explained_next = NULL WHERE id IN"
        f" (SELECT DISTINCT destination_folder FROM item WHERE source_folder IN ({_MINE}))",
        (source,),
    )
    for table in ("item", "finished"):
        connection.execute(
            f"DELETE FROM {table} WHERE source_folder IN ({_MINE}) AND destination_folder IN"
            " (SELECT id FROM destination_folder WHERE account = ?)",
            (source, destination),
        )
