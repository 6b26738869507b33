"""What came out of Exchange otherwise than it went in, each with the manual's entry for it.

A difference is a text and the name of the entry that allows it; None where the manual allows none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from omm_desktop.endpoints.convert.calendar.values import Event, Moment, Participant, Task
from omm_desktop.endpoints.convert.card.person import Person, PostalAddress, Typed
from omm_desktop.endpoints.convert.loss import HEADING, Loss, with_losses
from omm_desktop.endpoints.ews.people.contacts import usual_file_as
from omm_desktop.report.differences import differences

from .calendars import instants

MANUAL = {one.name for one in differences()}
HOME = ZoneInfo("Europe/Paris")
Difference = tuple[str, str | None]
Losses = tuple[Loss, ...]

_YEARS = timedelta(days=3660)
_OTHER_DATES = {"recurrence", "zone", "last-occurrence"}
_APART = ("occurrence-moved", "recurrence-parts", "recurrence", "last-occurrence")


def unexplained(found: Iterable[Difference]) -> list[str]:
    """What the manual does not allow."""
    return [said for said, entry in found if entry not in MANUAL]


def of_person(given: Person, found: Person, losses: Losses) -> Iterator[Difference]:
    """Every field, the order of what is several included."""
    for name in (field.name for field in fields(Person)):
        before, after = getattr(given, name), getattr(found, name)
        if before != after and name != "notes":
            said = f"{name}: {before!r} → {after!r}"
            yield from _PERSON.get(name, _lost)(said, before, after, given, losses)
    if found.notes != with_losses(given.notes, losses):
        yield f"notes: {found.notes!r}", None


def _rule(losses: Losses, value: str) -> str | None:
    """The entry that a loss of this value names."""
    return next((str(loss.rule) for loss in losses if loss.value == value), None)


def _lost(said: str, before: Any, after: Any, _: Person, losses: Losses) -> Iterator[Difference]:
    """Gone, and its loss told."""
    gone = before.isoformat() if isinstance(before, date) else str(before)
    yield said, None if after else _rule(losses, gone)


def _several(said: str, before: Any, after: Any, _: Person, losses: Losses) -> Iterator[Difference]:
    """Values that are missing or of other kinds; what is left is their order."""
    values, shown = [_value(one) for one in before], [_value(one) for one in after]
    for one in before:
        if one not in after:
            yield said, _rule(losses, _value(one))
    if Counter(shown) - Counter(values):
        yield f"{said}: added", None
    elif [one for one in dict.fromkeys(values) if one in shown] != list(dict.fromkeys(shown)):
        yield said, "preferred"


def _value(one: Any) -> str:
    if isinstance(one, tuple):
        return str(one[1])
    return one.value if isinstance(one, Typed) else str(one)


def _places(
    said: str,
    before: tuple[PostalAddress, ...],
    after: tuple[PostalAddress, ...],
    _: Person,
    losses: Losses,
) -> Iterator[Difference]:
    """Each postal address, the one of its kind first where several say the same."""
    left = list(after)
    for one in before:
        street = "\n".join(filter(None, (one.extended, one.street)))
        plain = replace(one, extended="", street=street)
        same = [new for new in left if replace(new, types=one.types) == plain]
        same.sort(key=lambda new: new.types != one.types)
        written = ", ".join(filter(None, one.parts)).replace("\n", ", ")
        if not same:
            yield said, _rule(losses, written)
            continue
        left.remove(same[0])
        if one.extended:
            yield said, _rule(losses, one.extended)
        if one.types != same[0].types:
            yield said, _rule(losses, written)
    yield (f"{said}: added {left}", None) if left else (said, "preferred")


def _rest(said: str, before: Any, after: Any, _: Person, losses: Losses) -> Iterator[Difference]:
    for line in before:
        yield f"{line}", _rule(losses, line.text)


def _privacy(said: str, before: str, after: str, _: Person, __: Losses) -> Iterator[Difference]:
    yield said, "public" if (before, after) == ("public", "") else None


def _file_as(said: str, before: str, after: str, given: Person, _: Losses) -> Iterator[Difference]:
    yield said, "file-as" if not after and before == usual_file_as(given) else None


_PERSON: dict[str, Callable[[str, Any, Any, Person, Losses], Iterator[Difference]]] = {
    **dict.fromkeys(
        ("emails", "phones", "messaging", "pages", "titles", "roles", "related"), _several
    ),
    "addresses": _places,
    "rest": _rest,
    "privacy": _privacy,
    "file_as": _file_as,
}


def of_event(given: Event, found: Event, losses: Losses) -> Iterator[Difference]:
    """Every field of an event that Exchange holds in one part; its dates as instants, too."""
    rules = {str(loss.rule) for loss in losses}
    for name in (field.name for field in fields(Event)):
        before, after = getattr(given, name), getattr(found, name)
        if before != after and name != "changed":
            said = f"{name}: {before!r} → {after!r}"
            yield said, _EVENT.get(name, _never)(before, after, given, rules)
    if not rules & _OTHER_DATES and _dates(given) != _dates(found):
        yield f"dates: {given.rule} → {found.rule}", None
    yield from _occurrences(given, found, rules)
    yield from _in_notes(given, found, losses)


def _dates(event: Event) -> list[datetime]:
    start = event.start
    begins = start if isinstance(start, datetime) else datetime.combine(start, time())
    return instants(event, begins.replace(tzinfo=begins.tzinfo or HOME) + _YEARS, HOME)


def _occurrences(given: Event, found: Event, rules: set[str]) -> Iterator[Difference]:
    """Changed occurrences, each by the moment it was to begin."""
    there = {_meant(one, given): one for one in found.changed}
    for one in given.changed:
        after = there.pop(_meant(one, given), None)
        if after is None:
            yield f"not changed: {one}", _one_of(rules, *_APART) or _unchanged(one, given)
            continue
        for name in ("summary", "start", "end", "location", "busy", "reminder"):
            old, new = getattr(one, name), getattr(after, name)
            if old != new:
                said = f"occurrence: {name}: {old!r} → {new!r}"
                yield said, _EVENT.get(name, _never)(old, new, one, rules)
    yield from ((f"changed: {one}", None) for one in there.values())


def _meant(one: Event, series: Event) -> Moment:
    """Which occurrence: of whole days some programs write times."""
    moment = one.original or one.start
    return date(moment.year, moment.month, moment.day) if series.all_day else _instant(moment)


def _unchanged(one: Event, series: Event) -> str | None:
    """A change that changes nothing, or that of the one occurrence there is."""
    names = ("summary", "location", "busy", "reminder")
    same = all(getattr(one, name) == getattr(series, name) for name in names)
    return "form-of-rules" if same else None


def _in_notes(given: Event | Task, found: Event | Task, losses: Losses) -> Iterator[Difference]:
    """What is kept stands below the heading, and nothing else does."""
    parts = (found, *found.changed) if isinstance(found, Event) else (found,)
    texts = [unescape(one.html) if one.html else one.description for one in parts]
    told = [text.partition(HEADING)[2].removesuffix("</pre>") for text in texts]
    lines = {line for text in told for line in text.split("\n")} - {""}
    kept = {line for loss in losses if loss.kept for line in str(loss).split("\n")}
    yield from ((f"in the notes: {line}", None) for line in lines - kept)
    yield from ((f"not in the notes: {line}", None) for line in kept - lines - {""})


def _never(before: Any, after: Any, given: Any, rules: set[str]) -> str | None:
    return None


def _one_of(rules: set[str], *names: str) -> str | None:
    return next((name for name in names if name in rules), None)


def _instant(moment: Moment) -> Moment:
    if not isinstance(moment, datetime):
        return moment
    return (moment if moment.tzinfo else moment.replace(tzinfo=HOME)).astimezone(UTC)


def _start(before: Moment, after: Moment, given: Event, rules: set[str]) -> str | None:
    if _instant(before) != _instant(after):
        return None
    return _one_of(rules, "floating", "zone") or "zone-names"


def _end(before: Moment, after: Moment, given: Event, rules: set[str]) -> str | None:
    """One without a zone is in that of the start."""
    if isinstance(before, datetime) and before.tzinfo is None and isinstance(given.start, datetime):
        before = before.replace(tzinfo=given.start.tzinfo)
    if _instant(before) == _instant(after):
        return _one_of(rules, "floating", "zone") or "zone-names"
    return _one_of(rules, "too-long", "ends-before-start")


def _subject(before: str, after: str, given: Any, rules: set[str]) -> str | None:
    return _one_of(rules, "long-subject") if after == before[:255] else None


def _text(before: str, after: str, given: Event | Task, rules: set[str]) -> str | None:
    """The notes of the item, without those of losses."""
    if given.html:
        return "html"
    plain = after.partition(HEADING)[0].rstrip("\n")
    return _one_of(rules, *sorted(rules)) if plain == before else None


def _html(before: str, after: str, given: Any, rules: set[str]) -> str | None:
    plain = before.replace("\r\n", "\n")
    if after == plain:
        return "html"
    return _one_of(rules, *sorted(rules)) if after.startswith(f"{plain}<pre>") else None


def _recurs(before: str, after: str, given: Event, rules: set[str]) -> str | None:
    if before and after:
        return "form-of-rules"
    told = _one_of(rules, "recurrence", "recurrence-parts", "last-occurrence")
    return told or "series-of-one" if before else None


def _moments(before: Any, after: Any, given: Event, rules: set[str]) -> str | None:
    """RDATE and EXDATE: what they come to is compared as instants."""
    return "days-not-there" if len(after) > len(before) else "form-of-rules"


def _people(before: Any, after: Any, given: Event, rules: set[str]) -> str | None:
    if sorted(map(_who, before)) != sorted(map(_who, after)):
        return None
    if any(one.answer for one in before):
        return _one_of(rules, "answers")
    same_names = sorted(one.name for one in before) == sorted(one.name for one in after)
    return "order-of-people" if same_names else "names-of-people"


def _who(person: Participant) -> tuple[str, str, str]:
    """A name that is the address says nothing."""
    address = person.address.lower()
    return address, person.role, "" if person.name.lower() == address else person.name


def _organizer(before: Any, after: Any, given: Event, rules: set[str]) -> str | None:
    if before is None or after is None:
        return "organizer" if given.participants else None
    return "names-of-people" if _who(before) == _who(after) else None


def _unplaced(before: Any, after: Any, given: Any, rules: set[str]) -> str | None:
    return None if after else _one_of(rules, "no-field")


_Explain = Callable[[Any, Any, Any, set[str]], str | None]
_COMMON: dict[str, _Explain] = {
    "summary": _subject,
    "description": _text,
    "html": _html,
    "rest": _unplaced,
}
_EVENT: dict[str, _Explain] = {
    **_COMMON,
    "start": _start,
    "end": _end,
    "rule": _recurs,
    "added": _moments,
    "left_out": _moments,
    "participants": _people,
    "organizer": _organizer,
}


def of_task(given: Task, found: Task, losses: Losses) -> Iterator[Difference]:
    """Every field of a task."""
    rules = {str(loss.rule) for loss in losses}
    for name in (field.name for field in fields(Task)):
        before, after = getattr(given, name), getattr(found, name)
        if before != after:
            said = f"{name}: {before!r} → {after!r}"
            yield said, _TASK.get(name, _never)(before, after, given, rules)
    yield from _in_notes(given, found, losses)


def _day(before: Moment, after: Moment, given: Task, rules: set[str]) -> str | None:
    if after is None:
        return _one_of(rules, "ends-before-start")
    if not isinstance(before, datetime) or after != before.date():
        return None
    return "days-of-tasks" if before.time() == time() else _one_of(rules, "task-hours")


def _is_done(task: Task) -> bool:
    return task.status == "completed" or task.completed is not None or task.percent == 100


def _done(before: Any, after: Any, given: Task, rules: set[str]) -> str | None:
    return "done" if _is_done(given) else None


def _status(before: str, after: str, given: Task, rules: set[str]) -> str | None:
    if before == "cancelled":
        return _one_of(rules, "no-field")
    begun = not before and given.percent and after == "in-process"
    if begun or (before == "needs-action" and not after):
        return "status-of-tasks"
    return _done(before, after, given, rules)


def _completed(before: Any, after: Any, given: Task, rules: set[str]) -> str | None:
    if before is None or after is None:
        return "done" if before is None and _is_done(given) else None
    if before.astimezone(HOME).date() != after.astimezone(UTC).date():
        return None
    return _one_of(rules, "task-completed") or "days-of-tasks"


def _reminder(before: Any, after: Any, given: Task, rules: set[str]) -> str | None:
    return "zone-names" if before and after and _instant(before) == _instant(after) else None


def _series(before: str, after: str, given: Task, rules: set[str]) -> str | None:
    return "form-of-rules" if after else _one_of(rules, "task-series")


_TASK: dict[str, _Explain] = {
    **_COMMON,
    "start": _day,
    "due": _day,
    "percent": _done,
    "status": _status,
    "completed": _completed,
    "reminder": _reminder,
    "rule": _series,
}
