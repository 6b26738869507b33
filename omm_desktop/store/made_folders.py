"""What destination folders are called, and which of them a run has made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from omm_desktop.model.items import Folder

from .ledger import Ledger


@dataclass(frozen=True, slots=True)
class Met:
    """A destination folder of a run by its number here; `is_made`: it was not there before."""

    id: int
    folder: Folder
    is_made: bool


def note_met(ledger: Ledger, run: int, met: Iterable[Met]) -> None:
    """A folder that was made stays its maker's as long as nobody else makes it anew."""
    with ledger.writing() as connection:
        connection.executemany(
            "UPDATE destination_folder SET name = ?, kind = ?, made_by = coalesce(?, made_by)"
            " WHERE id = ?",
            (
                (one.folder.name, one.folder.kind, run if one.is_made else None, one.id)
                for one in met
            ),
        )
