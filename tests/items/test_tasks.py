"""Tasks in a mailbox on Exchange."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from exchangelib import EWSDate, EWSTimeZone

from omm_desktop.endpoints.convert.calendar.read import read_task
from omm_desktop.endpoints.convert.calendar.split import split_calendar
from omm_desktop.endpoints.convert.calendar.values import AttachedFile, Task
from omm_desktop.endpoints.convert.loss import Loss, with_losses
from omm_desktop.endpoints.ews.calendar import tasks
from omm_desktop.endpoints.ews.calendar.tolerant_dates import day_of
from omm_desktop.endpoints.ews.differences import Difference

from . import explaining

if TYPE_CHECKING:
    from exchangelib import Account

PARIS = EWSTimeZone("Europe/Paris")
HOME = ZoneInfo("Europe/Paris")


def through(anna: Account, given: Task) -> tuple[Task, tuple[Loss, ...]]:
    """The task as it comes out again, and what was lost."""
    new = tasks.to_task(given, PARIS)
    new.item.account, new.item.folder = anna, anna.tasks
    new.item.save()
    if new.attachments:
        new.item.attach(list(new.attachments))
    (stored,) = anna.tasks.all().only(*tasks.FIELDS)
    found = tasks.read_task_item(stored, HOME)
    stored.delete(affected_task_occurrences="AllOccurrences")
    return found, new.losses


def differences(given: Task, found: Task, losses: tuple[Loss, ...]) -> list[str]:
    """What the manual does not allow."""
    return explaining.unexplained(explaining.of_task(given, found, losses))


def test_every_task_of_the_collection(
    anna: Account, calendar_files: list[tuple[str, bytes]]
) -> None:
    wrong, seen = [], 0
    for name, data in calendar_files:
        for one in split_calendar(data):
            given = read_task(one.data) if one.kind == "task" else None
            if given is not None:
                seen += 1
                wrong += [f"{name}: {text}" for text in differences(given, *through(anna, given))]
    assert not wrong, "\n".join(wrong)
    assert seen > 50


FULL = Task(
    uid="uid-1",
    summary="Ranger",
    description="one\ntwo",
    categories=("Maison",),
    privacy="private",
    importance="high",
    start=date(2024, 3, 1),
    due=date(2024, 3, 8),
    percent=40,
    status="in-process",
    reminder=datetime(2024, 3, 7, 8, tzinfo=HOME),
    rule="FREQ=MONTHLY;COUNT=4;BYMONTHDAY=1",
    files=(AttachedFile("a.txt", b"text", "text/plain"),),
)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"rule": "FREQ=WEEKLY;UNTIL=20240329;BYDAY=FR"},
        {"rule": "FREQ=DAILY;INTERVAL=3", "files": ()},
        {"html": "<p>one</p>", "description": "one"},
        {
            "rule": "",
            "status": "completed",
            "percent": 100,
            "completed": datetime(2024, 3, 5, tzinfo=UTC),
        },
    ],
)
def test_everything_exchange_has_a_place_for_comes_out_equal(
    anna: Account, change: dict[str, Any]
) -> None:
    given = replace(FULL, **change)
    found, losses = through(anna, given)
    assert [loss for loss in losses if loss.rule is not Difference.TASK_COMPLETED] == []
    assert replace(found, description="") == replace(given, description="")
    assert found.description.startswith(given.description)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"start": datetime(2024, 3, 1, 9, tzinfo=UTC)}, ("DTSTART", Difference.TASK_HOURS)),
        ({"due": date(2024, 2, 1)}, ("DUE", Difference.ENDS_BEFORE_START)),
        ({"rule": "FREQ=MONTHLY;BYMONTHDAY=1,15"}, ("RRULE", Difference.TASK_SERIES)),
        ({"status": "completed"}, ("RRULE", Difference.TASK_SERIES)),
        ({"status": "cancelled"}, ("STATUS", Difference.NO_FIELD)),
    ],
)
def test_losses_are_told(
    anna: Account, change: dict[str, Any], told: tuple[str, Difference]
) -> None:
    found, losses = through(anna, replace(FULL, **change))
    assert [(loss.name, loss.rule) for loss in losses] == [told]
    assert found.description == with_losses(FULL.description, losses)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2025-03-03", EWSDate(2025, 3, 3)),
        ("2025-03-03Z", EWSDate(2025, 3, 3)),
        ("2025-03-03+01:00", EWSDate(2025, 3, 3)),
        ("2025-03-03T00:00:00Z", EWSDate(2025, 3, 3)),
        ("2025-03-03T00:00:00.000000Z", EWSDate(2025, 3, 3)),
        ("2025-03-03T00:00:00.000000000Z", EWSDate(2025, 3, 3)),
        ("2025-03-02T23:00:00Z", EWSDate(2025, 3, 3)),
        ("2025-03-03T08:00:00Z", EWSDate(2025, 3, 3)),
        ("2025-03-03T00:00:00-08:00", EWSDate(2025, 3, 3)),
        ("soon", None),
    ],
)
def test_dates_as_servers_write_them(text: str, wanted: EWSDate | None) -> None:
    assert day_of(text) == wanted
