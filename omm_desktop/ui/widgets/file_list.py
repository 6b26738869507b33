"""The files to copy from: dropped or chosen, what is in each, and a button to take it out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from omm_desktop.language import translate as _
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.ui import file_dialogs
from omm_desktop.ui.page import card, empty, label, link
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.wizard.chosen_file import ChosenFile
from omm_desktop.wizard.present import files as words
from omm_desktop.wizard.present import person


class FileList(QWidget):
    """`chosen` with a list of Path, `removed` with a ChosenFile; `guide_wanted` for the help on how
    to get such files out of other programs.
    """

    chosen = Signal(object)
    removed = Signal(object)
    guide_wanted = Signal()

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue
        self.setAcceptDrops(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        self.drop_zone, zone = card("notice")
        self.invitation = label()
        self.choose_files, self.choose_folder = QPushButton(), QPushButton()
        buttons = QHBoxLayout()
        for button in (self.choose_files, self.choose_folder):
            buttons.addWidget(button)
        buttons.addStretch(1)
        zone.addWidget(self.invitation)
        zone.addLayout(buttons)
        self.row = FieldRow(self.drop_zone, self.choose_files)
        self.row.label.hide()
        self.how = link()
        outer.addWidget(self.row)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        outer.addLayout(self._rows)
        outer.addWidget(self.how, 0, Qt.AlignmentFlag.AlignLeft)
        self.remove_buttons: list[QPushButton] = []
        self._states: list[tuple[ChosenFile, QLabel]] = []
        self.choose_files.clicked.connect(
            lambda: file_dialogs.choose_files(self.window(), _("Choose files"), self.chosen.emit)
        )
        self.choose_folder.clicked.connect(
            lambda: file_dialogs.choose_folder(
                self.window(), _("Choose a folder"), lambda folder: self.chosen.emit([folder])
            )
        )
        self.how.clicked.connect(self.guide_wanted)

    def retranslate(self) -> None:
        self.invitation.setText(
            _(
                "Drop files or a folder here, or choose them. Outlook (PST, OST, MSG), calendars "
                "(ICS), contacts (VCF, CSV), mail (mbox, EML, Maildir), also zipped."
            )
        )
        self.choose_files.setText(_("Choose files…"))
        self.choose_folder.setText(_("Choose a folder…"))
        self.how.setText(_("How to get these files"))

    def show_files(self, files: Sequence[ChosenFile]) -> None:
        focused = [button.hasFocus() for button in self.remove_buttons]
        empty(self._rows)
        self.remove_buttons, self._states = [], []
        for file in files:
            self._rows.addWidget(self._row_of(file))
        for button, had_focus in zip(self.remove_buttons, focused, strict=False):
            if had_focus:
                button.setFocus()

    def show_reading(self, file: ChosenFile) -> None:
        """How far it was read; a button that is being pressed stays where it is."""
        for shown, text in self._states:
            if shown is file:
                text.setText(words.state(file, self._catalogue))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.chosen.emit(_paths(event.mimeData()))

    def _row_of(self, file: ChosenFile) -> QWidget:
        frame, layout = card()
        head, name = QHBoxLayout(), person.file(file.account)
        remove = link()
        text, told = _("Remove"), _("Remove: {what}")
        if not file.is_looked_into:
            text, told = _("Cancel"), _("Cancel: {what}")
        remove.setText(text)
        remove.setAccessibleName(told.format(what=name))
        remove.clicked.connect(lambda: self.removed.emit(file))
        self.remove_buttons.append(remove)
        head.addWidget(label("section", name), 1)
        head.addWidget(remove)
        layout.addLayout(head)
        if file.survey is not None:
            layout.addWidget(label(text=words.glance(file.survey)))
        look = "fault" if file.problem is not None else "quiet"
        state = label(look, words.state(file, self._catalogue))
        self._states.append((file, state))
        layout.addWidget(state)
        for warning in words.warnings(file, self._catalogue):
            layout.addWidget(label("warning", warning))
        return frame


def _paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
