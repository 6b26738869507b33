"""Whether what is left to copy fits into the destination, told before the first byte."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from omm_desktop.model.ports import Space
from omm_desktop.model.problem import CannotGoOn, Place, Problem, ProblemId
from omm_desktop.model.progress import LittleRoom

from .board import Tally
from .lane import Lane


def check_room(
    space: Space, tallies: Sequence[Tally], lanes: Iterable[Lane], full: ProblemId
) -> LittleRoom | None:
    """Raises `CannotGoOn` (`full`) when it cannot fit; what it tells when it hardly does.

    Mail that lies in a folder and may be what we are about to bring counts for us by its
    size, and where that is unknown nothing is claimed.
    """
    needed = sum(tally.bytes_total - tally.bytes_done for tally in tallies)
    items = sum(tally.listed - tally.done for tally in tallies)
    for lane in lanes:
        if lane.may_hold_pending:
            if lane.folder.size is None:
                return None
            needed -= lane.folder.size
            items -= lane.folder.count or 0
    free = space.free_bytes
    if free is not None and needed > free:
        raise _full(full, f"{needed} bytes to copy, room for {free}")
    if space.limit_items is not None:
        room = space.limit_items - (space.used_items or 0)
        if items > room:
            raise _full(full, f"{items} messages to copy, room for {room}")
    if free is not None and space.hardly_holds(needed):
        return LittleRoom(needed, free)
    return None


def _full(id: ProblemId, detail: str) -> CannotGoOn:
    return CannotGoOn(Problem(id, Place.DESTINATION, detail))
