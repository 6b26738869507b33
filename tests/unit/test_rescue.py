"""Refused mail kept in files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from omm_desktop.endpoints.convert.payload import MemoryPayload
from omm_desktop.engine.rescue import Rescue, safe_name
from omm_desktop.model.items import Folder, ItemKind, ItemRef

MAIL = b"Subject: x\n\nraw \xff\0\r\n"


@pytest.mark.parametrize(
    "path",
    [
        ("INBOX",),
        ("..", "..", "etc"),
        ("a/b", 'c:"d"'),
        ("CON", "nul.txt"),
        ("x" * 300, "Été 2023"),
    ],
)
def test_a_file_stays_below_its_folder_and_belongs_to_its_owner(
    path: tuple[str, ...], tmp_path: Path
) -> None:
    payload = MemoryPayload(MAIL)
    file = Rescue(tmp_path / "1").save(Folder(path, "k"), ItemRef("k", "7/../8"), payload)
    assert file is not None
    assert file.resolve().is_relative_to(tmp_path / "1")
    assert len(file.relative_to(tmp_path / "1").parts) == len(path) + 1
    assert file.read_bytes() == MAIL
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "1").stat().st_mode) & 0o077 == 0


def test_names_that_had_to_change_stay_apart() -> None:
    assert safe_name("Été & 2023") == "Été & 2023"
    assert len({safe_name(name) for name in ("a/b", "a:b", "a_b", "a_b.")}) == 4


def test_a_disk_that_refuses_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "1").write_text("in the way")
    rescue = Rescue(tmp_path / "1")
    assert rescue.save(Folder(("A",), "A"), ItemRef("A", "1"), MemoryPayload(MAIL)) is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (ItemKind.MAIL, "7.eml"),
        (ItemKind.CONTACTS, "7.vcf"),
        (ItemKind.EVENTS, "7.ics"),
        (ItemKind.TASKS, "7.ics"),
    ],
)
def test_a_file_is_called_as_programs_expect(kind: ItemKind, name: str, tmp_path: Path) -> None:
    folder = Folder(("X",), "k", kind=kind)
    file = Rescue(tmp_path).save(folder, ItemRef("k", "7"), MemoryPayload(MAIL))
    assert file is not None
    assert file.name == name
