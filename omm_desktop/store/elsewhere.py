"""Items that the source shows in several folders: what became of them by way of any of these."""

from __future__ import annotations

from collections.abc import Sequence

from .ledger import CHUNK, Ledger
from .rows import ARRIVED, RowState

_BETWEEN = (
    " FROM item JOIN source_folder ON source_folder.id = item.source_folder"
    " JOIN destination_folder ON destination_folder.id = item.destination_folder"
    " WHERE source_folder.account = ? AND destination_folder.account = ?"
)


class Elsewhere:
    """Between two accounts, by their numbers in the ledger."""

    def __init__(self, ledger: Ledger, source: int, destination: int) -> None:
        self._ledger = ledger
        self._accounts = (source, destination)

    def states(self, object_ids: Sequence[str]) -> dict[str, RowState]:
        """How items stand in any folder of the destination, by `ItemRef.object_id`.

        Of several copies the one that arrived counts; those that cannot arrive any more do not.
        """
        found: dict[str, RowState] = {}
        with self._ledger.reading() as connection:
            for start in range(0, len(object_ids), CHUNK):
                chunk = object_ids[start : start + CHUNK]
                marks = ",".join("?" * len(chunk))
                rows = connection.execute(
                    "SELECT item.object_id, item.state" + _BETWEEN + " AND item.aside = 0"
                    " AND item.state NOT IN ('failed', 'missing')"
                    f" AND item.object_id IN ({marks})",
                    (*self._accounts, *chunk),
                )
                for object_id, state in rows:
                    if found.get(object_id) not in ARRIVED:
                        found[object_id] = RowState(state)
        return found

    def doubtful_folders(self) -> list[str]:
        """Keys of destination folders in which the outcome of such an item is unknown."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT DISTINCT destination_folder.key" + _BETWEEN + " AND item.state IN"
                " ('sending', 'unsure') AND item.object_id IS NOT NULL",
                self._accounts,
            )
            return [str(row[0]) for row in rows]
