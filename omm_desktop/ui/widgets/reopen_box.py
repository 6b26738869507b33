"""The tick by which the program may open by itself after a restart of the computer."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox

from omm_desktop.language import translate as _
from omm_desktop.ui.services import Preferences


class ReopenBox(QCheckBox):
    """Remembered at once; `clicked` tells that it was."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self.clicked.connect(self._remember)

    def load(self) -> None:
        self.setChecked(self._preferences.reopen)

    def retranslate(self) -> None:
        self.setText(_("Open again after a restart, to go on"))

    def _remember(self, wanted: bool) -> None:
        self._preferences.reopen = wanted
