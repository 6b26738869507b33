"""The command line in a child of a process that has loaded it already.

To load the program takes longer than a small copy: what is killed a hundred times is forked.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Lock

from tests.journeys.command import LONGEST_RUN, CommandLine, Ended, secrets_text
from tests.servers.account import TestAccount

OUTPUT, ERRORS = "output", "errors"

_context = get_context("forkserver")
_context.set_forkserver_preload(
    ["tests.faults.forked", "omm_desktop.app", "omm_desktop.cli.main"]
    + [f"omm_desktop.endpoints.ews.{one}" for one in ("reader", "writer")]
)
# Whoever starts a process asks all others whether they have ended, and each can be asked but once.
_asking = Lock()


@dataclass(slots=True)
class Forked:
    """A copy that runs or has run, with both its streams in files."""

    process: ForkServerProcess
    folder: Path

    def kill(self) -> None:
        with _asking:
            self.process.kill()

    def goes_on(self, seconds: float) -> bool:
        """Whether it is still at work after so many seconds."""
        wait([self.process.sentinel], seconds)
        with _asking:
            return self.process.exitcode is None

    def has_said(self, text: str) -> bool:
        """On its standard error."""
        return text in (self.folder / ERRORS).read_text(encoding="utf-8")

    def ended(self) -> Ended:
        """What it left when it came to its end."""
        assert not self.goes_on(LONGEST_RUN)
        assert self.process.exitcode is not None
        output, errors = (
            (self.folder / name).read_text(encoding="utf-8") for name in (OUTPUT, ERRORS)
        )
        return Ended(self.process.exitcode, output, errors)


def fork(
    command: CommandLine,
    plan: str,
    source: TestAccount,
    destination: TestAccount,
    before: Callable[[], object] | None = None,
) -> Forked:
    """Begin a copy; `before` is called in the child."""
    arguments, environment = command.prepared(plan)
    (command.folder / "secrets").write_text(secrets_text(source, destination), encoding="utf-8")
    for name in (OUTPUT, ERRORS):
        (command.folder / name).write_bytes(b"")
    process = _context.Process(target=_run, args=(arguments, environment, command.folder, before))
    with _asking:
        process.start()
    return Forked(process, command.folder)


def _run(
    arguments: list[str],
    environment: dict[str, str],
    folder: Path,
    before: Callable[[], object] | None,
) -> None:
    from omm_desktop import app
    from omm_desktop.cli.main import main

    os.environ.clear()
    os.environ.update(environment)
    for stream, name in enumerate(("secrets", OUTPUT, ERRORS)):
        os.dup2(os.open(folder / name, os.O_WRONLY if stream else os.O_RDONLY), stream)
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    if before is not None:
        before()
    status = main(arguments, app.services())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
