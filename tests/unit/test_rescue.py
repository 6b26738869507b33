"""Refused mail kept in files."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
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
        ("\ud800", ""),
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


def test_one_kept_message_never_takes_the_place_of_another(tmp_path: Path) -> None:
    """Two long keys may come down to one name, and two folders to one where case does not count."""
    first, second = "k" * 60 + "-268", "k" * 60 + "-3861"
    assert safe_name(first) == safe_name(second)
    rescue, folder = Rescue(tmp_path), Folder(("A",), "A")
    files = [
        rescue.save(folder, ItemRef("A", key), MemoryPayload(key.encode()))
        for key in (first, second)
    ]
    assert [file and file.read_bytes() for file in files] == [first.encode(), second.encode()]


class Torn(MemoryPayload):
    """One that the disk gives up after its first piece."""

    def pieces(self) -> Iterator[bytes]:
        yield MAIL
        raise OSError(errno.EIO, "torn")


def test_no_half_message_is_kept(tmp_path: Path) -> None:
    assert Rescue(tmp_path).save(Folder(("A",), "A"), ItemRef("A", "1"), Torn(MAIL)) is None
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


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
