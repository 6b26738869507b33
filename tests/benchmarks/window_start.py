"""The program started as a person does, until its first page has been drawn; figures as JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def began() -> float:
    """When this process began, on the clock of `time.monotonic` (Linux: proc_pid_stat)."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    from PySide6.QtCore import QEvent, QTimer

    from omm_desktop import app
    from omm_desktop.ui import launch

    drawn: list[float] = []

    class Watched(launch.Window):
        def event(self, event: QEvent) -> bool:
            done = super().event(event)
            if event.type() is QEvent.Type.UpdateRequest and not drawn:
                drawn.append(time.clock_gettime(time.CLOCK_BOOTTIME))
                QTimer.singleShot(0, self.close)
            return done

    launch.Window = Watched  # type: ignore[misc]
    status = app.window([])
    figures = {"seconds": drawn[0] - began(), "cpu": time.process_time()}
    json.dump(figures, sys.stdout)
    return status


if __name__ == "__main__":
    sys.exit(main())
