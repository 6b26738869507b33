"""One item in several sources: mail that is in a mailbox and in a file made of it, or in two files.

A file is a copy by its nature. So what a file holds and another source brought to the same folder
already is there, and is not brought a second time; nor is what a mailbox holds and a file brought.
Each counts: of three equal mails in a file two are copied where the mailbox brought one. Among
mailboxes, equal mail may be there on purpose, and stays as often as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from omm_desktop.model.account import is_file

from .ledger import Ledger
from .rows import Bearer, Intent, RowState

_ROWS = (
    "SELECT source_folder.account, item.state, item.destination_key, item.run FROM item"
    " JOIN source_folder ON source_folder.id = item.source_folder"
    " WHERE item.destination_folder = ? AND item.fingerprint = ? AND item.content = ?"
    " AND item.aside = 0 AND item.state IN ('done', 'present', 'accepted', 'sending')"
    " ORDER BY item.state = 'sending', item.id"
)


class Twins:
    """Of the sources of one run, against each other and against all that came before.

    Made once all accounts of the run are known to the ledger.
    """

    def __init__(self, ledger: Ledger, run: int) -> None:
        self._ledger = ledger
        self._run = run
        with ledger.reading() as connection:
            rows = connection.execute("SELECT id, identity FROM account")
            self._files = frozenset(int(id) for id, identity in rows if is_file(identity))

    @property
    def possible(self) -> bool:
        """Whether a file was ever read: without one there is nothing to ask for."""
        return bool(self._files)

    def bearers(
        self, account: int, destination_folder: int, item: Intent, *, earlier: bool
    ) -> list[Bearer]:
        """What related sources brought that is equal to an item of this account, and that none of
        its own is taken for yet: those of this run, or of `earlier` ones.
        """
        with self._ledger.reading() as connection:
            rows = connection.execute(
                _ROWS, (destination_folder, item.fingerprint, item.content)
            ).fetchall()
        keys = {key for owner, _, key, _ in rows if owner == account and key is not None}
        keyless = sum(owner == account and key is None for owner, _, key, _ in rows)
        by_key: dict[str, Bearer] = {}
        others: dict[int, list[Bearer]] = defaultdict(list)
        for owner, state, key, run in rows:
            related = owner != account and (owner in self._files or account in self._files)
            if not related or (run < self._run) is not earlier:
                continue
            bearer = Bearer(RowState(state), key, item.content)
            if key is None:
                others[owner].append(bearer)
            elif key not in keys:
                by_key.setdefault(key, bearer)
        most = max(others.values(), key=len, default=[])
        return [*by_key.values(), *most[keyless:]]

    def held(self, destination_folder: int, source_folders: Sequence[int]) -> int:
        """How many items that folder got from these, what several have in common counted once."""
        marks = ",".join("?" * len(source_folders))
        of_these = (
            " FROM item JOIN source_folder ON source_folder.id = item.source_folder"
            " WHERE item.destination_folder = ? AND item.aside = 0"
            " AND item.state IN ('done', 'present', 'accepted')"
            f" AND item.source_folder IN ({marks})"
        )
        names = (destination_folder, *source_folders)
        with self._ledger.reading() as connection:
            (keyed,) = connection.execute(
                f"SELECT count(DISTINCT destination_key) {of_these}", names
            ).fetchone()
            keyless = connection.execute(
                f"SELECT count(*) {of_these} AND destination_key IS NULL GROUP BY account", names
            ).fetchall()
        return int(keyed) + max((int(number) for (number,) in keyless), default=0)
