"""The mask: what stands for whom, what else it covers, how it goes on and off.

That no page tells a name in any state is looked at where the pages are, in test_pictures.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QMessageBox

from omm_desktop import app
from omm_desktop.store import preferences
from omm_desktop.ui import file_dialogs, launch
from omm_desktop.ui.services import Services
from omm_desktop.ui.widgets.private_edit import PrivateEdit
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import mask

from . import looks, scenes
from .file_scenes import FILE_SCENES
from .hands import Hands
from .mailboxes import PASSWORD, open_page
from .personal import leaks, names_in
from .test_pictures import take


def said(window: Window) -> str:
    looks.settle(window)
    return "\n".join(looks.texts(window))


def test_a_key_puts_it_on_and_off_and_it_is_remembered(
    hands: Hands, window: Window, tmp_path: Path
) -> None:
    scenes.review(window)
    assert "claire.moreau@exemple.fr" in said(window)
    hands.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert "De c•••@e•••.fr (imap.exemple.fr)" in said(window)
    assert "À c•••@e•••.com" in said(window).replace("Vers", "À")
    assert [one.text() for one in marks(window)] == ["Données masquées"]
    assert preferences.load(tmp_path / "preferences.json").masked
    hands.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert "claire.moreau@exemple.fr" in said(window)
    assert not marks(window)
    assert not preferences.load(tmp_path / "preferences.json").masked


def marks(window: Window) -> list[QLabel]:
    labels = window.menuBar().findChildren(QLabel)
    return [one for one in labels if one.isVisible() and one.width() > 50 and one.x() > 300]


def test_the_scenes_have_names_to_hide(window: Window) -> None:
    """Else a page that tells none would prove nothing."""
    scenes.review_names(window)
    names = names_in(window)
    assert {"claire.moreau", "Clients", "Été 2024", "Hiver", "Équipe"} <= names
    assert leaks(names)


def test_fields_show_dots_and_keep_what_was_typed(window: Window) -> None:
    scenes.source_other_mailbox(window)
    window.menus.mask.trigger()
    form = window.source.form
    fields = (form.address, form.settings.login, form.settings.other.address)
    for field in fields:
        assert field.text().endswith("@exemple.fr")
        assert set(field.displayText()) == {"●"}
        interface = QAccessible.queryAccessibleInterface(field)
        assert "exemple" not in interface.text(QAccessible.Text.Value)
        field.selectAll()
        field.copy()
        assert QGuiApplication.clipboard().text() != field.text()
    assert "c•••@e•••.fr" in form.address.accessibleDescription()
    assert form.settings.host.displayText()
    assert not form.password.show_button.isVisible()
    assert window.draft.source.mailbox == "accueil@exemple.fr"
    window.menus.mask.trigger()
    assert all(field.displayText() == field.text() for field in fields)
    assert form.password.show_button.isVisible()


def test_whom_mails_tell_of_the_copy_is_masked(window: Window) -> None:
    window.draft.options.notice.address = "rappel@exemple.fr"
    for page in (PageId.OPTIONS, PageId.REVIEW):
        open_page(window, page)
        window.page.load()
        looks.settle(window)
        assert leaks({"rappel"})
        window.menus.mask.trigger()
        looks.settle(window)
        assert not leaks({"rappel"})
        window.menus.mask.trigger()


def test_a_password_on_show_is_hidden(window: Window) -> None:
    open_page(window, PageId.SOURCE)
    field = window.source.form.password
    field.show_button.click()
    assert field.edit.displayText() == PASSWORD.reveal()
    window.menus.mask.trigger()
    assert field.edit.echoMode() is QLineEdit.EchoMode.Password


def test_every_field_of_the_wizard_is_sorted(window: Window) -> None:
    """A new field has to be private, or to be named here as showing nothing of a person."""
    form = window.source.form, window.destination.form
    public = {edit for one in form for edit in (one.answer, one.settings.host, one.settings.port)}
    notice, later = window.options.mail_notice, window.options.start_later
    question, answers = window.undo.question, (window.progress.answer, window.undo.answer)
    public |= {notice.host, notice.port, question.number}
    secret = {one.password.edit for one in (*form, *answers, question)}
    inner = {window.options.day.lineEdit(), later.moment.lineEdit()}
    everything = set(window.findChildren(QLineEdit))
    private = {edit for edit in everything if isinstance(edit, PrivateEdit)}
    assert everything == public | secret | inner | private


def test_a_report_is_saved_without_names_or_with_them(
    window: Window, hands: Hands, tmp_path: Path
) -> None:
    scenes.result_settings(window)
    window.menus.mask.trigger()
    names = names_in(window)
    for answer, hidden in (("Sans les noms", True), ("Avec les noms", False)):
        for suffix in ("html", "csv"):
            getattr(window.result, f"{suffix}_button").click()
            hands.answer(answer)
            hands.answer("L’afficher")
            *_before, dialog = window.findChildren(QFileDialog)
            dialog.selectFile(str(tmp_path / f"{hidden}.{suffix}"))
            dialog.accept()
            written = (tmp_path / f"{hidden}.{suffix}").read_text("utf-8-sig")
            assert hidden is not any(name in written for name in names)
            assert ("m•••@e•••.fr" in written) is (hidden and suffix == "html")


def test_a_file_is_chosen_only_after_a_warning(window: Window, hands: Hands) -> None:
    FILE_SCENES["source-files"](window)
    window.menus.mask.trigger()
    window.source.file_list.choose_files.click()
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert not any(one.isVisible() for one in window.findChildren(QFileDialog))
    take(box, "masked-file-warning")
    hands.answer("Annuler")
    assert not any(one.isVisible() for one in window.findChildren(QFileDialog))


def test_a_folder_is_opened_only_after_a_warning(
    window: Window, hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    window.menus.mask.trigger()
    for answer in ("Annuler", "L’afficher"):
        file_dialogs.show_folder(window, tmp_path)
        assert opened == []
        hands.answer(answer)
    hands.until(lambda: opened == [str(tmp_path)])


def test_dialogs_and_other_windows_tell_no_name(window: Window, hands: Hands) -> None:
    scenes.result_losses(window)
    window.menus.mask.trigger()
    window.beside.open_reference()
    window.beside.show_domain("exemple.fr", "")
    window.beside.open_differences()
    window.help_desk.open_codes()
    window.help_desk.open_card()
    window.source.open_exports()
    looks.settle(window)
    names = names_in(window)
    assert names
    assert not leaks(names)
    for beside in (
        window.beside.reference,
        window.beside.domain,
        window.beside.differences,
        window.source.exports,
    ):
        assert beside is not None
        beside.close()
    window.help_desk.close()


@pytest.mark.usefixtures("first_start")
def test_it_can_be_asked_for_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[bool] = []

    def show(services: Services, *_more: object, **_named: object) -> int:
        shown.append(services.preferences.masked)
        return 0

    monkeypatch.setattr(launch, "show", show)
    for arguments in ([], ["--masked"], []):
        assert app.window(arguments) == 0
    assert shown == [False, True, True]


def test_two_people_are_never_alike_and_one_stays_the_same() -> None:
    worn = mask.Mask()
    first, second = worn.person("claire@exemple.fr"), worn.person("camille@exemple.fr")
    assert first == worn.person("Claire@Exemple.fr") == "c•••@e•••.fr"
    assert second == "c•••@e•••.fr (2)"
    assert worn.person("marie") == "m•••"
    assert worn.person("x@localhost") == "x•••@l•••"
    assert [worn.folder(name) for name in ("Clients", "Famille", "Clients")] == [1, 2, 1]
