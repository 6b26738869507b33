"""What of a batch may leave together, so that whatever is lost can be told apart afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

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


Bearers = Callable[[Sent], Sequence[Bearer]]
"""What other sources brought that an item may be taken for."""


def choose(waiting: Sequence[Sent], fidelity: Fidelity, bearers: Bearers) -> Choice:
    """Of mail, contacts and tasks. Call as `choose_events`.

    What another source brought is there already, or held as long as it is on its way. Until it is
    known what the destination gives back, one item at a time, so that a lost answer leaves one
    doubt at the most. Where bodies cannot be compared, mails of equal headers never travel
    together.
    """
    choice = _apart_from_twins(waiting, bearers)
    if fidelity in KEEPS_BODIES:
        return choice
    if fidelity is Fidelity.UNKNOWN:
        return replace(choice, leaving=choice.leaving[:1])
    first = _first_of_each(choice.leaving)
    held = [s for s in choice.leaving if first[s.item.fingerprint] is not s]
    return Choice(list(first.values()), [*choice.held, *held], choice.there)


def _apart_from_twins(waiting: Sequence[Sent], bearers: Bearers) -> Choice:
    """Each of what others brought stands for one item."""
    choice = Choice([])
    taken: Counter[tuple[bytes, bytes]] = Counter()
    for sent in waiting:
        known = sent.item.fingerprint, sent.item.content
        free = bearers(sent)[taken[known] :]
        if not free:
            choice.leaving.append(sent)
            continue
        taken[known] += 1
        if free[0].state is RowState.SENDING:
            choice.held.append(sent)
        else:
            choice.there.append((sent, free[0]))
    return choice


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
