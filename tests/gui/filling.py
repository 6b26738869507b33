"""A whole account typed by keyboard, and the way from the first page to the review."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QRadioButton

from omm_desktop.model.account import Security
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.servers.account import TestAccount

from .hands import Hands

LETTER = "From: a@exemple.fr\r\nTo: b@exemple.fr\r\nSubject: Lettre {0}\r\n\r\nTexte {0}\r\n"


def fill(hands: Hands, page: AccountPage, account: TestAccount) -> None:
    """Type a whole account: the address is unknown, so the settings open by themselves."""
    form = page.form
    settings = form.settings
    hands.type_into(form.address, account.login)
    hands.type_into(form.password.edit, account.password)
    if not settings.isVisible():
        hands.tab_to(form.fold)
        hands.press(Qt.Key.Key_Space)
    hands.type_into(settings.host, account.host)
    hands.type_into(settings.port, str(account.port))
    hands.tab_to(settings.security)
    wanted = account.as_account.server.security
    while settings.security.currentData() != wanted:
        hands.press(Qt.Key.Key_Down if wanted is Security.NONE else Qt.Key.Key_Up)
    hands.type_into(settings.login, account.login)


def choose_other_mailbox(hands: Hands, window: Window) -> None:
    choose_radio(hands, window, window.destination.other)


def choose_exchange(hands: Hands, window: Window) -> None:
    choose_radio(hands, window, window.destination.exchange)


def choose_radio(hands: Hands, window: Window, wanted: QRadioButton) -> None:
    """The arrows go from one to the next."""
    page = window.destination
    if not wanted.isChecked():
        hands.tab_to(page.kinds.checkedButton())
    for _ in page.kinds.buttons():
        if not wanted.isChecked():
            hands.press(Qt.Key.Key_Down)
    assert wanted.isChecked()


def go_to_review(hands: Hands, window: Window, old: TestAccount, new: TestAccount) -> None:
    fill(hands, window.source, old)
    hands.enter()
    hands.wait_for(PageId.DESTINATION)
    choose_other_mailbox(hands, window)
    fill(hands, window.destination, new)
    hands.enter()
    hands.wait_for(PageId.OPTIONS)
    hands.enter()
    hands.wait_for(PageId.REVIEW)
