"""Events in a mailbox on Exchange: what goes in comes out, but for what is listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from exchangelib import EWSTimeZone

from omm_desktop.endpoints.convert.calendar.read import read_event
from omm_desktop.endpoints.convert.calendar.split import split_calendar
from omm_desktop.endpoints.convert.calendar.values import Event, Participant
from omm_desktop.endpoints.convert.loss import Loss
from omm_desktop.endpoints.ews.calendar import event_reading
from omm_desktop.endpoints.ews.calendar.events import to_items
from omm_desktop.endpoints.ews.differences import Difference

from . import explaining
from .calendars import event
from .saving import save
from .test_calendars import EVENT

if TYPE_CHECKING:
    from exchangelib import Account

ANNA = "anna@exchange.test"
PARIS = EWSTimeZone("Europe/Paris")
HOME = ZoneInfo("Europe/Paris")
MOST_OF_A_FILE = 4


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


def differences(given: Event, found: Event, losses: tuple[Loss, ...]) -> list[str]:
    """What the manual does not allow."""
    return explaining.unexplained(explaining.of_event(given, found, losses))


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
