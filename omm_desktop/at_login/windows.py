"""A value of the person's own key `Run` in the registry; the uninstaller removes it as well."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
NAME = "OMM Desktop"


def enter(command: Sequence[str]) -> None:
    """Raises OSError."""
    if sys.platform != "win32":
        raise OSError("only for Windows")
    import winreg

    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, KEY) as key:
        winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(command))


def leave() -> None:
    """Raises OSError."""
    if sys.platform != "win32":
        raise OSError("only for Windows")
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, KEY, 0, winreg.KEY_SET_VALUE) as key:
            winreg.DeleteValue(key, NAME)
    except FileNotFoundError:
        return
