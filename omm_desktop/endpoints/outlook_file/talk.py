"""What the program and the reading process say to each other."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from ...model.items import NAMELESS, ItemLabel
from ...model.problem import Problem


class PipeEnd(Protocol):
    """One end of the pipe between them, which each system has a class of its own for."""

    def send(self, obj: Any, /) -> None: ...

    def recv(self) -> Any: ...

    def send_bytes(self, buf: bytes | memoryview, /) -> None: ...

    def recv_bytes(self) -> bytes: ...

    def poll(self, timeout: float, /) -> bool: ...

    def close(self) -> None: ...


WINDOW = 2000
"""The refs of a window; one with fewer is the last."""


class WantFile(NamedTuple):
    """The file of all that is wanted from now on; answered by `Beat.DONE`, or `Failed`.

    None closes the one before, without an answer.
    """

    path: Path | None


class WantFolders(NamedTuple):
    """All folders; answered by a list of them. `numbered`: with what tells whether it changed."""

    numbered: bool = True


class WantRefs(NamedTuple):
    """What of a kind is in a folder, newest first, from a place on; answered by a window of it."""

    folder: str
    since: date | None
    start: int


class WantItems(NamedTuple):
    """Items of a folder by their keys; each is answered by its bytes in pieces and by `Told`."""

    folder: str
    keys: tuple[str, ...]


Want = WantFile | WantFolders | WantRefs | WantItems


class Beat(StrEnum):
    """ALIVE: the work goes on. DONE: all that was wanted is answered.

    PIECE: bytes of an item follow, as they are.
    """

    ALIVE = "alive"
    PIECE = "piece"
    DONE = "done"


class Told(NamedTuple):
    """What there is to an item beside its bytes."""

    key: str
    flags: frozenset[str]
    received: datetime | None
    remarks: tuple[Problem, ...]


class Unreadable(NamedTuple):
    """An item of which there are no bytes, or none that count."""

    key: str
    problem: Problem
    label: ItemLabel = NAMELESS


class Failed(NamedTuple):
    """What was wanted cannot be given at all."""

    problem: Problem
