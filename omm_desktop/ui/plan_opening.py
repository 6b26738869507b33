"""A plan that somebody wrote, opened in the wizard: what it says stands on the pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.problem import OmmError
from omm_desktop.ui.file_dialogs import choose_file
from omm_desktop.ui.question import Answer, ask
from omm_desktop.ui.recall import Recall
from omm_desktop.ui.services import Services


class PlanOpening(QObject):
    """`opened` when the draft holds a plan, `failed` with a Problem.

    `is_at_work`: a copy is under way, and needs the pages.
    """

    opened = Signal()
    failed = Signal(object)

    def __init__(
        self, window: QWidget, services: Services, recall: Recall, is_at_work: Callable[[], bool]
    ) -> None:
        super().__init__(window)
        self._window, self._services, self._recall = window, services, recall
        self._is_at_work = is_at_work

    def choose(self) -> None:
        """The person says which."""
        if self._may_begin():
            choose_file(self._window, _("Open a plan"), _("Plans (*.toml)"), self.open)

    def open(self, file: Path) -> None:
        if not self._may_begin():
            return
        try:
            plan = self._services.read_plan(file)
        except OmmError as error:
            self.failed.emit(error.problem)
            return
        self._recall.begin(plan, self._services.credentials, self.opened.emit)

    def _may_begin(self) -> bool:
        if not self._is_at_work() and not self._recall.is_busy:
            return True
        ask(
            self._window,
            "OMM Desktop",
            _("A copy is under way."),
            [Answer(_("Continue"))],
            explained=_("Open the plan again when it has ended."),
            icon=QMessageBox.Icon.Information,
        )
        return False
