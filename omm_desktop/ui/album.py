"""Pictures for the manual: the demo walked through once more, with what goes wrong on its way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from omm_desktop.ui.tour import Tour
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

_LOOK_MS = 500
_CODE = "11-01"


class Album(Tour):
    """Saves pages by their names and, on the way, the windows for help desks.

    With a `fault` it saves the first problem alone, under that name, and goes no further.
    """

    def __init__(
        self, window: Window, folder: Path, ended: Callable[[bool], None], fault: str = ""
    ) -> None:
        super().__init__(window, folder, lambda well: ended(self._is_taken if fault else well))
        self._folder, self._fault, self._is_taken = folder, fault, False
        self._look = QTimer(self)
        self._look.timeout.connect(self._find_problem)
        if fault:
            self._look.start(_LOOK_MS)

    def _picture(self, page: PageId) -> None:
        if self._fault:
            return
        self._save(self._window, page)
        if page is PageId.SOURCE:
            self._windows_beside()
        if page is PageId.REVIEW:
            self._window.help_desk.use_mask(True)
            QApplication.processEvents()
            self._save(self._window, "masked")
            self._window.help_desk.use_mask(False)

    def _windows_beside(self) -> None:
        desk = self._window.help_desk
        desk.open_card()
        desk.open_codes()
        assert desk.card is not None
        assert desk.codes is not None
        desk.codes.code.setText(_CODE)
        QApplication.processEvents()
        for window, name in ((desk.card, "card"), (desk.codes, "codes")):
            self._save(window, name)
            window.close()

    def _find_problem(self) -> None:
        if self._window.problem is not None and self._window.panel.isVisible():
            self._look.stop()
            self._soon(self._take_problem)

    def _take_problem(self) -> None:
        """A copy that has met it is stopped, which leads to the end of the tour."""
        self._save(self._window, self._fault)
        self._is_taken = True
        if self._window.copying.is_running:
            self._window.copying.stop()
        else:
            self._end(True)

    def _save(self, window: QMainWindow, name: str) -> None:
        window.grab().save(str(self._folder / f"{name}.png"))
