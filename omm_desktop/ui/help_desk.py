"""What serves a help desk: the mask, the card to read out, the search for a code."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from omm_desktop.support.environment import system_name
from omm_desktop.ui.code_window import CodeWindow
from omm_desktop.ui.help_card import HelpCard
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.ui.widgets.private_edit import follow_mask
from omm_desktop.ui.widgets.step_rail import where
from omm_desktop.wizard import flow
from omm_desktop.wizard.present import help_desk as words
from omm_desktop.wizard.present import mask

if TYPE_CHECKING:
    from omm_desktop.ui.window import Window

Made = TypeVar("Made", bound=ReadingWindow)


class HelpDesk(QObject):
    """Its windows are made when they are first wanted, and stay."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.card: HelpCard | None = None
        self.codes: CodeWindow | None = None
        menus = window.menus
        menus.mask_wanted.connect(self.use_mask)
        menus.card_wanted.connect(self.open_card)
        menus.codes_wanted.connect(self.open_codes)

    def open_card(self) -> None:
        if self.card is None:
            self.card = self._of_the_family(HelpCard(self._read))
        self.card.retranslate()
        self.card.bring_forward()
        self._window.announcer.say(words.as_text(self._read()))

    def open_codes(self) -> None:
        if self.codes is None:
            self.codes = self._of_the_family(CodeWindow(self._window.services.catalogue))
            self.codes.found.connect(lambda text: self._window.announcer.say(text, at_once=True))
        self.codes.bring_forward()

    def use_mask(self, on: bool) -> None:
        """Live, on every page and open window, and remembered."""
        mask.put_on(on)
        self._window.services.preferences.masked = on
        follow_mask()
        self._window.retranslate()

    def retranslate(self) -> None:
        for window in self._windows:
            window.retranslate()

    def close(self) -> None:
        for window in self._windows:
            window.close()

    @property
    def _windows(self) -> list[ReadingWindow]:
        return [one for one in (self.card, self.codes) if one is not None]

    def _of_the_family(self, window: Made) -> Made:
        window.addActions(self._window.menus.actions_everywhere())
        return window

    def _read(self) -> tuple[words.Line, ...]:
        window, page = self._window, self._window.page
        running = window.copying.is_running
        step = where(flow.STEP_OF.get(page.page_id))
        standing = words.Standing(
            page=" · ".join(filter(None, (step, page.title.text()))),
            checking=bool(getattr(page, "checking", False)),
            copy=window.copying.number,
            snapshot=window.progress.snapshot if running else None,
            problem=window.problem,
        )
        return words.card(standing, system_name(), window.services.catalogue)
