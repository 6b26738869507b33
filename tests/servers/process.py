"""Ordinary processes on loopback: a free port, a wait for the greeting, a clean end."""

from __future__ import annotations

import grp
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

START_TIMEOUT = 20.0
END_TIMEOUT = 10.0
LOOPBACK = "127.0.0.1"


def need(condition: object, what: str) -> None:
    """Skip when `what` is missing on a laptop; fail when CI is set."""
    if condition:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


def free_ports(number: int) -> list[int]:
    """Loopback ports nobody listens on."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def is_root() -> bool:
    return os.geteuid() == 0


def mail_owner() -> tuple[str, int, int]:
    """Name, uid and gid that own the mail: ourselves, or `nobody` when we are root."""
    user = pwd.getpwnam("nobody") if is_root() else pwd.getpwuid(os.geteuid())
    return user.pw_name, user.pw_uid, user.pw_gid


def own_names() -> tuple[str, str]:
    """Our user and group name."""
    return pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name


def give_away(path: Path) -> None:
    """Make the mail's owner the owner of `path`."""
    if is_root():
        _, uid, gid = mail_owner()
        os.chown(path, uid, gid)


class ServerProcess:
    """A server as a child in a process group of its own."""

    def __init__(
        self, command: Sequence[str | Path], *, log: Path, env: dict[str, str] | None = None
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self.child = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=env,
                start_new_session=True,
            )

    def wait_for_greeting(self, port: int) -> None:
        """Return when the port greets; RuntimeError with the log when it never does."""
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if self.child.poll() is not None:
                break
            with suppress(OSError), socket.create_connection((LOOPBACK, port), 5) as connection:
                if connection.recv(1):
                    return
            time.sleep(0.01)
        self.stop()
        raise RuntimeError(f"no greeting on port {port}:\n{self.log.read_text(errors='replace')}")

    def stop(self) -> None:
        """TERM to the group, wait for the end, then end whatever is left."""
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGTERM)
        try:
            self.child.wait(END_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
