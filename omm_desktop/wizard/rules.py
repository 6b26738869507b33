"""Checks of what is typed: which field has to be mended, and by which rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from omm_desktop.model.account import EndpointKind, Security, same_mailbox
from omm_desktop.model.ews_url import server_at
from omm_desktop.wizard.draft import AccountDraft, Draft, FolderChoice
from omm_desktop.wizard.finding import Scope
from omm_desktop.wizard.notice_draft import known_server, notices

_IN_GROUPS = re.compile(r"[A-Za-z0-9]{4}(?:\s+[A-Za-z0-9]{4}){3}")


class Field(StrEnum):
    SERVICE = "service"
    ADDRESS = "address"
    PASSWORD = "password"
    ANSWER = "answer"
    KIND = "kind"
    HOST = "host"
    PORT = "port"
    SECURITY = "security"
    LOGIN = "login"
    MAILBOX = "mailbox"
    FILES = "files"
    FOLDER = "folder"
    KINDS = "kinds"
    FOLDERS = "folders"
    SINCE = "since"
    NOTICE = "notice"
    OUTGOING = "outgoing"
    OUTGOING_PORT = "outgoing-port"
    OUTGOING_SECURITY = "outgoing-security"


class Rule(StrEnum):
    SERVICE_MISSING = "service-missing"
    ADDRESS_MISSING = "address-missing"
    ADDRESS_INCOMPLETE = "address-incomplete"
    PASSWORD_MISSING = "password-missing"
    ANSWER_MISSING = "answer-missing"
    HOST_MISSING = "host-missing"
    HOST_MALFORMED = "host-malformed"
    PLACE_MISSING = "place-missing"
    PLACE_MALFORMED = "place-malformed"
    PLACE_UNPROTECTED = "place-unprotected"
    PORT_OUT_OF_RANGE = "port-out-of-range"
    PLAIN_TOWARDS_NETWORK = "plain-towards-network"
    LOGIN_MISSING = "login-missing"
    MAILBOX_MISSING = "mailbox-missing"
    FILES_MISSING = "files-missing"
    FILE_REFUSED = "file-refused"
    FOLDER_MISSING = "folder-missing"
    FOLDER_INCOMPLETE = "folder-incomplete"
    SAME_FOLDER = "same-folder"
    NOTHING_CHOSEN = "nothing-chosen"
    NO_FOLDER_CHOSEN = "no-folder-chosen"
    DAY_TO_COME = "day-to-come"
    SAME_MAILBOX = "same-mailbox"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend."""

    field: Field
    rule: Rule


SETTINGS_FIELDS = frozenset(
    {Field.KIND, Field.HOST, Field.PORT, Field.SECURITY, Field.LOGIN, Field.MAILBOX}
)

_ADDRESS = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)*")
_HOST = re.compile(r"[^\s/@:]+|\[?[0-9A-Fa-f:.]+\]?")


def complete_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text.strip()) is not None


def account_faults(account: AccountDraft) -> list[Fault]:
    """In the order of the fields on the page."""
    return [*_person_faults(account), *_server_faults(account)]


def source_faults(draft: Draft) -> list[Fault]:
    """Files that take the place of a mailbox, or the mailbox and the files beside it."""
    faults = [] if draft.from_files else account_faults(draft.source)
    if draft.from_files and not draft.files:
        faults.append(Fault(Field.FILES, Rule.FILES_MISSING))
    if any(file.problem is not None for file in draft.files):
        faults.append(Fault(Field.FILES, Rule.FILE_REFUSED))
    return faults


def destination_faults(draft: Draft) -> list[Fault]:
    account = draft.destination
    to_files = account.kind.is_on_disk
    faults = _folder_faults(account) if to_files else account_faults(account)
    if not faults and any(same_mailbox(one, account.account()) for one in draft.sources):
        if to_files:
            return [Fault(Field.FOLDER, Rule.SAME_FOLDER)]
        return [Fault(Field.ADDRESS, Rule.SAME_MAILBOX)]
    return faults


def _folder_faults(account: AccountDraft) -> list[Fault]:
    if account.path is None:
        return [Fault(Field.FOLDER, Rule.FOLDER_MISSING)]
    return [] if account.path.is_absolute() else [Fault(Field.FOLDER, Rule.FOLDER_INCOMPLETE)]


def notice_faults(draft: Draft) -> list[Fault]:
    """Of the mails about the copy; none where none are wanted."""
    notice = draft.options.notice
    told = notices(notice, draft.destination)
    if told is None:
        return []
    faults, host = [], told.server.host
    if not complete_address(notice.address):
        faults.append(Fault(Field.NOTICE, Rule.ADDRESS_INCOMPLETE))
    if known_server(draft.destination) is not None:
        return faults
    if not host:
        faults.append(Fault(Field.OUTGOING, Rule.HOST_MISSING))
    elif not _HOST.fullmatch(host):
        faults.append(Fault(Field.OUTGOING, Rule.HOST_MALFORMED))
    if not 1 <= told.server.port <= 65535:
        faults.append(Fault(Field.OUTGOING_PORT, Rule.PORT_OUT_OF_RANGE))
    if host and told.server.security is Security.NONE and not told.server.is_loopback:
        faults.append(Fault(Field.OUTGOING_SECURITY, Rule.PLAIN_TOWARDS_NETWORK))
    return faults


def option_faults(draft: Draft, today: date) -> list[Fault]:
    faults, options = [], draft.options
    if not draft.contents:
        faults.append(Fault(Field.KINDS, Rule.NOTHING_CHOSEN))
    by_folder = bool(draft.kinds) and options.folders is FolderChoice.CHOSEN
    if by_folder and not _is_any_wanted(draft):
        faults.append(Fault(Field.FOLDERS, Rule.NO_FOLDER_CHOSEN))
    if options.since is not None and options.since > today:
        faults.append(Fault(Field.SINCE, Rule.DAY_TO_COME))
    return [*faults, *notice_faults(draft)]


def _is_any_wanted(draft: Draft) -> bool:
    """Whether a chosen folder holds what is copied, as far as the folders are known."""
    found, wanted = draft.found, draft.options.selection(draft.contents)
    if found is None:
        return bool(wanted.include)
    return any(map(wanted.takes, found.personal_folders))


def clean_password(text: str, *, app_password: bool) -> tuple[str, bool]:
    """A pasted password without the blanks around it.

    Where an app password is wanted, also without those between four groups of four, as providers
    show it. Any other blank belongs to a password: an ordinary one must arrive as it is, for the
    server to tell that it is of the wrong kind.

    Returns the text and whether anything was removed.
    """
    cleaned = text.strip()
    if app_password and _IN_GROUPS.fullmatch(cleaned):
        cleaned = "".join(cleaned.split())
    return cleaned, cleaned != text


def _person_faults(account: AccountDraft) -> list[Fault]:
    faults = []
    if not account.address.strip():
        faults.append(Fault(Field.ADDRESS, Rule.ADDRESS_MISSING))
    elif not complete_address(account.address):
        faults.append(Fault(Field.ADDRESS, Rule.ADDRESS_INCOMPLETE))
    if not account.password:
        faults.append(Fault(Field.PASSWORD, Rule.PASSWORD_MISSING))
    return faults


def _server_faults(account: AccountDraft) -> list[Fault]:
    faults: list[Fault] = []
    host = account.host.strip()
    if not host and account.scope is Scope.OVHCLOUD:
        return [Fault(Field.SERVICE, Rule.SERVICE_MISSING)]
    if not host and account.service is not None:
        return [Fault(Field.ANSWER, Rule.ANSWER_MISSING)]
    faults += _place_faults(account) if account.kind is EndpointKind.EWS else _host_faults(account)
    if account.address.strip() and not account.login.strip():
        faults.append(Fault(Field.LOGIN, Rule.LOGIN_MISSING))
    if account.kind is EndpointKind.EWS and account.another:
        faults += _mailbox_faults(account.mailbox.strip())
    return faults


def _host_faults(account: AccountDraft) -> list[Fault]:
    faults, host = [], account.host.strip()
    if not host:
        faults.append(Fault(Field.HOST, Rule.HOST_MISSING))
    elif not _HOST.fullmatch(host):
        faults.append(Fault(Field.HOST, Rule.HOST_MALFORMED))
    if not 1 <= account.port <= 65535:
        faults.append(Fault(Field.PORT, Rule.PORT_OUT_OF_RANGE))
    server = account.account().server
    if host and server.security is Security.NONE and not server.is_loopback:
        faults.append(Fault(Field.SECURITY, Rule.PLAIN_TOWARDS_NETWORK))
    return faults


def _place_faults(account: AccountDraft) -> list[Fault]:
    """Of Exchange: a server, or the whole address where EWS answers."""
    host = account.host.strip()
    if not host:
        return [Fault(Field.HOST, Rule.PLACE_MISSING)]
    try:
        server = server_at(account.url)
    except ValueError:
        return [Fault(Field.HOST, Rule.PLACE_MALFORMED)]
    if "/" not in host and not _HOST.fullmatch(host):
        return [Fault(Field.HOST, Rule.PLACE_MALFORMED)]
    if server.security is Security.NONE and not server.is_loopback:
        return [Fault(Field.HOST, Rule.PLACE_UNPROTECTED)]
    return []


def _mailbox_faults(mailbox: str) -> list[Fault]:
    if not mailbox:
        return [Fault(Field.MAILBOX, Rule.MAILBOX_MISSING)]
    if not complete_address(mailbox):
        return [Fault(Field.MAILBOX, Rule.ADDRESS_INCOMPLETE)]
    return []
