"""Keeps macOS awake by its own `caffeinate`, which ends with this program, whatever happens."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held() -> Iterator[None]:
    """Raises OSError when there is no such program."""
    process = subprocess.Popen(["/usr/bin/caffeinate", "-i", "-w", str(os.getpid())])
    try:
        yield
    finally:
        process.terminate()
        process.wait()
