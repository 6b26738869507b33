"""Two mail servers inside this program, and a mailbox to copy from one to the other."""

from __future__ import annotations

from .faults import Fault
from .servers import DemoServers

__all__ = ["DemoServers", "Fault"]
