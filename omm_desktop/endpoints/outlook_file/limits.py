"""What the reading process may take, kept by itself: a damaged file must not exhaust the computer.

The program ends it as well, when it has said nothing for too long; see `process`.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from typing import NamedTuple

TOO_MUCH_MEMORY = 77
"""Exit status of a reading process that took more than it may."""

_LOOKS_APART = 0.25


class Limits(NamedTuple):
    """`memory` in bytes; `silence` in seconds without a sign of progress."""

    memory: int = 1 << 30
    silence: float = 120.0


USUAL = Limits()


def keep_within(limits: Limits) -> None:
    """End this process when it takes too much, or when the program that started it is gone."""
    if sys.platform == "linux":
        import resource

        # Here the system itself refuses more, which costs one item and not the process.
        resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
    threading.Thread(target=_watch, args=(limits.memory,), daemon=True).start()


def _watch(memory: int) -> None:
    program = multiprocessing.parent_process()
    while program is not None:
        program.join(_LOOKS_APART)
        if not program.is_alive():
            os._exit(0)
        if memory_in_use() > memory:
            os._exit(TOO_MUCH_MEMORY)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _MemoryCounters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS."""

        _fields_ = (
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            ("PeakWorkingSetSize", ctypes.c_size_t),
            ("WorkingSetSize", ctypes.c_size_t),
            ("QuotaPeakPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPeakNonPagedPoolUsage", ctypes.c_size_t),
            ("QuotaNonPagedPoolUsage", ctypes.c_size_t),
            ("PagefileUsage", ctypes.c_size_t),
            ("PeakPagefileUsage", ctypes.c_size_t),
        )

    def memory_in_use() -> int:
        """Bytes that this process holds now."""
        system = ctypes.WinDLL("kernel32")
        system.GetCurrentProcess.restype = wintypes.HANDLE
        system.K32GetProcessMemoryInfo.argtypes = (
            wintypes.HANDLE,
            ctypes.POINTER(_MemoryCounters),
            wintypes.DWORD,
        )
        counters = _MemoryCounters(cb=ctypes.sizeof(_MemoryCounters))
        system.K32GetProcessMemoryInfo(
            system.GetCurrentProcess(), ctypes.byref(counters), counters.cb
        )
        return int(counters.PagefileUsage)

elif sys.platform == "linux":

    def memory_in_use() -> int:
        """Bytes that this process holds now."""
        with open("/proc/self/statm", "rb") as told:
            return int(told.read().split()[1]) * os.sysconf("SC_PAGESIZE")

else:

    def memory_in_use() -> int:
        """The most bytes that this process has held, which macOS tells in bytes."""
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
