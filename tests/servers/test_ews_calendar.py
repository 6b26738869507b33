"""Appointments on the EWS server, as the real exchangelib sees them."""

from __future__ import annotations

import pytest
from exchangelib import (
    Account,
    Attendee,
    CalendarItem,
    EWSDate,
    EWSTimeZone,
    ExtendedProperty,
    Mailbox,
)
from exchangelib.errors import (
    ErrorCalendarDurationIsTooLong,
    ErrorCalendarEndDateIsEarlierThanStartDate,
    ErrorCalendarViewRangeTooBig,
    ErrorInvalidPropertySet,
    ErrorRecurrenceHasNoOccurrence,
    ErrorSchemaValidation,
    ErrorTimeZone,
    ErrorUnsupportedPathForQuery,
)
from exchangelib.fields import FieldOrder, FieldPath
from exchangelib.recurrence import (
    AbsoluteMonthlyPattern,
    Recurrence,
)
from exchangelib.services import CreateItem

from .ews import EwsServer
from .ews.appointments import PARIS, at, save, stored
from .ews.client import account, find_alone
from .ews.global_id import global_object_id

ANNA = "anna@exchange.test"
NEW_YORK = EWSTimeZone("America/New_York")


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


class SentFor(ExtendedProperty):
    property_tag = 0x5D02
    property_type = "String"


def test_a_meeting_of_somebody_else(anna: Account) -> None:
    CalendarItem.register("sent_for", SentFor)
    try:
        save(anna, sent_for="bob@far.test", required_attendees=[ANNA])
    finally:
        CalendarItem.deregister("sent_for")
    event = stored(anna)
    assert event.organizer.email_address == "bob@far.test"
    event.required_attendees = ["zoe@far.test"]
    with pytest.raises(ErrorInvalidPropertySet):
        event.save(update_fields=["required_attendees"], send_meeting_invitations="SendToNone")
    event.subject = "changed"
    event.save(update_fields=["subject"], send_meeting_invitations="SendToNone")
    assert stored(anna).subject == "changed"


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
    assert event.required_attendees[0].response_type == "Unknown", "answers are not taken"
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
