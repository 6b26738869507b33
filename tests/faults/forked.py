"""The command line in a child of a process that has loaded it already.

To load exchangelib takes longer than a small copy: what is killed a hundred times is forked.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.journeys.command import LONGEST_RUN, CommandLine, Ended, plan_text, secrets_text
from tests.servers.account import TestAccount

OUTPUT, ERRORS = "output", "errors"

_context = get_context("forkserver")
_context.set_forkserver_preload(
    ["tests.faults.forked", "omm_desktop.app", "omm_desktop.cli.main"]
    + [f"omm_desktop.endpoints.ews.{one}" for one in ("reader", "writer")]
)


@dataclass(slots=True)
class Forked:
    """A copy that runs or has run, with both its streams in files."""

    process: ForkServerProcess
    folder: Path

    def kill(self) -> None:
        self.process.kill()

    def goes_on(self, seconds: float) -> bool:
        """Whether it is still at work after so many seconds."""
        self.process.join(seconds)
        return self.process.exitcode is None

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
    source: TestAccount,
    destination: TestAccount,
    options: Mapping[str, object],
    before: Callable[[], object] | None = None,
) -> Forked:
    """Begin a copy with these options of a plan; `before` is called in the child."""
    arguments, environment = command.prepared(plan_text(source, destination, **options))
    (command.folder / "secrets").write_text(secrets_text(source, destination), encoding="utf-8")
    process = _context.Process(target=_run, args=(arguments, environment, command.folder, before))
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
    for stream, name, mode in ((0, "secrets", os.O_RDONLY), (1, OUTPUT, 0), (2, ERRORS, 0)):
        flags = mode if stream == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(folder / name, flags, 0o600), stream)
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    if before is not None:
        before()
    status = main(arguments, app.services())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
