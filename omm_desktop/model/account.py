"""Accounts: where mail comes from or goes to, without any password."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class EndpointKind(StrEnum):
    """What stands at one end of a copy; also the `kind` of a plan file.

    From PST on files, or folders of them: FILE is what its content makes it, FILES a folder that a
    mailbox is saved in.
    """

    IMAP = "imap"
    POP3 = "pop3"
    EWS = "ews"
    PST = "pst"
    ICS = "ics"
    VCF = "vcf"
    CSV = "csv"
    MBOX = "mbox"
    EML = "eml"
    MSG = "msg"
    MAILDIR = "maildir"
    FILE = "file"
    FILES = "files"

    @property
    def is_on_disk(self) -> bool:
        return self not in (EndpointKind.IMAP, EndpointKind.POP3, EndpointKind.EWS)


class MailFormat(StrEnum):
    """How mail is saved in files."""

    MBOX = "mbox"
    EML = "eml"


SHELVES = ("mail", "contacts", "calendars", "tasks")
"""The folders that a saved mailbox is made of."""


class Access(StrEnum):
    """How the mailbox of another person is opened: with rights to it, or acting as that person."""

    DELEGATE = "delegate"
    IMPERSONATION = "impersonation"


class Security(StrEnum):
    """How a connection is protected (RFC 8314). `NONE` is allowed towards loopback only."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


USUAL_IMAP_PORT = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
USUAL_POP3_PORT = {Security.TLS: 995, Security.STARTTLS: 110, Security.NONE: 110}
USUAL_EWS_PORT = {Security.TLS: 443, Security.NONE: 80}
USUAL_PORT = {
    EndpointKind.IMAP: USUAL_IMAP_PORT,
    EndpointKind.POP3: USUAL_POP3_PORT,
    EndpointKind.EWS: USUAL_EWS_PORT,
}


@dataclass(frozen=True, slots=True)
class Server:
    """A host to connect to."""

    host: str
    port: int
    security: Security

    @property
    def is_loopback(self) -> bool:
        """True when nothing leaves this computer on the way to the host."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


NO_SERVER = Server("", 0, Security.NONE)
"""Of what is on this computer."""


@dataclass(frozen=True, slots=True)
class Account:
    """One mailbox. `address` is what the person knows, `login` what the server wants.

    `url` is where EWS answers. `mailbox` is the address of another person whose mailbox this login
    may open, by the kind of `access`; empty for its own. Of files there is the `path`, absolute,
    and of a folder to save in the `mail_format`.
    """

    kind: EndpointKind
    login: str
    server: Server
    address: str = ""
    url: str = ""
    mailbox: str = ""
    access: Access = Access.DELEGATE
    path: Path | None = None
    mail_format: MailFormat = MailFormat.MBOX

    @property
    def place(self) -> Path:
        """Where a file is. Only of files."""
        assert self.path is not None
        return self.path

    @property
    def name(self) -> str:
        """What the person calls it."""
        return self.address or self.login

    @property
    def owner(self) -> str:
        """Whose mailbox it is, as far as the server can tell."""
        return (self.mailbox or self.login).casefold()

    @property
    def identity(self) -> str:
        """The same text for the same mailbox, whatever way it was typed (problem 28-05).

        The two usual ports of a kind lead to one server; any other port may be another one. A file
        is one whatever it is taken for.
        """
        if self.path is not None:
            family = self.kind if self.kind is EndpointKind.FILES else EndpointKind.FILE
            return f"{family}:{os.path.normcase(self.path)}"
        server = self.server
        port = "" if server.port in USUAL_PORT[self.kind].values() else f":{server.port}"
        return f"{self.kind}:{self.owner}@{server.host.casefold()}{port}"


def on_disk(kind: EndpointKind, path: Path, mail_format: MailFormat = MailFormat.MBOX) -> Account:
    """A file or a folder, by its absolute path, as one end of a copy."""
    return Account(kind, "", NO_SERVER, path.name, path=path, mail_format=mail_format)


def is_file(identity: str) -> bool:
    """Whether an identity is that of a file to be read."""
    return identity.startswith(f"{EndpointKind.FILE}:")


def same_mailbox(one: Account, other: Account) -> bool:
    """The same person's at the same host, by whatever port; on loopback each port is a server.

    Of files: whether `other`, a folder to save in, is read as well as written.
    """
    if one.path is not None or other.path is not None:
        return one.path is not None and other.path is not None and _overlap(one.path, other.path)
    if one.identity == other.identity:
        return True
    hosts = [account.server.host.casefold().rstrip(".") for account in (one, other)]
    owners = [account.owner for account in (one, other)]
    same = hosts[0] == hosts[1] and owners[0] == owners[1]
    return same and not one.server.is_loopback


def same_login(one: str, other: str) -> bool:
    """Whether two identities have one login: an address anywhere, any other name at one server."""
    (login, _, server), (other_login, _, other_server) = (
        identity.partition(":")[2].rpartition("@") for identity in (one, other)
    )
    return login == other_login and ("@" in login or server == other_server)


def _overlap(read: Path, saved: Path) -> bool:
    return saved.is_relative_to(read) or any(read.is_relative_to(saved / name) for name in SHELVES)
