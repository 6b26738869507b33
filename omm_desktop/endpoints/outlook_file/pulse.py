"""The sign of life of whatever takes long."""

from __future__ import annotations

from collections.abc import Callable

Pulse = Callable[[], None]
"""Called again and again while the work goes on."""
