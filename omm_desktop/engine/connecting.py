"""Both mailboxes opened at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from omm_desktop.model.ports import Destination, Endpoint, Source
from omm_desktop.model.problem import OmmError

E = TypeVar("E", bound=Endpoint)


def connect(
    open_source: Callable[[], Source], open_destination: Callable[[], Destination]
) -> tuple[Source, Destination]:
    """One connection to each side. Raises `OmmError`, with nothing left open."""
    opening = _Opening(open_source)
    opening.start()
    try:
        destination = open_destination()
    except OmmError:
        opening.discard()
        raise
    try:
        return opening.result(), destination
    except OmmError:
        destination.close()
        raise


class _Opening(threading.Thread, Generic[E]):
    """A connection being opened beside another."""

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
        self.join()
        if self._error is not None:
            raise self._error
        assert self._endpoint is not None
        return self._endpoint
