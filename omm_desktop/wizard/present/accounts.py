"""What the source and destination pages say about a mailbox."""

from __future__ import annotations

from omm_desktop.guide.service import Service
from omm_desktop.language import mark, plural
from omm_desktop.language import translate as _
from omm_desktop.model.account import EndpointKind, Security, Server
from omm_desktop.wizard.draft import AccountDraft
from omm_desktop.wizard.present import finding
from omm_desktop.wizard.probe_result import ProbeResult, ProbeStep
from omm_desktop.wording import count, size

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
}


def step(step: ProbeStep) -> str:
    return _(STEP_NAMES[step])


def settings_line(account: AccountDraft, service: Service | None) -> str:
    """Where the settings come from: "Gmail, by IMAP – known settings"."""
    by_pop = account.kind is EndpointKind.POP3
    if account.found is not None:
        return finding.origin_line(account.found, account.host, by_pop=by_pop)
    if service is not None:
        known = (
            _("{service}, by POP – known settings")
            if by_pop
            else _("{service}, by IMAP – known settings")
        )
        return known.format(service=service.name.text())
    if not account.host:
        return ""
    typed = (
        _("{host}, by POP – settings typed") if by_pop else _("{host}, by IMAP – settings typed")
    )
    return typed.format(host=account.host)


def limits_of(kind: EndpointKind) -> str:
    """What a way to read a mailbox cannot bring; empty when it brings everything."""
    if kind is not EndpointKind.POP3:
        return ""
    return _(
        "POP brings the inbox alone. Your other folders stay behind, and so does what you have "
        "read: every message arrives as unread."
    )


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
    """ "24 folders, about 8,300 messages"; exact numbers where they are small."""
    folders = len(result.personal_folders)
    return _("{folders}, {messages}").format(
        folders=plural("{} folder", "{} folders", folders).format(count(folders)),
        messages=messages(result.items),
    )


def messages(number: int) -> str:
    """Rounded to hundreds from a thousand on: mail keeps arriving while one reads it."""
    if number < 1000:
        return plural("{} message", "{} messages", number).format(count(number))
    return _("about {} messages").format(count(round(number, -2)))


def space_line(result: ProbeResult) -> str:
    if result.space is None or result.space.free_bytes is None:
        return _("space: the server does not tell")
    return _("space left: {}").format(size(result.space.free_bytes))


def kinds_line() -> str:
    return _("this mailbox takes: e-mail")


def already_there(result: ProbeResult) -> str:
    """The promise about mail the new mailbox already holds; empty when it holds none."""
    if not result.items:
        return ""
    number = count(result.items)
    holds = plural(
        "It already holds {} message.", "It already holds {} messages.", result.items
    ).format(number)
    return " ".join(
        (holds, _("They stay."), _("Identical messages will not be copied a second time."))
    )


def folder_counts(number: int | None, bytes_: int | None) -> tuple[str, str]:
    """The two number columns of the folder tree; empty where the server does not tell."""
    return (
        "" if number is None else count(number),
        "" if bytes_ is None else size(bytes_),
    )
