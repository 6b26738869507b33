"""The script behind the two commands of the README."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALLER = ROOT / "installer"


def _python(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in the folder of the installer, with the standard library alone."""
    return subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=INSTALLER, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "name",
    ["start", "debian", "environment", "check", "lock", "build", "bill", "try_deb", "try_windows"],
)
def test_it_needs_nothing_but_python(name: str) -> None:
    ended = _python(f"import {name}")
    assert ended.returncode == 0, ended.stderr


def test_an_older_python_is_told_so_in_one_sentence() -> None:
    ended = _python("import start; start.OLDEST = (9, 0); raise SystemExit(start.main([]))")
    assert ended.returncode == 1
    assert ended.stdout.startswith("OMM Desktop needs Python 3.11 or newer; this is Python 3.")
    assert ended.stderr == ""


@pytest.mark.skipif(sys.platform != "linux", reason="system packages are Linux's")
def test_an_ordinary_user_is_given_the_exact_command() -> None:
    ended = _python(
        "import debian\n"
        "try: debian.provide({'libegl1': lambda: False, 'libgl1': lambda: True}, as_root=False)\n"
        "except debian.Missing as missing: print(missing)"
    )
    lines = ended.stdout.splitlines()
    assert "libegl1" in ended.stdout
    assert "libgl1" not in lines[-1].split()
    assert ended.stderr == ""
