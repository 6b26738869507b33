"""One person's computer for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from .command import CommandLine
from .in_process import computer

__all__ = ["command", "computer"]


@pytest.fixture
def command(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "computer")
