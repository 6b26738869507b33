"""A look into a file that the wizard takes: what it is at once, then how much is in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from omm_desktop.endpoints import registry
from omm_desktop.model.account import Account
from omm_desktop.model.ports import Source, TellsReading
from omm_desktop.model.problem import OwnerNeeded, Place, Problem, ProblemId
from omm_desktop.model.progress import Reading
from omm_desktop.model.secret import Secret
from omm_desktop.wizard.probe_result import ProbeResult

if TYPE_CHECKING:
    from omm_desktop.endpoints.files.survey import Survey


_TOLD_APART = 0.2
"""Seconds: a window has no time for every piece of a file that is read."""


class FileLook:
    """Once: `run` in a thread that may take its time, `cancel` from any other."""

    def __init__(self, account: Account) -> None:
        # Here, since what reads files takes long to load.
        from omm_desktop.endpoints.files.content import Brake

        self._account = account
        self._brake = Brake()
        self._lock = threading.Lock()
        self._source: Source | None = None

    def run(self, tell: Callable[[Survey | Reading], None]) -> ProbeResult:
        """`tell` gets what the file is as soon as that is known, then how far it was read; what it
        raises ends the look. Raises `OmmError`.
        """
        with registry.prepared_for([self._account]):
            return self._run(tell)

    def _run(self, tell: Callable[[Survey | Reading], None]) -> ProbeResult:
        from omm_desktop.endpoints.files.survey import survey

        # An archive without a list is read from end to end.
        self._brake.tell = _seldom(tell)
        tell(survey(self._account.place, self._brake))
        source = registry.open_source(self._account, Secret(""))
        if isinstance(source, TellsReading):
            source.tell_reading(_seldom(tell))
        with self._lock:
            self._source = source
        try:
            self._brake.check()
            folders = tuple(source.folders())
        finally:
            with self._lock:
                self._source = None
            source.close()
        if not folders:
            nothing = Problem(
                ProblemId.FILE_NOT_UNDERSTOOD, Place.SOURCE, "", self._account.place.name
            )
            raise OwnerNeeded(nothing)
        return ProbeResult(folders)

    def cancel(self) -> None:
        self._brake.pull()
        with self._lock:
            if self._source is not None:
                self._source.abort()


def _seldom(tell: Callable[[Reading], None]) -> Callable[[Reading], None]:
    told = 0.0

    def pass_on(file: Reading) -> None:
        nonlocal told
        if time.monotonic() - told >= _TOLD_APART:
            told = time.monotonic()
            tell(file)

    return pass_on
