"""Of Exchange: the mailbox of another person, opened with one's own login."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.account import Access
from omm_desktop.ui.page import choices
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.private_edit import PrivateEdit
from omm_desktop.wizard.draft import AccountDraft
from omm_desktop.wizard.present import accounts


class OtherMailbox(QWidget):
    """`edited` at every key or choice of the person."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self.box, self.address, self.access = QCheckBox(), PrivateEdit(), QComboBox()
        for access in Access:
            self.access.addItem("", access)
        self.row, self._access_row = FieldRow(self.address), FieldRow(self.access)
        layout.addLayout(choices(self.box))
        for widget in (self.row, self._access_row):
            layout.addWidget(widget)
        self.box.clicked.connect(self.edited)
        self.address.typed.connect(self.edited)
        self.access.activated.connect(self.edited)

    def load(self, account: AccountDraft) -> None:
        """Shows the draft without touching the field the person is typing in."""
        self.box.setChecked(account.another)
        if self.address.text().strip() != account.mailbox:
            self.address.setText(account.mailbox)
        self.access.setCurrentIndex(self.access.findData(account.access))
        for row in (self.row, self._access_row):
            row.setVisible(account.another)

    def store(self, account: AccountDraft) -> None:
        account.another = self.box.isChecked()
        account.mailbox = self.address.text().strip()
        account.access = Access(self.access.currentData())

    def retranslate(self) -> None:
        self.box.setText(_("Open the mailbo&x of another person"))
        self.row.set_texts(
            _("Address of that mail&box"),
            _("The login and password above stay yours."),
        )
        self._access_row.set_texts(
            _("How it is opened"),
            _("The Exchange administrator gives the rights for either."),
        )
        for index in range(self.access.count()):
            name = accounts.ACCESS_NAMES[Access(self.access.itemData(index))]
            self.access.setItemText(index, _(name))
