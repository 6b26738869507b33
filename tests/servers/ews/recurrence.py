"""Series of appointments: when their occurrences are, which changed and which are gone."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count, islice
from zoneinfo import ZoneInfo

from dateutil import rrule
from lxml import etree

from .identity import occurrence_id
from .moments import parse, show, zone
from .soap import Element, EwsError, children, find, local, make, need, text_at
from .store import Attachment, Item, Store
from .words import words

WEEKDAYS = {
    name: getattr(rrule, name[:2].upper())
    for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
}
DAY_SETS = {
    "Day": list(WEEKDAYS.values()),
    "Weekday": list(WEEKDAYS.values())[:5],
    "WeekendDay": list(WEEKDAYS.values())[5:],
}
POSITIONS = {"First": 1, "Second": 2, "Third": 3, "Fourth": 4, "Last": -1}
MONTHS = words(
    "January February March April May June July August September October November December"
)
OF_THE_SERIES = (
    "calendar:Recurrence",
    "calendar:FirstOccurrence",
    "calendar:LastOccurrence",
    "calendar:ModifiedOccurrences",
    "calendar:DeletedOccurrences",
)


def is_series(item: Item) -> bool:
    return item.kind == "CalendarItem" and "calendar:Recurrence" in item.fields


def zone_of(item: Item) -> ZoneInfo:
    """The zone in which the appointment keeps its hour."""
    element = item.fields.get("calendar:StartTimeZone")
    return zone(element.get("Id", "UTC")) if element is not None else ZoneInfo("UTC")


def start_of(item: Item) -> datetime:
    return parse(item.fields["calendar:Start"].text or "")


def end_of(item: Item) -> datetime:
    return parse(item.fields["calendar:End"].text or "")


def instants(item: Item) -> Iterator[datetime]:
    """The beginnings of all occurrences in UTC, deleted ones included."""
    pattern = etree.tostring(item.fields["calendar:Recurrence"])
    return iter(_expanded(pattern, _local_start(item), zone_of(item)))


class _Instants:
    """Worked out as far as somebody looked, and remembered."""

    def __init__(self, pattern: bytes, begins: datetime, local_zone: ZoneInfo) -> None:
        self._rule = iter(_rule(etree.fromstring(pattern), begins))
        self._zone = local_zone
        self._known: list[datetime] = []

    def __iter__(self) -> Iterator[datetime]:
        for number in count():
            if number == len(self._known):
                naive = next(self._rule, None)
                if naive is None:
                    return
                self._known.append(naive.replace(tzinfo=self._zone).astimezone(UTC))
            yield self._known[number]


_expanded = lru_cache(maxsize=64)(_Instants)


def _local_start(item: Item) -> datetime:
    """The first day of the recurrence at the hour of the appointment, without a zone."""
    begins = start_of(item).astimezone(zone_of(item)).replace(tzinfo=None)
    pattern_begins = _date(need(_range(item.fields["calendar:Recurrence"]), "t:StartDate"))
    return datetime.combine(pattern_begins, begins.time())


def _range(recurrence: Element) -> Element:
    return children(recurrence)[1]


def _date(element: Element) -> datetime:
    return datetime.fromisoformat((element.text or "")[:10])


def check_recurrence(recurrence: Element) -> None:
    """EwsError for what Exchange refuses to store."""
    limits = _range(recurrence)
    end = find(limits, "t:EndDate")
    if end is not None and _date(end) < _date(need(limits, "t:StartDate")):
        raise EwsError(
            "ErrorCalendarEndDateIsEarlierThanStartDate", "The end date is earlier than the start."
        )
    if next(iter(_rule(recurrence, _date(need(limits, "t:StartDate")))), None) is None:
        raise EwsError(
            "ErrorRecurrenceHasNoOccurrence", "The recurrence does not have any occurrence."
        )


def _rule(recurrence: Element, begins: datetime) -> rrule.rrule:
    pattern, limits = children(recurrence)
    until = find(limits, "t:EndDate")
    number = text_at(limits, "t:NumberOfOccurrences")
    kind = local(pattern)
    return rrule.rrule(
        dtstart=begins,
        until=None if until is None else datetime.combine(_date(until), begins.time()),
        count=None if number is None else int(number),
        interval=int(text_at(pattern, "t:Interval") or 1),
        **_pattern(kind, pattern),
    )


def _pattern(kind: str, pattern: Element) -> dict[str, object]:
    days = (text_at(pattern, "t:DaysOfWeek") or "").split()
    month = text_at(pattern, "t:Month")
    yearly = {} if month is None else {"bymonth": MONTHS.index(month) + 1}
    frequency = rrule.YEARLY if month is not None else rrule.MONTHLY
    if kind == "DailyRecurrence":
        return {"freq": rrule.DAILY}
    if kind == "WeeklyRecurrence":
        first = WEEKDAYS[text_at(pattern, "t:FirstDayOfWeek") or "Sunday"]
        return {"freq": rrule.WEEKLY, "byweekday": [WEEKDAYS[day] for day in days], "wkst": first}
    if kind.startswith("Absolute"):
        day = int(text_at(pattern, "t:DayOfMonth") or 1)
        # The last day stands in for a day the month does not have.
        candidates = [day] if day <= 28 else list(range(28, day + 1))
        return {"freq": frequency, "bymonthday": candidates, "bysetpos": -1} | yearly
    if kind.startswith("Relative"):
        position = POSITIONS[text_at(pattern, "t:DayOfWeekIndex") or "First"]
        weekdays = DAY_SETS.get(days[0]) or [WEEKDAYS[days[0]]]
        return {"freq": frequency, "byweekday": weekdays, "bysetpos": position} | yearly
    raise EwsError("ErrorCalendarInvalidRecurrence", f"{kind} is not for appointments.")


def occurrence(master: Item, original: datetime) -> Item:
    """The occurrence that was to begin then; EwsError when the series has none or it is gone."""
    if original in master.deleted:
        raise EwsError(
            "ErrorCalendarOccurrenceIsDeletedFromRecurrence", "The occurrence has been deleted."
        )
    if original in master.exceptions:
        return master.exceptions[original]
    for one in instants(master):
        if one == original:
            return _unchanged(master, original)
        if one > original:
            break
    raise EwsError("ErrorItemNotFound", "The specified object was not found in the store.")


def _end(master: Item, original: datetime) -> datetime:
    """When an occurrence ends: the length counts by the clock on the wall."""
    local_zone = zone_of(master)
    begins, ends, here = (
        moment.astimezone(local_zone).replace(tzinfo=None)
        for moment in (start_of(master), end_of(master), original)
    )
    return (here + (ends - begins)).replace(tzinfo=local_zone).astimezone(UTC)


def _unchanged(master: Item, original: datetime) -> Item:
    item = Item(occurrence_id(master.id, original), master.kind, master.folder, master.created)
    item.fields = {
        path: element for path, element in master.fields.items() if path not in OF_THE_SERIES
    }
    item.fields["calendar:Start"] = make("t:Start", show(original))
    item.fields["calendar:End"] = make("t:End", show(_end(master, original)))
    item.properties, item.attachments = master.properties.copy(), master.attachments
    item.modified, item.changed_at = master.modified, master.changed_at
    item.master, item.original = master, original
    return item


def numbered(master: Item, index: int) -> Item:
    """The `index`th occurrence, from 1; EwsError out of range or when it is deleted."""
    original = next(islice(instants(master), index - 1, None), None) if index >= 1 else None
    if original is None:
        raise EwsError(
            "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange", "There is no such occurrence."
        )
    return occurrence(master, original)


def change(store: Store, item: Item) -> Item:
    """The occurrence as an exception with fields of its own, before its first change."""
    assert item.master is not None
    assert item.original is not None
    if item.original not in item.master.exceptions:
        item.fields = deepcopy(item.fields)
        item.attachments = [_copied(store, item, one) for one in item.attachments]
        item.master.exceptions[item.original] = item
        store.keep_attachments(item)
    return item


def _copied(store: Store, owner: Item, attachment: Attachment) -> Attachment:
    number = store.next_change()
    copy = Attachment(
        attachment.id[:-16] + f"{number:016d}", owner, attachment.about, attachment.content
    )
    copy.item = attachment.item
    return copy


def delete(store: Store, item: Item) -> None:
    """The occurrence leaves its series."""
    assert item.master is not None
    assert item.original is not None
    item.master.exceptions.pop(item.original, None)
    item.master.deleted.add(item.original)
    store.touch(item.master)


def check_move(item: Item) -> None:
    """EwsError when an occurrence passes its neighbours, or is on the same day as one."""
    assert item.master is not None
    assert item.original is not None
    local_zone = zone_of(item.master)
    new_day = start_of(item).astimezone(local_zone).date()
    before: datetime | None = None
    for one in instants(item.master):
        if one == item.original or one in item.master.deleted:
            continue
        moved = item.master.exceptions.get(one)
        begins = start_of(moved) if moved is not None else one
        if one > item.original:
            after = begins.astimezone(local_zone).date()
            if new_day >= after:
                raise _crossing()
            break
        before = begins
    if before is not None and new_day <= before.astimezone(local_zone).date():
        raise _crossing()


def _crossing() -> EwsError:
    return EwsError(
        "ErrorOccurrenceCrossingBoundary", "Cannot move the occurrence past another occurrence."
    )


def overlapping(master: Item, begins: datetime, ends: datetime) -> Iterator[Item]:
    """The occurrences that touch the time between, changed ones where they are now."""
    # A change of clocks makes none longer by a whole day.
    earliest = begins - (end_of(master) - start_of(master)) - timedelta(days=1)
    for original in instants(master):
        if original >= ends:
            break
        gone = original in master.deleted or original in master.exceptions
        if original < earliest or gone:
            continue
        if touches(original, _end(master, original), begins, ends):
            yield _unchanged(master, original)
    for exception in master.exceptions.values():
        if touches(start_of(exception), end_of(exception), begins, ends):
            yield exception


def touches(start: datetime, end: datetime, begins: datetime, ends: datetime) -> bool:
    """Whether [start, end) and [begins, ends) meet; a point in time counts at its instant."""
    return start < ends and (end > begins or start == end >= begins)


def first_and_last(master: Item) -> tuple[datetime, datetime | None]:
    """The first and last occurrence that are not deleted; no last for an endless series."""
    remaining = (one for one in instants(master) if one not in master.deleted)
    first = next(remaining, start_of(master))
    if local(_range(master.fields["calendar:Recurrence"])) == "NoEndRecurrence":
        return first, None
    return first, max(remaining, default=first)


def last_day(item: Item) -> str | None:
    """PidLidClipEnd: the day of the last occurrence, 4500 for an endless series."""
    if not is_series(item):
        return None
    last = first_and_last(item)[1]
    return "4500-08-31T23:59:00Z" if last is None else f"{last:%Y-%m-%d}T00:00:00Z"


def occurrence_info(master: Item, tag: str, original: datetime) -> Element:
    """Where an occurrence is now and was to be, as a reply lists it."""
    item = master.exceptions.get(original) or _unchanged(master, original)
    return make(
        f"t:{tag}",
        make("t:ItemId", Id=item.id, ChangeKey=item.change_key),
        make("t:Start", show(start_of(item))),
        make("t:End", show(end_of(item))),
        make("t:OriginalStart", show(original)),
    )
