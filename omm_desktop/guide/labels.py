"""The words around the values of a service, in a mail program's own terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from omm_desktop.guide.reference import PartName, Sheet, Value, ValueName
from omm_desktop.guide.service import Citation, LoginForm, Service, Wording
from omm_desktop.guide.steps import MailProgram
from omm_desktop.language import current, in_context, mark
from omm_desktop.language import translate as _
from omm_desktop.model.protocol import Protocol
from omm_desktop.wording import count, size
from omm_desktop.wording import date as long_date

PROTOCOLS = {
    Protocol.IMAP: "IMAP",
    Protocol.POP: "POP",
    Protocol.SMTP: "SMTP",
    Protocol.EWS: "Exchange",
}

_VALUES = {
    ValueName.SERVER: mark("Server"),
    ValueName.PORT: mark("Port"),
    ValueName.ENCRYPTION: mark("Encryption method"),
    ValueName.ADDRESS: mark("Address"),
}

_PARTS = {
    PartName.INCOMING: mark("Incoming mail"),
    PartName.OUTGOING: mark("Outgoing mail"),
    PartName.EXCHANGE: mark("Exchange (EWS)"),
    PartName.ACTIVESYNC: mark("Exchange ActiveSync"),
    PartName.CALENDARS: mark("Calendars (CalDAV)"),
}

_LOGINS = {
    LoginForm.FULL_ADDRESS: mark("the whole e-mail address"),
    LoginForm.LOCAL_PART: mark("what stands before the @ of the address"),
}

_SIZES = {
    "mailbox_bytes": mark("Size of the mailbox: at most {}"),
    "message_bytes": mark("Largest message accepted: {}"),
    "imap_download_bytes_per_day": mark("Read by IMAP: at most {} a day"),
    "imap_upload_bytes_per_day": mark("Written by IMAP: at most {} a day"),
    "pop_download_bytes_per_day": mark("Read by POP: at most {} a day"),
}
_NUMBERS = {
    "connections": mark("Connections at the same time: at most {}"),
    "ews_connections": mark("EWS connections at the same time: at most {}"),
    "ews_find_items": mark("Items in one EWS answer: at most {}"),
}


def value_name(name: ValueName) -> str:
    return _(_VALUES[name])


def part_name(name: PartName) -> str:
    return _(_PARTS[name])


def login(form: LoginForm) -> str:
    return _(_LOGINS[form])


def nothing_known(sheet: Sheet) -> str:
    """Said in place of values."""
    return _("No settings are known for {protocol} at {service}.").format(
        protocol=PROTOCOLS[sheet.protocol], service=sheet.service.name.text()
    )


def sign_in(service: Service) -> str:
    """What the service wants as password."""
    if service.advice is not None:
        return service.advice.text()
    return _("Password: the one of the mailbox.")


def guide_title(service: Service) -> str:
    if service.takes_password:
        return _("How to get an app password")
    return _("What to do instead")


def source(citation: Citation) -> str:
    """The source and its date, when it has one."""
    day = published(citation.published)
    name = citation.name.text()
    return _("{source} ({date})").format(source=name, date=day) if day else name


def published(text: str) -> str:
    """An ISO day, month or year as a person writes it."""
    if len(text) == len("2026-03-24"):
        return long_date(date.fromisoformat(text))
    if len(text) == len("2026-03"):
        month = date.fromisoformat(f"{text}-01")
        pattern = in_context("time pattern", "MMMM y")
        return format_date(month, pattern, locale=current())
    return text


def checked(day: date) -> str:
    return _("Compared with the sources on {}").format(long_date(day))


def limits(service: Service) -> list[str]:
    """What the service allows, each line with its source."""
    lines = []
    for known, show in ((_SIZES, size), (_NUMBERS, count)):
        for name, words in known.items():
            number = getattr(service.limits, name)
            if number is not None:
                told = source(service.origins[name].citation)
                lines.append(f"{_(words).format(show(number))} – {told}")
    return lines


def steps(wanted: Sequence[Wording], sheet: Sheet) -> list[str]:
    """The steps with the values of this sheet in them."""
    blanks = sheet.blanks()
    blanks["login"] = login(blanks["login"])
    return [step.text().format_map(blanks) for step in wanted]


def value_line(value: Value) -> str:
    """One value in one line of text: name, value, and what is unsure about it."""
    words = _("{name}: {value} (inferred)") if value.inferred else _("{name}: {value}")
    return words.format(name=value_label(value), value=value.shown)


def value_label(value: Value) -> str:
    """The name of the field; one that says the same in another way is told apart."""
    name = value_name(value.name)
    return _("{name} (other choice)").format(name=name) if value.alternative else name


def login_line(form: LoginForm) -> str:
    return _("{name}: {value}").format(name=_("User name"), value=login(form))


def adding(program: MailProgram) -> str:
    return _("{program}: add the account").format(program=program.name.text())


def changing(program: MailProgram) -> str:
    return _("{program}: change the account").format(program=program.name.text())


def spa_line() -> str:
    """Outlook's box for Secure Password Authentication, which no service here wants."""
    return _("☐  Require logon using Secure Password Authentication (SPA): leave it unticked")


def pop_or_imap() -> list[str]:
    """Which one to take, in five sentences."""
    return [
        _("Take IMAP: it is right for nearly everybody."),
        _("With IMAP, mail stays on the server; every device shows the same folders."),
        _("What you read on one device is marked as read on the others."),
        _("With POP, a program fetches mail to one device and then removes it from the server."),
        _("A program can be told to leave a copy on the server, but folders never follow."),
    ]
