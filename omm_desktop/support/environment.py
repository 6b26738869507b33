"""What computer this is: nothing about whose it is."""

from __future__ import annotations

import platform
import sys


def system_name() -> str:
    """As its makers call it: "Debian GNU/Linux 12 (bookworm)", "Windows 11", "macOS 14.2"."""
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    if sys.platform.startswith("linux"):
        try:
            return platform.freedesktop_os_release()["PRETTY_NAME"]
        except (OSError, KeyError):
            return f"Linux {platform.release()}"
    return f"{platform.system()} {platform.release()}"
