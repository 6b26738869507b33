"""What the pages say about files that are read, and about the folder that is saved in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omm_desktop.language import plural
from omm_desktop.language import translate as _
from omm_desktop.model.account import MailFormat
from omm_desktop.model.items import ItemKind
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.wizard.chosen_file import ChosenFile
from omm_desktop.wizard.present import accounts, file_kinds, person
from omm_desktop.wording import count, size

if TYPE_CHECKING:
    from omm_desktop.endpoints.files.survey import Survey


def glance(survey: Survey) -> str:
    """ "Outlook file, 2.1 GB: messages, contacts, calendars, tasks"."""
    told = [file_kinds.kind_name(survey.kind), size(survey.size)]
    files = survey.files.total()
    if files > 1:
        told.append(plural("{} file", "{} files", files).format(count(files)))
    contents = ", ".join(_contents(kind) for kind in ItemKind if kind in survey.may_hold)
    if survey.unpacked:
        room = _("{size} more of this disk while it is read")
        told.append(room.format(size=size(survey.unpacked)))
    file = ", ".join(told)
    return _("{file}: {contents}").format(file=file, contents=contents) if contents else file


def _contents(kind: ItemKind) -> str:
    return {
        ItemKind.MAIL: _("messages"),
        ItemKind.CONTACTS: _("contacts"),
        ItemKind.EVENTS: _("calendars"),
        ItemKind.TASKS: _("tasks"),
    }[kind]


def state(file: ChosenFile, catalogue: Catalogue) -> str:
    """The line below the name of a file: what is in it, or why it cannot be read."""
    if file.problem is not None:
        entry = catalogue.entry(file.problem)
        code = _("Code {}").format(entry.code)
        return f"!  {entry.title} {code}"
    if file.found is not None:
        return f"✓  {accounts.found(file.found)}"
    if file.reading is not None:
        return f"…  {person.reading(file.reading)}"
    return "…  " + _("Its contents are being counted")


def warnings(file: ChosenFile, catalogue: Catalogue) -> list[str]:
    """What of a file cannot be read, seen while it was counted; the rest of it is copied."""
    folders = file.found.folders if file.found is not None else ()
    entries = (catalogue.entry(problem) for folder in folders for problem in folder.remarks)
    told = {entry.code: entry.title for entry in entries}
    return [f"!  {title} " + _("Code {}").format(code) for code, title in told.items()]


def still_counting() -> str:
    return _("The files are still being counted. The next page opens by itself.")


def promise() -> str:
    return _("What this folder already holds stays there.")


def writable() -> str:
    """That a folder takes what is saved."""
    return _("This folder can be written to.")


def format_hint() -> str:
    return _("Thunderbird reads mbox. Most programs open EML.")


def format_name(mail_format: MailFormat) -> str:
    return {
        MailFormat.MBOX: _("One mbox file for each folder"),
        MailFormat.EML: _("One EML file for each message"),
    }[mail_format]
