"""Somebody with a keyboard and what the screen says: no widget is known here but by its name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QMenu,
    QMessageBox,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from omm_desktop.ui.window import Window
from tests.gui import looks

PATIENCE_MS = 60_000
MOST_CHOICES = 40

Key = Qt.Key
Modifier = Qt.KeyboardModifier


class Keyboard:
    """Sends keys to whatever has the focus, and looks after each of them that something has it.

    `after_step` is called whenever the person would look up at the screen.
    """

    def __init__(self, qtbot: QtBot, window: Window) -> None:
        self._qtbot, self._window = qtbot, window
        self.after_step: Callable[[], object] = lambda: None

    @property
    def focused(self) -> QWidget:
        """Where the next key goes. A focus on what cannot be seen or used fails."""
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu):
            return popup
        focused = self._place.focusWidget()
        assert focused is not None, "nothing has the focus"
        assert focused.isVisible(), f"the focus is on something hidden: {name_of(focused)}"
        assert focused.isEnabled(), f"the focus is on something dead: {name_of(focused)}"
        return focused

    @property
    def _place(self) -> QWidget:
        """Offscreen, no desktop makes the window active again when a question is answered."""
        place = QApplication.activeModalWidget() or self._window
        if QApplication.activeWindow() is None:
            place.activateWindow()
        return place

    @property
    def at(self) -> str:
        """What a screen reader says of the widget with the focus."""
        focused = self.focused
        if isinstance(focused, QMenu):
            line = focused.activeAction()
            return plain(line.text()) if line is not None else focused.accessibleName()
        return name_of(focused)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
        QTest.keyClick(self.focused, key, modifier)

    def shortcut(self, key: Qt.Key) -> None:
        self.press(key, Modifier.ControlModifier)
        self._look_up()

    def mnemonic(self, key: Qt.Key) -> None:
        """Alt and the underlined letter."""
        self.press(key, Modifier.AltModifier)
        self._look_up()

    def enter(self) -> None:
        self.press(Key.Key_Return)
        self._look_up()

    def tab_to(self, name: str) -> None:
        """Fails after a full round: then Tab does not reach it."""
        met: list[QWidget] = []
        names: list[str] = []
        while not self.at.startswith(name):
            if self.focused in met:
                raise AssertionError(f"Tab never reaches “{name}”: {names}")
            met.append(self.focused)
            names.append(self.at)
            self.press(Key.Key_Tab)
        self._look_up()

    def choose(self, name: str) -> None:
        """Go to a button or box, and press it."""
        self.tab_to(name)
        self.press(Key.Key_Space)
        self._look_up()

    def fill(self, name: str, text: str) -> None:
        """Replace what a field holds."""
        self.tab_to(name)
        self.shortcut(Key.Key_A)
        self.type(text)

    def type(self, text: str) -> None:
        for sign in text:
            # QTest knows the keys of ASCII alone.
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, Key.Key_unknown, Modifier.NoModifier, sign)
                QApplication.sendEvent(self.focused, event)
        self._look_up()

    def arrow_to(self, name: str) -> None:
        """From one of several choices to another."""
        names = []
        for _ in range(MOST_CHOICES):
            if self.at.startswith(name):
                self._look_up()
                return
            names.append(self.at)
            self.press(Key.Key_Down)
        raise AssertionError(f"no arrow leads to “{name}”: {names}")

    def pick(self, name: str, item: str) -> None:
        """An entry of a list that is folded away."""
        self.tab_to(name)
        box = self.focused
        assert isinstance(box, QComboBox)
        self.press(Key.Key_Home)
        for _ in range(box.count()):
            if box.currentText().startswith(item):
                self._look_up()
                return
            self.press(Key.Key_Down)
        raise AssertionError(f"“{item}” is not in the list “{name}”")

    def open_menu(self, name: str, item: str) -> None:
        """Press a button that opens a menu, and take one of its lines."""
        self.choose(name)
        self.until(lambda: isinstance(self.focused, QMenu))
        menu, names = self.focused, []
        assert isinstance(menu, QMenu)
        for _ in menu.actions():
            self.press(Key.Key_Down)
            names.append(self.at)
            if self.at.startswith(item):
                self.enter()
                return
        raise AssertionError(f"“{item}” is not in the menu “{name}”: {names}")

    def answer(self, name: str, asked: str) -> None:
        """Choose a button of the question that is open."""
        self.until(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert asked in f"{box.text()} {box.informativeText()}"
        self.choose(name)

    def name_files(self, *paths: object) -> None:
        """In the system's window for files, the focus is where names are typed."""
        self.until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
        self.type(" ".join(f'"{path}"' for path in paths))
        self.press(Key.Key_Return)
        self.until(lambda: not isinstance(QApplication.activeModalWidget(), QFileDialog))
        self._look_up()

    def wait_for(self, title: str) -> None:
        """Until the title of the window begins so."""
        self.until(lambda: self._window.windowTitle().startswith(title))
        self._look_up()

    def wait_to_read(self, text: str) -> None:
        """Until it stands in the window."""
        self.until(lambda: self.reads(text))
        self._look_up()

    def reads(self, text: str) -> bool:
        return text in self.screen

    @property
    def screen(self) -> str:
        """Everything that is written there, a line each."""
        return plain("\n".join(filter(None, looks.texts(self._window))))

    def until(self, holds: Callable[[], bool]) -> None:
        try:
            self._qtbot.waitUntil(holds, timeout=PATIENCE_MS)
        except QtTimeout as error:
            raise AssertionError(f"never; the window shows:\n{self.screen}") from error

    def _look_up(self) -> None:
        """What was just made is shown, and takes the focus, once the keys are done with."""
        QApplication.processEvents()
        self.until(self._is_anywhere)
        self.after_step()

    def _is_anywhere(self) -> bool:
        focused = self._place.focusWidget()
        return focused is not None and focused.isVisible() and focused.isEnabled()


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return plain(interface.text(QAccessible.Text.Name)) if interface else ""


def plain(text: str) -> str:
    """Without the mark of the underlined letter, and with ordinary blanks."""
    return text.replace("&", "").replace("\u202f", " ").replace("\u00a0", " ")
