"""Outlook files in archives, as a help desk sends them."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from omm_desktop import paths
from omm_desktop.copies import Copies
from omm_desktop.endpoints.any_file import open_file
from omm_desktop.endpoints.files import unpacked_files
from omm_desktop.endpoints.files.archive import left_out
from omm_desktop.endpoints.files.content import Brake
from omm_desktop.endpoints.files.survey import survey
from omm_desktop.endpoints.files.unpacked_files import UnpackedFiles
from omm_desktop.model.account import EndpointKind
from omm_desktop.model.items import Item
from omm_desktop.model.ports import Source
from omm_desktop.model.problem import CannotGoOn, ItemError, OwnerNeeded, ProblemId
from omm_desktop.support.redact import Redactor

FILE = "Aspose.Email-for-.NET__Outlook.pst"
Pack = Callable[[Path, Path], Path]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files are unpacked."""
    monkeypatch.setattr(paths, "user_data", lambda: tmp_path)
    return tmp_path / "unpacked"


def in_zip(file: Path, folder: Path) -> Path:
    with zipfile.ZipFile(folder / "outlook.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(file, "Documents/Outlook Files/Outlook.pst")
    return folder / "outlook.zip"


def in_tar(file: Path, folder: Path) -> Path:
    with tarfile.open(folder / "outlook.tgz", "w:gz") as archive:
        archive.add(file, "Outlook.pst")
    return folder / "outlook.tgz"


def in_gzip(file: Path, folder: Path) -> Path:
    (folder / "Outlook.pst.gz").write_bytes(gzip.compress(file.read_bytes()))
    return folder / "Outlook.pst.gz"


def everything(source: Source) -> dict[tuple[object, ...], bytes]:
    found = {}
    for folder in source.folders():
        assert folder.remarks == ()
        for window in source.refs(folder, None):
            for item in source.fetch(folder, window):
                assert isinstance(item, Item)
                where = (folder.path, folder.kind, folder.validity, item.ref.key)
                found[where] = b"".join(item.payload.pieces())
                item.payload.close()
    return found


@pytest.mark.parametrize("pack", [in_zip, in_tar, in_gzip])
@pytest.mark.parametrize("kind", [EndpointKind.FILE, EndpointKind.PST])
def test_it_is_read_as_outside_and_leaves_nothing(
    pack: Pack, kind: EndpointKind, pst_files: dict[str, Path], tmp_path: Path, place: Path
) -> None:
    file = pst_files[FILE]
    packed = pack(file, tmp_path)
    with closing(open_file(EndpointKind.PST, file)) as source:
        expected = everything(source)
    with closing(open_file(kind, packed)) as source:
        assert everything(source) == expected
        assert sum(one.stat().st_size for one in place.rglob("*.pst")) == file.stat().st_size
    assert list(place.iterdir()) == []


def test_among_other_files(pst_files: dict[str, Path], tmp_path: Path) -> None:
    top = tmp_path / "exports"
    top.mkdir()
    in_zip(pst_files[FILE], top)
    with closing(open_file(EndpointKind.PST, pst_files[FILE])) as source:
        expected = everything(source)
    with closing(open_file(EndpointKind.FILE, top)) as source:
        assert everything(source) == expected


def test_how_much_room_it_takes_is_known_before(pst_files: dict[str, Path], tmp_path: Path) -> None:
    file = pst_files[FILE]
    found = survey(in_zip(file, tmp_path), Brake())
    assert found.unpacked == file.stat().st_size


def test_too_little_room_is_told_before_it_is_taken(
    pst_files: dict[str, Path], tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(unpacked_files.shutil, "disk_usage", lambda where: usage)
    packed = in_zip(pst_files[FILE], tmp_path)
    with closing(open_file(EndpointKind.FILE, packed)) as source:
        with pytest.raises(CannotGoOn) as caught:
            source.folders()
        assert not list(place.rglob("*.pst"))
    assert caught.value.problem.id is ProblemId.NO_ROOM_TO_UNPACK


def test_one_whose_size_cannot_be_true_is_told_as_damaged(tmp_path: Path, place: Path) -> None:
    member = tarfile.TarInfo("Outlook.pst")
    member.size = 1 << 60
    header = member.tobuf(tarfile.GNU_FORMAT)
    (tmp_path / "x.tar").write_bytes(header + b"!BDN" + bytes(2000))
    with (
        closing(open_file(EndpointKind.FILE, tmp_path / "x.tar")) as source,
        pytest.raises(OwnerNeeded) as caught,
    ):
        source.folders()
    assert caught.value.problem.id is ProblemId.ARCHIVE_PART_LEFT_OUT
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("size", [600, 100_000])
def test_one_that_is_broken_is_told(size: int, tmp_path: Path, place: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("Outlook.pst", b"!BDN" + bytes(size))
    with (
        closing(open_file(EndpointKind.FILE, tmp_path / "x.zip")) as source,
        pytest.raises(OwnerNeeded) as caught,
    ):
        source.folders()
    assert caught.value.problem.id is ProblemId.FILE_NOT_UNDERSTOOD
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("name", ["../../x.pst", "C:\\x\\y.pst", "/x.pst", "aux", ".", "…/\n.pst"])
def test_no_name_leads_out_of_the_folder(name: str, place: Path) -> None:
    with closing(UnpackedFiles()) as files:
        made = files.put([b"x"], name)
        assert made.is_relative_to(place)
        assert made.resolve().parent.parent.parent == place.resolve()


USES = """
import pathlib, sys
from omm_desktop import paths
paths.user_data = lambda: pathlib.Path(sys.argv[1])
from omm_desktop.endpoints.files.unpacked_files import UnpackedFiles
"""
KEPT = f"""{USES}
files = UnpackedFiles()
print(files.put([b"x"], "x.pst"), flush=True)
sys.stdin.read()
"""
MANY = f"""{USES}
for _time in range(100):
    files = UnpackedFiles()
    files.put([b"x"], "x.pst")
    files.close()
"""


def running(script: str, place: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, str(place.parent)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_what_a_killed_program_left_is_removed_by_the_next(place: Path) -> None:
    with running(KEPT, place) as other:
        assert other.stdout is not None
        left = Path(other.stdout.readline().strip())
        with closing(UnpackedFiles()):
            assert left.exists()
        other.kill()
    Copies(Redactor()).close()
    assert list(place.iterdir()) == []


def test_programs_that_unpack_at_once_leave_each_other_alone(place: Path) -> None:
    others = [running(MANY, place) for _ in range(3)]
    for other in others:
        other.communicate()
    assert [other.returncode for other in others] == [0, 0, 0]
    assert list(place.iterdir()) == []


def test_of_what_cannot_be_unpacked_whole_nothing_stays(place: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"x"
        raise left_out("x.pst", "damaged")

    with closing(UnpackedFiles()) as files:
        with pytest.raises(ItemError):
            files.put(pieces(), "x.pst")
        assert not list(place.rglob("*.pst"))
