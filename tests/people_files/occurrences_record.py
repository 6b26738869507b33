"""Write down when recurring-ical-events and icalendar find the events of the collection to be.

`python -m tests.people_files.occurrences_record` writes `occurrences.json`; the Python that runs it
needs recurring-ical-events. Times without a zone, and days, are those of the tests' own.
"""

from __future__ import annotations

import json
import signal
import sys
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import icalendar

from tests.items.calendars import HOME
from tests.people_files.reading import corpus_files

RECORD = Path(__file__).parent / "occurrences.json"
_SECONDS = 60
_AHEAD, _MOST = timedelta(days=800), timedelta(days=15 * 365)


def instant(moment: date) -> datetime:
    """In UTC."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=HOME)).astimezone(UTC)


def horizon(starts: list[datetime]) -> datetime:
    """Up to when a file is looked at, by when its events begin for the first time."""
    return min(max(starts) + _AHEAD, min(starts) + _MOST)


def summary(starts: list[datetime]) -> dict[str, Any]:
    """How many they are, and a digest of which."""
    told = " ".join(f"{one:%Y%m%dT%H%M%S}" for one in sorted(starts))
    return {"number": len(starts), "digest": blake2b(told.encode(), digest_size=8).hexdigest()}


def _expanded(path: Path) -> dict[str, Any]:
    import recurring_ical_events  # type: ignore[import-not-found]

    calendars = icalendar.Calendar.from_ical(path.read_bytes(), multiple=True)
    parts = [part for one in calendars for part in one.walk("VEVENT")]
    starts = [instant(part["DTSTART"].dt) for part in parts if "DTSTART" in part]
    if not starts:
        return {}
    until = horizon(starts)
    found = [
        instant(event["DTSTART"].dt)
        for calendar in calendars
        for event in recurring_ical_events.of(calendar, skip_bad_series=True).between(
            min(starts) - timedelta(days=2), until + timedelta(days=2)
        )
    ]
    return {"until": until.isoformat(), **summary([one for one in found if one <= until])}


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError


def main() -> None:
    signal.signal(signal.SIGALRM, _too_long)
    record = {}
    for path in corpus_files("ics"):
        signal.alarm(_SECONDS)
        try:
            found = _expanded(path)
        except Exception as error:
            sys.stdout.write(f"{path.name}: {error!r}\n")
            continue
        finally:
            signal.alarm(0)
        if found:
            record[path.name] = found
    RECORD.write_text(json.dumps(record, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
