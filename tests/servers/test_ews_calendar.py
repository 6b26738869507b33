"""Appointments and series on the EWS server, as the real exchangelib sees them."""

from __future__ import annotations

from datetime import date

import pytest
from exchangelib import (
    Account,
    Attendee,
    CalendarItem,
    EWSDate,
    EWSDateTime,
    EWSTimeZone,
    ExtendedProperty,
    FileAttachment,
    Mailbox,
)
from exchangelib.errors import (
    ErrorCalendarDurationIsTooLong,
    ErrorCalendarEndDateIsEarlierThanStartDate,
    ErrorCalendarOccurrenceIsDeletedFromRecurrence,
    ErrorCalendarViewRangeTooBig,
    ErrorOccurrenceCrossingBoundary,
    ErrorRecurrenceHasNoOccurrence,
    ErrorSchemaValidation,
    ErrorTimeZone,
    ErrorUnsupportedPathForQuery,
)
from exchangelib.ewsdatetime import UTC as EWS_UTC
from exchangelib.fields import FieldOrder, FieldPath
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
from exchangelib.services import CreateItem

from .ews import EwsServer
from .ews.client import account, find_alone
from .ews.global_id import global_object_id

ANNA = "anna@exchange.test"
PARIS = EWSTimeZone("Europe/Paris")
NEW_YORK = EWSTimeZone("America/New_York")


def at(*parts: int, zone: EWSTimeZone = PARIS) -> EWSDateTime:
    return EWSDateTime(*parts, tzinfo=zone)


def save(anna: Account, **fields: object) -> CalendarItem:
    event = {
        "subject": "meeting",
        "start": at(2024, 3, 20, 9),
        "end": at(2024, 3, 20, 10),
    } | fields
    item: CalendarItem = CalendarItem(account=anna, folder=anna.calendar, **event).save(
        send_meeting_invitations="SendToNone"
    )
    return item


def weekly(anna: Account, number: int = 4, **fields: object) -> CalendarItem:
    pattern = WeeklyPattern(interval=1, weekdays=["Wednesday"])
    recurrence = Recurrence(pattern=pattern, start=EWSDate(2024, 3, 20), number=number)
    return save(anna, recurrence=recurrence, **fields)


def stored(anna: Account) -> CalendarItem:
    (event,) = anna.calendar.all()
    return event


def view(anna: Account, year: int = 2024) -> list[CalendarItem]:
    return list(anna.calendar.view(start=at(year, 1, 1), end=at(year + 1, 1, 1)))


def hours(events: list[CalendarItem]) -> list[str]:
    return [event.start.astimezone(EWS_UTC).strftime("%m-%d %H:%M") for event in events]


def test_an_appointment_keeps_its_zone_and_gets_a_uid(anna: Account) -> None:
    save(anna, location="Room", legacy_free_busy_status="OOF", sensitivity="Private")
    event = stored(anna)
    assert event.start == at(2024, 3, 20, 9)
    assert event._start_timezone == PARIS
    assert event.uid.startswith("040000008200E00074C5B7101A82E008")
    assert (event.location, event.legacy_free_busy_status) == ("Room", "OOF")
    assert (event.type, event.is_recurring, event.sensitivity) == ("Single", False, "Private")
    assert event.organizer.email_address == ANNA


def test_a_uid_and_a_reminder_of_ones_own(anna: Account) -> None:
    save(anna, uid="one@far.test", reminder_is_set=True, reminder_minutes_before_start=15)
    event = stored(anna)
    assert (event.uid, event.reminder_is_set) == ("one@far.test", True)
    assert event.reminder_minutes_before_start == 15


class GlobalId(ExtendedProperty):
    distinguished_property_set_id = "Meeting"
    property_id = 0x23
    property_type = "Binary"


def test_a_uid_is_found_by_its_global_id_alone(anna: Account) -> None:
    save(anna, uid="one@far.test")
    save(anna)
    field = FieldOrder(FieldPath(CalendarItem.get_field_by_fieldname("uid")))
    with pytest.raises(ErrorUnsupportedPathForQuery):
        list(find_alone(anna.calendar, order=field))
    CalendarItem.register("global_id", GlobalId)
    try:
        (event,) = anna.calendar.filter(global_id=global_object_id("one@far.test"))
        assert event.uid == "one@far.test"
    finally:
        CalendarItem.deregister("global_id")


def test_whole_days_go_from_midnight_to_midnight(anna: Account) -> None:
    save(anna, is_all_day=True, start=EWSDate(2024, 3, 30), end=EWSDate(2024, 3, 31))
    event = stored(anna)
    assert (event.start, event.end) == (EWSDate(2024, 3, 30), EWSDate(2024, 3, 31))


def test_attendees_are_kept_and_nobody_is_told(exchange: EwsServer, anna: Account) -> None:
    bob = Attendee(mailbox=Mailbox(email_address="bob@far.test"), response_type="Accept")
    save(
        anna, required_attendees=[bob], optional_attendees=["zoe@far.test"], resources=["r@x.test"]
    )
    event = stored(anna)
    assert event.required_attendees[0].response_type == "Accept"
    assert event.optional_attendees[0].mailbox.email_address == "zoe@far.test"
    assert event.resources[0].mailbox.name == "r@x.test"
    assert (event.is_meeting, event.meeting_request_was_sent) == (True, False)
    assert event.my_response_type == "Organizer"
    exchange.journal.assert_nothing_sent()


def test_invitations_would_be_a_violation(exchange: EwsServer) -> None:
    with account(exchange, ANNA) as anna:
        event = CalendarItem(
            account=anna,
            folder=anna.calendar,
            subject="s",
            start=at(2024, 3, 20, 9),
            end=at(2024, 3, 20, 10),
        )
        event.save(send_meeting_invitations="SendToAllAndSaveCopy")
        event.delete(send_meeting_cancellations="SendOnlyToAll")
    assert [one.partition(" ")[2] for one in exchange.journal.violations] == [
        "CreateItem SendMeetingInvitations=SendToAllAndSaveCopy",
        "DeleteItem SendMeetingCancellations=SendOnlyToAll",
    ]


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


def test_another_zone_than_ones_own(anna: Account) -> None:
    save(anna, start=at(2024, 3, 20, 9, zone=NEW_YORK), end=at(2024, 3, 20, 10, zone=NEW_YORK))
    event = stored(anna)
    assert event._start_timezone == NEW_YORK
    assert event.start == at(2024, 3, 20, 14)


def test_a_zone_windows_does_not_know(exchange: EwsServer, anna: Account) -> None:
    event = CalendarItem(
        account=anna, subject="s", start=at(2024, 3, 20, 9), end=at(2024, 3, 20, 10)
    )
    payload = CreateItem(account=anna).get_payload([event], anna.calendar, "SaveOnly", "SendToNone")
    next(payload.iter("{*}StartTimeZone")).set("Id", "Nowhere Standard Time")
    with pytest.raises(ErrorTimeZone):
        list(CreateItem(account=anna)._get_elements(payload))


def test_what_cannot_be_is_refused(anna: Account) -> None:
    with pytest.raises(ErrorCalendarDurationIsTooLong):
        save(anna, end=at(2034, 1, 1))
    never = Recurrence(
        pattern=AbsoluteMonthlyPattern(interval=1, day_of_month=31),
        start=EWSDate(2024, 4, 2),
        end=EWSDate(2024, 4, 3),
    )
    with pytest.raises(ErrorRecurrenceHasNoOccurrence):
        save(anna, start=at(2024, 4, 2, 9), end=at(2024, 4, 2, 10), recurrence=never)
    assert anna.calendar.all().count() == 0


def test_an_end_before_the_beginning(anna: Account) -> None:
    event = CalendarItem(
        account=anna, subject="s", start=at(2024, 3, 20, 9), end=at(2024, 3, 20, 10)
    )
    payload = CreateItem(account=anna).get_payload([event], anna.calendar, "SaveOnly", "SendToNone")
    next(payload.iter("{*}End")).text = "2024-03-19T00:00:00Z"
    with pytest.raises(ErrorCalendarEndDateIsEarlierThanStartDate):
        list(CreateItem(account=anna)._get_elements(payload))


def test_elements_out_of_order_fail_the_schema(anna: Account) -> None:
    event = CalendarItem(
        account=anna, subject="s", start=at(2024, 3, 20, 9), end=at(2024, 3, 20, 10)
    )
    service = CreateItem(account=anna)
    payload = service.get_payload([event], anna.calendar, "SaveOnly", "SendToNone")
    element = next(payload.iter("{*}CalendarItem"))
    element.append(next(payload.iter("{*}Subject")))
    with pytest.raises(ErrorSchemaValidation, match="'Subject' out of order"):
        list(service._get_elements(payload))


def test_a_view_is_two_years_at_most(anna: Account) -> None:
    with pytest.raises(ErrorCalendarViewRangeTooBig):
        list(anna.calendar.view(start=at(2020, 1, 1), end=at(2024, 1, 1)))


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
