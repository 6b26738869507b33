"""The wizard driven by its main button alone: a picture of each page, the outcome at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from omm_desktop.model.progress import Snapshot
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

PRESSED = (PageId.SOURCE, PageId.DESTINATION, PageId.OPTIONS, PageId.REVIEW)
SETTLE_MS = 150
LONGEST_MS = 300_000


class Tour(QObject):
    """`ended` is called with True when the copy ended complete, False when something stopped it.

    Without `pictures` nothing is saved. A page may take `LONGEST_MS`.
    """

    def __init__(
        self, window: Window, pictures: Path | None, ended: Callable[[bool], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._pictures = pictures
        self._ended = ended
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(lambda: self._end(False))
        window.page_changed.connect(lambda page: self._soon(lambda: self._arrived(page)))
        window.progress.sampled.connect(self._sampled)

    def start(self) -> None:
        if self._pictures is not None:
            self._pictures.mkdir(parents=True, exist_ok=True)
        self._patience.start(LONGEST_MS)
        self._soon(lambda: self._arrived(self._window.current_page_id))

    def _soon(self, act: Callable[[], None]) -> None:
        """Once the page has been laid out."""
        QTimer.singleShot(SETTLE_MS, self, act)

    def _arrived(self, page: PageId) -> None:
        if page is not self._window.current_page_id:
            return
        self._patience.start(LONGEST_MS)
        self._picture(page)
        if page in PRESSED:
            self._window.main_button.click()
        elif page is PageId.RESULT:
            report = self._window.result.report
            self._end(report is not None and report.grade.nothing_missing)

    def _sampled(self, snapshot: Snapshot) -> None:
        """The copy is short: its last picture with something moving is the one to keep."""
        if 0 < snapshot.items_done < snapshot.items_total:
            self._picture(PageId.PROGRESS)

    def _picture(self, page: PageId) -> None:
        if self._pictures is None:
            return
        number = tuple(PageId).index(page)
        self._window.grab().save(str(self._pictures / f"{number}-{page}.png"))

    def _end(self, well: bool) -> None:
        self._patience.stop()
        self._ended(well)
