"""The largest and the oddest items, copied by the engine to Exchange and into files."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from omm_desktop.model.account import EndpointKind
from tests.journeys.command import CommandLine, Ended, OnDisk
from tests.servers.account import TestAccount
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of as reached

from .reading import calendar, card, event, read

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40_960
GUESTS = [f"ATTENDEE;CN=Guest {number}:mailto:g{number}@x.test" for number in range(2000)]
CENTURY = "RRULE:FREQ=DAILY;COUNT=36525"


@pytest.fixture
def command(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "computer")


@pytest.fixture
def anna(exchange: EwsServer) -> Iterator[TestAccount]:
    yield reached(exchange, "anna@exchange.test")
    exchange.journal.assert_nothing_sent()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    encoded = b64encode(PHOTO)
    folded = b"\r\n ".join(encoded[start : start + 74] for start in range(0, len(encoded), 74))
    photo = card("FN:Photo").replace(b"END:", b"PHOTO;ENCODING=b;TYPE=JPEG:" + folded + b"\r\nEND:")
    years = [
        event(f"{kind}{year}", f"SUMMARY:{kind} {year}", f"DTSTART{start.format(year)}", *more)
        for year in (1600, 1601, 9999)
        for kind, start, more in (
            ("day", ";VALUE=DATE:{}1231", ["RRULE:FREQ=YEARLY"]),
            ("moment", ";TZID=Europe/Paris:{}0701T000000", ["DURATION:PT1H"]),
            ("last", ":{}1231T235959Z", ["DURATION:P2D"]),
            ("west", ";TZID=America/New_York:{}1231T233000", []),
        )
    ]
    century = event("century", "SUMMARY:century", "DTSTART:20000101T100000Z", CENTURY)
    party = event("party", "SUMMARY:party", "DTSTART:20240101T100000Z", *GUESTS)
    path = tmp_path / "extreme.ics"
    path.write_bytes(
        calendar(*years, century, party) + photo + card("FN:Note", "NOTE:" + "é" * 500_000)
    )
    return path


def everything(path: Path) -> list[bytes]:
    return [data for given in read(path).values() for data in given]


def told(ended: Ended, what: str) -> set[tuple[str, str]]:
    return {(one["code"], one["subject"]) for one in ended.report[what]}


@pytest.mark.timeout(600)
def test_extreme_items_to_exchange(command: CommandLine, anna: TestAccount, file: Path) -> None:
    """What is in a year that Exchange does not have is refused with its name, and put aside."""
    ended = command.migrate(OnDisk(file), anna, kinds=None)
    without = {"day 1600", "moment 1600", "last 1600", "day 9999", "west 9999"}
    assert told(ended, "failed") == {("25-02", subject) for subject in without}
    assert ended.totals["copied"] == 16 - len(without)
    rescued = {subject for code, subject in told(ended, "notes") if code == "25-12"}
    assert rescued == without
    assert not [one for one in told(ended, "notes") if one[1] in ("century", "Photo", "Note")]
    again = command.migrate(OnDisk(file), anna, kinds=None)
    assert (again.totals["copied"], again.totals["present"]) == (0, 16 - len(without))


@pytest.mark.timeout(600)
def test_extreme_items_into_files(command: CommandLine, file: Path, tmp_path: Path) -> None:
    saved = OnDisk(tmp_path / "saved", EndpointKind.FILES)
    ended = command.migrate(OnDisk(file), saved, kinds=None)
    assert (ended.status, ended.totals["copied"], ended.totals["failed"]) == (0, 16, 0)
    kept = [data for path in saved.path.rglob("*.[iv]c[sf]") for data in everything(path)]
    assert sorted(kept) == sorted(everything(file))
