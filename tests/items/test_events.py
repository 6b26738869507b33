"""Events in a mailbox on Exchange: what goes in comes out, but for what is listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from exchangelib import EWSTimeZone

from omm_desktop.endpoints.convert.calendar.read import read_event
from omm_desktop.endpoints.convert.calendar.split import split_calendar
from omm_desktop.endpoints.convert.calendar.values import Event, Moment, Participant
from omm_desktop.endpoints.convert.loss import HEADING, Loss
from omm_desktop.endpoints.ews.calendar import event_reading
from omm_desktop.endpoints.ews.calendar.events import LONGEST_SUBJECT, to_items
from omm_desktop.endpoints.ews.differences import Difference

from .calendars import event, instants
from .saving import save
from .test_calendars import EVENT

if TYPE_CHECKING:
    from exchangelib import Account

ANNA = "anna@exchange.test"
PARIS = EWSTimeZone("Europe/Paris")
HOME = ZoneInfo("Europe/Paris")
MOST_OF_A_FILE = 4
EXACT = ("uid", "location", "busy", "reminder", "categories", "privacy", "importance", "files")


def through(anna: Account, given: Event) -> tuple[list[Event], tuple[Loss, ...]]:
    """The event as it comes out again, in its parts, and what was lost."""
    new = to_items(given, PARIS)
    for part in new.parts:
        save(part, anna.calendar)
    found = []
    ids = [part.item for part in new.parts]
    for item in anna.fetch(ids, only_fields=event_reading.FIELDS):
        changed = item.modified_occurrences or ()
        occurrences = list(anna.fetch(changed, only_fields=event_reading.FIELDS)) if changed else []
        found.append(event_reading.to_event(item, occurrences, ANNA))
    anna.bulk_delete(ids, send_meeting_cancellations="SendToNone")
    return found, new.losses


def at_home(moment: Moment) -> Moment:
    """The instant; a floating time is one of the mailbox's zone."""
    if not isinstance(moment, datetime):
        return moment
    return (moment if moment.tzinfo else moment.replace(tzinfo=HOME)).astimezone(UTC)


def differences(given: Event, found: Event, losses: tuple[Loss, ...]) -> list[str]:
    """What is neither equal nor in the manual."""
    wrong = [
        f"{name}: {getattr(given, name)!r} → {getattr(found, name)!r}"
        for name in EXACT
        if getattr(given, name) != getattr(found, name)
    ]
    rules = {loss.rule for loss in losses}
    if at_home(found.start) != at_home(given.start):
        wrong.append(f"start: {given.start} → {found.start}")
    if at_home(found.end) != end_of(given) and not rules & {
        Difference.TOO_LONG,
        Difference.ENDS_BEFORE_START,
    }:
        wrong.append(f"end: {given.end} → {found.end}")
    if found.summary != given.summary[:LONGEST_SUBJECT]:
        wrong.append(f"summary: {found.summary}")
    if given.html:
        wrong += [] if found.html.startswith(given.html.replace("\r\n", "\n")) else ["html"]
    else:
        wrong += notes_apart(given, found, losses)
    if bool(found.rule) != (bool(given.rule) and len(first_two(given)) > 1):
        wrong.append(f"rule: {given.rule} → {found.rule}")
    before, after = people(given), people(found)
    if before != after:
        wrong.append(f"people: {before} → {after}")
    organizer = found.organizer.address if found.organizer else None
    wanted = given.organizer.address if given.organizer else (ANNA if before else None)
    if organizer != wanted:
        wrong.append(f"organizer: {wanted} → {organizer}")
    return wrong


def notes_apart(given: Event, found: Event, losses: tuple[Loss, ...]) -> list[str]:
    """Losses are in the notes of the series, or in those of the occurrence they are of."""
    before, heading, block = found.description.partition(HEADING)
    if before.rstrip("\n") != given.description:
        return [f"description: {found.description!r}"]
    kept = {str(loss) for loss in losses if loss.kept}
    everywhere = "\n".join(one.description for one in (found, *found.changed))
    strange = {line for line in block.strip().split("\n") if heading} - kept
    return [f"notes: {one}" for one in (*strange, *(k for k in kept if k not in everywhere))]


def first_two(given: Event) -> list[datetime]:
    """The first occurrences."""
    start = given.start if isinstance(given.start, datetime) else None
    begins = at_home(given.start) if start else datetime.combine(given.start, time(), HOME)
    assert isinstance(begins, datetime)
    return instants(replace(given, added=(), changed=()), begins + timedelta(days=3660), HOME)[:2]


def end_of(given: Event) -> Moment:
    """DTEND without a zone is in that of DTSTART."""
    end, start = given.end, given.start
    if isinstance(end, datetime) and isinstance(start, datetime) and end.tzinfo is None:
        end = end.replace(tzinfo=start.tzinfo)
    return at_home(end)


def people(given: Event) -> list[tuple[str, str]]:
    return sorted((one.address.lower(), one.role) for one in given.participants)


@pytest.mark.timeout(600)
def test_every_event_of_the_collection(
    anna: Account, calendar_files: list[tuple[str, bytes]]
) -> None:
    """The first few of each file, those that Exchange holds in one part."""
    wrong, seen = [], 0
    for name, data in calendar_files:
        events = (read_event(one.data) for one in split_calendar(data) if one.kind == "event")
        for given in islice((one for one in events if one is not None), MOST_OF_A_FILE):
            if len(to_items(given, PARIS).parts) > 1:
                continue
            (found,), losses = through(anna, given)
            seen += 1
            if not {loss.rule for loss in losses} & {
                Difference.RECURRENCE,
                Difference.RECURRENCE_PARTS,
            }:
                wrong += [f"{name}: {one}" for one in differences(given, found, losses)]
    assert not wrong, "\n".join(wrong)
    assert seen > 450


def test_everything_exchange_has_a_place_for_comes_out_equal(anna: Account) -> None:
    unanswered = tuple(replace(one, answer="") for one in EVENT.participants)
    (same,) = (replace(one, participants=unanswered) for one in EVENT.changed)
    given = replace(
        EVENT,
        participants=unanswered,
        changed=(replace(same, organizer=EVENT.organizer, location=EVENT.location, busy="oof"),),
    )
    (found,), losses = through(anna, given)
    assert losses == ()
    (changed,) = found.changed
    assert replace(found, changed=()) == replace(given, changed=())
    assert (changed.summary, changed.start, changed.end, changed.original) == (
        *(same.summary, same.start, same.end, same.original),
    )


@pytest.mark.parametrize(
    ("first", "end"),
    [
        (date(2024, 3, 30), date(2024, 3, 31)),
        (date(2024, 3, 31), date(2024, 4, 1)),
        (date(2024, 3, 29), date(2024, 4, 1)),
        (date(2024, 10, 27), date(2024, 10, 28)),
        (date(2024, 10, 25), date(2024, 10, 29)),
    ],
)
def test_whole_days_where_clocks_change(anna: Account, first: date, end: date) -> None:
    given = Event(uid="one", summary="x", start=first, end=end, busy="free")
    (found,), _ = through(anna, given)
    assert (found.start, found.end) == (first, end)


def lost(anna: Account, given: Event) -> list[tuple[str, Difference, bool]]:
    _, losses = through(anna, given)
    return [(loss.name, loss.rule, loss.kept) for loss in losses]  # type: ignore[misc]


SIMPLE = Event(
    uid="one",
    summary="x",
    start=datetime(2024, 1, 1, 10, tzinfo=HOME),
    end=datetime(2024, 1, 1, 11, tzinfo=HOME),
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rule": "FREQ=SECONDLY"}, ("RRULE", Difference.RECURRENCE, True)),
        ({"rule": "FREQ=MONTHLY;BYMONTHDAY=1,15"}, ("RRULE", Difference.RECURRENCE_PARTS, False)),
        ({"summary": "x" * 300}, ("SUMMARY", Difference.LONG_SUBJECT, True)),
        ({"end": SIMPLE.end - timedelta(hours=3)}, ("DTEND", Difference.ENDS_BEFORE_START, False)),
        ({"end": SIMPLE.end + timedelta(days=2500)}, ("DTEND", Difference.TOO_LONG, False)),
        (
            {"participants": (Participant("b@x.test", "B", answer="ACCEPTED"),)},
            ("ATTENDEE", Difference.ANSWERS, True),
        ),
        (
            {"start": datetime(2024, 1, 1, 10), "end": datetime(2024, 1, 1, 11)},
            ("DTSTART", Difference.FLOATING, False),
        ),
    ],
)
def test_losses_are_told(
    anna: Account, change: dict[str, Any], told: tuple[str, Difference, bool]
) -> None:
    assert lost(anna, replace(SIMPLE, **change)) == [told]


def test_a_series_whose_every_occurrence_is_left_out_keeps_one(anna: Account) -> None:
    given = event("DTSTART:20240101T100000Z", "RRULE:FREQ=DAILY;COUNT=2")
    given = replace(given, left_out=tuple(datetime(2024, 1, day, 10, tzinfo=UTC) for day in (1, 2)))
    assert lost(anna, given) == [("EXDATE", Difference.LAST_OCCURRENCE, False)]


def test_an_occurrence_moved_beyond_its_neighbour_is_an_appointment_of_its_own(
    anna: Account,
) -> None:
    given = event("DTSTART:20240101T100000Z", "RRULE:FREQ=DAILY;COUNT=3")
    moved = replace(
        given,
        rule="",
        start=datetime(2024, 1, 9, 10, tzinfo=UTC),
        end=datetime(2024, 1, 9, 11, tzinfo=UTC),
        original=datetime(2024, 1, 1, 10, tzinfo=UTC),
    )
    (series, alone), losses = through(anna, replace(given, changed=(moved,)))
    assert [loss.rule for loss in losses] == [Difference.OCCURRENCE_MOVED]
    assert series.left_out == (datetime(2024, 1, 1, 10, tzinfo=UTC),)
    assert (alone.uid, alone.start) == ("one-2", moved.start)


def test_an_occurrence_of_an_endless_series_may_not_pass_the_next_one(anna: Account) -> None:
    given = event("DTSTART:20240101T100000Z", "RRULE:FREQ=WEEKLY")
    moved = replace(
        given,
        rule="",
        start=datetime(2024, 1, 17, 10, tzinfo=UTC),
        end=datetime(2024, 1, 17, 11, tzinfo=UTC),
        original=datetime(2024, 1, 8, 10, tzinfo=UTC),
    )
    found, losses = through(anna, replace(given, changed=(moved,)))
    assert [loss.rule for loss in losses] == [Difference.OCCURRENCE_MOVED]
    assert [one.start for one in found] == [given.start, moved.start]


def test_dates_of_their_own_are_told(anna: Account) -> None:
    given = event("DTSTART:20240101T100000Z", "RDATE:20240105T100000Z")
    found, losses = through(anna, given)
    assert [(loss.name, loss.rule) for loss in losses] == [("RDATE", Difference.RECURRENCE_PARTS)]
    assert [one.start.day for one in found] == [1, 5]
