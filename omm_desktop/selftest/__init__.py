"""Does this installation work? Asked by help desks, and first of all by every installer's test."""

from __future__ import annotations

from .command import main

__all__ = ["main"]
