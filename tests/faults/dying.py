"""The command line in a process that kills itself at one commit of its ledger.

`python -m tests.faults.dying 7 before migrate …` dies just before the seventh commit, with `after`
just after it. At the end of a run that survives, the number of commits is the last line of
standard error.
"""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from omm_desktop import app, copies
from omm_desktop.cli.main import main
from omm_desktop.store.ledger import Ledger


class Death:
    """Kills the process when called for the n-th time; 0: never."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._numbers = itertools.count(1)
        self.calls = 0

    def __call__(self) -> None:
        self.calls = next(self._numbers)
        if self.calls == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


class UncommittedLedger(Ledger):
    """Calls `about_to_commit` when all of a transaction is written and nothing of it is durable."""

    about_to_commit: Callable[[], None]

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        with super().writing() as connection:
            yield connection
            self.about_to_commit()


def doom(number: int, when: str) -> Death:
    """Let this process die just before or just after that commit."""
    death = Death(number)

    def open_ledger(path: Path | None) -> Ledger:
        if when == "after":
            return Ledger(path, committed=death)
        UncommittedLedger.about_to_commit = staticmethod(death)
        return UncommittedLedger(path)

    copies.Ledger = open_ledger  # type: ignore[assignment,misc]
    return death


if __name__ == "__main__":
    number, when, *arguments = sys.argv[1:]
    death = doom(int(number), when)
    status = main(arguments, app.services())
    sys.stderr.write(f"{death.calls}\n")
    sys.exit(status)
