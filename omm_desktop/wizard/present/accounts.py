"""What the source and destination pages say about a mailbox."""

from __future__ import annotations

from omm_desktop.endpoints.ews.exchange_online import is_exchange_online
from omm_desktop.guide.service import Service
from omm_desktop.language import mark, plural
from omm_desktop.language import translate as _
from omm_desktop.model.account import Access, EndpointKind, Security, Server
from omm_desktop.model.items import ItemKind
from omm_desktop.wizard.draft import AccountDraft
from omm_desktop.wizard.present import finding, mask, person
from omm_desktop.wizard.probe_result import ProbeResult, ProbeStep, count_of
from omm_desktop.wizard.rules import complete_address
from omm_desktop.wording import count, items, size

STEP_NAMES = {
    ProbeStep.SERVER: mark("server found"),
    ProbeStep.PROTECTION: mark("connection protected"),
    ProbeStep.SIGN_IN: mark("address and password accepted"),
    ProbeStep.FOLDERS: mark("folders read"),
}

SECURITY_NAMES = {
    Security.TLS: mark("SSL/TLS"),
    Security.STARTTLS: mark("STARTTLS"),
    Security.NONE: mark("None (this computer only)"),
}

KIND_NAMES = {
    EndpointKind.IMAP: mark("IMAP (recommended)"),
    EndpointKind.POP3: mark("POP (the inbox alone)"),
    EndpointKind.EWS: mark("Exchange (contacts and calendars, too)"),
}

ACCESS_NAMES = {
    Access.DELEGATE: mark("With the rights that this login was given"),
    Access.IMPERSONATION: mark("In that person's place (administrators)"),
}

_KNOWN = {
    EndpointKind.IMAP: mark("{service}, by IMAP – known settings"),
    EndpointKind.POP3: mark("{service}, by POP – known settings"),
    EndpointKind.EWS: mark("{service}, by Exchange – known settings"),
}

_TYPED = {
    EndpointKind.IMAP: mark("{host}, by IMAP – settings typed"),
    EndpointKind.POP3: mark("{host}, by POP – settings typed"),
    EndpointKind.EWS: mark("{host}, by Exchange – settings typed"),
}


def address_hint(account: AccountDraft, hint: str) -> str:
    """Below the field of the address: while dots hide what was typed, what stands for it."""
    shown = mask.is_on() and complete_address(account.address)
    told = person.typed(account.address) if shown else ""
    return " · ".join(filter(None, (told, hint)))


def step(step: ProbeStep) -> str:
    return _(STEP_NAMES[step])


def settings_line(account: AccountDraft, service: Service | None) -> str:
    """Where the settings come from: "Gmail, by IMAP – known settings"."""
    host = account.server.host
    if account.found is not None:
        return finding.origin_line(account.found, host, account.kind)
    if service is not None:
        return _(_KNOWN[account.kind]).format(service=service.name.text())
    return _(_TYPED[account.kind]).format(host=host) if host else ""


def remark(account: AccountDraft) -> str:
    """What should be known of this way to reach a mailbox; empty when it is its owner's, whole."""
    if account.kind is EndpointKind.POP3:
        return _(
            "POP brings the inbox alone. Your other folders stay behind, and so does what you have "
            "read: every message arrives as unread."
        )
    if is_closed(account):
        return _("This mailbox is on Exchange Online, where Microsoft has closed this way in.")
    if account.kind is EndpointKind.EWS and account.another and account.mailbox:
        return _("This opens the mailbox of {mailbox}.").format(
            mailbox=person.typed(account.mailbox)
        )
    return ""


def is_closed(account: AccountDraft) -> bool:
    """Whether EWS is chosen for Exchange Online."""
    return account.kind is EndpointKind.EWS and is_exchange_online(account.server.host)


def imap_offer(server: Server) -> str:
    return _(
        "This mailbox also answers by IMAP ({host}). IMAP brings all folders and what you have "
        "read."
    ).format(host=server.host)


def sign_in_advice(service: Service | None) -> str:
    """What must be known before the password is typed; empty for an ordinary password."""
    if service is None or (service.takes_password and not service.wants_app_password):
        return ""
    if service.advice:
        return service.advice.text()
    name = service.name.text()
    if service.wants_app_password:
        return _("{service} wants an app password.").format(service=name)
    return _("{service} accepts no password from other programs.").format(service=name)


def found(result: ProbeResult) -> str:
    """ "24 folders, about 8,300 messages, 120 contacts"; exact numbers where they are small."""
    folders = len(result.personal_folders)
    told = [plural("{} folder", "{} folders", folders).format(count(folders))]
    if result.items or not count_of(result.personal_folders):
        told.append(messages(result.items))
    for kind in ItemKind:
        number = count_of(result.folders_of(kind))
        if kind is not ItemKind.MAIL and number:
            told.append(items({kind}, number))
    return ", ".join(told)


def messages(number: int) -> str:
    """Rounded to hundreds from a thousand on: mail keeps arriving while one reads it."""
    if number < 1000:
        return plural("{} message", "{} messages", number).format(count(number))
    return _("about {} messages").format(count(round(number, -2)))


def space_line(result: ProbeResult) -> str:
    if result.space is None or result.space.free_bytes is None:
        return _("space: the server does not tell")
    return _("space left: {}").format(size(result.space.free_bytes))


def kinds_line(result: ProbeResult) -> str:
    """What the new mailbox accepts."""
    kinds = ", ".join(kind_name(kind) for kind in ItemKind if kind in result.kinds)
    return _("this mailbox takes: {kinds}").format(kinds=kinds)


def kind_name(kind: ItemKind) -> str:
    """A kind of contents in the middle of a sentence."""
    return {
        ItemKind.MAIL: _("e-mail"),
        ItemKind.CONTACTS: _("contacts"),
        ItemKind.EVENTS: _("calendars"),
        ItemKind.TASKS: _("tasks"),
    }[kind]


def already_there(result: ProbeResult, *, to_files: bool = False) -> str:
    """The promise about what the destination already holds; empty when it holds nothing."""
    numbers = [(kind, count_of(result.folders_of(kind))) for kind in ItemKind]
    numbers[0] = (ItemKind.MAIL, result.items)
    held = [items({kind}, number) for kind, number in numbers if number]
    if not held:
        return ""
    told = _("It already holds {what}.")
    if to_files:
        told = _("This folder already holds {what}.")
    return " ".join(
        (
            told.format(what=", ".join(held)),
            _("All of it stays."),
            _("What is identical will not be copied a second time."),
        )
    )


def folder_counts(number: int | None, bytes_: int | None) -> tuple[str, str]:
    """The two number columns of the folder tree; empty where the server does not tell."""
    return (
        "" if number is None else count(number),
        "" if bytes_ is None else size(bytes_),
    )
