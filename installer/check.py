"""Every check of the project, in one place: by hand, before a commit and in continuous integration.

`--fast` leaves out the tests; other arguments go to pytest. Without any, every test is run, on
several cores.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent

STATIC: Sequence[Sequence[str]] = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports", "--no-logo"),
)
# Whoever has nothing left to do takes tests from the longest queue, so that none ends long before.
ON_SEVERAL_CORES = ("--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal")


def main(arguments: Sequence[str]) -> int:
    """Run the checks; 0 when all pass, else 1. What failed is named before the tests begin."""
    failed = [" ".join(check) for check in STATIC if _fails(check)]
    if failed:
        print(f"\nDid not pass: {', '.join(failed)}\n", flush=True)
    if "--fast" in arguments:
        return 1 if failed else 0
    tests_failed = _fails(("pytest", *(arguments or ON_SEVERAL_CORES)))
    return 1 if failed or tests_failed else 0


def _fails(check: Sequence[str]) -> bool:
    print(f"— {' '.join(check)}", flush=True)
    command = [str(PROGRAMS / check[0]), *check[1:]]
    # Hundreds of children would compile everything anew.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.run(command, cwd=ROOT, env=environment).returncode != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
