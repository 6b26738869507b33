"""A launch agent of the person's own (launchd.plist(5))."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path

_LABEL = "omm-desktop"


def file() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"


def enter(command: Sequence[str]) -> None:
    """Raises OSError. It is looked at again at the next login, and not before."""
    agent = {
        "Label": _LABEL,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "LimitLoadToSessionType": "Aqua",
        "ProcessType": "Interactive",
    }
    file().parent.mkdir(parents=True, exist_ok=True)
    file().write_bytes(plistlib.dumps(agent))


def leave() -> None:
    """Raises OSError."""
    file().unlink(missing_ok=True)
