"""Items of which nobody can tell whether they arrived, and what the person decides about them."""

from __future__ import annotations

from .ledger import Ledger
from .rows import RowState

_OF_THE_ENDS = (
    " aside = 0 AND state = :state AND source_folder IN (SELECT source_folder.id FROM source_folder"
    " JOIN run_source ON run_source.source = source_folder.account WHERE run_source.run = :run)"
    " AND destination_folder IN (SELECT destination_folder.id FROM destination_folder"
    " JOIN run ON run.destination = destination_folder.account WHERE run.id = :run)"
    # Which says nothing new: so SQLite goes by an index, and never through all that was copied.
    " AND item.run IN (SELECT one.id FROM run AS one"
    " JOIN run ON run.destination = one.destination WHERE run.id = :run)"
)


class Doubts:
    """Asked by the number of a run, for all that was copied from its sources to its destination."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def open(self, run: int) -> int:
        """Items still to be decided about."""
        return self._count(run, RowState.UNSURE)

    def accepted(self, run: int) -> int:
        """Items that count as copied because the person said so."""
        return self._count(run, RowState.ACCEPTED)

    def accept(self, run: int) -> None:
        """They count as copied from now on; every later report says by whose word."""
        with self._ledger.writing() as connection:
            connection.execute(
                f"UPDATE item SET state = :accepted WHERE {_OF_THE_ENDS}",
                {"accepted": RowState.ACCEPTED, "state": RowState.UNSURE, "run": run},
            )

    def send_again(self, run: int) -> None:
        """The next copy sends them as if for the first time: they may be there twice then."""
        with self._ledger.writing() as connection:
            connection.execute(
                f"DELETE FROM item WHERE {_OF_THE_ENDS}", {"state": RowState.UNSURE, "run": run}
            )

    def _count(self, run: int, state: RowState) -> int:
        with self._ledger.reading() as connection:
            row = connection.execute(
                f"SELECT count(*) FROM item WHERE {_OF_THE_ENDS}", {"state": state, "run": run}
            ).fetchone()
            return int(row[0])
