"""Fields that are filled at once by what types for a person: dictation, managers of passwords."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit

from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

from .mailboxes import open_page


def dictate(field: QLineEdit, text: str) -> None:
    QAccessible.queryAccessibleInterface(field).setText(QAccessible.Text.Value, text)


def test_an_account(window: Window) -> None:
    form, account = window.source.form, window.draft.source
    dictate(form.address, "claire@exemple.fr")
    dictate(form.password.edit, "Chat botte 7")
    assert (account.address, account.password.reveal()) == ("claire@exemple.fr", "Chat botte 7")
    settings = form.settings
    for field, text in (
        (settings.host, "imap.exemple.fr"),
        (settings.port, "1143"),
        (settings.login, "claire"),
    ):
        dictate(field, text)
    server = account.account().server
    assert (server.host, server.port, account.login) == ("imap.exemple.fr", 1143, "claire")


def test_what_the_program_fills_in_itself_is_nobodys_typing(window: Window) -> None:
    told: list[str] = []
    window.source.form.address.typed.connect(told.append)
    open_page(window, PageId.REVIEW)
    open_page(window, PageId.SOURCE)
    assert window.source.form.address.text()
    assert told == []
