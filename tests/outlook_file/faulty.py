"""Reading processes that go wrong at one item, as a damaged file could make them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from omm_desktop.endpoints.outlook_file.limits import Limits
from omm_desktop.endpoints.outlook_file.reading import Reader
from omm_desktop.endpoints.outlook_file.serving import serve
from omm_desktop.endpoints.outlook_file.talk import PipeEnd, Told
from omm_desktop.endpoints.pst.messaging.store import Store
from omm_desktop.endpoints.pst.mime.parts import Output

_write = Reader.write


def _serve_with(fault: Callable[[], None], connection: PipeEnd, limits: Limits) -> None:
    """Serve, the fault being in every second item of the file, behind its first bytes."""

    def write(reader: Reader, folder_key: str, key: str, output: Output) -> Told:
        told = _write(reader, folder_key, key, output)
        if int(key) // 32 % 2:
            fault()
        return told

    Reader.write = write  # type: ignore[method-assign]
    serve(connection, limits)


def hanging(connection: PipeEnd, limits: Limits) -> None:
    """An item never ends."""
    _serve_with(_hang, connection, limits)


def killed(connection: PipeEnd, limits: Limits) -> None:
    """The process ends in the middle of an item."""
    _serve_with(lambda: os.kill(os.getpid(), signal.SIGKILL), connection, limits)


def greedy(connection: PipeEnd, limits: Limits) -> None:
    """An item takes all the memory there is, piece by piece."""
    _serve_with(_grow, connection, limits)


def stubborn(connection: PipeEnd, limits: Limits) -> None:
    """The same, and where the system refuses memory it does not stop."""
    _serve_with(_grow_on, connection, limits)


def faulty(connection: PipeEnd, limits: Limits) -> None:
    """The reader has a fault of its own."""
    _serve_with(_fail, connection, limits)


def closed(connection: PipeEnd, limits: Limits) -> None:
    """The reader has a fault of its own before there is an item."""

    def fail(_store: Store, _path: Path) -> None:
        raise KeyError("Marqueur")

    Store.__init__ = fail  # type: ignore[method-assign, assignment]
    serve(connection, limits)


def _hang() -> None:
    while True:
        time.sleep(1)


def _grow() -> None:
    held = []
    while True:
        held.append(bytes(1 << 20))


def _grow_on() -> None:
    held = []
    while True:
        try:
            held.append(bytearray(b"x") * (1 << 20))
        except MemoryError:
            time.sleep(0.01)


def _fail() -> None:
    raise RecursionError("too deep")
