"""A problem in words: what happened, what to do, its code, and the lines for the agent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omm_desktop.language import mark, plural
from omm_desktop.language import translate as _
from omm_desktop.model.problem import Problem, ProblemId
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.wizard.present import person
from omm_desktop.wizard.rules import Fault, Rule

_RULES = {
    Rule.SERVICE_MISSING: mark("Choose the kind of mailbox."),
    Rule.ADDRESS_MISSING: mark("Type the e-mail address."),
    Rule.ADDRESS_INCOMPLETE: mark("This address is not complete. Example: name@example.com"),
    Rule.PASSWORD_MISSING: mark("Type the password of this mailbox."),
    Rule.ANSWER_MISSING: mark("Type what your customer account shows."),
    Rule.HOST_MISSING: mark("Type the name of the server. Your provider gives it."),
    Rule.HOST_MALFORMED: mark("A server name has no blank and no sign but dots and dashes."),
    Rule.PLACE_MISSING: mark("Type the server or its address. Your administrator gives it."),
    Rule.PLACE_MALFORMED: mark(
        "Type a server such as ex.example.com, or an address that begins with https."
    ),
    Rule.PLACE_UNPROTECTED: mark(
        "Without protection anyone on the way could read the password. "
        "The address begins with https."
    ),
    Rule.PORT_OUT_OF_RANGE: mark("A port is a number from 1 to 65535."),
    Rule.PLAIN_TOWARDS_NETWORK: mark(
        "Without protection anyone on the way could read the password. Choose SSL/TLS or STARTTLS."
    ),
    Rule.LOGIN_MISSING: mark("Type the login. Most often it is the whole address."),
    Rule.MAILBOX_MISSING: mark("Type the address of the mailbox to open."),
    Rule.FILES_MISSING: mark("Choose at least one file."),
    Rule.FILE_REFUSED: mark("A file cannot be read. Remove it, or choose another one."),
    Rule.FOLDER_MISSING: mark("Choose the folder to save in."),
    Rule.FOLDER_INCOMPLETE: mark("Type the whole path of the folder, from the disk on."),
    Rule.SAME_FOLDER: mark("What is copied lies in this folder. Choose another one."),
    Rule.NOTHING_CHOSEN: mark("Tick at least one kind of contents."),
    Rule.NO_FOLDER_CHOSEN: mark("Tick at least one folder."),
    Rule.DAY_TO_COME: mark("This day is still to come. Choose an earlier one."),
    Rule.SAME_MAILBOX: mark("This is the old mailbox. Type the address of the new one."),
}


_OF_FILES = frozenset(
    {
        ProblemId.FILE_UNREADABLE,
        ProblemId.FILE_NOT_UNDERSTOOD,
        ProblemId.ARCHIVE_NOT_READ,
        ProblemId.PLACE_MISSING,
        ProblemId.PLACE_REFUSED,
        ProblemId.SAVING_DISK_FULL,
    }
)
"""Which file or folder they are about has to be seen at once."""


@dataclass(frozen=True, slots=True)
class ProblemText:
    title: str
    remedy: str
    code: str
    details: tuple[str, ...]

    @property
    def code_line(self) -> str:
        return _("Code {}").format(self.code)

    @property
    def whole(self) -> str:
        """All of it, for the clipboard."""
        return "\n".join((self.title, self.remedy, self.code_line, *self.details))


def problem(catalogue: Catalogue, problem: Problem) -> ProblemText:
    entry = catalogue.entry(problem)
    of_file = problem.id in _OF_FILES
    remedy = entry.remedy
    concerned, said = person.concerned(problem), person.said(problem)
    if problem.id is ProblemId.PLAN_UNREADABLE:
        # What is wrong is told by ourselves, in the person's language.
        remedy, said = f"{said} {remedy}".strip(), ""
        of_file = True
    if of_file and concerned.endswith("."):
        remedy = f"{concerned} {remedy}"
    elif of_file and concerned:
        remedy = _("{file} – {remedy}").format(file=concerned, remedy=remedy)
    details = [_("Likely cause: {}").format(entry.cause)]
    if concerned:
        details.append(_("Concerns: {}").format(concerned))
    if said:
        told = _("Answer of the system: {}") if of_file else _("Answer of the server: {}")
        details.append(told.format(said))
    return ProblemText(entry.title, remedy, entry.code, tuple(details))


def fault(fault: Fault) -> str:
    return _(_RULES[fault.rule])


def fault_count(faults: Sequence[object]) -> str:
    """What is announced when the main button finds something to mend."""
    number = len(faults)
    return plural("{} field to mend.", "{} fields to mend.", number).format(number)
