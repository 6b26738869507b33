"""Counting what the person has to decide about takes as long as that is, not as the copy was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.store.doubts import Doubts
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.rows import RowState

FOLDERS, DOUBTFUL = 5, 10


def _account(login: str) -> Account:
    return Account(EndpointKind.IMAP, login, Server("imap.exemple.fr", 993, Security.TLS))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db")
    yield ledger
    ledger.close()


def _copied(ledger: Ledger, items: int) -> int:
    """The number of a run that stored so many items, some of them nobody knows how."""
    plan = MigrationPlan(_account(f"old{items}"), _account(f"new{items}"))
    source, destination = (ledger.account(one.identity) for one in (plan.source, plan.destination))
    run = ledger.begin_run(plan, source, destination, now=0.0)
    with ledger.writing() as connection:
        for name in map(str, range(FOLDERS)):
            old = connection.execute(
                "INSERT INTO source_folder (account, key, validity) VALUES (?, ?, 1)",
                (source, name),
            ).lastrowid
            new = connection.execute(
                "INSERT INTO destination_folder (account, key, validity) VALUES (?, ?, 1)",
                (destination, name),
            ).lastrowid
            connection.executemany(
                "INSERT INTO item (source_folder, validity, key, destination_folder, state, run)"
                " VALUES (?, 1, ?, ?, ?, ?)",
                (
                    (old, key, new, RowState.UNSURE if key < DOUBTFUL else RowState.DONE, run)
                    for key in range(items // FOLDERS)
                ),
            )
    return run


def _steps(ledger: Ledger, run: int, state: RowState) -> int:
    """How many instructions SQLite takes to count them."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1

    doubts = Doubts(ledger)
    with ledger.reading() as connection:
        connection.set_progress_handler(step, 1)
    (doubts.open if state is RowState.UNSURE else doubts.accepted)(run)
    with ledger.reading() as connection:
        connection.set_progress_handler(None, 1)
    return taken


@pytest.mark.parametrize("state", [RowState.UNSURE, RowState.ACCEPTED])
def test_a_copy_a_hundred_times_as_large_is_asked_as_quickly(
    ledger: Ledger, state: RowState
) -> None:
    few, many = _copied(ledger, 100), _copied(ledger, 10_000)
    if state is RowState.ACCEPTED:
        for run in (few, many):
            Doubts(ledger).accept(run)
    assert Doubts(ledger).open(many) == (0 if state is RowState.ACCEPTED else FOLDERS * DOUBTFUL)
    assert _steps(ledger, many, state) < 2 * _steps(ledger, few, state)
