"""Of many files only the last ones asked for stay open: a process may have few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

MOST_OPEN = 16


class Closes(Protocol):
    """What stays open until it is closed."""

    def close(self) -> None: ...


T = TypeVar("T", bound=Closes)


class FewOpen(Generic[T]):
    """By their keys."""

    def __init__(self) -> None:
        self._open: dict[str, T] = {}

    def ask(self, key: str, open_one: Callable[[], T]) -> T:
        """The one of a key, opened where it is not open any more."""
        one = self._open.pop(key, None)
        if one is None:
            one = open_one()
        while len(self._open) >= MOST_OPEN:
            self.let_go(next(iter(self._open)))
        self._open[key] = one
        return one

    def let_go(self, key: str) -> None:
        """It is opened anew when it is asked for again."""
        one = self._open.pop(key, None)
        if one is not None:
            one.close()

    def close(self) -> None:
        for key in list(self._open):
            self.let_go(key)
