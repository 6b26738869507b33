"""A field for what is personal: an address, a login, a path, the name of a folder.

While the mask is on it shows dots, to the eye and to a screen reader, and gives nothing to the
clipboard. It can still be typed in: what was typed stays what it is. A pseudonym in the field
would have to be taken for the address, or refuse the keys.
"""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLineEdit

from omm_desktop.ui.widgets.password_field import PasswordField
from omm_desktop.ui.widgets.typed_edit import TypedEdit
from omm_desktop.wizard.present import mask


class PrivateEdit(TypedEdit):
    def __init__(self) -> None:
        super().__init__()
        self.follow_mask()

    def follow_mask(self) -> None:
        mode = QLineEdit.EchoMode
        self.setEchoMode(mode.Password if mask.is_on() else mode.Normal)


def follow_mask() -> None:
    """Every field of the program, on whatever page or window, does as the mask says now."""
    for widget in QApplication.allWidgets():
        if isinstance(widget, (PrivateEdit, PasswordField)):
            widget.follow_mask()
