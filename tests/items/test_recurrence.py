"""Recurrences as Exchange holds them: the same instants, or the loss is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from exchangelib import EWSDate, EWSTimeZone
from exchangelib.recurrence import Recurrence

from omm_desktop.endpoints.convert.calendar.read import read_event
from omm_desktop.endpoints.convert.calendar.split import split_calendar
from omm_desktop.endpoints.convert.calendar.values import Event
from omm_desktop.endpoints.ews.calendar import event_reading
from omm_desktop.endpoints.ews.calendar.events import NewEvent, to_items
from omm_desktop.endpoints.ews.calendar.patterns import as_rule
from omm_desktop.endpoints.ews.calendar.recurrence import Held, hold
from omm_desktop.endpoints.ews.differences import Difference
from tests.servers.ews.finding import shown
from tests.servers.ews.recurrence import start_of

from .calendars import event, instants
from .saving import save

if TYPE_CHECKING:
    from exchangelib import Account

    from tests.servers.ews import EwsServer
    from tests.servers.ews.store import Folder, Item

ANNA = "anna@exchange.test"
RECURS = re.compile(rb"RRULE|RDATE|RECURRENCE-ID", re.IGNORECASE)
PARIS = EWSTimeZone("Europe/Paris")
START = datetime(2024, 1, 31, 9)
TOLD = (Difference.RECURRENCE, Difference.ZONE, Difference.LAST_OCCURRENCE)
MONTHLY = "FREQ=MONTHLY;"
LAST_OF_WORK = f"{MONTHLY}BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"


def held(rule: str, start: datetime = START) -> Held:
    return hold(rule, start, PARIS)


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        ("FREQ=DAILY;INTERVAL=2", "FREQ=DAILY;INTERVAL=2"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=WE"),
        ("FREQ=WEEKLY;COUNT=-1", "FREQ=WEEKLY;BYDAY=WE"),
        ("RSCALE=GREGORIAN;FREQ=WEEKLY;SKIP=OMIT", "FREQ=WEEKLY;BYDAY=WE"),
        (
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,WE",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,SU;WKST=SU",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        (f"{MONTHLY}BYMONTHDAY=28,29,30;BYSETPOS=-1", f"{MONTHLY}BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        ("FREQ=MONTHLY;BYDAY=-1WE", "FREQ=MONTHLY;BYDAY=-1WE"),
        (LAST_OF_WORK, LAST_OF_WORK),
        (f"{MONTHLY}BYDAY=-1MO,-1TU,-1WE,-1TH,-1FR;BYSETPOS=-1", LAST_OF_WORK),
        ("FREQ=MONTHLY;BYDAY=WE;BYMONTHDAY=8,9,10,11,12,13,14", "FREQ=MONTHLY;BYDAY=2WE"),
        ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=31"),
        ("FREQ=YEARLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=36;BYMONTHDAY=-1"),
        ("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
    ],
)
def test_patterns(rule: str, pattern: str) -> None:
    (series,) = held(rule).series
    assert as_rule(series.pattern) == pattern
    assert series.gaps == ()


def test_the_29th_of_february_is_every_four_years() -> None:
    (series,) = held("FREQ=YEARLY", datetime(2024, 2, 29, 9)).series
    assert as_rule(series.pattern) == "FREQ=MONTHLY;INTERVAL=48;BYMONTHDAY=28,29;BYSETPOS=-1"


def test_the_31st_leaves_out_the_ends_of_shorter_months() -> None:
    (series,) = held("FREQ=MONTHLY").series
    assert as_rule(series.pattern) == "FREQ=MONTHLY;BYMONTHDAY=-1"
    assert {moment.month for moment in series.gaps} == {2, 4, 6, 9, 11}


@pytest.mark.parametrize(
    ("rule", "series", "singles"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", 2, 1),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", 2, 1),
        ("FREQ=DAILY;BYHOUR=9,14", 2, 0),
        ("FREQ=YEARLY;BYMONTH=1,3;BYMONTHDAY=31", 2, 0),
        ("FREQ=MONTHLY;BYDAY=-2MO;COUNT=3", 0, 4),
        ("FREQ=HOURLY;INTERVAL=3;COUNT=4", 0, 4),
    ],
)
def test_what_one_pattern_cannot_say_becomes_several(rule: str, series: int, singles: int) -> None:
    found = held(rule)
    assert (len(found.series), len(found.singles), found.lost) == (series, singles, False)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;BYHOUR=9",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=0",
        "FREQ=NEVER",
        "RSCALE=CHINESE;FREQ=YEARLY",
        "BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;UNTIL=never",
    ],
)
def test_what_nobody_can_hold_is_told(rule: str) -> None:
    assert held(rule) == Held(singles=(START,), lost=True)


@pytest.mark.parametrize(
    ("rule", "until"),
    [
        ("FREQ=YEARLY;UNTIL=22000131", "2200-01-31"),
        ("FREQ=DAILY;UNTIL=22000131T000000Z", "2200-01-30"),
        ("FREQ=DAILY;COUNT=36525", "2124-01-31"),
    ],
)
def test_an_end_in_a_hundred_years_stays_where_it_is(rule: str, until: str) -> None:
    found = held(rule)
    (series,) = found.series
    assert (series.number, str(series.until), found.lost) == (None, until, False)


def test_more_occurrences_than_can_be_compared_are_told() -> None:
    assert held("FREQ=DAILY;COUNT=1000000").lost


def test_a_count_or_an_end_stays_what_it_is() -> None:
    (counted,) = held("FREQ=WEEKLY;COUNT=5").series
    (ending,) = held("FREQ=WEEKLY;UNTIL=20240320T080000Z").series
    assert (counted.number, counted.until) == (5, None)
    assert (ending.number, str(ending.until)) == (None, "2024-03-20")


def test_a_recurrence_of_exchange_reads_as_a_rule() -> None:
    (series,) = held("FREQ=WEEKLY;UNTIL=20240320T080000Z").series
    recurrence = Recurrence(
        pattern=series.pattern, start=EWSDate(2024, 1, 31), end=EWSDate(2024, 3, 20)
    )
    start = datetime(2024, 1, 31, 9, tzinfo=UTC)
    rule = event_reading.rule_of(recurrence, start)
    assert rule == "FREQ=WEEKLY;UNTIL=20240320T090000Z;BYDAY=WE"


def put(anna: Account, given: Event) -> NewEvent:
    new = to_items(given, PARIS)
    for part in new.parts:
        save(part, anna.calendar)
    return new


def windows(begins: datetime, *, dense: bool) -> list[tuple[datetime, datetime]]:
    """Ten years two at a time, as Exchange shows them; of what is dense the changes of clocks."""
    if not dense:
        cuts = [begins + timedelta(days=days) for days in (*range(0, 3650, 700), 3650)]
        return list(pairwise(cuts))
    years = range(begins.year + 1, begins.year + 10)
    days = [(datetime(year, month, 8, tzinfo=UTC)) for year in years for month in (3, 10)]
    return [(day, day + timedelta(days=33)) for day in days]


def seen(exchange: EwsServer, spans: list[tuple[datetime, datetime]]) -> list[datetime]:
    """What a calendar shows: tens of thousands, so that the server is asked without the wire."""
    calendar = exchange.store.mailboxes[ANNA].distinguished("calendar")
    begins = (start_of(item) for span in spans for item in _beginning_in(calendar, *span))
    return sorted(one.astimezone(UTC) for one in begins)


def _beginning_in(calendar: Folder, first: datetime, last: datetime) -> Iterator[Item]:
    return (item for item in shown(calendar, first, last) if first <= start_of(item) < last)


def within(moments: Iterable[datetime], spans: list[tuple[datetime, datetime]]) -> list[datetime]:
    return sorted(one for one in moments if any(first <= one < last for first, last in spans))


def same_for_ten_years(exchange: EwsServer, given: Event) -> bool:
    start = given.start if isinstance(given.start, datetime) else None
    begins = start or datetime.combine(given.start, time())
    begins = begins.replace(tzinfo=UTC) - timedelta(days=2)
    every = instants(given, begins + timedelta(days=3700), PARIS)
    spans = windows(begins, dense=len(within(every, windows(begins, dense=False))) > 600)
    return seen(exchange, spans) == within(every, spans)


@pytest.mark.parametrize(
    "lines",
    [
        ["RRULE:FREQ=WEEKLY;BYDAY=WE,SU"],
        ["RRULE:FREQ=MONTHLY"],
        ["RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15", "EXDATE;TZID=Europe/Paris:20240301T023000"],
        ["RRULE:FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU"],
        ["RRULE:FREQ=WEEKLY;COUNT=9", "EXDATE;VALUE=DATE:20240207"],
        ["RRULE:FREQ=WEEKLY;COUNT=9", "RDATE;TZID=Europe/Paris:20240201T023000"],
        ["RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3"],
        ["RDATE;TZID=Europe/Paris:20240201T023000,20250201T023000"],
    ],
)
def test_ten_years_across_changes_of_clocks(
    exchange: EwsServer, anna: Account, lines: list[str]
) -> None:
    given = event("DTSTART;TZID=Europe/Paris:20240131T023000", "DURATION:PT1H", *lines)
    put(anna, given)
    assert same_for_ten_years(exchange, given)


@pytest.mark.timeout(600)
def test_every_recurrence_of_the_collection(
    exchange: EwsServer, anna: Account, calendar_files: list[tuple[str, bytes]]
) -> None:
    """Of files with the same recurrence over and over, the first of each."""
    wrong, told, known = [], 0, set()
    for name, data in calendar_files:
        for one in split_calendar(data):
            recurs = one.kind == "event" and RECURS.search(one.data)
            given = read_event(one.data) if recurs else None
            if given is None or not (given.rule or given.added or given.changed):
                continue
            shape = re.sub(r"(UNTIL|COUNT)=[^;]*", r"\1", given.rule)
            about = (shape, bool(given.left_out), bool(given.changed), type(given.start))
            if about in known:
                continue
            known.add(about)
            new = put(anna, given)
            if any(loss.rule in TOLD for loss in new.losses):
                told += 1
            elif not same_for_ten_years(exchange, given):
                wrong.append(f"{name}: {one.uid}: {given.rule}")
            anna.bulk_delete(
                [part.item for part in new.parts], send_meeting_cancellations="SendToNone"
            )
    assert not wrong, "\n".join(wrong)
    assert len(known) > 200
    assert told < 45
