"""Damaged files: what can be read arrives, the rest is named, and nothing else happens."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.outlook_file.folders import list_folders
from omm_desktop.endpoints.outlook_file.kinds import place_of
from omm_desktop.endpoints.outlook_file.listing import Listing
from omm_desktop.endpoints.outlook_file.reading import Reader
from omm_desktop.endpoints.pst.damage import Damaged
from omm_desktop.endpoints.pst.messaging.folder import Folder
from omm_desktop.endpoints.pst.messaging.store import Store
from omm_desktop.model.problem import OmmError, ProblemId
from tests.mutation import CHANGES, Change, changed, examples
from tests.pst.collection import FILES
from tests.pst.outlook import GONE, Attached, Box, Letter, Outlook, binary, number, text

from .everything import Read, opened, read_all, read_file

SMALL = (
    "Aspose.Email-for-.NET__SampleContacts.pst",
    "java-libpst__dist-list.pst",
    "pstsdk__submessage.pst",
)
MADE = "made.pst"
LETTERS = [
    Letter(
        {0x001A: text("IPM.Note"), 0x0037: text("Letter"), 0x1000: text("Text\r\n" * 2000)},
        [{0x3001: text("Ann"), 0x39FE: text("ann@example.test")}],
        [
            Attached({0x3705: number(1), 0x3701: binary(bytes(range(256)) * 80)}),
            Attached({0x3705: number(5)}, Letter({0x0037: text("Within")})),
        ],
    ),
    *(
        Letter({0x001A: text(of), 0x0037: text("Item"), 0x3001: text("Name")})
        for of in ("IPM.Appointment", "IPM.Task", "IPM.Contact", "IPM.DistList")
    ),
]
"""Nothing of this file is encoded, so that changes meet numbers."""

MOST_SECONDS = 30
ROUNDS = 2


def _in_use(content: bytes) -> list[int]:
    """Where blocks of 64 bytes hold anything: most of a small file is empty."""
    return [start for start in range(0, len(content), 64) if any(content[start : start + 64])]


def _damaged(content: bytes, source: random.Random) -> bytes:
    """Some bits turned over, and sometimes the end cut off."""
    changed, used = bytearray(content), _in_use(content)
    for _ in range(source.choice((1, 5, 50, 500))):
        changed[source.choice(used) + source.randrange(64)] ^= 1 << source.randrange(8)
    return bytes(changed[: source.randrange(len(changed))] if source.random() < 0.3 else changed)


def _read_what_can_be(path: Path) -> Read | None:
    """Every ref has an answer; a folder that cannot be listed says so. None when nothing opens."""
    with opened(path) as source:
        try:
            return read_all(source)
        except OmmError as error:
            problem = error.problem
    assert problem.id in (ProblemId.FILE_DAMAGED, ProblemId.FILE_NOT_UNDERSTOOD)
    return None


@pytest.mark.parametrize("name", FILES)
def test_files_damaged_at_seeded_places(
    name: str, pst_files: dict[str, Path], tmp_path: Path
) -> None:
    content = pst_files[name].read_bytes()
    for seed in range(ROUNDS):
        path = tmp_path / f"{seed}.pst"
        path.write_bytes(_damaged(content, random.Random(f"{name} {seed}")))
        began = time.monotonic()
        found = _read_what_can_be(path)
        assert time.monotonic() - began < MOST_SECONDS
        for refused in found.refused if found else ():
            assert refused.problem.id is ProblemId.FILE_DAMAGED
            assert refused.problem.detail


@pytest.mark.parametrize("name", [*SMALL, MADE])
@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=CHANGES)
def test_nothing_but_damage_is_ever_raised(
    name: str, changes: list[Change], pst_files: dict[str, Path], tmp_path: Path
) -> None:
    """Within the process, where any other error would be a fault of the reader."""
    if name == MADE and not (tmp_path / name).exists():
        Outlook().save(tmp_path / name, [Box("Inbox", LETTERS), Box("Calendar", LETTERS)])
    path = tmp_path / "damaged.pst"
    content = pst_files.get(name, tmp_path / name).read_bytes()
    path.write_bytes(changed(content, changes))
    with suppress(Damaged), Store(path) as store:
        _read_within(store, path)


def _read_within(store: Store, path: Path) -> None:
    reader = Reader(store, lambda: None)
    for told in list_folders(store, path, None, lambda: None):
        nid, kind = place_of(told.key)
        try:
            folder = Folder(store.file, nid, above=())
            refs = Listing(store, folder, kind, None, lambda: None).window(told.key, 0)
        except Damaged:
            continue
        for ref in refs:
            try:
                reader.write(told.key, ref.key, _Nowhere())
            except Damaged:
                reader.label(ref.key)


class _Nowhere:
    def write(self, data: bytes, /) -> None:
        """Nothing is kept."""


def test_a_letter_that_is_gone_is_named_and_the_others_arrive(tmp_path: Path) -> None:
    letters = [Letter({0x0037: text(f"Letter {index}")}) for index in range(3)]
    outlook = Outlook()
    outlook.save(tmp_path / "whole.pst", [Box("Inbox", letters)])
    outlook.writer.node(0x200044, 0, 0)
    outlook.writer.save(tmp_path / "made.pst")
    found = read_file(tmp_path / "made.pst")
    assert sorted(item.label.subject for item in found.items.values()) == ["Letter 0", "Letter 2"]
    (refused,) = found.refused
    assert refused.problem.id is ProblemId.FILE_DAMAGED
    assert refused.problem.subject == "made.pst"


def test_a_part_that_is_gone_is_named_and_the_rest_arrives(tmp_path: Path) -> None:
    files = [
        Attached({0x3705: number(1), 0x3707: text("gone.bin"), 0x3701: (0x0102, GONE)}),
        Attached({0x3705: number(1), 0x3707: text("kept.bin"), 0x3701: binary(b"kept")}),
    ]
    Outlook().save(
        tmp_path / "made.pst", [Box("Inbox", [Letter({0x0037: text("One")}, (), files)])]
    )
    (item,) = read_file(tmp_path / "made.pst").items.values()
    assert b"kept.bin" in whole(item.payload)
    (remark,) = item.remarks
    assert remark.id is ProblemId.ITEM_PARTLY_READ
    assert "attachment" in remark.detail


def test_folders_that_cannot_be_listed_are_found_by_their_items(tmp_path: Path) -> None:
    letters = [Letter({0x0037: text(f"Letter {index}")}) for index in range(5)]
    outlook = Outlook()
    outlook.table = lambda rows: (0, {})  # type: ignore[method-assign]
    outlook.save(tmp_path / "made.pst", [Box("Inbox", letters)])
    found = read_file(tmp_path / "made.pst")
    assert len(found.items) == 5
    (folder,) = found.folders
    assert {problem.id for problem in folder.remarks} == {ProblemId.FILE_DAMAGED}
