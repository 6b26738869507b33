"""What each check found, kept in a file after every one of them."""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from omm_desktop import __version__

Found = Mapping[str, object]
Check = Callable[[], Found]


class Wrong(Exception):
    """A check did not find what it has to; the text says what."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    name: str
    passed: bool
    seconds: float
    found: Found
    fault: str


class Verdict:
    """Passed when every one of `expected` checks was tried and none failed.

    `file` is written anew before and after each of them: Qt ends the program when it has nothing to
    draw on, and what is missing then says where.
    """

    def __init__(self, expected: int, file: Path | None) -> None:
        self._expected, self._file = expected, file
        self._outcomes: list[_Outcome] = []
        self._keep()

    @property
    def passed(self) -> bool:
        tried = len(self._outcomes) == self._expected
        return tried and all(outcome.passed for outcome in self._outcomes)

    def try_out(self, name: str, check: Check) -> None:
        began = time.monotonic()
        found: Found = {}
        fault = ""
        try:
            found = check()
        except Wrong as wrong:
            fault = str(wrong)
        except Exception:
            fault = traceback.format_exc()
        seconds = round(time.monotonic() - began, 3)
        self._outcomes.append(_Outcome(name, not fault, seconds, found, fault))
        self._keep()

    def as_json(self) -> str:
        checks = {
            outcome.name: {
                "passed": outcome.passed,
                "seconds": outcome.seconds,
                **outcome.found,
                **({"fault": outcome.fault} if outcome.fault else {}),
            }
            for outcome in self._outcomes
        }
        told = {
            "program": __version__,
            "passed": self.passed,
            "python": sys.version.split()[0],
            "system": sys.platform,
            "frozen": bool(getattr(sys, "frozen", False)),
            "checks": checks,
        }
        return json.dumps(told, indent=2)

    def _keep(self) -> None:
        if self._file is not None:
            self._file.write_text(self.as_json() + "\n", encoding="utf-8")
