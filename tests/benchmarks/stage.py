"""The two servers with mail in RAM, the source protected, and slow lines to both."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.mailbox import MailFolder, Snapshot, load, snapshot
from tests.servers.relay import Relay

CAPABILITY = (
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY UNSELECT CHILDREN "
    "NAMESPACE UIDPLUS LIST-EXTENDED CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN "
    "CONTEXT=SEARCH LIST-STATUS BINARY MOVE STATUS=SIZE NOTIFY SPECIAL-USE QUOTA"
)
DESTINATIONS = {
    "full": None,
    "no-multiappend": f"{CAPABILITY} LITERAL+",
    "no-literal+": CAPABILITY,
}


@dataclass
class Stage:
    """`mailboxes` are loaded into the source by name; `before` is what it then held."""

    source: Dovecot
    destinations: dict[str, Dovecot]
    before: dict[str, Snapshot] = field(default_factory=dict)
    _visitors: int = 0

    @contextmanager
    def lines(self, rtt: float, kind: str) -> Iterator[tuple[int, int]]:
        """Ports of the source and of a destination behind lines of this round-trip time (s).

        Without delay nothing stands in between: a relay and Nagle's algorithm together would cost
        the one-by-one copy 40 ms a message.
        """
        target = self.destinations[kind].port
        if not rtt:
            yield self.source.port, target
            return
        with Relay(self.source.port, rtt=rtt) as near, Relay(target, rtt=rtt) as far:
            yield near.port, far.port

    @contextmanager
    def visit(self, kind: str) -> Iterator[tuple[TestAccount, Path]]:
        """A fresh mailbox at the destination and a fresh folder, gone afterwards."""
        self._visitors += 1
        server = self.destinations[kind]
        account = server.add_user(f"visitor{self._visitors}")
        with tempfile.TemporaryDirectory(prefix="omm-benchmark-", dir=server.folder) as folder:
            try:
                yield account, Path(folder)
            finally:
                shutil.rmtree(server.home(account.login), ignore_errors=True)

    def at_source(self, name: str) -> TestAccount:
        return TestAccount(self.source.host, self.source.port, name, "secret")

    def unchanged(self, name: str) -> bool:
        """Whether the source holds what it held before anything ran."""
        return snapshot(self.at_source(name)) == self.before[name]


@contextmanager
def staged(mailboxes: dict[str, list[MailFolder]]) -> Iterator[Stage]:
    """Load the mailboxes, then protect them: some tools write to their source."""
    with ExitStack() as stack:
        source = stack.enter_context(Dovecot())
        for name, folders in mailboxes.items():
            if load(source.add_user(name), folders):
                raise RuntimeError(f"the source refused part of {name}")
        source.restart(replace(source.options, read_only=True))
        destinations = {
            kind: stack.enter_context(Dovecot(DovecotOptions(capability=capability)))
            for kind, capability in DESTINATIONS.items()
        }
        stage = Stage(source, destinations)
        for name in mailboxes:
            stage.before[name] = snapshot(stage.at_source(name))
        yield stage
