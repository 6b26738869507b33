"""A real Cyrus as an ordinary process on loopback, from Debian packages unpacked beside Dovecot."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    "cyrus-common",
    "cyrus-imapd",
    "sasl2-bin",
    "libclamav12",
    "libmspack0",
    "libical3",
    "libpcre3",
    "libxapian30",
    "libzephyr4",
)
POP3_PACKAGES = ("cyrus-pop3d",)
ADMIN = "cyrusadmin"
REALM = "localhost"


@dataclass(frozen=True)
class CyrusOptions:
    """How a Cyrus differs from the plain one.

    `hidden` capabilities are no longer announced; `internal_namespace` puts personal folders under
    `INBOX.`; `special_folders` maps names to roles (`{"Gesendet": "\\\\Sent"}`); `pop3` opens a
    port for POP3 as well; `settings` is appended to the configuration, where an option given twice
    makes the server end silently.
    """

    hidden: tuple[str, ...] = ()
    internal_namespace: bool = False
    special_folders: Mapping[str, str] = field(default_factory=dict)
    pop3: bool = False
    settings: str = ""


class Cyrus:
    """Context manager around one Cyrus; `PackagesMissing` when it cannot be had."""

    host = LOOPBACK

    def __init__(self, options: CyrusOptions | None = None) -> None:
        self.options = options or CyrusOptions()
        self._tree = unpacked("cyrus", PACKAGES)
        self._env = os.environ | {"LD_LIBRARY_PATH": library_path(self._tree)}
        self.port, self.pop3_port = free_ports(2)
        self.folder = new_folder("omm-cyrus-")
        self._process: ServerProcess | None = None

    def __enter__(self) -> Cyrus:
        configuration = ("db", "socket", "proc", "log", "msg", "sieve", "user", "quota")
        for name in ("conf", "spool", *(f"conf/{part}" for part in configuration)):
            (self.folder / name).mkdir()
            give_away(self.folder / name)
        for name in ("ptclient", "sync"):
            (self.folder / "conf" / name).mkdir()
            give_away(self.folder / "conf" / name)
        give_away(self.folder)
        self._set_password(ADMIN, "secret")
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        user, _, _ = mail_owner()
        programs = self._tree / "usr/lib/cyrus/bin"
        settings, services = self.folder / "imapd.conf", self.folder / "cyrus.conf"
        settings.write_text(_settings(self.options, self.folder, user))
        services.write_text(
            _SERVICES.format(
                programs=programs,
                settings=settings,
                listen=f"{self.host}:{self.port}",
                pop3=self._pop3(settings) if self.options.pop3 else "",
            )
        )
        pid = self.folder / "master.pid"
        self._process = ServerProcess(
            self._as_owner(programs / "master", "-C", settings, "-M", services, "-p", pid, "-D"),
            log=self.folder / "output",
            env=self._env,
        )
        self._process.wait_for_greeting(self.port)

    def _pop3(self, settings: Path) -> str:
        program = unpacked("cyrus-pop3", POP3_PACKAGES) / "usr/lib/cyrus/bin/pop3d"
        listen = f"{self.host}:{self.pop3_port}"
        return f'pop3 cmd="{program} -C {settings}" listen="{listen}" proto=tcp prefork=0'

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def restart(self, options: CyrusOptions | None = None) -> None:
        """Stop and start again on the same mail, with other options if given."""
        self.stop()
        self.options = options or self.options
        self.start()

    def add_user(
        self, name: str, password: str = "secret", quota_kib: int | None = None
    ) -> TestAccount:
        """A new mailbox holding INBOX; `name` has no "@", which would be a realm."""
        self._set_password(name, password)
        account = TestAccount(self.host, self.port, name, password)
        with account.client():
            pass
        if quota_kib is not None:
            administrator = TestAccount(self.host, self.port, ADMIN, "secret")
            delimiter = "." if self.options.internal_namespace else "/"
            with administrator.client() as client:
                client._imap.setquota(f"user{delimiter}{name}", f"(STORAGE {quota_kib})")
        return account

    def _set_password(self, name: str, password: str) -> None:
        program = self._tree / "usr/sbin/saslpasswd2"
        subprocess.run(
            self._as_owner(program, "-p", "-c", "-f", self.folder / "sasldb2", "-u", REALM, name),
            input=password,
            text=True,
            env=self._env,
            check=True,
            capture_output=True,
        )

    def _as_owner(self, *command: str | Path) -> list[str]:
        words = [str(word) for word in command]
        if not is_root():
            return words
        _, uid, gid = mail_owner()
        return ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *words]


_SERVICES = """
START {{
  recover cmd="{programs}/ctl_cyrusdb -C {settings} -r"
}}
SERVICES {{
  imap cmd="{programs}/imapd -C {settings}" listen="{listen}" proto=tcp prefork=1
  {pop3}
}}
EVENTS {{
}}
"""


def _settings(options: CyrusOptions, folder: Path, user: str) -> str:
    unix, alternative = ("no", "no") if options.internal_namespace else ("yes", "yes")
    lines = [
        f"configdirectory: {folder}/conf",
        "defaultpartition: default",
        f"partition-default: {folder}/spool",
        f"cyrus_user: {user}",
        f"admins: {ADMIN}",
        "sasl_pwcheck_method: auxprop",
        "sasl_auxprop_plugin: sasldb",
        f"sasl_sasldb_path: {folder}/sasldb2",
        "sasl_mech_list: PLAIN LOGIN",
        "allowplaintext: yes",
        "virtdomains: off",
        f"servername: {REALM}",
        "idlemethod: poll",
        "autocreate_quota: 0",
        f"unixhierarchysep: {unix}",
        f"altnamespace: {alternative}",
    ]
    if options.hidden:
        lines.append(f"suppress_capabilities: {' '.join(options.hidden)}")
    if options.special_folders:
        lines.append(f"autocreate_inbox_folders: {'|'.join(options.special_folders)}")
        lines += (
            f"xlist-{role.lstrip(chr(92)).lower()}: {name}"
            for name, role in options.special_folders.items()
        )
    return "\n".join([*lines, options.settings, ""])
