"""One item in several sources: mail that is in a mailbox and in a file made of it, or in two files.

A file is a copy by its nature. So what a file holds and another source brought to the same folder
already is there, and is not brought a second time; nor is what a mailbox holds and a file brought.
Each counts: of three equal mails in a file two are copied where the mailbox brought one. Among
mailboxes, equal mail may be there on purpose, and stays as often as it is.

Contacts are no exception: one person told differently by two sources stays two contacts. Which of
two numbers is right only the person knows; whoever has one too many can remove it, whoever has lost
one cannot get it back, and two people of one family may have name and address in common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from typing import NamedTuple

from omm_desktop.model.account import is_file

from .ledger import Ledger
from .rows import Bearer, Intent, RowState

_ARRIVED = "item.aside = 0 AND item.state IN ('done', 'present', 'accepted'"
_ROWS = (
    "SELECT source_folder.account, item.state, item.destination_key, item.run FROM item"
    " JOIN source_folder ON source_folder.id = item.source_folder"
    " WHERE item.destination_folder = ? AND item.fingerprint = ? AND item.content = ?"
    f" AND {_ARRIVED}, 'sending') ORDER BY item.id"
)


class _Row(NamedTuple):
    account: int
    state: str
    key: str | None
    run: int


class Twins:
    """Of the sources of one run, against each other and against all that came before.

    Made once the ledger knows the folders of all sources of the run.
    """

    def __init__(self, ledger: Ledger, run: int) -> None:
        self._ledger = ledger
        self._run = run
        with ledger.reading() as connection:
            rows = connection.execute(
                "SELECT id, identity FROM account WHERE id IN (SELECT account FROM source_folder)"
            ).fetchall()
            self._files = frozenset(int(id) for id, identity in rows if is_file(identity))
            self._several = len(rows) > 1

    @property
    def possible(self) -> bool:
        """Whether anything but one source was ever read, a file among it: else nothing is asked."""
        return self._several and bool(self._files)

    def of_earlier_runs(self, account: int, destination_folder: int, item: Intent) -> set[str]:
        """Where another source once put what is equal: its owner may have removed it since."""
        return {
            row.key
            for row in self._rows(destination_folder, item)
            if row.key is not None and row.run < self._run and self._related(row, account)
        }

    def bearers(
        self, account: int, destination_folder: int, item: Intent, gone: Container[str | None]
    ) -> list[Bearer]:
        """What other sources brought that is equal to an item of this account, and that none of
        its own stands for; last what is still on its way. Keys that are `gone` count for nobody.

        Each row of one account stands for another message. So there are as many messages as any
        account has rows, as there are keys, and as were stored, whichever is the most.
        """
        rows = [row for row in self._rows(destination_folder, item) if row.key not in gone]
        mine = [row for row in rows if row.account == account]
        theirs = [row for row in rows if self._related(row, account)]
        settled = [row for row in theirs if row.state != RowState.SENDING]
        there = max(0, _messages([*mine, *settled]) - len(mine))
        coming = max(0, _messages([*mine, *theirs]) - len(mine) - there)
        own = {row.key for row in mine}
        keys: list[str | None] = [row.key for row in settled if row.key not in own and row.key]
        keys = [*dict.fromkeys(keys), *[None] * there][:there]
        known = [Bearer(RowState.PRESENT, key, item.content) for key in keys]
        return known + [Bearer(RowState.SENDING, None, item.content)] * coming

    def held(self, destination_folder: int, source_folders: Sequence[int]) -> int:
        """How many items at least that folder got from these."""
        marks = ",".join("?" * len(source_folders))
        query = (
            "SELECT {} FROM item JOIN source_folder ON source_folder.id = item.source_folder"
            f" WHERE item.destination_folder = ? AND {_ARRIVED})"
            f" AND item.source_folder IN ({marks})"
        )
        names = (destination_folder, *source_folders)
        with self._ledger.reading() as connection:
            (keys,) = connection.execute(
                query.format("count(DISTINCT destination_key)"), names
            ).fetchone()
            of_each = connection.execute(query.format("count(*)") + " GROUP BY account", names)
            return max([int(keys), *(int(number) for (number,) in of_each)])

    def _rows(self, destination_folder: int, item: Intent) -> list[_Row]:
        with self._ledger.reading() as connection:
            found = connection.execute(
                _ROWS, (destination_folder, item.fingerprint, item.content)
            ).fetchall()
        return [_Row(*row) for row in found]

    def _related(self, row: _Row, account: int) -> bool:
        files = self._files
        return row.account != account and (row.account in files or account in files)


def _messages(rows: Sequence[_Row]) -> int:
    """How many messages at least the rows speak of."""
    keys = {row.key for row in rows if row.key is not None}
    stored = sum(row.state != RowState.PRESENT for row in rows)
    return max([len(keys), stored, *Counter(row.account for row in rows).values()])
