"""The command line, its peak memory (KiB, as Linux tells it) the last line of standard error."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from omm_desktop import app
from omm_desktop.cli.main import main

status = main(sys.argv[1:], app.services())
# What getrusage tells begins with the memory of the process this one was started by.
peak = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]
sys.stderr.write(f"{peak}\n")
sys.exit(status)
