"""What vCard (RFC 6350) and iCalendar (RFC 5545) call by a name of their own, in words.

The name itself stands in the notes of an item and in reports for programs, where it is looked for.
"""

from __future__ import annotations

import re

from omm_desktop.language import in_context, mark
from omm_desktop.language import translate as _
from omm_desktop.model.problem import Problem, ProblemId

_TOLD = re.compile(
    r"(?P<name>[A-Z][A-Z0-9-]*)(?: \((?P<kinds>[^:]*)\))?(?:: ?(?P<value>.*))?", re.S
)
_AFTER_THE_NAME = re.compile(r" \(|:")
_ABOUT_FIELDS = frozenset(
    {
        ProblemId.FIELD_IN_NOTES,
        ProblemId.FIELD_NOT_KEPT,
        ProblemId.ITEM_KEPT_OTHERWISE,
        ProblemId.ITEM_PARTLY_READ,
    }
)
_NAMES = {
    "ADR": mark("Postal address"),
    "ANNIVERSARY": mark("Anniversary"),
    "ATTACH": mark("Attached file"),
    "ATTENDEE": mark("Guest"),
    "BDAY": mark("Birthday"),
    "CATEGORIES": mark("Categories"),
    "CLASS": mark("Privacy"),
    "COMMENT": mark("Comment"),
    "COMPLETED": mark("Done on"),
    "CONFERENCE": mark("Online meeting"),
    "CONTACT": mark("Person to contact"),
    "DTEND": mark("End"),
    "DTSTART": mark("Beginning"),
    "DUE": mark("Due date"),
    "EMAIL": mark("E-mail address"),
    "EXDATE": mark("Occurrence left out"),
    "GENDER": mark("Gender"),
    "GEO": mark("Place on the map"),
    "IMPP": mark("Instant messaging"),
    "KEY": mark("Key"),
    "LOCATION": mark("Place"),
    "MEMBER": mark("Member of the list"),
    "ORGANIZER": mark("Organiser"),
    "PHOTO": mark("Photo"),
    "PRIORITY": mark("Priority"),
    "RDATE": mark("Further occurrence"),
    "RECURRENCE-ID": mark("Changed occurrence"),
    "RELATED": mark("Related person"),
    "RELATED-TO": mark("Related item"),
    "RESOURCES": mark("Equipment"),
    "ROLE": mark("Profession"),
    "RRULE": mark("Recurrence"),
    "STATUS": mark("Status"),
    "SUMMARY": mark("Subject"),
    "TEL": mark("Phone number"),
    "TITLE": mark("Job title"),
    "TZ": mark("Time zone"),
    "UID": mark("Identifier"),
    "URL": mark("Web page"),
    "VALARM": mark("Reminder"),
    "VCARD": mark("Contact card"),
    "VEVENT": mark("Event"),
    "VTODO": mark("Task"),
}


def field_words(told: str) -> str:
    """Of "EMAIL (work): zoe@example.com" as "E-mail address (work): zoe@example.com".

    As it is where no word is known, such as for what a program made up itself.
    """
    return _in_words(told, named=False)


def named_field(problem: Problem, told: str) -> str:
    """The same with the name as well, "Phone number (TEL, work): 06 12 34 56 78": a help desk looks
    for it in the notes. `told` as it is of problems that are about no such thing.
    """
    return _in_words(told, named=True) if is_about_field(problem) else told


def field_alone(told: str) -> str:
    """The words for it without its value and without a label of the person's own."""
    found = _TOLD.fullmatch(told)
    if found is None:
        return field_words(_AFTER_THE_NAME.split(told, 1)[0])
    known = _known_kinds()
    kinds = [kind for kind in (found["kinds"] or "").split(", ") if kind in known]
    return field_words(f"{found['name']} ({', '.join(kinds)})" if kinds else found["name"])


def is_about_field(problem: Problem) -> bool:
    return problem.id in _ABOUT_FIELDS


def _in_words(told: str, *, named: bool) -> str:
    found = _TOLD.fullmatch(told)
    if found is None or found["name"] not in _NAMES:
        return told
    name, value = found["name"], found["value"]
    kinds = list(filter(None, (found["kinds"] or "").split(", ")))
    aside = ", ".join([name, *kinds] if named else map(_kind, kinds))
    words = _(_NAMES[name])
    if aside:
        words = f"{words} ({aside})"
    return _("{name}: {value}").format(name=words, value=value) if value else words


def _kind(kind: str) -> str:
    """The kind of a number or an address; a label of the person's own as it is."""
    return _known_kinds().get(kind, kind)


def _known_kinds() -> dict[str, str]:
    return {
        "cell": in_context("kind of number", "mobile"),
        "fax": in_context("kind of number", "fax"),
        "home": in_context("kind of number", "home"),
        "pager": in_context("kind of number", "pager"),
        "pref": in_context("kind of number", "preferred"),
        "video": in_context("kind of number", "video"),
        "voice": in_context("kind of number", "voice"),
        "work": in_context("kind of number", "work"),
        "assistant": in_context("kind of relation", "assistant"),
        "manager": in_context("kind of relation", "manager"),
        "spouse": in_context("kind of relation", "spouse"),
    }
