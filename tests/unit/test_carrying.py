"""What each pair of accounts can carry, and why not the rest."""

from __future__ import annotations

import pytest

from omm_desktop.model.account import EndpointKind
from omm_desktop.model.items import Folder, ItemKind
from omm_desktop.wizard.carrying import CONTENTS, End, Obstacle, carriable, carriages
from omm_desktop.wizard.probe_result import ProbeResult

IMAP, POP, EWS = EndpointKind.IMAP, EndpointKind.POP3, EndpointKind.EWS
MAIL, CONTACTS, EVENTS, TASKS = ItemKind
OLD, NEW, NONE = Obstacle.OLD, Obstacle.NEW, Obstacle.NONE_THERE


def holding(**counts: int | None) -> ProbeResult:
    return ProbeResult(
        tuple(
            Folder((name,), name, None, count, kind=ItemKind(name))
            for name, count in counts.items()
        )
    )


def taking(*kinds: ItemKind) -> ProbeResult:
    return ProbeResult((), kinds=frozenset(kinds))


FULL = holding(mail=3, contacts=2, events=4, tasks=1)
NO_TASKS = holding(mail=0, contacts=2, events=0, tasks=0)
ALL = taking(*ItemKind)


@pytest.mark.parametrize(
    ("source", "destination", "obstacles"),
    [
        (End(IMAP), End(IMAP), (None, OLD, OLD, OLD)),
        (End(IMAP), End(EWS), (None, OLD, OLD, OLD)),
        (End(POP), End(EWS), (None, OLD, OLD, OLD)),
        (End(EWS), End(IMAP), (None, NEW, NEW, NEW)),
        (End(EWS), End(EWS), (None, None, None, None)),
        (End(EWS, FULL), End(EWS, ALL), (None, None, None, None)),
        (End(EWS, FULL), End(EWS, taking(MAIL, EVENTS)), (None, NEW, None, NEW)),
        (End(EWS, FULL), End(IMAP, taking(*ItemKind)), (None, NEW, NEW, NEW)),
        (End(EWS, NO_TASKS), End(EWS, ALL), (None, None, NONE, NONE)),
        (End(EWS, NO_TASKS), End(IMAP), (None, NEW, NEW, NEW)),
        (End(EWS, holding(contacts=None)), End(EWS, ALL), (None, None, NONE, NONE)),
        (End(IMAP, FULL), End(EWS, ALL), (None, OLD, OLD, OLD)),
    ],
)
def test_each_pair(source: End, destination: End, obstacles: tuple[Obstacle | None, ...]) -> None:
    """Rules and the out-of-office reply are carried between two Exchange accounts, always."""
    settings = (None if {source.kind, destination.kind} == {EWS} else Obstacle.EXCHANGE_ALONE,) * 2
    expected = dict(zip(CONTENTS, (*obstacles, *settings), strict=True))
    assert {one.content: one.obstacle for one in carriages(source, destination)} == expected
    wanted = {content for content, why in expected.items() if why is None}
    assert carriable(source, destination) == wanted


def test_numbers_are_told_where_they_are_known_even_of_what_stays_behind() -> None:
    counts = [one.count for one in carriages(End(EWS, FULL), End(IMAP, taking(MAIL)))]
    assert counts == [3, 2, 4, 1, None, None]
    assert {one.count for one in carriages(End(EWS), End(EWS))} == {None}
