"""Bytes that were read from, or added to, an account, by the hour: providers limit them by the day.

Kept with the ledger, so that a restart or the next morning's copy knows of them.
"""

from __future__ import annotations

from enum import StrEnum

from .ledger import Ledger


class Way(StrEnum):
    READ = "read"
    ADDED = "added"


class Traffic:
    """What went one way in one account. Hours are counted from 1970."""

    def __init__(self, ledger: Ledger, account: int, way: Way) -> None:
        self._ledger = ledger
        self._names = {"account": account, "way": way}

    def add(self, hour: int, size: int) -> None:
        """Count `size` bytes, durably; what is older than a day or two is forgotten."""
        with self._ledger.writing() as connection:
            connection.execute(
                "INSERT INTO traffic VALUES (:account, :way, :hour, :size)"
                " ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes",
                {**self._names, "hour": hour, "size": size},
            )
            connection.execute("DELETE FROM traffic WHERE hour < ?", (hour - 48,))

    def bring_back(self, hour: int) -> None:
        """What a clock that ran ahead counted in hours to come belongs to this `hour` at most."""
        with self._ledger.reading() as connection:
            (later,) = connection.execute(
                "SELECT total(bytes) FROM traffic"
                " WHERE account = :account AND way = :way AND hour > :hour",
                {**self._names, "hour": hour},
            ).fetchone()
        if not later:
            return
        with self._ledger.writing() as connection:
            connection.execute(
                "DELETE FROM traffic WHERE account = :account AND way = :way AND hour > :hour",
                {**self._names, "hour": hour},
            )
            self.add(hour, int(later))

    def since(self, hour: int) -> list[tuple[int, int]]:
        """Hours from `hour` on in which bytes went, oldest first, with their number."""
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT hour, bytes FROM traffic"
                " WHERE account = :account AND way = :way AND hour >= :hour ORDER BY hour",
                {**self._names, "hour": hour},
            )
            return [(int(hour), int(size)) for hour, size in rows]
