"""Names that belong to a person: addresses, folders, files, messages, what a server said of them.

The only way from the model to a text: while the mask is on, each answers what stands for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath

from omm_desktop import wording
from omm_desktop.engine.legs import names
from omm_desktop.language import in_context, mark
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account
from omm_desktop.model.items import Folder, FolderRole, ItemLabel
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import Problem
from omm_desktop.model.progress import Reading
from omm_desktop.model.report import SettingResult
from omm_desktop.report.field_words import field_alone, field_words, is_about_field
from omm_desktop.report.setting_words import setting_line, setting_name
from omm_desktop.support.public import public
from omm_desktop.wizard.present import file_kinds, mask

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
    """Whose mailbox it is, or which file."""
    if account.path is not None:
        return file(account)
    return typed(account.address or account.login)


def typed(name: str) -> str:
    """An address or a login, as a person gave it."""
    return mask.current().person(name) if name and mask.is_on() else name


def file(account: Account) -> str:
    """A file that is read, by its name; masked by its type."""
    if not mask.is_on():
        return account.name
    kind = file_kinds.kind_name(file_kinds.by_suffix(account.place.suffix))
    return _("{kind} {number}").format(kind=kind, number=mask.current().file(account.place))


def reading(told: Reading) -> str:
    """How far a file was read; masked, the file is called by its type."""
    if mask.is_on():
        kind = file_kinds.by_suffix(PurePath(told.name).suffix)
        told = replace(told, name=file_kinds.kind_name(kind))
    return wording.reading(told)


def place(path: object) -> str:
    """A folder of this computer."""
    return mask.DOTS if mask.is_on() else str(path)


def origin(plan: MigrationPlan) -> str:
    """All that is copied."""
    return ", ".join(map(address, plan.sources))


def sources(plan: MigrationPlan) -> list[str]:
    """Each source where there are several, told apart; alone it has no name."""
    if mask.is_on() and plan.files:
        return list(map(address, plan.sources))
    return names(plan.sources)


def role_name(role: FolderRole) -> str:
    return _(_ROLE_NAMES[role])


def folder(name: str) -> str:
    """The inbox has a name of its own in every language; others keep the one they were given."""
    if name.upper() == "INBOX":
        return role_name(FolderRole.INBOX)
    if mask.is_on():
        return _("Folder {number}").format(number=mask.current().folder(name))
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


def inside(known: Folder, name: str) -> str:
    """What a folder called `name` is called below the folder that it is in."""
    if mask.is_on() or name != folder(known.name):
        return name
    return known.path[-1]


def in_folder(what: str, name: str) -> str:
    """An item and where it is, by what the folder is called."""
    if mask.is_on():
        return f"{what} – {name}"
    return _("{what} – folder {folder}").format(what=what, folder=name)


def message(label: ItemLabel) -> str:
    """Date, sender and subject on one line."""
    day = wording.written_day(label.date)
    if mask.is_on():
        return " · ".join(filter(None, (day, in_context("message", "hidden"))))
    subject = label.subject or in_context("message", "no subject")
    return " · ".join(part for part in (day, label.sender, subject) if part)


def field(told: str) -> str:
    """Of "EMAIL: zoe@example.com", what an item could not keep; masked without what is personal."""
    return field_alone(told) if mask.is_on() else field_words(told)


def setting(result: SettingResult) -> str:
    """A rule by its name, or the out-of-office reply, and what has to be known to mend it."""
    if not mask.is_on():
        return setting_line(result)
    return _("A rule, its name hidden") if result.name else setting_name(result)


def concerned(problem: Problem) -> str:
    """What a problem is about; masked only a host."""
    subject = public(problem).subject if mask.is_on() else problem.subject
    return field_words(subject) if is_about_field(problem) else subject


def said(problem: Problem) -> str:
    """What the server answered; masked only its codes."""
    return public(problem).detail if mask.is_on() else problem.detail
