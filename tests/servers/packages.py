"""Debian packages unpacked beside the system, kept for the next session.

Debian lets only one IMAP server be installed; the others are unpacked, never installed.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from .process import is_root

CACHE_NAME = "omm-desktop-tests"
ROOT_CACHE = Path("/var/cache") / CACHE_NAME
LIBRARIES = "usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib"


class PackagesMissing(Exception):
    """The packages could not be had (no Debian, or no network)."""


def unpacked(name: str, packages: Sequence[str]) -> Path:
    """The folder that holds the unpacked packages; PackagesMissing."""
    # Root's own cache is closed to the ordinary user the servers run as.
    cache = ROOT_CACHE if is_root() else Path(platformdirs.user_cache_dir(CACHE_NAME))
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tree = cache / name
        if not tree.is_dir():
            _unpack(packages, tree)
    return tree


def _unpack(packages: Sequence[str], tree: Path) -> None:
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise PackagesMissing("this is no Debian")
    with tempfile.TemporaryDirectory(prefix="omm-packages-", dir=tree.parent) as name:
        folder = Path(name)
        for command in (
            ["apt-get", "download", "-q", "-o", "APT::Sandbox::User=", *packages],
            ["sh", "-c", 'for f in *.deb; do dpkg -x "$f" tree || exit 1; done'],
        ):
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                raise PackagesMissing(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        (folder / "tree").rename(tree)


def library_path(tree: Path, *more: str) -> str:
    return ":".join(str(tree / part) for part in (*LIBRARIES, *more))
