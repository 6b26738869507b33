"""Numbers, sizes, times and dates as a person reads them, in the current language."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date as Date
from datetime import datetime
from functools import lru_cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from omm_desktop.language import current, in_context, locale_name, mark, plural
from omm_desktop.language import translate as _
from omm_desktop.model.items import ItemKind
from omm_desktop.model.progress import Reading, TooBig
from omm_desktop.model.settings import SettingKind

_UNITS = (mark("{} kB"), mark("{} MB"), mark("{} GB"), mark("{} TB"))
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def count(number: int) -> str:
    """8300 as "8,300", in French with narrow no-break spaces."""
    return _decimal(number, current())


@lru_cache(maxsize=10_000)
def _decimal(number: int, locale: str) -> str:
    return str(format_decimal(number, locale=locale))


def kind_name(kind: ItemKind | SettingKind) -> str:
    """What the items of a folder, or the settings of a mailbox, are called."""
    return {
        ItemKind.MAIL: _("Mail"),
        ItemKind.CONTACTS: _("Contacts"),
        ItemKind.EVENTS: _("Events"),
        ItemKind.TASKS: _("Tasks"),
        SettingKind.RULES: _("Rules of the inbox"),
        SettingKind.OUT_OF_OFFICE: _("Out-of-office reply"),
    }[kind]


def only_mail(kinds: Collection[ItemKind]) -> bool:
    """Whether one may speak of messages; so as long as nothing else is known."""
    return all(kind is ItemKind.MAIL for kind in kinds)


def items(kinds: Collection[ItemKind], number: int) -> str:
    """So many items: "3 messages", "3 contacts"; of several kinds "3 items"."""
    forms = {
        ItemKind.MAIL: plural("{} message", "{} messages", number),
        ItemKind.CONTACTS: plural("{} contact", "{} contacts", number),
        ItemKind.EVENTS: plural("{} event", "{} events", number),
        ItemKind.TASKS: plural("{} task", "{} tasks", number),
    }
    return _of(kinds, forms, plural("{} item", "{} items", number)).format(count(number))


def done_of(kinds: Collection[ItemKind], done: int, total: int) -> str:
    """How far so many items are: "3,214 of 8,300 messages"; of several kinds "3 of 12 items"."""
    forms = {
        ItemKind.MAIL: plural("{done} of {total} message", "{done} of {total} messages", total),
        ItemKind.CONTACTS: plural("{done} of {total} contact", "{done} of {total} contacts", total),
        ItemKind.EVENTS: plural("{done} of {total} event", "{done} of {total} events", total),
        ItemKind.TASKS: plural("{done} of {total} task", "{done} of {total} tasks", total),
    }
    several = plural("{done} of {total} item", "{done} of {total} items", total)
    return _of(kinds, forms, several).format(done=count(done), total=count(total))


def _of(kinds: Collection[ItemKind], forms: Mapping[ItemKind, str], several: str) -> str:
    """The form for the only kind; one speaks of messages as long as none is known."""
    return several if len(kinds) > 1 else forms[next(iter(kinds), ItemKind.MAIL)]


def percent(part: int, whole: int) -> str:
    """3214 of 8300 as "38%". Rounded down: nothing unfinished reads 100."""
    return _("{}%").format(100 * part // whole if whole else 100)


def size(number: int) -> str:
    """Bytes in decimal units, two figures: "512 bytes", "38 kB", "4.2 GB"."""
    if number < 1000:
        return plural("{} byte", "{} bytes", number).format(number)
    value, steps = number / 1000, 0
    while steps < len(_UNITS) - 1 and _two_figures(value) >= 1000:
        value, steps = value / 1000, steps + 1
    return _(_UNITS[steps]).format(format_decimal(_two_figures(value), locale=current()))


def reading(file: Reading) -> str:
    """ "large.mbox: 512 MB of 2 GB read"."""
    return _("{file}: {done} of {total} read").format(
        file=file.name, done=size(file.done), total=size(file.size)
    )


def too_big(found: TooBig) -> str:
    """What stays behind for its size, in two or three sentences."""
    messages = plural(
        "{} message is above the {} that the new mailbox accepts.",
        "{} messages are above the {} that the new mailbox accepts.",
        found.count,
    )
    others = plural(
        "{} item is above the {} that the new mailbox accepts.",
        "{} items are above the {} that the new mailbox accepts.",
        found.count,
    )
    form = messages if only_mail(found.kinds) else others
    told = form.format(count(found.count), size(found.limit))
    largest = _("The largest is {}.").format(size(found.largest))
    known = "" if found.told else _("This limit is known of the provider, not told by the server.")
    return " ".join(filter(None, (told, largest, known)))


def renamed_folders(number: int) -> str:
    """How many folders cannot keep their name."""
    told = plural("{} folder gets another name.", "{} folders get another name.", number)
    return told.format(count(number))


def little_room(needed: int, free: int) -> str:
    """That a copy fits, but hardly; both in bytes."""
    return _("It just fits: {needed} to copy, {free} left at the destination.").format(
        needed=size(needed), free=size(free)
    )


def rough_duration(seconds: float) -> str:
    """How long, as one would say it: "less than a minute", "about 25 minutes", "more than a day".

    By the minute to 10, by 5 to an hour, by half hours to 5 hours, by the hour to a day; rounded
    up, since a copy that ends early disappoints nobody.
    """
    if seconds < _MINUTE:
        return _("less than a minute")
    if seconds <= 55 * _MINUTE:
        step = 1 if seconds <= 10 * _MINUTE else 5
        minutes = step * math.ceil(seconds / _MINUTE / step)
        return plural("about {} minute", "about {} minutes", minutes).format(minutes)
    if seconds > _DAY:
        return _("more than a day")
    halves = math.ceil(seconds / _HOUR * 2)
    hours, half = divmod(halves, 2)
    if seconds > 5 * _HOUR:
        hours, half = math.ceil(seconds / _HOUR), 0
    if half:
        halved = plural("about an hour and a half", "about {} and a half hours", hours)
        return halved.format(hours)
    return plural("about an hour", "about {} hours", hours).format(hours)


def remaining(seconds: float) -> str:
    """The same as a sentence for the progress page."""
    return _("{} left").format(rough_duration(seconds))


def duration(seconds: float) -> str:
    """A time measured: "45 s", "3 min 12 s", "1 h 23 min"."""
    whole = round(seconds)
    if whole < _MINUTE:
        return _("{} s").format(whole)
    if whole < _HOUR:
        return _("{} min {} s").format(*divmod(whole, _MINUTE))
    return _("{} h {} min").format(*divmod(whole // _MINUTE, 60))


def date(day: Date) -> str:
    """As "12 March 2026"; a moment is told in the computer's own zone."""
    if isinstance(day, datetime):
        day = day.astimezone()
    told = format_date(day, format="long", locale=locale_name())
    # What CLDR leaves out: French counts the first day of a month, "1er mars".
    first = in_context("first day of the month, before its name", "1")
    return f"{first}{told[1:]}" if day.day == 1 and told.startswith("1 ") else told


def written_day(day: str) -> str:
    """A day as it was noted, "2019-03-02", as `date` says it; what is no such day as it is."""
    try:
        return date(Date.fromisoformat(day))
    except ValueError:
        return day


def clock(moment: datetime) -> str:
    """The hour and minute in the computer's own zone: "14:20"."""
    return _formatted(moment, in_context("time pattern", "HH:mm"))


def goes_on(until: float) -> str:
    """When a wait ends, with the day if it is another; `until` in Unix time."""
    moment = datetime.fromtimestamp(until).astimezone()
    if moment.date() > datetime.now().astimezone().date():
        return _("The copy goes on on {}.").format(date_time(moment))
    return _("The copy goes on at {}.").format(clock(moment))


def starts(at: float) -> str:
    """When a copy begins, with the day if it is another; `at` in Unix time."""
    moment = datetime.fromtimestamp(at).astimezone()
    if moment.date() != datetime.now().astimezone().date():
        return _("The copy starts on {}.").format(date_time(moment))
    return _("The copy starts at {}.").format(clock(moment))


def date_time(moment: datetime) -> str:
    """Date and clock: "12 March 2026 at 14:20"."""
    return _("{date} at {time}").format(date=date(moment), time=clock(moment))


def _formatted(moment: datetime, pattern: str) -> str:
    local = moment.astimezone()
    return format_datetime(local, pattern, tzinfo=local.tzinfo, locale=locale_name())


def _two_figures(value: float) -> float:
    return round(value, 1) if value < 9.95 else round(value)
