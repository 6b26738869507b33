"""Numbers, sizes, times and dates as one says them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop import wording
from omm_desktop.language import Language, set_language
from omm_desktop.model.items import ItemKind

HOUR = 3600


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [
        (0, "0 octet", "0 bytes"),
        (1, "1 octet", "1 byte"),
        (999, "999 octets", "999 bytes"),
        (1_000, "1 ko", "1 kB"),
        (38_400, "38 ko", "38 kB"),
        (999_999, "1 Mo", "1 MB"),
        (4_210_000_000, "4,2 Go", "4.2 GB"),
        (9_960_000_000, "10 Go", "10 GB"),
        (5 * 10**15, "5 000 To", "5,000 TB"),
    ],
)
def test_size(number: int, french: str, english: str) -> None:
    set_language("fr")
    assert wording.size(number) == french.replace(" ", "\u202f")
    set_language("en")
    assert wording.size(number) == english


def test_count_groups_digits() -> None:
    set_language("fr")
    assert wording.count(8300) == "8\u202f300"
    set_language("en")
    assert wording.count(8300) == "8,300"


def test_percent_never_says_100_too_early() -> None:
    set_language("fr")
    assert wording.percent(3214, 8300) == "38\u202f%"
    assert wording.percent(8299, 8300) == "99\u202f%"
    assert wording.percent(8300, 8300) == "100\u202f%"
    assert wording.percent(0, 0) == "100\u202f%"


@pytest.mark.parametrize(
    ("seconds", "french", "english"),
    [
        (0, "moins d’une minute", "less than a minute"),
        (60, "environ 1 minute", "about 1 minute"),
        (61, "environ 2 minutes", "about 2 minutes"),
        (600, "environ 10 minutes", "about 10 minutes"),
        (601, "environ 15 minutes", "about 15 minutes"),
        (3000, "environ 50 minutes", "about 50 minutes"),
        (3301, "environ une heure", "about an hour"),
        (5400, "environ une heure et demie", "about an hour and a half"),
        (2 * HOUR, "environ 2 heures", "about 2 hours"),
        (2.5 * HOUR, "environ 2 heures et demie", "about 2 and a half hours"),
        (5 * HOUR, "environ 5 heures", "about 5 hours"),
        (5 * HOUR + 1, "environ 6 heures", "about 6 hours"),
        (24 * HOUR, "environ 24 heures", "about 24 hours"),
        (24 * HOUR + 1, "plus d’un jour", "more than a day"),
    ],
)
def test_rough_duration(seconds: float, french: str, english: str) -> None:
    set_language("fr")
    assert wording.rough_duration(seconds).replace("\u202f", " ") == french
    set_language("en")
    assert wording.rough_duration(seconds) == english


def test_remaining_is_a_sentence() -> None:
    set_language("fr")
    assert wording.remaining(3000) == "Il reste environ 50\u202fminutes"
    assert wording.remaining(3) == "Il reste moins d’une minute"
    set_language("en")
    assert wording.remaining(3000) == "about 50 minutes left"


@given(st.floats(0, 200_000), st.sampled_from(["fr", "en"]))
def test_a_rough_duration_never_promises_too_little(seconds: float, chosen: Language) -> None:
    set_language(chosen)
    said = wording.rough_duration(seconds)
    digits = "".join(sign for sign in said if sign.isdigit())
    if digits and "minute" in said:
        assert int(digits) * 60 >= seconds
    elif digits:
        half = 0.5 if "demi" in said or "half" in said else 0
        assert (int(digits) + half) * HOUR >= seconds


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.4, "0 s"),
        (59.6, "1 min 0 s"),
        (192, "3 min 12 s"),
        (3599.9, "1 h 0 min"),
        (4980, "1 h 23 min"),
    ],
)
def test_duration(seconds: float, expected: str) -> None:
    set_language("en")
    assert wording.duration(seconds) == expected


def test_dates_and_times() -> None:
    here = datetime(2026, 3, 12, 14, 20).astimezone()
    set_language("fr")
    assert wording.date(date(2026, 3, 12)) == "12 mars 2026"
    assert wording.date(date(2026, 3, 1)) == "1er mars 2026"
    assert wording.clock(here) == "14\u202fh\u202f20"
    assert wording.date_time(here) == "12 mars 2026 à 14\u202fh\u202f20"
    set_language("en")
    assert wording.date_time(here) == "12 March 2026 at 14:20"


def test_a_moment_is_told_in_the_zone_of_this_computer() -> None:
    set_language("fr")
    here = datetime(2026, 3, 12, 23, 50).astimezone()
    elsewhere = here.astimezone(UTC)
    assert wording.date_time(elsewhere) == wording.date_time(here)


def test_a_wait_that_ends_on_another_day_tells_which() -> None:
    set_language("en")
    now = datetime.now().astimezone()
    assert wording.goes_on(now.timestamp()).startswith("The copy goes on at ")
    tomorrow = now + timedelta(days=1)
    assert wording.date(tomorrow) in wording.goes_on(tomorrow.timestamp())


@pytest.mark.parametrize(
    ("kinds", "number", "french", "english"),
    [
        ((), 2, "2 messages", "2 messages"),
        ((ItemKind.MAIL,), 1, "1 message", "1 message"),
        ((ItemKind.CONTACTS,), 0, "0 contact", "0 contacts"),
        ((ItemKind.EVENTS,), 2, "2 événements", "2 events"),
        ((ItemKind.TASKS,), 1200, "1 200 tâches", "1,200 tasks"),
        ((ItemKind.MAIL, ItemKind.TASKS), 2, "2 éléments", "2 items"),
    ],
)
def test_items_are_called_what_they_are(
    kinds: tuple[ItemKind, ...], number: int, french: str, english: str
) -> None:
    set_language("fr")
    assert wording.items(kinds, number) == french.replace(" ", "\u202f")
    set_language("en")
    assert wording.items(kinds, number) == english


def test_german_figures() -> None:
    set_language("de")
    assert wording.count(8300) == "8.300"
    assert wording.size(4_210_000_000) == "4,2\u00a0GB"
    assert wording.size(1) == "1\u00a0Byte"
    assert wording.percent(3214, 8300) == "38\u00a0%"
    assert wording.items((ItemKind.CONTACTS,), 1200) == "1.200 Kontakte"
    assert wording.rough_duration(5400) == "etwa eineinhalb Stunden"
    assert wording.rough_duration(9000) == "etwa 2½ Stunden"
    assert wording.date(date(2026, 3, 1)) == "1. März 2026"
    moment = datetime(2026, 3, 12, 14, 20).astimezone()
    assert wording.date_time(moment) == "12. März 2026 um 14:20 Uhr"
