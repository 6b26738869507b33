"""A real Dovecot as an ordinary process on loopback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType

from imapclient.exceptions import LoginError

from .account import TestAccount
from .certificates import ServerCertificate
from .process import (
    LOOPBACK,
    ServerProcess,
    free_ports,
    give_away,
    is_root,
    mail_owner,
    new_folder,
    own_names,
)

POP3_PROGRAM = Path("/usr/lib/dovecot/pop3")
PROGRAM = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/usr/bin:/bin")


@dataclass(frozen=True)
class DovecotOptions:
    """How a Dovecot differs from the plain one.

    `capability` replaces the announced list; `connections` is the most per user;
    `special_folders` maps names to roles (`{"Sent": "\\\\Sent"}`), made and subscribed by the
    server; `rawlog` records what clients send; `read_only` protects every mailbox by an ACL;
    `pop3` opens ports for POP3 as well; `settings` is appended to the configuration.
    """

    capability: str | None = None
    prefix: str = ""
    separator: str = "."
    special_folders: Mapping[str, str] = field(default_factory=dict)
    certificate: ServerCertificate | None = None
    connections: int = 50
    rawlog: bool = False
    read_only: bool = False
    pop3: bool = False
    settings: str = ""


class Dovecot:
    """Context manager around one Dovecot. `port` speaks plain text, `tls_port` TLS.

    `pop3_port` and `pop3_tls_port` likewise, with the option `pop3`.
    """

    host = LOOPBACK

    def __init__(self, options: DovecotOptions | None = None) -> None:
        self.options = options or DovecotOptions()
        self.port, self.tls_port, self.pop3_port, self.pop3_tls_port = free_ports(4)
        self.folder = new_folder("omm-dovecot-")
        self._process: ServerProcess | None = None

    def __enter__(self) -> Dovecot:
        self.folder.chmod(0o755)
        for name in ("users", "home"):
            (self.folder / name).mkdir()
        (self.folder / "acls").write_text("* owner lr\n")
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
        assert PROGRAM is not None, "dovecot is not installed"
        configuration = self.folder / "dovecot.conf"
        configuration.write_text(_configuration(self))
        self._process = ServerProcess(
            [PROGRAM, "-F", "-c", configuration], log=self.folder / "output"
        )
        self._process.wait_for_greeting(self.port)

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def restart(self, options: DovecotOptions | None = None) -> None:
        """Stop and start again on the same mail, with other options if given."""
        self.stop()
        self.options = options or self.options
        self.start()

    def add_user(
        self, name: str, password: str = "secret", quota_kib: int | None = None
    ) -> TestAccount:
        """A new, empty mailbox, usable at once."""
        home = self.home(name)
        home.mkdir()
        give_away(home)
        if self.options.rawlog:
            (home / "rawlog").mkdir()
            give_away(home / "rawlog")
        _, uid, gid = mail_owner()
        extra = f"userdb_quota_rule=*:storage={quota_kib}K" if quota_kib is not None else ""
        # One file a user: Dovecot looks for a changed file only once a second.
        (self.folder / "users" / name.lower()).write_text(
            f"{name.lower()}:{{PLAIN}}{password}:{uid}:{gid}::{home}::{extra}\n"
        )
        return TestAccount(self.host, self.port, name, password)

    def change_quota(self, account: TestAccount, quota_kib: int) -> None:
        """Returns once it holds."""
        file = self.folder / "users" / account.login.lower()
        before, _rule, _old = file.read_text().partition("storage=")
        _rewrite(file, f"{before}storage={quota_kib}K\n")
        limit = None
        while limit != quota_kib:
            with account.client() as client:
                (limit,) = (quota.limit for quota in client.get_quota())

    def change_password(self, account: TestAccount, password: str) -> TestAccount:
        """Returns once the old one is refused: Dovecot looks at the file once a second."""
        file = self.folder / "users" / account.login.lower()
        _rewrite(file, file.read_text().replace(f"}}{account.password}:", f"}}{password}:"))
        while True:
            try:
                with account.client():
                    pass
            except LoginError:
                return replace(account, password=password)

    def remove_user(self, name: str) -> None:
        """Their mailbox too."""
        (self.folder / "users" / name.lower()).unlink()
        shutil.rmtree(self.home(name), ignore_errors=True)

    def by_pop3(self, account: TestAccount) -> TestAccount:
        """The same mailbox, as POP3 gives it (needs the option `pop3`)."""
        return account.by_pop3(self.pop3_port)

    def home(self, name: str) -> Path:
        return self.folder / "home" / name.lower()

    def commands(self, name: str) -> list[str]:
        """What clients of this user sent, a line each (needs `rawlog`); literals included."""
        lines: list[str] = []
        for record in sorted((self.home(name) / "rawlog").glob("*.in")):
            text = record.read_bytes().decode("utf-8", "replace")
            lines += [line.partition(" ")[2] for line in text.splitlines()]
        return lines

    @property
    def log_text(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""


def _rewrite(file: Path, text: str) -> None:
    """Dovecot knows a changed file by its length and the second of its change alone."""
    second = int(file.stat().st_mtime) + 1
    file.write_text(text)
    os.utime(file, (second, second))


def _configuration(server: Dovecot) -> str:
    options, folder = server.options, server.folder
    user, _ = own_names()
    group = own_names()[1]
    own = "" if is_root() else _as_ordinary_user(user, group)
    return "\n".join(
        [
            _BASE.format(folder=folder, host=server.host, protocols=_protocols(options)),
            own,
            _tls(options.certificate),
            _plugins(options, folder),
            _listener("imap", server.port, server.tls_port if options.certificate else 0),
            _pop3(server) if options.pop3 else "",
            _namespace(options),
            options.settings,
            "",
        ]
    )


_BASE = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = {protocols}
listen = {host}
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
auth_failure_delay = 0
auth_username_chars =
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users/%u
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users/%u
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


def _as_ordinary_user(user: str, group: str) -> str:
    unconfined = "".join(
        f"service {name} {{\n  chroot =\n}}\n"
        for name in ("anvil", "imap-login", "pop3-login", "stats")
    )
    return (
        f"default_internal_user = {user}\ndefault_internal_group = {group}\n"
        f"default_login_user = {user}\n{unconfined}"
    )


def _tls(certificate: ServerCertificate | None) -> str:
    if certificate is None:
        return "ssl = no"
    return f"ssl = yes\nssl_cert = <{certificate.chain}\nssl_key = <{certificate.key}"


def _plugins(options: DovecotOptions, folder: Path) -> str:
    # The ACL and quota plugins are never asked to work together.
    plugins, settings = (
        ("acl", f"acl = vfile:{folder}/acls")
        if options.read_only
        else ("quota", "quota = count:User quota\n  quota_vsizes = yes")
    )
    capability = f"imap_capability = {options.capability}" if options.capability else ""
    rawlog = "rawlog_dir = %h/rawlog" if options.rawlog else ""
    return f"""
mail_plugins = {plugins}
protocol imap {{
  mail_plugins = {plugins} imap_{plugins}
  mail_max_userip_connections = {options.connections}
  {capability}
  {rawlog}
}}
plugin {{
  {settings}
}}
"""


def _protocols(options: DovecotOptions) -> str:
    return "imap pop3" if options.pop3 else "imap"


def _pop3(server: Dovecot) -> str:
    options = server.options
    rawlog = "rawlog_dir = %h/rawlog" if options.rawlog else ""
    listener = _listener(
        "pop3", server.pop3_port, server.pop3_tls_port if options.certificate else 0
    )
    return f"protocol pop3 {{\n  {rawlog}\n}}\n{listener}"


def _listener(protocol: str, port: int, tls_port: int) -> str:
    return f"""
service {protocol}-login {{
  inet_listener {protocol} {{
    port = {port}
  }}
  inet_listener {protocol}s {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""


def _namespace(options: DovecotOptions) -> str:
    folders = "".join(
        f"  mailbox {name} {{\n    special_use = {role}\n    auto = subscribe\n  }}\n"
        for name, role in options.special_folders.items()
    )
    return (
        f"namespace inbox {{\n  inbox = yes\n  prefix = {options.prefix}\n"
        f"  separator = {options.separator}\n{folders}}}\n"
    )
