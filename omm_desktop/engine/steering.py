"""What a copy and its undo have in common: both tell how far they are, and can be steered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

from omm_desktop.model.problem import OmmError
from omm_desktop.model.progress import Event, Phase, PhaseChanged, Snapshot
from omm_desktop.model.secret import Secret

from .board import Board
from .clock import Clock, SystemClock
from .control import Control, Stopped
from .crew import Crew
from .telling import Teller
from .upheaval import Upheaval

R = TypeVar("R")


class Steered(ABC, Generic[R]):
    """Work that ends in a report. `run` blocks; everything else may be called from any thread.

    `attended`: somebody is there to answer questions; otherwise a question ends it.
    """

    def __init__(
        self, clock: Clock | None, upheaval: Upheaval | None = None, *, attended: bool
    ) -> None:
        self._clock = clock or SystemClock()
        self._control = Control(self._clock, attended=attended)
        self._board = Board(self._clock, self._control)
        self._crew = Crew(self._control, self._clock, upheaval or Upheaval(self._clock))
        self._teller = Teller(self._board)

    # Any thread

    def snapshot(self) -> Snapshot:
        return self._board.snapshot()

    def pause(self) -> None:
        self._control.pause()

    def resume(self) -> None:
        self._control.resume()

    def stop(self) -> None:
        self._control.stop()

    def answer(self, secret: Secret | None = None) -> None:
        """The person has done what `OwnerAsked` asked for."""
        self._control.answer(secret)

    # The run

    def run(self, on_event: Callable[[Event], None] = lambda event: None) -> R:
        """Do it all. Events come on this thread. What went wrong is in the report.

        Raises only what is a fault of the program.
        """
        self._teller = Teller(self._board, on_event)
        try:
            self._steps()
        except Stopped:
            pass
        except OmmError as error:
            self._control.stop(error.problem)
        finally:
            self._enter(Phase.ENDED)
        if self._control.error is not None:
            raise self._control.error
        return self._report()

    def _enter(self, phase: Phase) -> None:
        self._board.phase(phase)
        self._teller.passwords()
        self._teller.tell(PhaseChanged(phase))

    @abstractmethod
    def _steps(self) -> None:
        """All of the work, phase by phase."""

    @abstractmethod
    def _report(self) -> R:
        """What became of it."""
