"""Events of the collection occur when recurring-ical-events, which is not ours, finds them to."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from omm_desktop.endpoints.convert.calendar.read import read_event
from omm_desktop.model.items import ItemKind
from tests.items.calendars import instants

from .occurrences_record import RECORD, summary
from .reading import corpus_files, read

# Where ours differ, and why that is meant.
OTHERWISE = {
    "an end in UTC is one of the person's own zone, also for whole days": [
        "node-ical__exchange_whole_day_moved_recurrence.ics",
        "node-ical__exchange_whole_day_moved_recurrence_offset_tz.ics",
        "python-recurring-ical-events__issue_28_rrule_with_UTC_endinginZ.ics",
        "icalendar__parsing_error.ics",
    ],
    "an end without a zone is in the zone of the start": ["vobject__UntilRespectsTimezoneTest.ics"],
    "X-WR-TIMEZONE changes no time that is told in UTC": [
        "node-ical__biweekly-exdate-until.ics",
        "ical.js__google_birthday.ics",
        "x-wr-timezone__exdate-hackerpublicradio-modified.out.ics",
        "x-wr-timezone__moved-event-RECURRENCE-ID.in.ics",
        "x-wr-timezone__rdate-hackerpublicradio.out.ics",
    ],
    "the zone that a name means goes before what the file tells of it": [
        "ical.net__Bug1741093.ics",
        "ical.net__HourlyInterval1.ics",
        "python-recurring-ical-events__issue42.ics",
    ],
    "a time without a zone is in the person's own, compared with UTC, too": [
        "icalendar__event_with_recurrence.ics",
        "khal__event_dt_mixed_awareness.ics",
        "khal__event_dtr_no_tz_exdatez.ics",
        "node-ical__windows-quoted-tz-rrule.ics",
    ],
    "a day with a zone is a day": ["ical4j__japan_west.ics"],
    "what has one UID, or none, and says different things is several events": [
        "ical.net__Parameter2.ics",
        "ical4j__blalor.ics",
        "ical4j__lotr-updated.ics",
        "khal__event_dt_multi_uid.ics",
        "libical__calendar.ics",
        "libical__smallcluster.ics",
        "python-recurring-ical-events__issue_253_additional_recurrence_id.ics",
    ],
    "a rule or a date that others refuse is read": [
        "icalendar__issue_156_RDATE_with_PERIOD_TZID_khal.ics",
        "icalendar__issue_156_RDATE_with_PERIOD_TZID_khal_2.ics",
        "icalendar__issue_165_missing_event.ics",
        "icalendar__issue_464_invalid_rdate.ics",
        "kcalendarcore__ConnectDaily2.ics",
        "kcalendarcore__ConnectDaily8.ics",
        "node-ical__bad_custom_ms_tz.ics",
        "node-ical__bad_custom_ms_tz2.ics",
        "node-ical__test_date_duration.ics",
        "vobject__vobject_0050.ics",
        *(f"kcalendarcore__KOrganizer_vCalTestCase{n:02}.vcs" for n in (1, 2, 3, 4, 5, 10, 12, 13)),
    ],
    "what ends before it begins begins where it says": [
        "node-ical__daily-count-exdate-recurrence-id.ics",
        "python-recurring-ical-events__end_before_start_event.ics",
        "python-recurring-ical-events__issue_132_swapped_start_and_end.ics",
    ],
    "the start always occurs": ["python-recurring-ical-events__issue_117_until_before_dtstart.ics"],
    "a change of all that follow is one of the first of them, and told": [
        "python-recurring-ical-events__issue_75_range_parameter.ics"
    ],
    "dateutil, with which the tests count, does not follow": [
        "icalendar__issue_1081_invalid_rrule_freq.ics",
        "icalendar__rfc_7529.ics",
        "python-recurring-ical-events__recurring_events_changed_duration.ics",
    ],
}


def occurrences(path: Path, until: datetime) -> list[datetime]:
    """When the events that our reader gives are, in UTC."""
    events = [
        event
        for (_, kind), given in read(path).items()
        if kind is ItemKind.EVENTS
        for data in given
        if (event := read_event(data)) is not None
    ]
    return [moment for event in events for moment in instants(event, until) if moment <= until]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(4))
def test_every_event_of_the_collection_is_when_others_find_it(part: int) -> None:
    record = json.loads(RECORD.read_text())
    assert len(record) > 380
    differing = set()
    for path in corpus_files("ics")[part::4]:
        if expected := record.get(path.name):
            until = datetime.fromisoformat(expected.pop("until"))
            try:
                found = summary(occurrences(path, until))
            except ValueError:
                found = {}
            if found != expected:
                differing.add(path.name)
    known = {name for names in OTHERWISE.values() for name in names}
    assert differing == known & {path.name for path in corpus_files("ics")[part::4]}
