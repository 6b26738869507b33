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
from omm_desktop.endpoints.convert.card.read import read_card
from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.files.people import PeopleSource
from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.problem import ItemError, OwnerNeeded

from .fuzzing import archives, calendars, cards, tables
from .reading import answers

EXAMPLES = int(os.environ.get("OMM_EXAMPLES", "20"))

READERS = {
    ItemKind.CONTACTS: read_card,
    ItemKind.EVENTS: read_event,
    ItemKind.TASKS: read_task,
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "any"


def read_thoroughly(file: Path, data: bytes) -> None:
    """As the engine does, and each item as what writes it elsewhere does."""
    file.write_bytes(data)
    source = PeopleSource(file)
    try:
        for folder in source.folders():
            list(source.refs(folder, date(2024, 1, 1)))
            for answer in answers(source, folder):
                if isinstance(answer, Item):
                    READERS[answer.kind](whole(answer.payload))
    except (OwnerNeeded, ItemError):
        pass
    finally:
        source.close()


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
