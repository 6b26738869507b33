"""Whether the program is opened at the next login, and the command that opens it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

_log = logging.getLogger(__name__)

_PROGRAM = "omm-desktop"


class System(Protocol):
    """What a system starts when this person signs in. Both raise OSError."""

    def enter(self, command: Sequence[str]) -> None:
        """Also over an entry of an older command."""
        ...

    def leave(self) -> None:
        """Also where there is none."""
        ...


class Reopening:
    """Settled as often as one likes, from any thread; a system that refuses is told to the log."""

    def __init__(self, system: System, command: Sequence[str]) -> None:
        self._system, self._command = system, command
        self._lock = threading.Lock()

    def settle(self, *, wanted: bool) -> None:
        with self._lock:
            try:
                if wanted:
                    self._system.enter(self._command)
                else:
                    self._system.leave()
            except OSError as error:
                _log.warning("the next login is not as wanted: %s", type(error).__name__)


def of_this_system() -> Reopening:
    return Reopening(_system(), own_command(sys.executable))


def own_command(executable: str) -> list[str]:
    """What opens the window, by the executable that runs: the program's own, or a Python."""
    path = Path(executable)
    if path.stem.lower() != _PROGRAM:
        return [executable, "-m", "omm_desktop"]
    # On Windows the one for consoles would open one.
    return [str(path.with_suffix(".exe")) if path.suffix.lower() == ".com" else executable]


def _system() -> System:
    if sys.platform == "win32":
        from omm_desktop.at_login import windows

        return windows
    if sys.platform == "darwin":
        from omm_desktop.at_login import macos

        return macos
    from omm_desktop.at_login import linux

    return linux
