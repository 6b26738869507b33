"""A password with a button that shows it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.secret import Secret
from omm_desktop.ui.widgets.typed_edit import TypedEdit
from omm_desktop.wizard.present import mask
from omm_desktop.wizard.rules import clean_password


class PasswordField(QWidget):
    """`typed` at every key; `cleaned` when blanks of a pasted password were taken away."""

    typed = Signal()
    cleaned = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.edit = TypedEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.show_button = QPushButton()
        self.show_button.setCheckable(True)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.show_button)
        self.setFocusProxy(self.edit)
        self.is_app_password = False
        self.edit.typed.connect(self.typed)
        self.edit.editingFinished.connect(self._clean)
        self.show_button.toggled.connect(self._reveal)
        self.follow_mask()

    @property
    def secret(self) -> Secret:
        return Secret(self._cleaned()[0])

    def set_secret(self, secret: Secret) -> None:
        if self.secret != secret:
            self.edit.setText(secret.reveal())

    def follow_mask(self) -> None:
        """While the mask is on, nothing shows the password."""
        if mask.is_on():
            self.show_button.setChecked(False)
        self.show_button.setHidden(mask.is_on())

    def retranslate(self) -> None:
        shown = self.show_button.isChecked()
        self.show_button.setText(_("&Hide") if shown else _("Sho&w"))
        self.show_button.setAccessibleName(
            _("Hide the password") if shown else _("Show the password")
        )

    def _reveal(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self.retranslate()

    def _cleaned(self) -> tuple[str, bool]:
        return clean_password(self.edit.text(), app_password=self.is_app_password)

    def _clean(self) -> None:
        text, removed = self._cleaned()
        if removed:
            self.edit.setText(text)
            self.cleaned.emit()
