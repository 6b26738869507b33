"""The events that our rows say a folder holds: of one UID there is never more than one."""

from __future__ import annotations

from collections.abc import Sequence

from .ledger import Ledger
from .rows import Bearer, Intent, RowState

_FIRST = "CASE state WHEN 'sending' THEN 1 ELSE 0 END, destination_key IS NULL, id"
"""What is known to be there before what is on its way."""


class Uids:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def bearer(self, destination_folder: int, event: Intent) -> Bearer | None:
        """Another item of any source with the UID of the event, in that folder or on its way."""
        with self._ledger.reading() as connection:
            row = connection.execute(
                "SELECT state, destination_key, content FROM item WHERE destination_folder = ?"
                " AND fingerprint = ? AND aside = 0"
                " AND state IN ('done', 'present', 'accepted', 'unsure', 'sending')"
                " AND NOT (source_folder = ? AND validity = ? AND key = ?)"
                f" ORDER BY {_FIRST} LIMIT 1",
                (
                    destination_folder,
                    event.fingerprint,
                    event.source_folder,
                    event.validity,
                    event.key,
                ),
            ).fetchone()
            return None if row is None else Bearer(RowState(row[0]), row[1], bytes(row[2]))

    def held(self, destination_folder: int, source_folders: Sequence[int]) -> int:
        """How many events that folder got from these, each UID counted once."""
        marks = ",".join("?" * len(source_folders))
        with self._ledger.reading() as connection:
            row = connection.execute(
                "SELECT count(DISTINCT fingerprint) FROM item WHERE destination_folder = ?"
                " AND aside = 0 AND state IN ('done', 'present', 'accepted')"
                f" AND source_folder IN ({marks})",
                (destination_folder, *source_folders),
            ).fetchone()
            return int(row[0])
