"""Items of ours that an earlier session began and did not finish, and further parts of events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ....model.items import Fingerprint, Item
from ....model.problem import ItemError
from ..items.listing import key_of, windows
from ..items.mark import MARK, UNLIKE_DONE, Mark, Stage, mark_of
from ..transport.connection import Connection
from ..transport.elements import Element, text_of
from ..transport.timestamps import instant

_WANTED = (MARK, "item:LastModifiedTime")


@dataclass(frozen=True, slots=True)
class Leftover:
    """An item that is none by itself yet; `saved` is when it was last changed."""

    key: str
    mark: Mark
    saved: datetime | None = None


class Leftovers:
    """Those of one folder, each to be taken once. `claim`: whether no other session took it."""

    def __init__(
        self, found: Sequence[Leftover], claim: Callable[[str], bool] = lambda key: True
    ) -> None:
        self._found = list(found)
        self._claim = claim

    def take(self, item: Item) -> Leftover | None:
        """What was begun of that item, with the same content rather than with another."""
        begun = self._of(item.fingerprint, Stage.UNFINISHED)
        begun.sort(key=lambda one: one.mark.content != item.content)
        for one in begun:
            self._found.remove(one)
            if self._claim(one.key):
                return one
        return None

    def parts(self, fingerprint: Fingerprint) -> dict[int, Leftover]:
        """The further parts of an event by their numbers."""
        found = self._of(fingerprint, Stage.PART)
        for one in found:
            self._found.remove(one)
        return {int(one.mark.detail): one for one in found if one.mark.detail.isdecimal()}

    def _of(self, fingerprint: Fingerprint, stage: Stage) -> list[Leftover]:
        return [
            one
            for one in self._found
            if one.mark.stage is stage and one.mark.fingerprint == fingerprint
        ]


def look_for_leftovers(
    connection: Connection,
    folder_key: str,
    busy: frozenset[str] = frozenset(),
    claim: Callable[[str], bool] = lambda key: True,
) -> Leftovers:
    """What is unfinished there; what a session in `busy` is at work on is left to it."""
    found = []
    for item in _not_done(connection, folder_key):
        mark = mark_of(item)
        if mark is None or mark.stage is Stage.DONE:
            continue
        if mark.stage is Stage.UNFINISHED and mark.detail in busy:
            continue
        found.append(Leftover(key_of(item), mark, instant(text_of(item, "LastModifiedTime"))))
    return Leftovers(found, claim)


def _not_done(connection: Connection, folder_key: str) -> Iterator[Element]:
    try:
        for window in windows(connection, folder_key, _WANTED, (MARK, UNLIKE_DONE)):
            yield from window
    except ItemError:
        # A server that cannot look for it lists everything.
        for window in windows(connection, folder_key, _WANTED):
            yield from window
