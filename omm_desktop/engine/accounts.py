"""The two mailboxes of a run, as the ledger knows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accounts:
    """The two mailboxes' numbers in the ledger."""

    source: int
    destination: int
