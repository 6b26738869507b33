"""Resources are found wherever the program runs from."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from omm_desktop import paths

ROOT = Path(__file__).parents[2]


def test_in_a_checkout_they_lie_beside_the_package() -> None:
    assert paths.resources() == ROOT / "resources"


def test_in_a_frozen_bundle_they_lie_at_its_root(tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    found = paths.resources(package=tmp_path / "omm_desktop", bundle=str(tmp_path))
    assert found == tmp_path / "resources"


def test_nowhere_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="resources not found"):
        paths.resources(package=tmp_path / "omm_desktop")


def test_an_installed_wheel_carries_all_of_them(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    question = "from omm_desktop import paths; print(paths.resources())"
    answer = subprocess.run(
        [sys.executable, "-c", question],
        cwd=tmp_path / "site",
        check=True,
        capture_output=True,
        text=True,
    )
    found = Path(answer.stdout.strip())
    assert found == tmp_path / "site" / "omm_desktop" / "_resources"
    assert _names(found) == _names(ROOT / "resources")


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
