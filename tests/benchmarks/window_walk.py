"""The real window in a process of its own, walked through a copy under the eyes of the watchdog.

Standard input tells the accounts and the number of folders to tick, as JSON; standard output tells
figures likewise.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QTreeWidget

from omm_desktop import desktop
from omm_desktop.copies import Copies
from omm_desktop.model.progress import Snapshot
from omm_desktop.model.secret import Secret
from omm_desktop.store.credentials import Credentials
from omm_desktop.support.redact import Redactor
from omm_desktop.ui import launch, tour
from omm_desktop.ui.garbage import collected_in_this_thread
from omm_desktop.ui.task import Task
from omm_desktop.ui.window import Window
from omm_desktop.wizard.draft import Draft, FolderChoice
from omm_desktop.wizard.flow import PageId
from tests.servers.account import TestAccount

from .watchdog import Watchdog

LONGEST_MS = 600_000
MEMORY_EVERY_MS = 500
SCROLLS = 20
UNTICKED = "Branch 0"
"""The folder that is left out, with those inside it."""
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


class Walk(tour.Tour):
    """As a person who chooses folders would; notes memory while the copy runs.

    A copy of more than `seconds` is stopped then.
    """

    def __init__(
        self, window: Window, ended: Callable[[bool], None], *, choosing: bool, seconds: int
    ) -> None:
        super().__init__(window, None, ended)
        self._choosing, self._seconds = choosing, seconds
        self.stopped = False
        self.memory: list[tuple[int, int]] = []
        """Items done, and bytes of memory then."""
        self.seconds = 0.0
        self._last = 0.0

    def _arrived(self, page: PageId) -> None:
        if page is PageId.OPTIONS and self._choosing and page is self._window.current_page_id:
            self._choosing = False
            self._choose()
        elif page is PageId.REVIEW and not self._window.review.links:
            self._soon(lambda: self._arrived(page))
        elif page is PageId.PROGRESS:
            QTimer.singleShot(1000 * self._seconds, self, self._stop)
        else:
            super()._arrived(page)

    def _choose(self) -> None:
        """All but a branch, after a look through a filter and a scroll to the end."""
        options = self._window.options
        folders, tree = options.folder_list, options.folder_list.tree
        page_down = tree.verticalScrollBar().SliderAction.SliderPageStepAdd
        self._do(
            [
                options.folder_choices[FolderChoice.CHOSEN].click,
                *(partial(folders.filter.setText, text) for text in ("9", "99", "")),
                *[partial(tree.verticalScrollBar().triggerAction, page_down)] * SCROLLS,
                lambda: _untick(tree),
                self._window.main_button.click,
            ]
        )

    def _stop(self) -> None:
        self.stopped = self._window.copying.is_running
        self._window.copying.stop()

    def _do(self, steps: Sequence[Callable[[], object]]) -> None:
        first, *others = steps
        first()
        if others:
            self._soon(lambda: self._do(others))

    def _sampled(self, snapshot: Snapshot) -> None:
        self.seconds = snapshot.seconds
        if time.monotonic() - self._last > MEMORY_EVERY_MS / 1000:
            self._last = time.monotonic()
            self.memory.append((snapshot.items_done, _memory()))


def _untick(tree: QTreeWidget) -> None:
    (branch,) = tree.findItems(UNTICKED, Qt.MatchFlag.MatchExactly, 0)
    branch.setCheckState(0, Qt.CheckState.Unchecked)


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_SIZE


def main() -> int:
    asked = json.load(sys.stdin)
    tour.LONGEST_MS = LONGEST_MS
    with tempfile.TemporaryDirectory(dir=asked["records"]) as folder:
        figures = _walk(asked, Path(folder))
    json.dump(figures, sys.stdout)
    return 0


def _walk(asked: dict[str, Any], folder: Path) -> dict[str, object]:
    old, new = (TestAccount(*asked[side]).as_account for side in ("old", "new"))
    copies = Copies(Redactor(), folder, locks=folder)
    services = desktop.services(copies, Credentials.in_memory(), folder / "preferences.json", 0)
    draft = Draft()
    draft.source.prefill(old, Secret("secret"))
    draft.destination.prefill(new, Secret("secret"))
    application = launch.qt_application()
    window = launch.main_window(application, services, draft)
    outcome: list[bool] = []

    def end(well: bool) -> None:
        outcome.append(well)
        application.quit()

    def fail(*told: Any) -> None:
        # Qt goes on after what a slot raises, and would wait for a page that never comes.
        sys.__excepthook__(*told)
        end(False)

    sys.excepthook = fail
    walk = Walk(window, end, choosing=asked["choosing"], seconds=asked["seconds"])
    dog = Watchdog(lambda: window.current_page_id.value)
    window.show()
    with collected_in_this_thread(application):
        walk.start()
        QTimer.singleShot(0, dog.start)
        application.exec()
        dog.stop()
    window.copying.wait(60_000)
    Task.wait_for_all(60_000)
    copies.close()
    report = window.result.report
    return {
        "complete": outcome == [True] or walk.stopped,
        "stopped": walk.stopped,
        "copied": report.copied if report is not None else 0,
        "seconds": walk.seconds,
        "memory": walk.memory,
        **dog.figures(),
    }


if __name__ == "__main__":
    sys.exit(main())
