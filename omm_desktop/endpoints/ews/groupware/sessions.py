"""What the sessions of this process are at work on, so that none finishes what another began."""

from __future__ import annotations

import secrets
import threading


class Sessions:
    """Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claims: dict[str, set[str]] = {}
        self._ended = 0

    @property
    def ended(self) -> int:
        """How many ended so far: whenever it grows, items may be left over that nobody saw."""
        with self._lock:
            return self._ended

    def begin(self) -> str:
        """The name of a new session, for the marks of what it begins."""
        name = secrets.token_hex(4)
        with self._lock:
            self._claims[name] = set()
        return name

    def end(self, name: str) -> None:
        """What it left unfinished is for others to finish."""
        with self._lock:
            if self._claims.pop(name, None) is not None:
                self._ended += 1

    def besides(self, name: str) -> frozenset[str]:
        """The other sessions at work."""
        with self._lock:
            return frozenset(self._claims) - {name}

    def claim(self, name: str, key: str) -> bool:
        """Whether the session may finish that item: False once another has taken it."""
        with self._lock:
            if any(key in claimed for other, claimed in self._claims.items() if other != name):
                return False
            self._claims[name].add(key)
            return True
