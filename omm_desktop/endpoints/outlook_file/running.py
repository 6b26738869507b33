"""A reading process that runs, as the program sees it; it reads one file after another.

A process takes longer to start, and to load what it reads with, than most files take to read.
What one file leaves behind cannot reach the next: the reader keeps nothing of a file outside the
objects it makes for it, and whoever made it fail, or was large, takes its process with it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...model.problem import CannotGoOn, Place, Problem, ProblemId
from .limits import Limits
from .line import line
from .talk import PipeEnd

_ENDS_WITHIN = 2.0
_spawn = multiprocessing.get_context("spawn")

Work = Callable[[PipeEnd, Limits], None]
"""What the process does; found by its name in a module, since nothing else is shared with it."""


def serve(connection: PipeEnd, limits: Limits) -> None:
    """The work; here, so that the program itself need not load what reads the file."""
    from .serving import serve

    serve(connection, limits)


class Running:
    """One process from its start on. Whoever it reads for is its `reader`, None while it waits.

    `sound`: nothing speaks against another file after this one. One thread at a time asks;
    `kill` from any.
    """

    def __init__(self, limits: Limits, work: Work) -> None:
        """Start it without waiting for it; raises `CannotGoOn` when the system does not."""
        self.kind = limits, work
        self.sound = True
        self.reader: object = None
        self._lock = threading.Lock()
        self.connection: PipeEnd
        self.connection, theirs = line(_spawn)
        _choose_interpreter()
        self._process = _spawn.Process(
            target=work, args=(theirs, limits), name="outlook-file", daemon=True
        )
        try:
            self._process.start()
        except OSError as error:
            self.connection.close()
            detail = error.strerror or type(error).__name__
            raise CannotGoOn(Problem(ProblemId.UNEXPECTED, Place.PROGRAM, detail)) from error
        finally:
            theirs.close()

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def read_for(self, reader: object) -> None:
        """From now on `reader` alone can kill it."""
        with self._lock:
            self.reader = reader

    def say(self, message: Any) -> None:
        """Raises OSError when it is gone."""
        self.connection.send(message)

    def kill(self, reader: object) -> None:
        """End it at once if it still reads for that one. Any thread; never raises."""
        # Its owner may be closing it right now.
        with self._lock, contextlib.suppress(ValueError, OSError, AttributeError):
            if self.reader is reader:
                self.sound = False
                self._process.kill()

    def status(self) -> int | None:
        """The exit status of one that is ending."""
        with contextlib.suppress(ValueError):
            self._process.join(_ENDS_WITHIN)
            return self._process.exitcode
        return None

    def end(self) -> None:
        """End it and give everything back. Never raises."""
        self.connection.close()
        with contextlib.suppress(ValueError):
            self._process.kill()
            self._process.join(_ENDS_WITHIN)
            self._process.close()


def _choose_interpreter() -> None:
    """On Windows the program is started by a launcher, which is no interpreter of its own.

    A program frozen by PyInstaller is one, as long as it calls `freeze_support` first of all.
    """
    if sys.platform == "win32" and not getattr(sys, "frozen", False):
        interpreter = Path(sys.prefix) / "pythonw.exe"
        if interpreter.is_file():
            _spawn.set_executable(str(interpreter))
