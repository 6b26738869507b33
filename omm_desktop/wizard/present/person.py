"""Names that belong to a person: addresses, folders, messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

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
    FolderRole.CONTACTS: mark("Contacts"),
    FolderRole.CALENDAR: mark("Calendar"),
    FolderRole.TASKS: mark("Tasks"),
}


def address(account: Account) -> str:
    return account.address or account.login


def role_name(role: FolderRole) -> str:
    return _(_ROLE_NAMES[role])


def folder(name: str) -> str:
    """The inbox has a name of its own in every language; others keep the one they were given."""
    if name.upper() == "INBOX":
        return role_name(FolderRole.INBOX)
    return name.replace("/", " › ")


def folders(known: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """What each folder is called, by its own name, from pairs of name and role.

    A role says it, unless several folders of the mailbox share that role.
    """
    pairs = tuple(known)
    shared = Counter(role for _name, role in pairs)
    return {
        name: role_name(FolderRole(role)) if role and shared[role] == 1 else folder(name)
        for name, role in pairs
    }


def message(label: ItemLabel) -> str:
    """Date, sender and subject on one line."""
    subject = label.subject or in_context("message", "no subject")
    return " · ".join(part for part in (label.date, label.sender, subject) if part)
