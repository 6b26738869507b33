"""Dates and flags as an APPEND may carry them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop.endpoints.convert.mail import received_date
from omm_desktop.endpoints.imap import dates, flags


def test_dates_keep_their_zone() -> None:
    moment = dates.parse("17-Jul-1996 02:44:25 -0730")
    assert moment is not None
    assert moment.utcoffset() == timedelta(hours=-7, minutes=-30)
    assert dates.write(moment) == b'"17-Jul-1996 02:44:25 -0730"'
    assert dates.parse(" 1-Jan-0070 00:00:00 +0000") is not None


@pytest.mark.parametrize(
    "text",
    [
        "00-Jan-0000 00:00:00 +0000",
        "31-Feb-2020 00:00:00 +0000",
        "01-Jan-2020 00:00:60 +0000",
        "01-Jan-2020 00:00:00 +9999",
        "01-Foo-2020 00:00:00 +0000",
        "",
    ],
)
def test_impossible_dates(text: str) -> None:
    assert dates.parse(text) is None


@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)),
    st.integers(-14 * 60, 14 * 60),
)
def test_dates_come_back(moment: datetime, minutes: int) -> None:
    zoned = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    again = dates.parse(dates.write(zoned).decode().strip('"'))
    assert again == zoned
    assert again is not None
    assert again.utcoffset() == zoned.utcoffset()


def test_dates_from_the_header() -> None:
    date = b"Date: Wed, 1 Jan 2020 12:00:00 +0100\r\n"
    received = b"Received: from a\r\n by b; Thu, 2 Jan 2020 12:00:00 +0100\r\n"
    second, first = datetime(2020, 1, 2, 11, tzinfo=UTC), datetime(2020, 1, 1, 11, tzinfo=UTC)
    assert received_date(received + date) == second
    assert received_date(date) == first
    assert received_date(b"Received: nonsense\r\n" + date) == first
    assert received_date(b"Date: yesterday\r\n") is None


@pytest.mark.parametrize(
    ("given_flags", "permanent", "sent", "dropped"),
    [
        ({"\\seen", "\\Recent"}, None, {"\\Seen"}, set()),
        ({"$Label1", "caf&AOk-"}, {"\\*"}, {"$Label1", "caf&AOk-"}, set()),
        ({"$Label1", "Work"}, {"\\seen", "work"}, {"Work"}, {"$Label1"}),
        ({"\\Forwarded", "\\Junk"}, {"\\*"}, {"$Forwarded", "$Junk"}, set()),
        ({"\\XYZ", "bad]", "two words", "é"}, {"\\*"}, set(), {"\\XYZ", "bad]", "two words", "é"}),
        ({"$Label1"}, None, {"$Label1"}, set()),
    ],
)
def test_flags(
    given_flags: set[str], permanent: set[str] | None, sent: set[str], dropped: set[str]
) -> None:
    known = None if permanent is None else frozenset(permanent)
    kept, left = flags.acceptable(given_flags, known)
    assert (set(kept), set(left)) == (sent, dropped)
