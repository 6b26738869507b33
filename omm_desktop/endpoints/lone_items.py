"""Files of one card, event or task each that lie together are one folder of items.

CalDAV servers, Apple's Calendar and telephones keep them so, and nobody wants a calendar for each
event. The key of an item tells the bytes of its file and the file's name: one that was changed is
another item, one that lies elsewhere on the disk is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from ..model.items import Folder, Item, ItemKind, ItemRef
from ..model.ports import Refused, Source
from ..model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId
from .files.disk_names import as_key

_WINDOW = 2000


@dataclass(frozen=True, slots=True)
class InFile:
    """A folder that a file gave: `place` is the file's, `own` as its source has it."""

    number: int
    place: str
    own: Folder

    @property
    def is_lone(self) -> bool:
        """Whether it has one item, in a file that gives it no name of its own."""
        return self.own.count == 1 and self.own.name == PurePosixPath(self.place).stem

    @property
    def key(self) -> str:
        return f"{self.own.validity or 0:x}/{as_key(PurePosixPath(self.place).name)}"


class LoneItems:
    """The items of several files as one folder; `open` gives the source of the file numbered."""

    def __init__(self, found: Sequence[InFile], name: str, open: Callable[[int], Source]) -> None:
        self.files = tuple(found)
        self._open = open
        self._found = {one.key: one for one in found}
        first = found[0]
        above = PurePosixPath(first.place).parent
        owns = [one.own for one in found]
        self.folder = Folder(
            path=(name,),
            # Two dividers: no file and no folder has such a key.
            key=f"{above}//{first.own.kind}",
            role=first.own.role,
            count=len(self._found),
            size=sum(own.size or 0 for own in owns),
            remarks=tuple(remark for own in owns for remark in own.remarks),
            keys_last=False,
            kind=first.own.kind,
        )

    def refs(self, since: date | None) -> Iterator[list[ItemRef]]:
        keys = list(self._found)
        for end in range(len(keys), 0, -_WINDOW):
            window = keys[max(0, end - _WINDOW) : end]
            refs = [
                ItemRef(self.folder.key, key, self._found[key].own.size)
                for key in window
                if since is None or self._is_since(self._found[key], since)
            ]
            if refs:
                yield refs

    def _is_since(self, found: InFile, since: date) -> bool:
        """Also what cannot be read, so that it is told."""
        try:
            return self._asked(found, since) is not None
        except (OwnerNeeded, ItemError):
            return True

    def fetch(self, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        for ref in refs:
            yield self._answer(ref)

    def _answer(self, ref: ItemRef) -> Item | Refused:
        found = self._found.get(ref.key)
        if found is None:
            detail = "no longer there, or changed"
            return Refused(ref, Problem(ProblemId.ITEM_GONE, Place.SOURCE, detail))
        try:
            asked = self._asked(found, None)
            assert asked is not None
            (answer,) = self._open(found.number).fetch(found.own, [asked])
        except (OwnerNeeded, ItemError) as error:
            # One file of many: the rest may well be read.
            return Refused(ref, error.problem)
        return replace(answer, ref=ref)

    def _asked(self, found: InFile, since: date | None) -> ItemRef | None:
        """The only item of a file, as its source has it."""
        windows = self._open(found.number).refs(found.own, since)
        return next((ref for window in windows for ref in window), None)


def together(found: Sequence[InFile], name: str, open: Callable[[int], Source]) -> list[LoneItems]:
    """What is lone beside others of its kind; `name` is for those that lie in no folder below.

    Where several kinds lie together, the later ones get a number behind the name.
    """
    places: dict[tuple[PurePosixPath, ItemKind], list[InFile]] = {}
    for one in found:
        if one.is_lone:
            place = PurePosixPath(one.place).parent
            places.setdefault((place, one.own.kind), []).append(one)
    several: list[LoneItems] = []
    numbers: Counter[PurePosixPath] = Counter()
    for place, kind in sorted(places, key=lambda one: list(ItemKind).index(one[1])):
        if len(places[place, kind]) > 1:
            numbers[place] += 1
            behind = f" ({numbers[place]})" if numbers[place] > 1 else ""
            given = f"{place.name or name}{behind}"
            several.append(LoneItems(places[place, kind], given, open))
    return several
