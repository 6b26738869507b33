"""The command line inside the test's own process, where faults can be planted; with its log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from omm_desktop.app import CommandLineServices
from omm_desktop.cli.main import main
from omm_desktop.cli.migrate import Console
from omm_desktop.support import logs
from omm_desktop.support.redact import Redactor

from .command import End, plan_text, secrets_text


@dataclass
class Computer:
    """Where one person's log and records are."""

    folder: Path
    redactor: Redactor = field(default_factory=Redactor)

    @property
    def log_folder(self) -> Path:
        return self.folder / "logs"

    @property
    def log(self) -> str:
        return (self.log_folder / logs.FILE_NAME).read_text("utf-8")

    def migrate(self, source: End, destination: End) -> tuple[int, str, str]:
        """Exit status, what was printed, and what was complained."""
        plan = self.folder / "plan.toml"
        plan.write_text(plan_text(source, destination), "utf-8")
        arguments = ["migrate", str(plan), "--state", str(self.folder / "state"), "--json"]
        given = io.StringIO(secrets_text(source, destination))
        out, err = io.StringIO(), io.StringIO()
        services = CommandLineServices(self.redactor)
        status = main([*arguments, "--secrets-stdin"], services, Console(given, out, err))
        return status, out.getvalue(), err.getvalue()


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Computer]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    root = logging.getLogger()
    level, raises = root.level, logging.raiseExceptions
    made = Computer(tmp_path)
    made.log_folder.mkdir()
    handler = logs.start(made.log_folder, made.redactor)
    yield made
    logs.stop(handler)
    root.setLevel(level)
    logging.raiseExceptions = raises
