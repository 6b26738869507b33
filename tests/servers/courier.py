"""A real Courier on loopback, from Debian packages unpacked beside Dovecot.

Its paths are compiled in, so it runs in a mount namespace of its own, which needs root; the system
stays untouched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType

from .account import TestAccount
from .packages import library_path, unpacked
from .process import (
    LOOPBACK,
    ServerProcess,
    free_ports,
    give_away,
    is_root,
    mail_owner,
    new_folder,
)

PACKAGES = (
    "courier-authlib",
    "courier-authdaemon",
    "courier-authlib-userdb",
    "courier-base",
    "courier-imap",
    "libcourier-unicode4",
    "gamin",
    "libgamin0",
    "libpcre3",
)
PASSWORD = "secret"
USERS = 200


class CourierUnavailable(Exception):
    """This computer cannot run a Courier."""


class Courier:
    """Context manager around one Courier; `PackagesMissing` or `CourierUnavailable`."""

    host = LOOPBACK

    def __init__(self) -> None:
        if not is_root() or shutil.which("unshare") is None:
            raise CourierUnavailable("root and unshare are needed")
        self._tree = unpacked("courier", PACKAGES)
        libraries = library_path(self._tree, "usr/lib/courier-authlib")
        self._env = os.environ | {"LD_LIBRARY_PATH": libraries}
        (self.port,) = free_ports(1)
        self.folder = new_folder("omm-courier-")
        self._users = iter([f"user{number}" for number in range(1, USERS + 1)])
        self._process: ServerProcess | None = None

    def __enter__(self) -> Courier:
        self.folder.chmod(0o755)
        settings = self.folder / "etc" / "courier"
        settings.mkdir(parents=True)
        (self.folder / "home").mkdir()
        (settings / "authdaemonrc").write_text(_AUTHENTICATION)
        self._write_users(settings)
        script = self.folder / "server.sh"
        script.write_text(_SERVER.format(folder=self.folder, tree=self._tree, port=self.port))
        self._process = ServerProcess(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", script],
            log=self.folder / "output",
            env=self._env,
        )
        try:
            self._process.wait_for_greeting(self.port)
        except RuntimeError as error:
            raise CourierUnavailable(str(error)) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            # The first process of a namespace takes all others with it.
            self._process.child.kill()
            self._process.child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def add_user(self) -> TestAccount:
        """An empty mailbox of one of the users known since the start."""
        name = next(self._users)
        home = self.folder / "home" / name
        for folder in (home, home / "Maildir", *(home / "Maildir" / n for n in _MAILDIR)):
            folder.mkdir()
            give_away(folder)
        return TestAccount(self.host, self.port, name, PASSWORD)

    def _write_users(self, settings: Path) -> None:
        _, uid, gid = mail_owner()
        password = self._run(self._tree / "usr/sbin/userdbpw", "-md5", given=PASSWORD + "\n")
        names = list(self._users)
        self._users = iter(names)
        homes = {name: self.folder / "home" / name for name in names}
        public = [
            f"{name}\tuid={uid}|gid={gid}|home={home}|mail={home / 'Maildir'}\n"
            for name, home in homes.items()
        ]
        secret = [f"{name}\timappw={password.strip()}\n" for name in names]
        program = self._tree / "usr/lib/courier/courier-authlib/makedatprog"
        for base, lines in (("userdb", public), ("userdbshadow", secret)):
            target = settings / f"{base}.dat"
            self._run(program, "-", f"{target}.tmp", target, given="".join([*lines, ".\n"]))

    def _run(self, *command: str | Path, given: str) -> str:
        done = subprocess.run(
            [str(word) for word in command],
            input=given,
            text=True,
            env=self._env,
            check=True,
            capture_output=True,
        )
        return done.stdout


_MAILDIR = ("cur", "new", "tmp")

_AUTHENTICATION = """
authmodulelist="authuserdb"
authmodulelistorig="authuserdb"
daemons=2
authdaemonvar=/run/courier/authdaemon
DEBUG_LOGIN=0
DEFAULTOPTIONS=""
LOGGEROPTS=""
"""

_SERVER = """set -e
mount -t overlay overlay -o lowerdir={folder}/etc:{tree}/etc:/etc /etc
mount -t overlay overlay -o lowerdir={tree}/usr:/usr /usr
mount -t tmpfs tmpfs /run
mkdir -p /run/courier/authdaemon
export LD_LIBRARY_PATH={tree}/lib/x86_64-linux-gnu:/usr/lib/courier-authlib
/usr/lib/courier/courier-authlib/authdaemond &
set -a
. /etc/courier/imapd
PORT={port}
IMAP_STARTTLS=NO
exec /usr/sbin/couriertcpd -address=127.0.0.1 -maxprocs=80 -maxperip=80 -nodnslookup \\
    -noidentlookup {port} /usr/lib/courier/courier/imaplogin /usr/bin/imapd Maildir
"""
