"""The command line as a person or a script starts it: a child process, its plan and its answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from omm_desktop.model.account import EndpointKind
from tests.servers.account import TestAccount

PROGRAM = (sys.executable, "-m", "omm_desktop")
CHECKOUT = Path(__file__).parents[2]
LONGEST_RUN = 250.0


@dataclass(frozen=True, slots=True)
class Ended:
    """What a finished command left: exit status, both streams, and a report perhaps."""

    status: int
    output: str
    errors: str

    @property
    def report(self) -> dict[str, Any]:
        assert self.output.startswith("{"), f"status {self.status}:\n{self.output}\n{self.errors}"
        report: dict[str, Any] = json.loads(self.output)
        return report

    @property
    def totals(self) -> dict[str, int]:
        totals: dict[str, int] = self.report["totals"]
        return totals

    @property
    def code(self) -> str:
        """The catalogue code of what stopped the copy."""
        return str((self.report["stopped_by"] or {}).get("code", ""))


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file to copy from, or a folder to save in."""

    path: Path
    kind: EndpointKind = EndpointKind.FILE
    mail_format: str = ""


End = TestAccount | OnDisk


@dataclass(slots=True)
class CommandLine:
    """One person's computer: records, home folder and language. `folder` is made when missing.

    `program` is what is run, the arguments of `omm-desktop` come after it.
    """

    folder: Path
    language: str = "en"
    environment: Mapping[str, str] = field(default_factory=dict)
    program: Sequence[str] = PROGRAM
    as_json: bool = True

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def migrate(self, source: End | Sequence[End], destination: End, **options: object) -> Ended:
        """Copy to the end; options are those of a plan file."""
        return self.run(plan_text(source, destination, **options), source, destination)

    def run(self, plan: str, source: End | Sequence[End], destination: End) -> Ended:
        child = self.start(plan, source, destination)
        output, errors = child.communicate(timeout=LONGEST_RUN)
        return Ended(child.returncode, output, errors)

    def undo(self, run: int, destination: End, count: int | None = None) -> Ended:
        """Tell what a copy brought, or take so many items out again."""
        child = self.start_undo(run, destination, count)
        output, errors = child.communicate(timeout=LONGEST_RUN)
        return Ended(child.returncode, output, errors)

    def start_undo(
        self, run: int, destination: End, count: int | None = None
    ) -> subprocess.Popen[str]:
        """The child, its password already given."""
        arguments = ["undo", str(run), "--state", str(self.state)]
        if count is not None:
            arguments += ["--yes-remove", str(count), "--secrets-stdin"]
        return self._child(arguments, self._environment(), secrets_text([], destination))

    def start(
        self, plan: str, source: End | Sequence[End], destination: End
    ) -> subprocess.Popen[str]:
        """The child, its passwords already given."""
        return self._child(*self.prepared(plan), secrets_text(source, destination))

    def _child(
        self, arguments: Sequence[str], environment: Mapping[str, str], secrets: str
    ) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [*self.program, *arguments],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert child.stdin is not None
        child.stdin.write(secrets)
        child.stdin.close()
        child.stdin = None
        return child

    def prepared(self, plan: str) -> tuple[list[str], dict[str, str]]:
        """Arguments and environment, with the plan in its file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "plan.toml"
        file.write_text(plan, encoding="utf-8")
        more = ["--json"] if self.as_json else []
        arguments = ["migrate", str(file), "--secrets-stdin", "--state", str(self.state), *more]
        return arguments, self._environment()

    def _environment(self) -> dict[str, str]:
        """Nothing of the computer the tests run on that could change what the program does."""
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return {
            **kept,
            "HOME": str(home),
            "LANG": "C.UTF-8" if self.language == "en" else f"{self.language}_FR.UTF-8",
            "PYTHONUTF8": "1",
            **self.environment,
        }


def plan_text(source: End | Sequence[End], destination: End, **options: object) -> str:
    """A plan file. Options are written as TOML: lists and dates as they are, texts quoted; those
    that are None are left out.
    """
    if isinstance(source, TestAccount | OnDisk):
        lines = _side("[source]", source)
    else:
        lines = [line for one in source for line in _side("[[source]]", one)]
    lines += [*_side("[destination]", destination), "[options]"]
    options = {"kinds": ["mail"], "settle_seconds": 1, **options}
    told = {name: value for name, value in options.items() if value is not None}
    lines += (f"{name} = {_toml(value)}" for name, value in told.items())
    return "\n".join([*lines, ""])


def secrets_text(source: End | Sequence[End], destination: End) -> str:
    """Of files there is nothing to tell."""
    sources = [source] if isinstance(source, TestAccount | OnDisk) else source
    sides = [*(("source", one) for one in sources), ("destination", destination)]
    return json.dumps(
        {side: {"password": one.password} for side, one in sides if isinstance(one, TestAccount)}
    )


def _side(name: str, account: End) -> list[str]:
    if isinstance(account, OnDisk):
        told = f'mail_format = "{account.mail_format}"' if account.mail_format else ""
        return [name, f'kind = "{account.kind}"', f"path = {_toml(str(account.path))}", told]
    if account.kind is EndpointKind.EWS:
        return _exchange_side(name, account)
    return [
        name,
        f'kind = "{account.kind}"',
        f"host = {_toml(account.host)}",
        f"port = {account.port}",
        f'security = "{"tls" if account.tls else "none"}"',
        f"login = {_toml(account.login)}",
    ]


def _exchange_side(name: str, account: TestAccount) -> list[str]:
    whose = f"mailbox = {_toml(account.mailbox)}" if account.mailbox else ""
    return [
        name,
        'kind = "ews"',
        f"url = {_toml(account.url)}",
        f"login = {_toml(account.login)}",
        whose,
        f'access = "{account.access}"',
    ]


def _toml(value: object) -> str:
    # JSON's texts, numbers and lists of them are TOML as well; a date has no quotes.
    return json.dumps(value) if isinstance(value, str | int | float | list) else str(value)
