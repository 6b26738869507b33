"""Writes the pinned, hashed requirement files from pyproject.toml. Needs uv; for maintainers."""

from __future__ import annotations

import sys
from pathlib import Path

from commands import Failed, run

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path("installer", "requirements")
FORM = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]


def lock(name: str, *what: str) -> None:
    """Resolve `what` into requirements/`name`.txt; versions of run.txt win."""
    output = FOLDER / f"{name}.txt"
    constraints = [] if name == "run" else ["--constraints", str(FOLDER / "run.txt")]
    command = ["uv", "pip", "compile", *FORM, *constraints, *what, "--output-file", str(output)]
    run(command, folder=ROOT)


def main() -> int:
    """Write all of them; 0 when that was possible."""
    try:
        lock("run", "pyproject.toml")
        lock("build", "--group", "build")
        lock("develop", "pyproject.toml", "--group", "develop")
        lock("freeze", "--group", "freeze")
        lock("try-windows", "--group", "try-windows")
    except Failed as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
