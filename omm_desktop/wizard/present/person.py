"""Names that belong to a person: addresses, folders, messages."""

from __future__ import annotations

from omm_desktop.language import in_context, mark
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account
from omm_desktop.model.items import FolderRole, ItemLabel

_ROLE_NAMES = {
    FolderRole.INBOX: mark("Inbox"),
    FolderRole.SENT: mark("Sent"),
    FolderRole.DRAFTS: mark("Drafts"),
    FolderRole.JUNK: mark("Junk"),
    FolderRole.TRASH: mark("Trash"),
    FolderRole.ARCHIVE: mark("Archive"),
    FolderRole.ALL: mark("All mail"),
    FolderRole.FLAGGED: mark("Flagged"),
    FolderRole.IMPORTANT: mark("Important"),
}


def address(account: Account) -> str:
    return account.address or account.login


def role_name(role: FolderRole) -> str:
    return _(_ROLE_NAMES[role])


def folder(name: str, role: str | None) -> str:
    """The inbox has a name of its own in every language; others keep the one they were given."""
    if role == FolderRole.INBOX or name.upper() == "INBOX":
        return role_name(FolderRole.INBOX)
    return name.replace("/", " › ")


def message(label: ItemLabel) -> str:
    """Date, sender and subject on one line."""
    subject = label.subject or in_context("message", "no subject")
    return " · ".join(part for part in (label.date, label.sender, subject) if part)
