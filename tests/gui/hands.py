"""Somebody at the keyboard: keys go to whatever has the focus in this window or over it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

MOST_TABS = 60
PATIENCE_MS = 60_000


class Hands:
    def __init__(self, qtbot: QtBot, window: Window) -> None:
        self._qtbot = qtbot
        self._window = window

    @property
    def _focused(self) -> QWidget | None:
        """Offscreen, a window that lost a dialog is not made active again, as a desktop would."""
        focused = QApplication.focusWidget()
        if focused is not None and focused.window().isVisible() and self._is_over(focused):
            return focused
        return self._window.focusWidget()

    def _is_over(self, widget: QWidget) -> bool:
        """Inside the window, or in a dialog or list that it opened."""
        above: QWidget | None = widget
        while above is not None and above is not self._window:
            above = above.parentWidget()
        return above is not None

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        target = self._focused or self._window
        QTest.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)

    def tab_to(self, widget: QWidget) -> None:
        """Press Tab until the widget has the focus."""
        met: list[str] = []
        for _ in range(MOST_TABS):
            focused = self._focused
            met.append(
                str(focused and (focused.accessibleName() or getattr(focused, "text", str)()))
            )
            if focused is widget or (focused is not None and widget.isAncestorOf(focused)):
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never reaches {widget}, visible: {widget.isVisible()}: {met}")

    def type_into(self, widget: QWidget, text: str) -> None:
        """Replace what the field holds."""
        self.tab_to(widget)
        self.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(self._focused, text)

    def answer(self, text: str) -> None:
        """Choose the button of that name in the open question."""
        self.until(lambda: QApplication.activeModalWidget() is not None)
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        button = next(b for b in box.buttons() if b.text().replace("&", "") == text)
        while box.focusWidget() is not button:
            QTest.keyClick(box.focusWidget() or box, Qt.Key.Key_Tab)
        QTest.keyClick(button, Qt.Key.Key_Space)

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)

    def wait_for(self, page: PageId) -> None:
        self.until(lambda: self._window.current_page_id is page)

    def go_home(self) -> None:
        """From a result that is not the end, to the past copies."""
        self.tab_to(self._window.result.again_button)
        self.press(Qt.Key.Key_Space)
        self.wait_for(PageId.HOME)

    def resume(self) -> None:
        """Go on with the last copy, from home."""
        self.tab_to(self._window.home.resume_buttons[0])
        self.press(Qt.Key.Key_Space)
        self.until(lambda: self._window.current_page_id is not PageId.HOME)

    def until(self, holds: Callable[[], bool]) -> None:
        try:
            self._qtbot.waitUntil(holds, timeout=PATIENCE_MS)
        except QtTimeout as error:
            window = self._window
            seen = f"on {window.current_page_id}: {window.panel.accessibleName()}"
            raise AssertionError(seen) from error
