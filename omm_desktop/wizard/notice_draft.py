"""To whom mails about the copy go, as typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omm_desktop.guide.outgoing import USUAL_SMTP_PORT, outgoing
from omm_desktop.guide.providers import providers
from omm_desktop.model.account import Security, Server
from omm_desktop.model.plan import Notices

if TYPE_CHECKING:
    from omm_desktop.wizard.draft import AccountDraft


@dataclass
class NoticeDraft:
    """`address` is empty for no mails. The server is typed only where none is known."""

    address: str = ""
    host: str = ""
    port: int = USUAL_SMTP_PORT[Security.TLS]
    security: Security = Security.TLS

    @property
    def wanted(self) -> bool:
        return bool(self.address.strip())

    @property
    def typed(self) -> Server:
        return Server(self.host.strip(), self.port, self.security)

    def use_security(self, security: Security) -> None:
        """Proposes the usual port, unless another one was typed."""
        if self.port == USUAL_SMTP_PORT[self.security]:
            self.port = USUAL_SMTP_PORT[security]
        self.security = security

    def take(self, notices: Notices | None) -> None:
        """As it stands in a plan."""
        if notices is None:
            self.address = ""
            return
        self.address, server = notices.address, notices.server
        self.host, self.port, self.security = server.host, server.port, server.security


def notices(draft: NoticeDraft, sender: AccountDraft) -> Notices | None:
    """None where no mail is wanted, or none can be sent: files have no outgoing server."""
    account = sender.account()
    if not draft.wanted or account.kind.is_on_disk:
        return None
    server, login = known_server(sender) or (draft.typed, account.login)
    return Notices(draft.address.strip(), server, login, account.name)


def known_server(sender: AccountDraft) -> tuple[Server, str] | None:
    """The outgoing server of this mailbox and the login it wants, from the settings reference."""
    known = providers()
    service = known.by_id(sender.service) if sender.service else None
    return outgoing(sender.account(), known, service, sender.answer)
