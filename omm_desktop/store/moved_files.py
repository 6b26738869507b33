"""Files that are read under another name, or from another place, than when they were copied."""

from __future__ import annotations

from collections.abc import Sequence

from omm_desktop.model.account import EndpointKind
from omm_desktop.model.items import Folder

from .ledger import Ledger

_LED_TO = (
    "SELECT destination_folder.key FROM item"
    " JOIN source_folder ON source_folder.id = item.source_folder"
    " JOIN account ON account.id = source_folder.account"
    " JOIN destination_folder ON destination_folder.id = item.destination_folder"
    " WHERE source_folder.key = ? AND source_folder.validity = ? AND account.identity LIKE ?"
    " AND destination_folder.account = ? ORDER BY item.run DESC LIMIT 1"
)


def led_to_by_content(
    ledger: Ledger, folders: Sequence[Folder], destination: int
) -> dict[str, str]:
    """By folder keys, where the same content once was brought, whatever its file was called.

    The validity of a file's folder is a hash of all its bytes.
    """
    found = {}
    with ledger.reading() as connection:
        for folder in folders:
            asked = (folder.key, folder.validity, f"{EndpointKind.FILE}:%", destination)
            row = connection.execute(_LED_TO, asked).fetchone()
            if row is not None:
                found[folder.key] = str(row[0])
    return found
