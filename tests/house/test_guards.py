"""The guards around the tests do guard."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import keyring

from tests.guards import MemoryKeyring

ROOT = Path(__file__).parents[2]
IMPATIENT = """
pytest_plugins = ["tests.guards"]

def pytest_configure():
    from tests import guards

    guards._GRACE_SECONDS = 0.1
"""
LEAVES_A_THREAD = """
import threading

def test_that_leaves_a_thread():
    threading.Thread(target=threading.Event().wait, daemon=True).start()
"""


def test_a_thread_left_behind_fails_its_test(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(IMPATIENT)
    test = tmp_path / "test_planted.py"
    test.write_text(LEAVES_A_THREAD)
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(tmp_path)]
    ended = subprocess.run([*command, str(test)], cwd=ROOT, capture_output=True, text=True)
    assert "left behind: <Thread" in ended.stdout
    assert "1 error" in ended.stdout


def test_a_memory_keyring_stands_in_for_the_persons_own(memory_keyring: MemoryKeyring) -> None:
    keyring.set_password("omm-desktop", "imap:claire", "été")
    assert memory_keyring.entries == {("omm-desktop", "imap:claire"): "été"}
    keyring.delete_password("omm-desktop", "imap:claire")
    assert keyring.get_password("omm-desktop", "imap:claire") is None
