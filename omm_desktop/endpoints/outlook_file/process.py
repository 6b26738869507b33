"""A file in a reading process: opened when it is first asked for, asked, and ended at will."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from ...model.problem import ItemError, OwnerNeeded, Place, Problem, ProblemId, TryAgain
from ...model.reading import Reading
from .at_hand import at_hand
from .limits import TOO_MUCH_MEMORY, Limits
from .running import Running, Work, serve
from .talk import Beat, Failed, Unreadable, Want, WantFile

_OWNERS = frozenset({ProblemId.FILE_UNREADABLE, ProblemId.FILE_NOT_UNDERSTOOD})
_LARGE = 64 << 20
"""Bytes of a file after which its process reads no other: it may have grown with it."""


class Lost(Exception):
    """The reading process ended, or was ended, in the middle of something."""


class ReadingProcess:
    """One file, read in a process of its own. One owner thread; `abort` from any.

    Only what a pipe carries comes back from it: a file that makes it loop, crash or take too much
    memory costs the item it was at.
    """

    def __init__(self, path: Path, limits: Limits, work: Work = serve) -> None:
        self._path = path
        self._limits = limits
        self._work = work
        self._running: Running | None = None
        self._aborted = False
        self.tell: Callable[[Reading], None] = lambda file: None

    def ask(self, want: Want) -> Generator[Any]:
        """Every answer to what is wanted.

        Raises `Lost`, and `OmmError` when the whole cannot be given. When it is not read to its
        end, the process is ended, since the rest would come before the next answer.
        """
        running = self._opened()
        done = False
        try:
            self._say(running, want)
            while (answer := self._heard(running)) is not Beat.DONE:
                if isinstance(answer, (Failed, Unreadable)):
                    running.sound = False
                if isinstance(answer, Failed):
                    done = True
                    raise _raised(answer.problem)
                yield answer
            done = True
        finally:
            if done:
                at_hand.rest(running)
            else:
                self._end(running)

    def abort(self) -> None:
        """End it at once. Any thread; never blocks, never raises."""
        self._aborted = True
        running = self._running
        if running is not None:
            running.kill(self)

    def end(self) -> None:
        """Give everything back. Never raises."""
        running, self._running = self._running, None
        if running is not None:
            at_hand.leave(running, self)

    def _end(self, running: Running) -> None:
        self._running = None
        at_hand.end(running)

    def _opened(self) -> Running:
        """A process that has the file open and is asked by nobody else."""
        if self._aborted:
            raise _ended()
        running = self._running = at_hand.take(self, self._limits, self._work)
        if running.reader is self:
            return running
        running.read_for(self)
        if self._aborted:
            # Until now it could not be killed for this one.
            self._end(running)
            raise _ended()
        running.sound = _is_small(self._path)
        self._say(running, WantFile(self._path))
        answer = self._heard(running)
        if isinstance(answer, Failed):
            self._end(running)
            raise _raised(answer.problem)
        return running

    def _say(self, running: Running, want: Want) -> None:
        try:
            running.say(want)
        except OSError as error:
            raise self._lost(running) from error

    def _heard(self, running: Running) -> Any:
        """The next answer but signs of life; how far the reading has come goes to `tell`."""
        connection = running.connection
        while True:
            answer = self._received(running, connection.recv)
            if answer is Beat.PIECE:
                return self._received(running, connection.recv_bytes)
            if isinstance(answer, Reading):
                self.tell(answer)
            elif answer is not Beat.ALIVE:
                return answer

    def _received(self, running: Running, receive: Callable[[], Any]) -> Any:
        """What comes next; raises `Lost` when nothing does."""
        try:
            if not running.connection.poll(self._limits.silence):
                self._end(running)
                raise Lost(f"no progress for {self._limits.silence:.0f} seconds")
            return receive()
        except (OSError, EOFError) as error:
            raise self._lost(running) from error

    def _lost(self, running: Running) -> Exception:
        """Why it is gone."""
        status = running.status()
        self._end(running)
        if self._aborted:
            return _ended()
        if status == TOO_MUCH_MEMORY:
            return Lost(f"more than {self._limits.memory} bytes of memory")
        return Lost(f"the reading process ended with status {status}")


def _ended() -> TryAgain:
    return TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.SOURCE, "reading was ended"))


def _raised(problem: Problem) -> OwnerNeeded | ItemError:
    return OwnerNeeded(problem) if problem.id in _OWNERS else ItemError(problem)


def _is_small(path: Path) -> bool:
    try:
        return path.stat().st_size <= _LARGE
    except OSError:
        return False
