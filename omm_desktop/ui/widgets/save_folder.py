"""The folder that a mailbox is saved in, and how its mail is kept there."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from omm_desktop.language import translate as _
from omm_desktop.model.account import MailFormat
from omm_desktop.ui import file_dialogs
from omm_desktop.ui.page import link
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.private_edit import PrivateEdit
from omm_desktop.wizard.draft import AccountDraft
from omm_desktop.wizard.present import files as words


class SaveFolder(QWidget):
    """Writes straight into the draft. `edited` after every change by the person; `guide_wanted` for
    the help on how to read such files again.
    """

    edited = Signal()
    guide_wanted = Signal()

    def __init__(self, account: AccountDraft) -> None:
        super().__init__()
        self._account = account
        self.path, self.choose, self.format = PrivateEdit(), QPushButton(), QComboBox()
        for mail_format in MailFormat:
            self.format.addItem("", mail_format)
        place = QWidget()
        line = QHBoxLayout(place)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.path, 1)
        line.addWidget(self.choose)
        self.row, self.format_row = FieldRow(place, self.path), FieldRow(self.format)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.row)
        layout.addWidget(self.format_row)
        self.how = link()
        layout.addWidget(self.how, 0, Qt.AlignmentFlag.AlignLeft)
        self.path.typed.connect(self._typed)
        self.choose.clicked.connect(self._ask)
        self.format.activated.connect(self._format_chosen)
        self.how.clicked.connect(self.guide_wanted)

    def load(self) -> None:
        path = self._account.path
        if path is not None and _path(self.path.text()) != path:
            self.path.setText(str(path))
        self.format.setCurrentIndex(self.format.findData(self._account.mail_format))

    def retranslate(self) -> None:
        self.row.set_texts(
            _("Folder to save in"), _("An empty one is best. It is made if it is not there.")
        )
        self.choose.setText(_("Choose…"))
        self.choose.setAccessibleName(_("Choose the folder to save in"))
        self.how.setText(_("How to read these files again"))
        self.format_row.set_texts(_("How mail is kept"), words.format_hint())
        for index in range(self.format.count()):
            name = words.format_name(MailFormat(self.format.itemData(index)))
            self.format.setItemText(index, name)

    def _typed(self) -> None:
        self._account.path = _path(self.path.text())
        self.row.set_fault("")
        self.edited.emit()

    def _format_chosen(self) -> None:
        self._account.mail_format = MailFormat(self.format.currentData())
        self.edited.emit()

    def _ask(self) -> None:
        title = _("Choose the folder to save in")
        file_dialogs.choose_folder(self.window(), title, self._take, only_folders=True)

    def _take(self, folder: Path) -> None:
        self.path.setText(os.path.normpath(folder))
        self._typed()


def _path(text: str) -> Path | None:
    """A path that is not absolute stays so, to be refused."""
    text = text.strip()
    if not text:
        return None
    path = Path(text)
    return Path(os.path.realpath(path)) if path.is_absolute() else path
