"""At whatever instant the power goes: what was told as stored is there, the rest can be."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from omm_desktop.endpoints.files import durable
from omm_desktop.endpoints.files.people_destination import PeopleFolder
from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.ports import FolderWish

from .reading import calendar, card, event, item, made, read, stored

MUCH = 100_000


def given(kind: ItemKind, names: str) -> list[Item]:
    if kind is ItemKind.CONTACTS:
        return [item(kind, card(f"FN:{name}"), name) for name in names]
    return [item(kind, calendar(event(name, "SUMMARY:x")), name) for name in names]


def fingerprints(top: Path, key: str) -> list[bytes]:
    with closing(PeopleFolder(top)) as destination:
        windows = destination.existing(key, None)
        return sorted(one.fingerprint for window in windows for one in window)


@pytest.mark.parametrize("kind", [ItemKind.CONTACTS, ItemKind.EVENTS])
@pytest.mark.parametrize("filling", [b"", b"\0" * 700], ids=["cut", "zeros"])
def test_an_addition_that_was_cut_short_is_taken_back(
    kind: ItemKind, filling: bytes, tmp_path: Path
) -> None:
    before, after = given(kind, "ab"), given(kind, "cd")
    with closing(PeopleFolder(tmp_path)) as destination:
        folder = made(destination, FolderWish(("x",), kind=kind))
        stored(destination, folder, before)
        file = tmp_path / folder.key
        settled = file.read_bytes()
        stored(destination, folder, after)
    whole = file.read_bytes()
    start = len(settled) - (0 if kind is ItemKind.CONTACTS else len(b"END:VCALENDAR\r\n"))
    assert whole.startswith(settled[:start])
    assert not durable.note_of(file).exists()
    expected = sorted(one.fingerprint for one in before)
    for cut in [*range(start, len(whole), 7), len(whole)]:
        file.write_bytes(whole[:cut] + filling)
        durable.note_of(file).write_bytes(b"%d %d\n" % (start, start + MUCH))
        assert fingerprints(tmp_path, folder.key) == expected, cut
        assert file.read_bytes() == settled, cut
    with closing(PeopleFolder(tmp_path)) as destination:
        stored(destination, folder, after)
    assert file.read_bytes() == whole


@pytest.mark.parametrize("kind", [ItemKind.CONTACTS, ItemKind.EVENTS])
def test_what_somebody_else_added_since_stays(kind: ItemKind, tmp_path: Path) -> None:
    with closing(PeopleFolder(tmp_path)) as destination:
        folder = made(destination, FolderWish(("x",), kind=kind))
        stored(destination, folder, given(kind, "ab"))
    file = tmp_path / folder.key
    content = file.read_bytes()
    durable.note_of(file).write_bytes(b"%d %d\n" % (0, len(content) - 1))
    assert len(fingerprints(tmp_path, folder.key)) == 2
    assert file.read_bytes() == content


def test_a_calendar_of_ours_without_its_end_gets_it_back(tmp_path: Path) -> None:
    """The power went again while an addition was taken back."""
    with closing(PeopleFolder(tmp_path)) as destination:
        folder = made(destination, FolderWish(("x",), kind=ItemKind.EVENTS))
        stored(destination, folder, given(ItemKind.EVENTS, "a"))
    file = tmp_path / folder.key
    content = file.read_bytes()
    end = b"END:VCALENDAR\r\n"
    for left in range(len(end)):
        file.write_bytes(content.removesuffix(end) + end[:left])
        assert len(fingerprints(tmp_path, folder.key)) == 1
        assert file.read_bytes().rstrip() == content.rstrip()
    ((one,),) = read(file).values()
    assert b"UID:a\r\n" in one
