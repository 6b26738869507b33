"""What a pair of accounts can carry, and what stands in the way of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from omm_desktop.model.account import EndpointKind
from omm_desktop.model.items import ItemKind
from omm_desktop.model.plan import held
from omm_desktop.model.settings import SettingKind, carried_settings
from omm_desktop.wizard.probe_result import ProbeResult

Content = ItemKind | SettingKind
CONTENTS: tuple[Content, ...] = (*ItemKind, *SettingKind)
"""In the order in which they are shown."""


class Obstacle(StrEnum):
    """Why contents stay behind. `OLD` and `NEW`: the way into that mailbox does not know them."""

    OLD = "old"
    NEW = "new"
    NONE_THERE = "none-there"
    EXCHANGE_ALONE = "exchange-alone"


@dataclass(frozen=True, slots=True)
class End:
    """One side of the pair; `found` is None before its check.

    Beside an account, or in place of it, a source has files of these kinds, `beside`.
    """

    kind: EndpointKind
    found: ProbeResult | None = None
    beside: frozenset[EndpointKind] = frozenset()

    @property
    def holds(self) -> frozenset[ItemKind]:
        return frozenset[ItemKind]().union(*map(held, (self.kind, *self.beside)))


@dataclass(frozen=True, slots=True)
class Carriage:
    """One of the contents: what stands in its way, and how many items, as far as it is told."""

    content: Content
    obstacle: Obstacle | None = None
    count: int | None = None


def carriages(source: End, destination: End) -> tuple[Carriage, ...]:
    """One for each of the contents.

    Mail is never said to be missing in a mailbox: an empty one is copied as it is.
    """
    told = carried_settings(source.kind, destination.kind)
    return (
        *(_carriage(kind, source, destination) for kind in ItemKind),
        *(Carriage(one, None if one in told else Obstacle.EXCHANGE_ALONE) for one in SettingKind),
    )


def carriable(source: End, destination: End) -> frozenset[Content]:
    """What nothing stands in the way of."""
    return frozenset(one.content for one in carriages(source, destination) if not one.obstacle)


def obstructed(source: End, destination: End, obstacle: Obstacle) -> Iterator[ItemKind]:
    """The kinds of items that just this stands in the way of."""
    for one in carriages(source, destination):
        if isinstance(one.content, ItemKind) and one.obstacle is obstacle:
            yield one.content


def _carriage(kind: ItemKind, source: End, destination: End) -> Carriage:
    if kind not in source.holds:
        return Carriage(kind, Obstacle.OLD)
    number = _number(kind, source.found)
    taken = destination.holds
    if destination.found is not None:
        taken &= destination.found.kinds
    if kind not in taken:
        return Carriage(kind, Obstacle.NEW, number)
    if number == 0 and (kind is not ItemKind.MAIL or source.kind.is_on_disk):
        return Carriage(kind, Obstacle.NONE_THERE, 0)
    return Carriage(kind, None, number)


def _number(kind: ItemKind, found: ProbeResult | None) -> int | None:
    """None before the check, and where a folder does not tell."""
    return None if found is None else found.held.get(kind, 0)
