"""A Gmail on loopback: a real Dovecot, and around it what sets Gmail apart over IMAP.

Every letter is shown once under each of its labels and once in All Mail; `gmail_line` numbers it.
Sign-in wants a password made for programs.
https://developers.google.com/workspace/gmail/imap/imap-extensions
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from types import TracebackType

from omm_desktop.model.items import FolderPath

from .account import TestAccount
from .certificates import ServerCertificate
from .dovecot import Dovecot, DovecotOptions
from .gmail_line import GmailLine, Numbers
from .mailbox import MailFolder, Message
from .process import LOOPBACK, START_TIMEOUT

ALL, STARRED, SENT, BIN = (
    ("[Gmail]", name) for name in ("All Mail", "Starred", "Sent Mail", "Bin")
)
_ROLES = {
    "All Mail": "\\All",
    "Starred": "\\Flagged",
    "Important": "\\Important",
    "Sent Mail": "\\Sent",
    "Drafts": "\\Drafts",
    "Spam": "\\Junk",
    "Bin": "\\Trash",
}
_CAPABILITY = (
    "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID CHILDREN X-GM-EXT-1 UIDPLUS ENABLE MOVE CONDSTORE"
    " ESEARCH LIST-EXTENDED LIST-STATUS SPECIAL-USE SASL-IR"
)


def labelled(letters: Iterable[tuple[Message, Collection[FolderPath]]]) -> list[MailFolder]:
    """Letters with their labels, as folders: under each, among the starred, in All Mail."""
    shown: defaultdict[FolderPath, list[Message]] = defaultdict(list)
    for letter, labels in letters:
        starred = [STARRED] if "\\Flagged" in letter.flags else []
        for path in (*labels, *starred, ALL):
            shown[path].append(letter)
    return [MailFolder(path, messages) for path, messages in shown.items()]


class Gmail:
    """Context manager. `tls_port` is where Gmail is."""

    def __init__(self, certificate: ServerCertificate) -> None:
        folders = {f'"[Gmail]/{name}"': role for name, role in _ROLES.items()}
        self._dovecot = Dovecot(
            DovecotOptions(capability=_CAPABILITY, separator="/", special_folders=folders)
        )
        self._certificate = certificate
        self._ordinary: set[str] = set()
        self._numbers: defaultdict[str, Numbers] = defaultdict(Numbers)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="gmail")

    def add_user(self, address: str, password: str, ordinary: str = "") -> TestAccount:
        """An empty mailbox. `password` is one for programs, `ordinary` one for Google's site."""
        self._ordinary.add(ordinary)
        account = self._dovecot.add_user(address, password)
        return replace(account, port=self.tls_port, tls=str(self._certificate.authority))

    def change_password(self, account: TestAccount, password: str) -> TestAccount:
        """Returns once the old one is refused."""
        return self._dovecot.change_password(account, password)

    def __enter__(self) -> Gmail:
        self._dovecot.__enter__()
        self._thread.start()
        if not self._ready.wait(START_TIMEOUT):
            raise RuntimeError("no port for Gmail")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._dovecot.__exit__(kind, error, trace)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._certificate.chain, self._certificate.key)
        server = await asyncio.start_server(self._meet, LOOPBACK, 0, ssl=context)
        self.tls_port: int = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = GmailLine(self._dovecot.port, self._numbers, self._ordinary)
        await line.lead(reader, writer)
