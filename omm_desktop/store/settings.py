"""Settings of a mailbox between two accounts: what was about to be added, and what arrived."""

from __future__ import annotations

from dataclasses import dataclass

from omm_desktop.model.settings import Identity, SettingKind

from .ledger import Ledger

_OF_THE_PAIR = " WHERE source = ? AND destination = ? AND kind = ?"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting by its identity at the source. Not `arrived`: the outcome is unknown.

    `namesakes` is how many of that name the destination had before, `intent_at` Unix time.
    """

    identity: Identity
    name: str
    arrived: bool
    namesakes: int = 0
    intent_at: float = 0.0


class Settings:
    """Of one kind, between two accounts by their numbers in the ledger."""

    def __init__(self, ledger: Ledger, source: int, destination: int, kind: SettingKind) -> None:
        self._ledger = ledger
        self._pair = (source, destination, kind)

    def rows(self) -> dict[Identity, SettingRow]:
        with self._ledger.reading() as connection:
            rows = connection.execute(
                "SELECT identity, name, arrived, namesakes, intent_at FROM setting" + _OF_THE_PAIR,
                self._pair,
            )
            found = [SettingRow(row[0], row[1], bool(row[2]), row[3], row[4]) for row in rows]
        return {row.identity: row for row in found}

    def write(self, row: SettingRow) -> None:
        """Note an intent or an outcome."""
        with self._ledger.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO setting VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *self._pair,
                    row.identity,
                    row.name,
                    row.arrived,
                    row.namesakes,
                    row.intent_at,
                ),
            )

    def forget(self, identity: Identity) -> None:
        """It did not arrive, and may be sent again."""
        with self._ledger.writing() as connection:
            connection.execute(
                f"DELETE FROM setting{_OF_THE_PAIR} AND identity = ?", (*self._pair, identity)
            )
