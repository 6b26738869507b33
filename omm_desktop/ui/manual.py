"""What opens the manual, and what the manual opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from omm_desktop.guide.manual import Other, manual
from omm_desktop.ui.manual_window import ManualWindow

if TYPE_CHECKING:
    from omm_desktop.ui.window import Window


class Manual(QObject):
    """Its window is made when it is first wanted, and stays."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._main = window
        self.window: ManualWindow | None = None
        window.menus.manual_wanted.connect(self.open)

    def open_at(self, chapter: str) -> None:
        """At the chapter with this id."""
        self.open()
        assert self.window is not None
        self.window.turn_to(manual().chapter(chapter))

    def open(self) -> None:
        if self.window is None:
            self.window = ManualWindow()
            self.window.addActions(self._main.menus.actions_everywhere())
            self.window.other_wanted.connect(self._open_other)
            self.window.turned.connect(self._main.announcer.say)
        self.window.bring_forward()
        self._main.announcer.say(f"{self.window.title.text()}. {self.window.promise.text()}")

    def retranslate(self) -> None:
        if self.window is not None:
            self.window.retranslate()

    def close(self) -> None:
        if self.window is not None:
            self.window.close()

    def _open_other(self, other: Other) -> None:
        main = self._main
        opening: dict[Other, Callable[[], object]] = {
            Other.EXPORTS: main.source.open_exports,
            Other.READERS: main.destination.open_readers,
            Other.REFERENCE: main.beside.open_reference,
            Other.DOMAIN: main.beside.open_domain,
            Other.DIFFERENCES: main.beside.open_differences,
            Other.CARD: main.help_desk.open_card,
            Other.CODES: main.help_desk.open_codes,
            Other.SUPPORT: main.help_desk.open_support,
        }
        opening[other]()
