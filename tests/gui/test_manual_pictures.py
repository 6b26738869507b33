"""The demo takes every picture that the manual shows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from omm_desktop import app
from omm_desktop.demo import Fault
from omm_desktop.guide.manual import manual

LEAST_WIDTH = 600


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
    whole = tmp_path / "whole"
    assert app.take_pictures(whole, "en", None)
    assert taken(whole) == wanted - of_faults - {""}
    assert of_faults == {"wrong-password", "full"}
    wrong = tmp_path / "wrong"
    assert app.take_pictures(wrong, "fr", Fault.WRONG_PASSWORD)
    assert taken(wrong) == {"wrong-password"}
