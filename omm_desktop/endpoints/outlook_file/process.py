"""The reading process as the program sees it: started when needed, asked, and ended at will."""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from ...model.problem import CannotGoOn, ItemError, OwnerNeeded, Place, Problem, ProblemId, TryAgain
from ...model.reading import Reading
from .limits import TOO_MUCH_MEMORY, Limits
from .talk import Beat, Failed, PipeEnd, Want

_ENDS_WITHIN = 2.0
_spawn = multiprocessing.get_context("spawn")
_OWNERS = frozenset({ProblemId.FILE_UNREADABLE, ProblemId.FILE_NOT_UNDERSTOOD})


Work = Callable[[PipeEnd, Path, Limits], None]
"""What the process does; found by its name in a module, since nothing else is shared with it."""


def serve(connection: PipeEnd, path: Path, limits: Limits) -> None:
    """The work; here, so that the program itself need not load what reads the file."""
    from .serving import serve

    serve(connection, path, limits)


class Lost(Exception):
    """The reading process ended, or was ended, in the middle of something."""


class _Resting:
    """The processes that nobody asks anything of: only the last ones stay, since each takes memory.

    One that was ended is started again when its file is asked for.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.RLock()
        self._processes: list[ReadingProcess] = []

    def add(self, process: ReadingProcess) -> None:
        with self._lock:
            self._processes.append(process)
            for one in self._processes[: -self._most]:
                one.end()

    def discard(self, process: ReadingProcess) -> None:
        with self._lock:
            self._processes = [one for one in self._processes if one is not process]


_resting = _Resting(most=2)


class ReadingProcess:
    """One file, read in a process of its own. One owner thread; `abort` from any.

    Only what a pipe carries comes back from it: a file that makes it loop, crash or take too much
    memory costs the item it was at.
    """

    def __init__(self, path: Path, limits: Limits, work: Work = serve) -> None:
        self._path = path
        self._limits = limits
        self._work = work
        self._process: multiprocessing.process.BaseProcess | None = None
        self._ours: PipeEnd | None = None
        self._aborted = False
        self.tell: Callable[[Reading], None] = lambda file: None

    def ask(self, want: Want) -> Generator[Any]:
        """Every answer to what is wanted.

        Raises `Lost`, and `OmmError` when the whole cannot be given. When it is not read to its
        end, the process is ended, since the rest would come before the next answer.
        """
        _resting.discard(self)
        connection = self._started()
        try:
            connection.send(want)
        except OSError as error:
            raise self._lost() from error
        done = False
        try:
            while (answer := self._heard(connection)) is not Beat.DONE:
                if isinstance(answer, Failed):
                    done = True
                    raise _raised(answer.problem)
                yield answer
            done = True
        finally:
            if done:
                _resting.add(self)
            else:
                self.end()

    def abort(self) -> None:
        """End it at once. Any thread; never blocks, never raises."""
        self._aborted = True
        process = self._process
        # Its owner may be closing it right now.
        with contextlib.suppress(ValueError, OSError, AttributeError):
            if process is not None:
                process.kill()

    def end(self) -> None:
        """End it and give everything back. Never raises."""
        _resting.discard(self)
        process, connection = self._process, self._ours
        self._process = self._ours = None
        if connection is not None:
            connection.close()
        if process is not None:
            process.kill()
            process.join(_ENDS_WITHIN)
            with contextlib.suppress(ValueError):
                process.close()

    def _started(self) -> PipeEnd:
        if self._aborted:
            raise _ended()
        if self._ours is not None:
            return self._ours
        ours, theirs = _spawn.Pipe()
        _choose_interpreter()
        process = _spawn.Process(
            target=self._work,
            args=(theirs, self._path, self._limits),
            name="outlook-file",
            daemon=True,
        )
        try:
            process.start()
        except OSError as error:
            detail = error.strerror or type(error).__name__
            raise CannotGoOn(Problem(ProblemId.UNEXPECTED, Place.PROGRAM, detail)) from error
        finally:
            theirs.close()
        self._process, self._ours = process, ours
        answer = self._heard(ours)
        if isinstance(answer, Failed):
            self.end()
            raise _raised(answer.problem)
        return ours

    def _heard(self, connection: PipeEnd) -> Any:
        """The next answer but signs of life; how far the reading has come goes to `tell`."""
        while True:
            answer = self._received(connection, connection.recv)
            if answer is Beat.PIECE:
                return self._received(connection, connection.recv_bytes)
            if isinstance(answer, Reading):
                self.tell(answer)
            elif answer is not Beat.ALIVE:
                return answer

    def _received(self, connection: PipeEnd, receive: Callable[[], Any]) -> Any:
        """What comes next; raises `Lost` when nothing does."""
        try:
            if not connection.poll(self._limits.silence):
                self.end()
                raise Lost(f"no progress for {self._limits.silence:.0f} seconds")
            return receive()
        except (OSError, EOFError) as error:
            raise self._lost() from error

    def _lost(self) -> Exception:
        """Why it is gone."""
        process = self._process
        status = None
        if process is not None:
            process.join(_ENDS_WITHIN)
            status = process.exitcode
        self.end()
        if self._aborted:
            return _ended()
        if status == TOO_MUCH_MEMORY:
            return Lost(f"more than {self._limits.memory} bytes of memory")
        return Lost(f"the reading process ended with status {status}")


def _ended() -> TryAgain:
    return TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.SOURCE, "reading was ended"))


def _raised(problem: Problem) -> OwnerNeeded | ItemError:
    return OwnerNeeded(problem) if problem.id in _OWNERS else ItemError(problem)


def _choose_interpreter() -> None:
    """On Windows the program is started by a launcher, which is no interpreter of its own.

    A program frozen by PyInstaller is one, as long as it calls `freeze_support` first of all.
    """
    if sys.platform == "win32" and not getattr(sys, "frozen", False):
        interpreter = Path(sys.prefix) / "pythonw.exe"
        if interpreter.is_file():
            _spawn.set_executable(str(interpreter))
