"""The two commands of the README: the demo, and with the word `test` the tests.

Needs nothing but Python. Everything is installed into .venv beside this checkout.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

OLDEST = (3, 11)


def main(arguments: Sequence[str]) -> int:
    """Prepare what is asked for, run it, and give its exit status; 1 when it cannot be run."""
    if sys.version_info < OLDEST:
        print("OMM Desktop needs Python 3.11 or newer; this is Python " + sys.version.split()[0])
        return 1
    testing = list(arguments[:1]) == ["test"]
    try:
        command = _ready_for_tests() if testing else _ready_for_demo()
    except RuntimeError as problem:
        print(problem, file=sys.stderr)
        return 1
    return subprocess.run([*command, *arguments[1 if testing else 0 :]]).returncode


def _ready_for_demo() -> list[str]:
    import debian
    import environment

    debian.provide({**debian.FOR_PYTHON, **debian.FOR_QT, **debian.for_this_screen()})
    environment.prepare("run")
    return [str(environment.PYTHON), "-m", "omm_desktop", "--demo"]


def _ready_for_tests() -> list[str]:
    import debian
    import environment
    import product

    debian.provide({**debian.FOR_PYTHON, **debian.FOR_QT, **debian.for_tests()})
    environment.prepare("develop")
    return [str(environment.PYTHON), str(product.INSTALLER / "check.py")]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
