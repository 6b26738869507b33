"""A copy that begins at a time of one's choice."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDateTime, QTime
from PySide6.QtWidgets import QCheckBox, QDateTimeEdit, QVBoxLayout, QWidget

from omm_desktop.language import translate as _
from omm_desktop.ui.page import BELOW_ITS_CHOICE, choices
from omm_desktop.ui.translation import localise
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.wizard.draft import OptionsDraft

_EVENING = QTime(22, 0)


class StartLater(QWidget):
    """Writes straight into the draft; a time that is over by then means at once."""

    def __init__(self, options: OptionsDraft) -> None:
        super().__init__()
        self._options = options
        self.box, self.moment = QCheckBox(), QDateTimeEdit()
        self.moment.setCalendarPopup(True)
        self.row = FieldRow(self.moment)
        self.row.setContentsMargins(*BELOW_ITS_CHOICE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(choices(self.box))
        layout.addWidget(self.row)
        self.box.clicked.connect(self._ticked)
        self.moment.dateTimeChanged.connect(self._chosen)

    def load(self) -> None:
        planned = self._options.start_at
        self.moment.blockSignals(True)
        self.moment.setMinimumDateTime(QDateTime.currentDateTime())
        if planned is not None:
            self.moment.setDateTime(QDateTime.fromSecsSinceEpoch(int(planned.timestamp())))
        self.moment.blockSignals(False)
        self.box.setChecked(planned is not None)
        self.row.setVisible(planned is not None)

    def retranslate(self) -> None:
        self.box.setText(_("Start later, at a time I choose"))
        self.row.set_texts(_("Start on"), _("Leave the program open until then."))
        self.moment.lineEdit().setAccessibleName(self.moment.accessibleName())
        localise(self.moment)

    def _ticked(self, wanted: bool) -> None:
        self._options.start_at = None
        if wanted:
            self.moment.setDateTime(_this_evening())
            self._chosen()
        self.row.setVisible(wanted)

    def _chosen(self) -> None:
        seconds = self.moment.dateTime().toSecsSinceEpoch()
        self._options.start_at = datetime.fromtimestamp(seconds).astimezone()


def _this_evening() -> QDateTime:
    """Or tomorrow's, when it has begun."""
    now = QDateTime.currentDateTime()
    evening = QDateTime(now.date(), _EVENING)
    return evening if evening > now else evening.addDays(1)
