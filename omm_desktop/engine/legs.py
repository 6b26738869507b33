"""The sources of a run: a mailbox and any number of files, brought to one destination together.

Each source is a leg. What was decided:

- A leg has its own account in the ledger, and so its own past: a file is continued where it was
  left whether it comes alone or beside a mailbox, and whatever else is in the plan.
- A leg has its own mapping, made in the order of the plan with the folders of those before in view
  (`folder_plan.folder_plans`). Where two lead to one folder they share its lane, hence everything
  that keeps items from being lost or doubled there.
- What two legs have in common arrives once: one event of a UID in a folder (`choosing`), which is
  that of the source named first in the plan (`jobs`), and of other kinds what is equal in a file
  and in another source (`store.twins`).
- A mailbox is read over several connections. Files are read one after the other by one thread,
  beside the mailbox: a disk and an interpreter have only so much to give, and as many readers as
  files would hold as many files open.
- Everything else is one: the counting before the first byte, the board, the writers, the check, the
  settings (which only a mailbox has), the report. There a folder bears the name of its source as
  soon as there are several.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from omm_desktop.model.account import Account
from omm_desktop.model.ports import Source
from omm_desktop.store.elsewhere import Elsewhere

from .pool import Pool


@dataclass(frozen=True, slots=True)
class Leg:
    """`id` is the account's number in the ledger; `name` is empty where there is one source."""

    account: Account
    id: int
    name: str
    sources: Pool[Source]
    elsewhere: Elsewhere

    def named(self, folder: str) -> str:
        """What the person knows a folder of this source by."""
        return f"{self.name}/{folder}" if self.name else folder


def names(accounts: Sequence[Account]) -> list[str]:
    """What to call each of several sources; files of one name with the folders they are in, as far
    as these tell them apart.
    """
    if len(accounts) == 1:
        return [""]
    ways = [(account.name,) if account.path is None else account.path.parts for account in accounts]
    return [_shortest(way, ways) for way in ways]


def _shortest(way: tuple[str, ...], ways: Sequence[tuple[str, ...]]) -> str:
    for length in range(1, len(way)):
        if sum(other[-length:] == way[-length:] for other in ways) == 1:
            return "/".join(way[-length:])
    return str(Path(*way))


def shifts(legs: Sequence[Leg], work: Callable[[Leg], None]) -> list[Callable[[], None]]:
    """What threads do to read the legs: as many as a mailbox may have, and one for all files."""
    files = [leg for leg in legs if leg.account.kind.is_on_disk]

    def read_files() -> None:
        for leg in files:
            work(leg)
            leg.sources.close()

    duties: list[Callable[[], None]] = []
    for leg in legs:
        if leg not in files:
            duties += [_shift(leg, work)] * leg.sources.governor.most
    return [*duties, read_files] if files else duties


def _shift(leg: Leg, work: Callable[[Leg], None]) -> Callable[[], None]:
    return lambda: work(leg)
