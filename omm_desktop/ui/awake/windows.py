"""Keeps Windows awake; the screen may go dark."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_ES_CONTINUOUS = 0x80000000
_ES_SYSTEM_REQUIRED = 0x00000001


@contextmanager
def held() -> Iterator[None]:
    """For the thread that is inside. Raises OSError when Windows refuses."""
    if sys.platform != "win32":
        raise OSError("only for Windows")
    set_state = ctypes.windll.kernel32.SetThreadExecutionState
    set_state.argtypes, set_state.restype = [ctypes.c_uint32], ctypes.c_uint32
    if not set_state(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED):
        raise OSError("SetThreadExecutionState")
    try:
        yield
    finally:
        set_state(_ES_CONTINUOUS)
