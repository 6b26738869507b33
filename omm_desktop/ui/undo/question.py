"""What would be removed, and the number that confirms it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.secret import Secret
from omm_desktop.model.undoing import UndoPreview
from omm_desktop.ui.page import card, label
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.password_field import PasswordField
from omm_desktop.ui.widgets.table import Table
from omm_desktop.ui.widgets.typed_edit import TypedEdit
from omm_desktop.wizard.present import undo as words

_LONGEST_NUMBER = 30


class UndoQuestion(QWidget):
    """`faulty` with the fields to mend when the answer does not do yet."""

    faulty = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self._found: UndoPreview | None = None
        self.promise = label()
        self.folders = Table(2, numbers=1)
        self.number = TypedEdit()
        self.number.setMaxLength(_LONGEST_NUMBER)
        self.number_row = FieldRow(self.number)
        self.password = PasswordField()
        self.password_row = FieldRow(self.password, self.password.edit)
        self._rows = (self.password_row, self.number_row)
        notice, inside = card("caution")
        inside.addWidget(self.promise)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for widget in (notice, self.folders, self.password_row, self.number_row):
            layout.addWidget(widget)
        self.number.typed.connect(lambda: self.number_row.set_fault(""))
        self.password.typed.connect(lambda: self.password_row.set_fault(""))

    def ask(self, found: UndoPreview) -> None:
        self._found = found
        self.number.clear()
        self.password.set_secret(Secret(""))
        for row in self._rows:
            row.set_fault("")
        self.password_row.setVisible(not found.on_disk)
        self.retranslate()

    def recalled(self, secret: Secret) -> None:
        """The password is known, unless the person has begun to type another."""
        if not self.password.secret:
            self.password.set_secret(secret)

    def retranslate(self) -> None:
        self.password.retranslate()
        if self._found is None:
            return
        text = words.preview(self._found)
        self.promise.setText(text.promise)
        self.folders.setAccessibleName(_("What would be removed from each folder"))
        self.folders.setHeaderLabels([_("Folder"), text.number_column])
        self.folders.show_rows(text.rows)
        self.number_row.set_texts(text.type_number)
        self.password_row.set_texts(text.password)
        self._tell([row for row in self._rows if not row.fault.isHidden()])

    @property
    def first_field(self) -> QWidget:
        needs_password = not self.password_row.isHidden() and not self.password.secret
        return self.password.edit if needs_password else self.number

    def is_answered(self) -> bool:
        """Whether all is given that is needed; what lacks is told beside its field."""
        if self._found is None:
            return False
        lacking: list[FieldRow] = []
        if not self.password_row.isHidden() and not self.password.secret:
            lacking.append(self.password_row)
        if not words.is_confirmed(self._found, self.number.text()):
            lacking.append(self.number_row)
        self._tell(lacking)
        if lacking:
            lacking[0].take_focus()
            self.faulty.emit(lacking)
        return not lacking

    def _tell(self, lacking: Sequence[FieldRow]) -> None:
        assert self._found is not None
        told = _("Type the password of this mailbox."), words.preview(self._found).wrong_number
        for row, text in zip(self._rows, told, strict=True):
            row.set_fault(text if row in lacking else "")

    def forget_password(self) -> None:
        self.password.set_secret(Secret(""))
