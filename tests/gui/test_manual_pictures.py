"""The demo takes every picture that the manual shows."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from omm_desktop import app
from omm_desktop.demo import Fault
from omm_desktop.guide.manual import manual

SCRIPT = Path(__file__).parents[2] / "installer" / "manual.py"
LEAST_WIDTH = 600


def installer_faults() -> list[str]:
    """Those that installer/manual.py has pictures taken of."""
    spec = importlib.util.spec_from_file_location("manual", SCRIPT)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return [name for name in script.FAULTS if name]


def taken(folder: Path) -> set[str]:
    for file in folder.iterdir():
        picture = QImage(str(file))
        assert picture.width() >= LEAST_WIDTH, file.name
    return {file.stem for file in folder.iterdir()}


def test_every_picture_of_the_manual_is_taken(
    qapp: QApplication, first_start: None, tmp_path: Path
) -> None:
    wanted = {section.picture for chapter in manual().chapters for section in chapter.sections}
    of_faults = {str(fault) for fault in Fault} & wanted
    assert of_faults == set(installer_faults())
    whole = tmp_path / "whole"
    assert app.take_pictures(whole, "en", None)
    assert taken(whole) == wanted - of_faults - {""}
    for fault in map(Fault, of_faults):
        folder = tmp_path / fault
        assert app.take_pictures(folder, "fr", fault)
        assert taken(folder) == {fault}
