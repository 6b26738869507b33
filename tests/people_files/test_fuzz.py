"""Whatever a file holds, each reader answers: with items, or with a problem that has a name.

`OMM_EXAMPLES` is how many files of each kind are made up (CONTRIBUTING.md).
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from omm_desktop.endpoints.convert.calendar.read import read_event, read_task
from omm_desktop.endpoints.convert.calendar.write import write_event, write_task
from omm_desktop.endpoints.convert.card.read import read_card
from omm_desktop.endpoints.convert.card.write import write_card
from omm_desktop.endpoints.convert.identity import identify
from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.files.people import PeopleSource
from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.problem import ItemError, OwnerNeeded

from .fuzzing import archives, calendars, cards, tables
from .reading import answers

EXAMPLES = int(os.environ.get("OMM_EXAMPLES", "60"))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "any"


def read_thoroughly(file: Path, data: bytes) -> None:
    """As the engine does, then each item as a destination does."""
    file.write_bytes(data)
    source = PeopleSource(file)
    try:
        for folder in source.folders():
            list(source.refs(folder, date(2024, 1, 1)))
            for answer in answers(source, folder):
                if isinstance(answer, Item):
                    _write_again(answer)
    except (OwnerNeeded, ItemError):
        pass
    finally:
        source.close()


def _write_again(item: Item) -> None:
    data = whole(item.payload)
    if item.kind is ItemKind.CONTACTS:
        assert write_card(read_card(data))
    elif item.kind is ItemKind.TASKS:
        task = read_task(data)
        assert task is None or write_task(task)
    else:
        event = read_event(data)
        assert event is None or write_event(event)
    assert identify(item.kind, item.payload).fingerprint == item.fingerprint


@settings(max_examples=EXAMPLES)
@given(calendars())
def test_calendars(file: Path, data: bytes) -> None:
    read_thoroughly(file, data)


@settings(max_examples=EXAMPLES)
@given(cards())
def test_cards(file: Path, data: bytes) -> None:
    read_thoroughly(file, data)


@settings(max_examples=EXAMPLES)
@given(tables())
def test_tables(file: Path, data: bytes) -> None:
    read_thoroughly(file, data)


@settings(max_examples=EXAMPLES)
@given(archives())
def test_archives(file: Path, data: bytes) -> None:
    read_thoroughly(file, data)
