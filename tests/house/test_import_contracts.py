"""The layers of the house are what CONTRIBUTING.md says they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_contracts_are_kept() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    ended = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout
