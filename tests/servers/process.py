"""Ordinary processes on loopback: a free port, a wait for the greeting, a clean end."""

from __future__ import annotations

import grp
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from random import SystemRandom

import pytest

MEMORY_FOLDER = Path("/dev/shm")
ROOM_IN_MEMORY = 2 << 30
START_TIMEOUT = 60.0
END_TIMEOUT = 30.0
LOOPBACK = "127.0.0.1"


def new_folder(prefix: str) -> Path:
    """For a server and its mail; in memory where there is room: some write nothing but durably."""
    roomy = MEMORY_FOLDER.is_dir() and shutil.disk_usage(MEMORY_FOLDER).free > ROOM_IN_MEMORY
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY_FOLDER if roomy else None))


def need(condition: object, what: str) -> None:
    """Skip when `what` is missing on a laptop; fail when CI is set."""
    if condition:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


FIRST_PORT = 10_000
PORTS_OF_A_WORKER = 2_500


def _ports_of_this_worker() -> Iterator[int]:
    """A share for each worker of a parallel run, begun anywhere.

    The system gives none of them to outgoing connections: each is free until its server listens,
    and while that server is down.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST_PORT + worker * PORTS_OF_A_WORKER
    # Not the generator that begins each test with the same seed.
    begin = SystemRandom().randrange(first, first + PORTS_OF_A_WORKER)
    return itertools.cycle([*range(begin, first + PORTS_OF_A_WORKER), *range(first, begin)])


_PORTS = _ports_of_this_worker()


def free_ports(number: int) -> list[int]:
    """Loopback ports nobody listens on, and nobody else will take."""
    return list(itertools.islice(filter(_is_free, _PORTS), number))


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        # As the servers do: what is left of connections that have ended does not count.
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


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
