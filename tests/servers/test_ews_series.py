"""Series of appointments on the EWS server, as the real exchangelib sees them."""

from __future__ import annotations

from datetime import date

import pytest
from exchangelib import (
    Account,
    EWSDate,
    FileAttachment,
)
from exchangelib.errors import (
    ErrorCalendarOccurrenceIsDeletedFromRecurrence,
    ErrorOccurrenceCrossingBoundary,
)
from exchangelib.recurrence import (
    AbsoluteMonthlyPattern,
    AbsoluteYearlyPattern,
    DailyPattern,
    Pattern,
    Recurrence,
    RelativeMonthlyPattern,
    RelativeYearlyPattern,
    WeeklyPattern,
)

from .ews.appointments import PARIS, at, hours, save, stored, view, weekly

PATTERNS: list[tuple[Pattern, date, list[str]]] = [
    (DailyPattern(interval=10), date(2024, 3, 25), ["2024-03-25", "2024-04-04", "2024-04-14"]),
    (
        WeeklyPattern(interval=2, weekdays=["Monday", "Sunday"], first_day_of_week="Sunday"),
        date(2024, 3, 18),
        ["2024-03-18", "2024-03-31", "2024-04-01"],
    ),
    (
        WeeklyPattern(interval=2, weekdays=["Monday", "Sunday"], first_day_of_week="Monday"),
        date(2024, 3, 18),
        ["2024-03-18", "2024-03-24", "2024-04-01"],
    ),
    (
        AbsoluteMonthlyPattern(interval=1, day_of_month=31),
        date(2024, 1, 31),
        ["2024-01-31", "2024-02-29", "2024-03-31"],
    ),
    (
        RelativeMonthlyPattern(interval=1, weekday="Friday", week_number="Last"),
        date(2024, 1, 1),
        ["2024-01-26", "2024-02-23", "2024-03-29"],
    ),
    (
        RelativeMonthlyPattern(interval=1, weekday="WeekendDay", week_number="First"),
        date(2024, 1, 1),
        ["2024-01-06", "2024-02-03", "2024-03-02"],
    ),
    (
        AbsoluteYearlyPattern(month="February", day_of_month=29),
        date(2023, 1, 1),
        ["2023-02-28", "2024-02-29", "2025-02-28"],
    ),
    (
        RelativeYearlyPattern(month="May", weekday="Weekday", week_number="Second"),
        date(2023, 1, 1),
        ["2023-05-02", "2024-05-02", "2025-05-02"],
    ),
]


@pytest.mark.parametrize(("pattern", "begins", "expected"), PATTERNS)
def test_patterns(anna: Account, pattern: Pattern, begins: date, expected: list[str]) -> None:
    first = EWSDate.from_date(begins)
    save(
        anna,
        start=at(first.year, first.month, first.day, 9),
        end=at(first.year, first.month, first.day, 10),
        recurrence=Recurrence(pattern=pattern, start=first, number=3),
    )
    found = [event for year in (2023, 2024, 2025) for event in view(anna, year)]
    assert [event.start.astimezone(PARIS).strftime("%Y-%m-%d %H") for event in found] == [
        f"{day} 09" for day in expected
    ]
    back = stored(anna)
    assert back.recurrence.pattern == pattern
    assert back.recurrence.boundary.start == first
    assert back.first_occurrence.start.strftime("%Y-%m-%d") == expected[0]
    assert back.last_occurrence.start.strftime("%Y-%m-%d") == expected[-1]


def test_a_series_keeps_its_hour_across_the_change_of_clocks(anna: Account) -> None:
    weekly(anna)
    assert hours(view(anna)) == ["03-20 08:00", "03-27 08:00", "04-03 07:00", "04-10 07:00"]
    assert {event.type for event in view(anna)} == {"Occurrence"}
    assert {event.uid for event in view(anna)} == {stored(anna).uid}


def test_an_endless_series_and_one_that_ends_on_a_day(anna: Account) -> None:
    daily = DailyPattern(interval=1)
    save(anna, recurrence=Recurrence(pattern=daily, start=EWSDate(2024, 3, 20)))
    endless = stored(anna)
    assert endless.last_occurrence is None
    assert len(view(anna, 2025)) == 365
    endless.delete(send_meeting_cancellations="SendToNone")
    limited = Recurrence(pattern=daily, start=EWSDate(2024, 3, 20), end=EWSDate(2024, 3, 22))
    save(anna, recurrence=limited)
    assert hours(view(anna)) == ["03-20 08:00", "03-21 08:00", "03-22 08:00"]


def test_an_occurrence_is_changed(anna: Account) -> None:
    master = weekly(anna)
    occurrence = master.occurrence(index=2)
    occurrence.refresh()
    occurrence.subject = "moved"
    occurrence.start, occurrence.end = at(2024, 3, 28, 15), at(2024, 3, 28, 16)
    occurrence.save(
        update_fields=["subject", "start", "end"], send_meeting_invitations="SendToNone"
    )
    events = view(anna)
    assert hours(events) == ["03-20 08:00", "03-28 14:00", "04-03 07:00", "04-10 07:00"]
    assert [event.type for event in events][:2] == ["Occurrence", "Exception"]
    assert events[1].original_start == at(2024, 3, 27, 9)
    assert [event.subject for event in events] == ["meeting", "moved", "meeting", "meeting"]
    (changed,) = stored(anna).modified_occurrences
    assert (changed.start, changed.original_start) == (at(2024, 3, 28, 15), at(2024, 3, 27, 9))
    assert stored(anna).subject == "meeting"


def test_an_occurrence_is_deleted(anna: Account) -> None:
    master = weekly(anna)
    occurrence = master.occurrence(index=3)
    occurrence.refresh()
    occurrence.delete(send_meeting_cancellations="SendToNone")
    assert hours(view(anna)) == ["03-20 08:00", "03-27 08:00", "04-10 07:00"]
    (gone,) = stored(anna).deleted_occurrences
    assert gone.start == at(2024, 4, 3, 9)
    with pytest.raises(ErrorCalendarOccurrenceIsDeletedFromRecurrence):
        master.occurrence(index=3).refresh()


def test_a_series_is_moved_and_copied_with_its_exceptions(anna: Account) -> None:
    occurrence = weekly(anna).occurrence(index=1)
    occurrence.refresh()
    occurrence.subject = "first"
    occurrence.save(update_fields=["subject"], send_meeting_invitations="SendToNone")
    stored(anna).copy(anna.trash)
    stored(anna).move(anna.drafts)
    for folder in (anna.trash, anna.drafts):
        (series,) = folder.all()
        (changed,) = series.modified_occurrences
        (found,) = anna.fetch([(changed.id, None)])
        master = found.recurring_master()
        master.refresh()
        assert (found.subject, master.id) == ("first", series.id)


def test_an_occurrence_leads_to_its_series(anna: Account) -> None:
    master = weekly(anna)
    found = view(anna)[2].recurring_master()
    found.refresh()
    assert found.id == master.id


def test_an_occurrence_may_have_an_attachment_of_its_own(anna: Account) -> None:
    master = weekly(anna)
    occurrence = master.occurrence(index=1)
    occurrence.refresh()
    occurrence.attach(FileAttachment(name="a.txt", content=b"abc"))
    first, second, *_ = view(anna)
    assert (first.type, second.type) == ("Exception", "Occurrence")
    first.refresh()
    assert first.attachments[0].content == b"abc"
    assert stored(anna).attachments == []


def test_an_occurrence_does_not_pass_its_neighbour(anna: Account) -> None:
    occurrence = weekly(anna).occurrence(index=2)
    occurrence.refresh()
    occurrence.start, occurrence.end = at(2024, 4, 3, 15), at(2024, 4, 3, 16)
    with pytest.raises(ErrorOccurrenceCrossingBoundary):
        occurrence.save(update_fields=["start", "end"], send_meeting_invitations="SendToNone")
    assert stored(anna).modified_occurrences is None


def test_a_new_hour_for_the_series_forgets_exceptions(anna: Account) -> None:
    master = weekly(anna)
    occurrence = master.occurrence(index=3)
    occurrence.refresh()
    occurrence.delete(send_meeting_cancellations="SendToNone")
    master = stored(anna)
    master.start, master.end = at(2024, 3, 20, 11), at(2024, 3, 20, 12)
    master.save(update_fields=["start", "end"], send_meeting_invitations="SendToNone")
    assert len(view(anna)) == 4
    assert hours(view(anna))[0] == "03-20 10:00"


def test_ten_years_of_a_series_agree_with_the_clock(anna: Account) -> None:
    anna.default_timezone = PARIS
    save(
        anna,
        is_all_day=True,
        start=EWSDate(2024, 3, 20),
        end=EWSDate(2024, 3, 20),
        recurrence=Recurrence(pattern=DailyPattern(interval=1), start=EWSDate(2024, 3, 20)),
    )
    for year in (2024, 2029, 2033):
        days = anna.calendar.view(start=at(year, 1, 1), end=at(year + 1, 1, 1))
        for event in days.only("start", "end", "duration"):
            for moment in (event.start, event.end):
                assert moment.astimezone(PARIS).strftime("%H:%M") == "00:00"
