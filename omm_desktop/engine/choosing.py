"""What of a batch may leave together, so that whatever is lost can be told apart afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from omm_desktop.model.items import Item
from omm_desktop.model.ports import Fidelity
from omm_desktop.store.backlog import Task
from omm_desktop.store.rows import Bearer, RowState
from omm_desktop.store.uids import Uids

from .jobs import Job
from .recorder import intent
from .settle import KEEPS_BODIES


@dataclass(eq=False, slots=True)
class Sent:
    """One item on its way: its row, as it was read, and as it is sent."""

    task: Task
    original: Item
    item: Item
    row: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """`leaving` now, `held` until no batch of the lane is under way; `there` as other items are."""

    leaving: list[Sent]
    held: list[Sent] = field(default_factory=list)
    there: list[tuple[Sent, Bearer]] = field(default_factory=list)


def choose(waiting: Sequence[Sent], fidelity: Fidelity) -> Choice:
    """Of mail, contacts and tasks.

    Until it is known what the destination gives back, one item at a time, so that a lost
    answer leaves one doubt at the most. Where bodies cannot be compared, mails of equal
    headers never travel together.
    """
    if fidelity in KEEPS_BODIES:
        return Choice(list(waiting))
    if fidelity is Fidelity.UNKNOWN:
        return Choice(list(waiting[:1]))
    first = _first_of_each(waiting)
    return Choice(list(first.values()), [s for s in waiting if first[s.item.fingerprint] is not s])


def choose_events(waiting: Sequence[Sent], job: Job, uids: Uids) -> Choice:
    """One of each UID, and none whose UID another event has that is there or on its way.

    Call with the lane locked until the intents of those that leave are written.
    """
    first = _first_of_each(waiting)
    choice = Choice([], [s for s in waiting if first[s.item.fingerprint] is not s])
    for sent in first.values():
        bearer = uids.bearer(job.lane.id, intent(job, sent.item))
        if bearer is None:
            choice.leaving.append(sent)
        elif bearer.state is RowState.SENDING:
            choice.held.append(sent)
        else:
            choice.there.append((sent, bearer))
    return choice


def _first_of_each(waiting: Sequence[Sent]) -> dict[bytes, Sent]:
    first: dict[bytes, Sent] = {}
    for sent in waiting:
        first.setdefault(sent.item.fingerprint, sent)
    return first
