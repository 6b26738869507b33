"""The addresses of persons that groups name by the UIDs of their cards."""

from __future__ import annotations

from collections.abc import Sequence

from exchangelib import Contact

from ....model.problem import ItemError
from ..items.item_xml import Home, paths
from ..items.listing import get_items, item_in, key_of, windows
from ..items.uids import STORED_UID
from ..transport.connection import Connection
from ..transport.elements import T, text_of

_MOST_KNOWN = 20_000
_URN = "urn:uuid:"
_NAMES = ("display_name", "email_addresses")


class MemberAddresses:
    """Those of the cards that passed here, and of contacts of ours in the folder."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, tuple[str, str]] = {}

    def learn(self, found: tuple[str, tuple[str, str]] | None) -> None:
        """Remember the name and address of a card by its UID."""
        if found is not None and len(self._known) < _MOST_KNOWN:
            self._known[found[0].removeprefix(_URN)] = found[1]

    def of(self, folder_key: str, members: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Name and address of the members that are UIDs, by these."""
        found = {}
        for member in members:
            uid = member.removeprefix(_URN)
            if ":" in uid or not uid:
                continue
            if uid not in self._known:
                self.learn(self._look_up(folder_key, uid))
            if uid in self._known:
                found[uid] = self._known[uid]
        return found

    def _look_up(self, folder_key: str, uid: str) -> tuple[str, tuple[str, str]] | None:
        try:
            for window in windows(self._connection, folder_key, (STORED_UID,), (STORED_UID, uid)):
                for one in window:
                    if (STORED_UID.read(one) or "").removeprefix(_URN) == uid:
                        return self._read(uid, key_of(one))
        except ItemError:
            # The member stays in the notes of the group, as one that nobody knows.
            return None
        return None

    def _read(self, uid: str, key: str) -> tuple[str, tuple[str, str]] | None:
        wanted = paths([Contact], _NAMES, Home.of(self._connection.version))
        for message in self._connection.ask(get_items([key], *wanted)).messages:
            item = item_in(message)
            entry = None if item is None else item.find(f"{T}EmailAddresses/{T}Entry")
            if item is not None and entry is not None and entry.text:
                return uid, (text_of(item, "DisplayName"), entry.text)
        return None
