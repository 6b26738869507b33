"""Every difference between what went into Exchange and what came out, and the manual's entry for it.

A difference is a text and the name of the entry that allows it; None where the manual allows none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from omm_desktop.endpoints.convert.calendar.values import Event, Moment, Task
from omm_desktop.endpoints.convert.card.person import Person, PostalAddress, Typed
from omm_desktop.endpoints.convert.loss import HEADING, Loss, with_losses
from omm_desktop.endpoints.ews.people import contacts

HOME = ZoneInfo("Europe/Paris")
Difference = tuple[str, str | None]


def unexplained(differences: Iterator[Difference]) -> list[str]:
    return [said for said, entry in differences if entry is None]


def of_person(given: Person, found: Person, losses: tuple[Loss, ...]) -> Iterator[Difference]:
    """Every field, the order of what is several included."""
    for name in (field.name for field in fields(Person)):
        before, after = getattr(given, name), getattr(found, name)
        if before != after:
            said = f"{name}: {before!r} → {after!r}"
            yield from _PERSON.get(name, _lost)(said, before, after, given, losses)
    told = {str(loss.rule) for loss in losses if loss.kept}
    if told and not with_losses(given.notes, losses) == found.notes:
        yield f"not in the notes: {sorted(told)}", None


def _rule(losses: tuple[Loss, ...], value: str) -> str | None:
    """The entry that a loss of this value names."""
    return next((str(loss.rule) for loss in losses if loss.value == value), None)


def _lost(
    said: str, before: Any, after: Any, given: Any, losses: tuple[Loss, ...]
) -> Iterator[Difference]:
    """Gone, and its loss told."""
    gone = before.isoformat() if isinstance(before, date) else str(before)
    yield said, None if after else _rule(losses, gone)


def _several(
    said: str, before: Any, after: Any, given: Any, losses: tuple[Loss, ...]
) -> Iterator[Difference]:
    """Values that are missing or of other kinds; what is left is their order."""
    shown = [_value(one) for one in after]
    kept = [one for one in before if _value(one) in shown]
    for one in before:
        if one not in kept:
            yield said, _rule(losses, _value(one))
        elif one not in after:
            yield said, _rule(losses, _value(one))
    added = [one for one in shown if one not in map(_value, before)]
    if added:
        yield f"{said}: added {added}", None
    if [_value(one) for one in kept] != shown and not added:
        yield said, "preferred"


def _value(one: Any) -> str:
    if isinstance(one, tuple):
        return str(one[1])
    return one.value if isinstance(one, Typed) else str(one)


def _places(
    said: str,
    before: tuple[PostalAddress, ...],
    after: tuple[PostalAddress, ...],
    given: Any,
    losses: tuple[Loss, ...],
) -> Iterator[Difference]:
    """Postal addresses: the one of the same street, and what of it is otherwise."""
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
    if left:
        yield f"{said}: added {left}", None
    if not left and len(before) == len(after):
        yield said, "preferred"


def _notes(
    said: str, before: str, after: str, given: Any, losses: tuple[Loss, ...]
) -> Iterator[Difference]:
    if after != with_losses(before, losses):
        yield said, None


def _rest(
    said: str, before: Any, after: Any, given: Any, losses: tuple[Loss, ...]
) -> Iterator[Difference]:
    for line in before:
        yield str(line), _rule(losses, line.text) or _rule(losses, " ".join(line.text.split()))


def _privacy(
    said: str, before: str, after: str, given: Any, losses: tuple[Loss, ...]
) -> Iterator[Difference]:
    yield said, "public" if (before, after) == ("public", "") else None


def _file_as(
    said: str, before: str, after: str, given: Person, losses: tuple[Loss, ...]
) -> Iterator[Difference]:
    yield said, "file-as" if not after and before == contacts.usual_file_as(given) else None


_Explain = Callable[[str, Any, Any, Any, tuple[Loss, ...]], Iterator[Difference]]
_PERSON: dict[str, _Explain] = {
    **dict.fromkeys(
        ("emails", "phones", "messaging", "pages", "titles", "roles", "related"), _several
    ),
    "addresses": _places,
    "notes": _notes,
    "rest": _rest,
    "privacy": _privacy,
    "file_as": _file_as,
}


def of_event(given: Event, found: Event, losses: tuple[Loss, ...]) -> Iterator[Difference]:
    """Every field of an event that Exchange holds in one part; dates of a series are compared
    as instants elsewhere (test_recurrence)."""
    rules = {str(loss.rule) for loss in losses}
    for name in (field.name for field in fields(Event)):
        before, after = getattr(given, name), getattr(found, name)
        if before != after:
            said = f"{name}: {before!r} → {after!r}"
            yield said, _EVENT.get(name, _never)(before, after, given, found, rules)
    yield from _in_notes(given, found, losses)


def _in_notes(
    given: Event | Task, found: Event | Task, losses: tuple[Loss, ...]
) -> Iterator[Difference]:
    """What is kept stands below the heading, and nothing else does."""
    parts = (found, *found.changed) if isinstance(found, Event) else (found,)
    lines = [line for one in parts for line in one.description.partition(HEADING)[2].split("\n")]
    kept = {str(loss) for loss in losses if loss.kept}
    yield from ((f"not of a loss: {line}", None) for line in lines if line and line not in kept)
    everywhere = "\n".join(lines)
    yield from ((f"not in the notes: {one}", None) for one in kept if one not in everywhere)


def _never(before: Any, after: Any, given: Any, found: Any, rules: set[str]) -> str | None:
    return None


def _one_of(rules: set[str], *names: str) -> str | None:
    return next((name for name in names if name in rules), None)


def _instant(moment: Moment) -> Moment:
    if not isinstance(moment, datetime):
        return moment
    return (moment if moment.tzinfo else moment.replace(tzinfo=HOME)).astimezone(UTC)


def _start(
    before: Moment, after: Moment, given: Event, found: Event, rules: set[str]
) -> str | None:
    if _instant(before) != _instant(after):
        return None
    return _one_of(rules, "floating", "zone") or "zone-names"


def _end(before: Moment, after: Moment, given: Event, found: Event, rules: set[str]) -> str | None:
    if isinstance(before, datetime) and before.tzinfo is None and isinstance(given.start, datetime):
        before = before.replace(tzinfo=given.start.tzinfo)
    if _instant(before) == _instant(after):
        return _one_of(rules, "floating", "zone") or "zone-names"
    return _one_of(rules, "too-long", "ends-before-start")


def _subject(before: str, after: str, given: Any, found: Any, rules: set[str]) -> str | None:
    return _one_of(rules, "long-subject") if after == before[:255] else None


def _text(before: str, after: str, given: Any, found: Any, rules: set[str]) -> str | None:
    """The notes of the item, without those of losses."""
    if given.html:
        return "html"
    plain = after.partition(HEADING)[0].rstrip("\n")
    return (_one_of(rules, *sorted(rules)) or None) if plain == before else None


def _html(before: str, after: str, given: Any, found: Any, rules: set[str]) -> str | None:
    same = after.startswith(before.replace("\r\n", "\n"))
    return (_one_of(rules, *sorted(rules)) or "html") if same else None


def _recurs(before: str, after: str, given: Event, found: Event, rules: set[str]) -> str | None:
    if before and after:
        return "form-of-rules"
    if before and not after:
        return (
            _one_of(rules, "recurrence", "recurrence-parts", "last-occurrence") or "series-of-one"
        )
    return None


def _left_out(before: Any, after: Any, given: Event, found: Event, rules: set[str]) -> str | None:
    """Instants are compared elsewhere: here only whether there may be others."""
    return "form-of-rules" if given.rule else None


def _changed(before: Any, after: Any, given: Event, found: Event, rules: set[str]) -> str | None:
    return _one_of(rules, *sorted(rules)) or "form-of-rules" if given.rule else None


def _people(before: Any, after: Any, given: Event, found: Event, rules: set[str]) -> str | None:
    plain = [replace(one, answer="") for one in before]
    same = sorted(map(_who, plain)) == sorted(map(_who, after))
    return _one_of(rules, "answers") if same else None


def _who(person: Any) -> tuple[str, str, str]:
    return person.address.lower(), person.role, person.name


def _organizer(before: Any, after: Any, given: Event, found: Event, rules: set[str]) -> str | None:
    return "organizer" if before is None and given.participants else None


def _unplaced(before: Any, after: Any, given: Any, found: Any, rules: set[str]) -> str | None:
    return _one_of(rules, "no-field") if not after else None


_EVENT: dict[str, Callable[[Any, Any, Any, Any, set[str]], str | None]] = {
    "start": _start,
    "end": _end,
    "summary": _subject,
    "description": _text,
    "html": _html,
    "rule": _recurs,
    "left_out": _left_out,
    "changed": _changed,
    "participants": _people,
    "organizer": _organizer,
    "rest": _unplaced,
}


def of_task(given: Task, found: Task, losses: tuple[Loss, ...]) -> Iterator[Difference]:
    rules = {str(loss.rule) for loss in losses}
    for name in (field.name for field in fields(Task)):
        before, after = getattr(given, name), getattr(found, name)
        if before != after:
            said = f"{name}: {before!r} → {after!r}"
            yield said, _TASK.get(name, _never)(before, after, given, found, rules)
    yield from _in_notes(given, found, losses)


def _day(before: Moment, after: Moment, given: Task, found: Task, rules: set[str]) -> str | None:
    day = before.date() if isinstance(before, datetime) else before
    if after == day:
        midnight = isinstance(before, datetime) and before.time() == time()
        return _one_of(rules, "task-hours") or ("midnight" if midnight else None)
    return _one_of(rules, "ends-before-start") if after is None else None


def _done(before: Any, after: Any, given: Task, found: Task, rules: set[str]) -> str | None:
    done = given.status == "completed" or given.completed is not None or given.percent == 100
    return "done" if done else None


def _status(before: str, after: str, given: Task, found: Task, rules: set[str]) -> str | None:
    if before == "cancelled":
        return _one_of(rules, "no-field")
    if before == "needs-action" and not after:
        return "status-of-tasks"
    if not before and given.percent and after == "in-process":
        return "status-of-tasks"
    return _done(before, after, given, found, rules)


def _completed(before: Any, after: Any, given: Task, found: Task, rules: set[str]) -> str | None:
    if before is not None and after is not None:
        same = before.astimezone(HOME).date() == after.astimezone(UTC).date()
        return (_one_of(rules, "task-completed") or "done") if same else None
    return _done(before, after, given, found, rules) if before is None else None


def _reminder(before: Any, after: Any, given: Task, found: Task, rules: set[str]) -> str | None:
    return "zone-names" if before and after and _instant(before) == _instant(after) else None


def _series(before: str, after: str, given: Task, found: Task, rules: set[str]) -> str | None:
    return "form-of-rules" if after else _one_of(rules, "task-series")


_TASK: dict[str, Callable[[Any, Any, Any, Any, set[str]], str | None]] = {
    "summary": _subject,
    "description": _text,
    "html": _html,
    "start": _day,
    "due": _day,
    "percent": _done,
    "status": _status,
    "completed": _completed,
    "reminder": _reminder,
    "rule": _series,
    "rest": _unplaced,
}
_ = timedelta
