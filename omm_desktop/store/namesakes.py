"""One old mailbox under several accounts: read by POP and then by IMAP, or under another host name.

What a namesake of the source brought is the source's mail too. Its messages explain themselves to
nobody but the namesake: each may turn out to be one pending item of the source.
"""

from __future__ import annotations

from omm_desktop.model.account import same_login

from .ledger import Ledger

_HELD_BY = (
    "SELECT item.destination_key FROM item"
    " JOIN source_folder ON source_folder.id = item.source_folder"
    " WHERE item.destination_folder = :folder AND item.destination_validity = :validity"
    " AND item.destination_key IS NOT NULL AND item.aside = 0 AND source_folder.account"
)


class Namesakes:
    """The other accounts of the ledger with the login of the account `source`."""

    def __init__(self, ledger: Ledger, source: int) -> None:
        self._ledger = ledger
        self._source = source
        with ledger.reading() as connection:
            identities = dict(connection.execute("SELECT id, identity FROM account").fetchall())
        mine = identities.pop(source)
        numbers = (id for id, identity in identities.items() if same_login(identity, mine))
        self._theirs = ", ".join(map(str, sorted(numbers)))

    @property
    def _theirs_alone(self) -> str:
        return f"{_HELD_BY} IN ({self._theirs}) EXCEPT {_HELD_BY} = :source"

    def first_key(self, destination_folder: int, validity: int) -> int | None:
        """The lowest key under which the folder holds what only they brought; None: nothing."""
        if not self._theirs:
            return None
        with self._ledger.reading() as connection:
            (lowest,) = connection.execute(
                "SELECT min(CAST(destination_key AS INTEGER)) FROM (" + self._theirs_alone + ")",
                self._names(destination_folder, validity),
            ).fetchone()
            return None if lowest is None else int(lowest)

    def let_go(self, destination_folder: int, validity: int) -> None:
        """Make what only they brought free to be found in the survey of the folder.

        It takes identity and body of their rows: the server may have changed both.
        """
        if not self._theirs:
            return
        with self._ledger.reading() as connection:
            connection.execute(
                "UPDATE seen SET taken = 0, (fingerprint, content) ="
                " (SELECT item.fingerprint, item.content FROM item"
                " JOIN source_folder ON source_folder.id = item.source_folder"
                " WHERE item.destination_folder = :folder AND item.destination_key = seen.key"
                " AND item.destination_validity = :validity AND item.aside = 0"
                f" AND source_folder.account IN ({self._theirs}))"
                f" WHERE folder = :folder AND key IN ({self._theirs_alone})",
                self._names(destination_folder, validity),
            )

    def _names(self, destination_folder: int, validity: int) -> dict[str, int]:
        return {"folder": destination_folder, "validity": validity, "source": self._source}
