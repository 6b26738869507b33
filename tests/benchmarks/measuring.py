"""One tool's run as a child process: seconds, processor time, peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LONGEST_RUN = 1800.0
CHECKOUT = Path(__file__).parents[2]

# Peak memory of a child counts what its parent held when it was forked, so that a small process
# has to stand in between.
STEPPING_STONE = """
import json, resource, subprocess, sys, time
began = time.monotonic()
status = subprocess.call(sys.argv[2:])
seconds = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump([status, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss], file)
"""


@dataclass(frozen=True, slots=True)
class Command:
    """What to start, what to give it on standard input, and its home folder."""

    arguments: Sequence[str]
    home: Path
    given: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished child. `seconds` on the clock, `cpu` in seconds, `memory` in bytes."""

    status: int
    seconds: float
    cpu: float
    memory: int
    output: str
    errors: str


def measure(command: Command) -> Run:
    """Start it, wait for its end, and say what it used."""
    with tempfile.NamedTemporaryFile("r") as figures:
        child = subprocess.run(
            [sys.executable, "-S", "-c", STEPPING_STONE, figures.name, *command.arguments],
            cwd=CHECKOUT,
            env={
                "HOME": str(command.home),
                "LANG": "C.UTF-8",
                "PATH": "/usr/local/bin:/usr/bin:/bin",
            },
            input=command.given,
            capture_output=True,
            text=True,
            timeout=LONGEST_RUN,
        )
        status, seconds, cpu, kibibytes = json.load(figures)
    return Run(status, seconds, cpu, kibibytes << 10, child.stdout, child.stderr)
