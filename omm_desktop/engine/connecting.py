"""All sources and the destination opened at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from omm_desktop.model.ports import Destination, Endpoint, Source
from omm_desktop.model.problem import ProblemId, TryAgain

E = TypeVar("E", bound=Endpoint)

_LOOK_SECONDS = 0.1


def connect(
    open_sources: Sequence[Callable[[], Source]],
    open_destination: Callable[[], Destination],
    checkpoint: Callable[[], None],
) -> tuple[list[Source], Destination]:
    """One connection to each. Raises `OmmError`, with nothing left open.

    What `checkpoint` raises ends the wait at once: a server that stays silent keeps only a thread
    whose connection nobody wants any more.
    """
    sources = [Opening(open_one) for open_one in open_sources]
    destination = Opening(open_destination)
    openings: list[Opening[Any]] = [*sources, destination]
    for opening in openings:
        opening.start()
    try:
        _wait_for(openings, checkpoint)
    except BaseException:
        for opening in openings:
            opening.discard()
        raise
    return [source.result() for source in sources], destination.result()


def _wait_for(openings: Sequence[Opening[Any]], checkpoint: Callable[[], None]) -> None:
    """Raises the first failure as soon as it is there, though the others be silent."""
    waiting = list(openings)
    while waiting:
        waiting[0].join(_LOOK_SECONDS)
        checkpoint()
        for opening in [one for one in waiting if not one.is_alive()]:
            opening.result()
            waiting.remove(opening)


def once_free(open_one: Callable[[], E], wait: Callable[[TryAgain], None]) -> E:
    """A connection to a mailbox that lets in one program at a time, once nobody else holds it.

    `wait` comes between two attempts and raises when there is no patience left.
    """
    while True:
        try:
            return open_one()
        except TryAgain as error:
            if error.problem.id is not ProblemId.MAILBOX_IN_USE:
                raise
            wait(error)


class Opening(threading.Thread, Generic[E]):
    """A connection being opened in a thread of its own, so that nobody has to wait for it."""

    def __init__(self, open_one: Callable[[], E]) -> None:
        super().__init__(name="connecting", daemon=True)
        self._open_one = open_one
        self._lock = threading.Lock()
        self._discarded = False
        self._endpoint: E | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            endpoint = self._open_one()
        except BaseException as error:
            self._error = error
            return
        with self._lock:
            self._endpoint = endpoint
            unwanted = self._discarded
        if unwanted:
            endpoint.close()

    def discard(self) -> None:
        """Nobody wants the connection any more."""
        with self._lock:
            self._discarded = True
            endpoint = self._endpoint
        if endpoint is not None:
            endpoint.close()

    def result(self) -> E:
        """The connection, once the thread has ended. Raises what opening it raised."""
        if self._error is not None:
            raise self._error
        assert self._endpoint is not None
        return self._endpoint
