"""What serves a help desk: the mask, the card to read out, codes, the support file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, qVersion

from omm_desktop.language import translate as _
from omm_desktop.model.account import Account
from omm_desktop.support.environment import system_name
from omm_desktop.ui.code_window import CodeWindow
from omm_desktop.ui.help_card import HelpCard
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.ui.support_window import SupportWindow
from omm_desktop.ui.task import Task
from omm_desktop.ui.widgets.private_edit import follow_mask
from omm_desktop.ui.widgets.step_rail import where
from omm_desktop.wizard import flow
from omm_desktop.wizard.draft import AccountDraft
from omm_desktop.wizard.present import help_desk as words
from omm_desktop.wizard.present import mask, support_file

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
        self.support: SupportWindow | None = None
        self._gathering: Task | None = None
        menus = window.menus
        menus.mask_wanted.connect(self.use_mask)
        menus.card_wanted.connect(self.open_card)
        menus.codes_wanted.connect(self.open_codes)
        menus.support_wanted.connect(self.open_support)

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

    def open_support(self) -> None:
        if self.support is None:
            self.support = self._of_the_family(SupportWindow())
            announcer = self._window.announcer
            self.support.failed.connect(self._window.show_problem)
            self.support.saved.connect(
                lambda: announcer.say(_("The support file is saved."), at_once=True)
            )
        self._gather(self.support)
        self.support.bring_forward()

    def _gather(self, window: SupportWindow) -> None:
        """In the background, since a log may be long."""
        facts, services = self._facts(), self._window.services
        self._stop_gathering()
        self._gathering = Task(
            lambda _step: support_file.parts(
                facts, services.catalogue, services.redactor, services.log_folder()
            )
        )
        self._gathering.done.connect(lambda parts: window.show_parts(parts, facts.standing.copy))
        self._gathering.failed.connect(self._window.show_problem)
        self._gathering.begin()

    def _stop_gathering(self) -> None:
        if self._gathering is not None:
            self._gathering.cancel()

    def _facts(self) -> support_file.Facts:
        window = self._window
        report, runs = window.result.report, window.services.history.listed()
        if report is None and runs:
            report = window.services.history.report(runs[0].id)
        source, destination = map(_account, (window.draft.source, window.draft.destination))
        return support_file.Facts(self._standing(), source, destination, report, self._screen())

    def _screen(self) -> dict[str, Any]:
        window = self._window
        return {
            "qt": qVersion(),
            "scale": window.devicePixelRatio(),
            "window": [window.width(), window.height()],
            "text_size": window.appearance.text_size,
            "theme": window.appearance.theme,
            "masked": mask.is_on(),
            "keyring": window.services.credentials.is_safe_place,
            "tray": window.tray.is_available(),
        }

    def use_mask(self, on: bool) -> None:
        """Live, on every page and open window, and remembered."""
        mask.put_on(on)
        self._window.services.preferences.masked = on
        follow_mask()
        self._window.retranslate()

    def retranslate(self) -> None:
        for window in self._windows:
            window.retranslate()
        if self.support is not None and self.support.isVisible():
            self._gather(self.support)

    def close(self) -> None:
        self._stop_gathering()
        for window in self._windows:
            window.close()

    @property
    def _windows(self) -> list[ReadingWindow]:
        return [one for one in (self.card, self.codes, self.support) if one is not None]

    def _of_the_family(self, window: Made) -> Made:
        window.addActions(self._window.menus.actions_everywhere())
        return window

    def _read(self) -> tuple[words.Line, ...]:
        return words.card(self._standing(), system_name(), self._window.services.catalogue)

    def _standing(self) -> words.Standing:
        window, page = self._window, self._window.page
        running = window.copying.is_running
        step = where(flow.STEP_OF.get(page.page_id))
        return words.Standing(
            page=" · ".join(filter(None, (step, page.title.text()))),
            checking=bool(getattr(page, "checking", False)),
            copy=window.copying.number,
            snapshot=window.progress.snapshot if running else None,
            problem=window.problem,
        )


def _account(draft: AccountDraft) -> Account | None:
    """What is known of an end so far."""
    return draft.account() if draft.host or draft.kind.is_on_disk else None
