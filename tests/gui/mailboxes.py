"""The accounts of scenes, and what their servers hold."""

from __future__ import annotations

from dataclasses import replace

from omm_desktop.model.account import Access, Account, EndpointKind, Security, Server
from omm_desktop.model.items import Folder, FolderRole, Holds, ItemKind
from omm_desktop.model.ports import Space
from omm_desktop.model.secret import Secret
from omm_desktop.ui.window import Window
from omm_desktop.wizard.draft import AccountCheck, AccountDraft
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.probe_result import ProbeResult

PASSWORD = Secret("mot de passe")
OLD = Account(
    EndpointKind.IMAP,
    "claire.moreau@exemple.fr",
    Server("imap.exemple.fr", 993, Security.TLS),
    "claire.moreau@exemple.fr",
)
NEW = replace(
    OLD,
    login="claire.moreau@exemple.com",
    address="claire.moreau@exemple.com",
    server=Server("imap.exemple.com", 993, Security.TLS),
)
OLD_BY_POP = replace(
    OLD, kind=EndpointKind.POP3, server=Server("pop.exemple.fr", 995, Security.TLS)
)
FOUND = ProbeResult(
    (
        Folder(("INBOX",), "INBOX", FolderRole.INBOX, 2910, 1_500_000_000),
        Folder(("Envoyés",), "Envoyés", FolderRole.SENT, 1120, 800_000_000),
        Folder(("Corbeille",), "Corbeille", FolderRole.TRASH, 210, 30_000_000),
        Folder(("Clients",), "Clients", None, 88, 9_000_000),
        Folder(("Clients", "Été 2024"), "Clients/Été 2024", None, 12, 400_000),
        Folder(("Clients", "Hiver"), "Clients/Hiver", None, 0, 0),
    )
)
ROOMY = ProbeResult(
    (Folder(("INBOX",), "INBOX", FolderRole.INBOX, 120, 9_000_000),),
    Space(used_bytes=9_000_000, limit_bytes=50_000_000_000),
)
GMAIL = ProbeResult(
    (
        Folder(("INBOX",), "INBOX", FolderRole.INBOX, 31_400, holds=Holds.LABEL),
        Folder(("Clients",), "Clients", None, 88_000, holds=Holds.LABEL),
        Folder(("[Gmail]", "Tous"), "a", FolderRole.ALL, holds=Holds.REST, shows=92_300),
    )
)
BY_POP = ProbeResult(FOUND.folders[:1])
BY_POP_OR_IMAP = replace(BY_POP, imap=Server("imap.exemple.fr", 993, Security.TLS))
STRICT = replace(
    ROOMY,
    folders=(*ROOMY.folders, Folder(("Éléments envoyés",), "Sent", FolderRole.SENT, 4, 90_000)),
    largest_item=25_000_000,
    keeps_keywords=False,
    acceptable=lambda path: tuple(part.replace(" ", "-") for part in path),
)
EXCHANGE_URL = "https://ex.exemple.fr/EWS/Exchange.asmx"
OLD_EXCHANGE = replace(
    OLD,
    kind=EndpointKind.EWS,
    server=Server("ex.exemple.fr", 443, Security.TLS),
    url=EXCHANGE_URL,
)
NEW_EXCHANGE = replace(
    OLD_EXCHANGE,
    login="administration@exemple.com",
    address="claire.moreau@exemple.com",
    server=Server("ex.exemple.com", 443, Security.TLS),
    url="https://ex.exemple.com/EWS/Exchange.asmx",
    mailbox="claire.moreau@exemple.com",
    access=Access.IMPERSONATION,
)
ONLINE = replace(
    OLD_EXCHANGE,
    server=Server("outlook.office365.com", 443, Security.TLS),
    url="https://outlook.office365.com/ews/exchange.asmx",
)
ON_EXCHANGE = ProbeResult(
    (
        *FOUND.folders,
        Folder(("Contacts",), "c", FolderRole.CONTACTS, 120, 900_000, kind=ItemKind.CONTACTS),
        Folder(("Contacts", "Clients"), "d", None, 31, 90_000, kind=ItemKind.CONTACTS),
        Folder(("Calendrier",), "e", FolderRole.CALENDAR, 1340, 4_000_000, kind=ItemKind.EVENTS),
        Folder(("Tâches",), "f", FolderRole.TASKS, 0, 0, kind=ItemKind.TASKS),
    )
)
EXCHANGE_READY = replace(
    ROOMY,
    folders=(
        *ROOMY.folders,
        Folder(("Contacts",), "c", FolderRole.CONTACTS, 12, 90_000, kind=ItemKind.CONTACTS),
        Folder(("Calendrier",), "e", FolderRole.CALENDAR, 1, 4_000, kind=ItemKind.EVENTS),
    ),
    kinds=frozenset(ItemKind),
)
TIGHT = replace(ROOMY, space=Space(used_bytes=9_000_000, limit_bytes=500_000_000))


def checked(account: AccountDraft, as_: Account, result: ProbeResult) -> None:
    account.prefill(as_, Secret("") if as_.kind.is_on_disk else PASSWORD)
    account.check = AccountCheck(account.account(), account.password, result)


def open_page(window: Window, page: PageId) -> None:
    """As pressing the main button would, with both mailboxes checked."""
    checked(window.draft.source, OLD, FOUND)
    checked(window.draft.destination, NEW, ROOMY)
    window.review.change_wanted.emit(page)
