"""The menu bar: what is not on a button, and the look of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QLabel, QMenu, QMenuBar

from omm_desktop import language
from omm_desktop.language import in_context
from omm_desktop.language import translate as _
from omm_desktop.ui.theme import Theme
from omm_desktop.wizard.present import mask


class Menus(QObject):
    """Asks for things by signals; the window does them."""

    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    text_size_stepped = Signal(int)
    text_size_reset = Signal()
    new_copy = Signal()
    plan_wanted = Signal()
    pause_toggled = Signal()
    quit_wanted = Signal()
    newer_version_wanted = Signal()
    about_wanted = Signal()
    manual_wanted = Signal()
    reference_wanted = Signal()
    domain_wanted = Signal()
    differences_wanted = Signal()
    card_wanted = Signal()
    codes_wanted = Signal()
    support_wanted = Signal()
    area_wanted = Signal()
    mask_wanted = Signal(bool)

    def __init__(self, bar: QMenuBar) -> None:
        super().__init__(bar)
        self._copy, self._view, self._help = QMenu(bar), QMenu(bar), QMenu(bar)
        self._languages, self._themes = QMenu(bar), QMenu(bar)
        for menu in (self._copy, self._view, self._help):
            bar.addMenu(menu)
        self.new_action = self._action(self._copy, self.new_copy.emit, "Ctrl+N")
        self.plan_action = self._action(self._copy, self.plan_wanted.emit, "Ctrl+O")
        self.pause_action = self._action(self._copy, self.pause_toggled.emit, "Ctrl+P")
        self._copy.addSeparator()
        self.quit_action = self._action(self._copy, self.quit_wanted.emit, "Ctrl+Q")
        self._view.addMenu(self._languages)
        self._view.addMenu(self._themes)
        self._view.addSeparator()
        self.larger = self._action(self._view, lambda: self.text_size_stepped.emit(1))
        self.larger.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self.smaller = self._action(self._view, lambda: self.text_size_stepped.emit(-1), "Ctrl+-")
        self.usual = self._action(self._view, self.text_size_reset.emit, "Ctrl+0")
        self._view.addSeparator()
        self.mask = self._view.addAction("")
        self.mask.setCheckable(True)
        self.mask.setShortcut(QKeySequence("Ctrl+M"))
        self.mask.triggered.connect(self.mask_wanted)
        self.mask_mark = QLabel(bar)
        self.mask_mark.setObjectName("maskMark")
        self._bar = bar
        self.next_area = self._action(self._view, self.area_wanted.emit, "F6")
        self.manual = self._action(self._help, self.manual_wanted.emit)
        self.reference = self._action(self._help, self.reference_wanted.emit, "F2")
        self.domain = self._action(self._help, self.domain_wanted.emit)
        self.differences = self._action(self._help, self.differences_wanted.emit)
        self._help.addSeparator()
        self.card = self._action(self._help, self.card_wanted.emit, "F1")
        self.codes = self._action(self._help, self.codes_wanted.emit)
        self.support = self._action(self._help, self.support_wanted.emit)
        self._help.addSeparator()
        self.newer_version = self._action(self._help, self.newer_version_wanted.emit)
        self.about = self._action(self._help, self.about_wanted.emit)
        self.language_actions = self._choices(
            self._languages, list(language.LANGUAGES), self.language_chosen.emit
        )
        self.theme_actions = self._choices(self._themes, list(Theme), self.theme_chosen.emit)

    def actions_everywhere(self) -> list[QAction]:
        """For other windows, which have no menu."""
        return [self.larger, self.smaller, self.usual, self.mask]

    def show_choices(self, language_name: str, theme: Theme) -> None:
        self.language_actions[language_name].setChecked(True)
        self.theme_actions[theme].setChecked(True)
        self.mask.setChecked(mask.is_on())
        self.mask_mark.setVisible(mask.is_on())
        # The bar makes room for its corner only when it is given one.
        if mask.is_on():
            self._bar.setCornerWidget(self.mask_mark)

    def retranslate(self) -> None:
        self._copy.setTitle(in_context("menu", "&Copy"))
        self._view.setTitle(_("&View"))
        self._help.setTitle(_("&Help"))
        self._languages.setTitle(_("&Language"))
        self._themes.setTitle(_("&Colours"))
        self.new_action.setText(_("&New copy"))
        self.plan_action.setText(_("&Open a plan…"))
        self.pause_action.setText(_("&Pause or resume"))
        self.quit_action.setText(_("&Quit"))
        self.larger.setText(_("L&arger text"))
        self.smaller.setText(_("&Smaller text"))
        self.usual.setText(_("&Usual text size"))
        self.mask.setText(_("&Mask personal data"))
        self.mask_mark.setText(_("Data are masked"))
        self.next_area.setText(_("&Next area of the window"))
        self.manual.setText(_("Man&ual"))
        self.reference.setText(_("&E-mail settings"))
        self.domain.setText(_("Check the &domain"))
        self.differences.setText(_("What E&xchange changes"))
        self.card.setText(_("&Read out to the help desk"))
        self.codes.setText(_("&Look up a code"))
        self.support.setText(_("&Prepare a support file…"))
        self.newer_version.setText(_("Look for a &newer version"))
        self.about.setText(_("&About OMM Desktop"))
        for name, action in self.language_actions.items():
            action.setText(language.own_name(name))
        names = {
            Theme.SYSTEM: _("&As the system"),
            Theme.LIGHT: in_context("colours", "&Light"),
            Theme.DARK: in_context("colours", "&Dark"),
            Theme.CONTRAST: _("High &contrast"),
        }
        for theme, text in names.items():
            self.theme_actions[theme].setText(text)

    def _action(self, menu: QMenu, act: Callable[[], object], keys: str = "") -> QAction:
        action = menu.addAction("")
        action.triggered.connect(lambda: act())
        if keys:
            action.setShortcut(QKeySequence(keys))
        return action

    def _choices(
        self, menu: QMenu, names: list[str], choose: Callable[[str], object]
    ) -> dict[str, QAction]:
        group = QActionGroup(menu)
        actions = {}
        for name in names:
            action = menu.addAction("")
            action.setCheckable(True)
            action.triggered.connect(lambda _checked, name=name: choose(str(name)))
            group.addAction(action)
            actions[name] = action
        return actions
