"""The tools that are measured, and how each is told what to copy."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.journeys.command import PROGRAM, plan_text, secrets_text
from tests.servers.account import TestAccount

from .measuring import Command

SETTLE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Tool:
    """`command` makes what starts the tool; its folder keeps what it remembers."""

    name: str
    command: Callable[[TestAccount, TestAccount, Path], Command]
    program: str = field(default=sys.executable)
    ours: bool = False

    @property
    def installed(self) -> bool:
        return shutil.which(self.program) is not None


def ours(name: str = "us", **options: object) -> Tool:
    """Our command line; `options` are those of a plan file."""

    def command(source: TestAccount, destination: TestAccount, folder: Path) -> Command:
        plan = folder / "plan.toml"
        settings = {"settle_seconds": SETTLE_SECONDS, **options}
        plan.write_text(plan_text(source, destination, **settings), encoding="utf-8")
        arguments = ["migrate", str(plan), "--secrets-stdin", "--json"]
        given = secrets_text(source, destination)
        state = ["--state", str(folder / "state")]
        return Command([*PROGRAM, *arguments, *state], folder, given)

    return Tool(name, command, ours=True)


def _mbsync(source: TestAccount, destination: TestAccount, folder: Path) -> Command:
    (folder / "mbsync").mkdir(exist_ok=True)
    stores = "".join(
        f"IMAPAccount {name}\nHost {side.host}\nPort {side.port}\nUser {side.login}\n"
        f"Pass {side.password}\nSSLType None\nAuthMechs PLAIN\nTimeout 300\n\n"
        f"IMAPStore {name}\nAccount {name}\n\n"
        for name, side in (("old", source), ("new", destination))
    )
    file = folder / "mbsyncrc"
    file.write_text(
        f"FSync no\n\n{stores}Channel copy\nFar :old:\nNear :new:\nPatterns *\nCreate Near\n"
        "Remove None\nExpunge None\nSync PullNew\nCopyArrivalDate yes\n"
        f"SyncState {folder}/mbsync/\n"
    )
    return Command(["mbsync", "-q", "-c", str(file), "copy"], folder)


def _interimap(source: TestAccount, destination: TestAccount, folder: Path) -> Command:
    file = folder / "interimap.conf"
    sides = "".join(
        f"[{name}]\ntype = imap\nhost = {side.host}\nport = {side.port}\n"
        f"username = {side.login}\npassword = {side.password}\nSTARTTLS = NO\n\n"
        for name, side in (("local", destination), ("remote", source))
    )
    file.write_text(f"database = {folder}/interimap.db\nlist-mailbox = *\n\n{sides}")
    file.chmod(0o600)
    return Command(["interimap", f"--config={file}"], folder)


def _naive(source: TestAccount, destination: TestAccount, folder: Path) -> Command:
    accounts = [[s.host, s.port, s.login, s.password] for s in (source, destination)]
    arguments = [sys.executable, "-m", "tests.benchmarks.naive"]
    return Command(arguments, folder, json.dumps(accounts))


OURS = ours()
MBSYNC = Tool("mbsync", _mbsync, "mbsync")
INTERIMAP = Tool("interimap", _interimap, "interimap")
NAIVE = Tool("one by one", _naive)
