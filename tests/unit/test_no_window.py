"""Where no window can be shown a sentence says so, in the language of the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere there is always a window"
)

WITHOUT_QT = "import sys; sys.modules['PySide6'] = None; "
WINDOW = "from omm_desktop import app; raise SystemExit(app.window([]))"


def _started(code: str, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "LANG": "fr_FR.UTF-8", "PYTHONUTF8": "1", **settings}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_without_a_screen(tmp_path: Path) -> None:
    ended = _started(WINDOW, tmp_path)
    (line,) = ended.stderr.splitlines()
    assert line.startswith("Il n’y a pas d’écran")
    assert ended.returncode == 2


def test_without_a_library_that_qt_wants(tmp_path: Path) -> None:
    ended = _started(WITHOUT_QT + WINDOW, tmp_path, DISPLAY=":0")
    (line,) = ended.stderr.splitlines()
    assert line.startswith("La fenêtre ne peut pas s’ouvrir")
    assert "PySide6" in line
    assert ended.returncode == 2
