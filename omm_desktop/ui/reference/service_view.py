"""All about one service: values by protocol, steps, sign-in, limits."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from omm_desktop.guide import labels
from omm_desktop.guide.reference import Sheet, answer_fits, sheet
from omm_desktop.guide.service import Service
from omm_desktop.language import translate as _
from omm_desktop.model.protocol import Protocol
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.ui.page import MARGIN, card, label, link
from omm_desktop.ui.reference.drawing import PopOrImapDrawing
from omm_desktop.ui.reference.sheet_view import SheetView
from omm_desktop.ui.reference.steps_view import StepsView
from omm_desktop.ui.reference.trial_view import TrialView
from omm_desktop.ui.reference.value_row import ValueRow
from omm_desktop.ui.theme import Appearance
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.numbered_steps import NumberedSteps
from omm_desktop.ui.widgets.paragraphs import Paragraphs


class ServiceView(QScrollArea):
    """Signal `said` with what to announce."""

    said = Signal(str)

    def __init__(self, service: Service, catalogue: Catalogue, appearance: Appearance) -> None:
        super().__init__()
        self.service, self._appearance = service, appearance
        self._answer = ""
        self.setObjectName("reference")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        body.setObjectName("pageBody")
        self.setWidget(body)
        self._layout = QVBoxLayout(body)
        self._layout.setContentsMargins(MARGIN, 20, MARGIN, 20)
        self._layout.setSpacing(12)
        self.title, self.checked = label("title"), label("quiet")
        self.sign_in, self.notes = label(), Paragraphs()
        self.answer_edit = QLineEdit()
        self.answer_row = FieldRow(self.answer_edit)
        self.answer_row.label.setWordWrap(True)
        self._wanted = False
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.names = QCheckBox()
        self._sheet_view = SheetView(sheet(service, Protocol.IMAP), with_names=False)
        self.trial = TrialView(catalogue)
        self.steps = StepsView()
        self._build_sections()
        self._connect()
        self.show_service(service)

    def _build_sections(self) -> None:
        for protocol in Protocol:
            self.tabs.addTab(labels.PROTOCOLS[protocol])
        self.guide_card, inside = card("notice")
        self._guide_title, self.guide_steps = label("section"), NumberedSteps()
        self._guide_source, self.help_button = label("quiet"), link()
        for widget in (self._guide_title, self.guide_steps, self.help_button, self._guide_source):
            inside.addWidget(widget)
        self._choice_card, inside = card()
        self._choice_title, self._choice_text = label("section"), Paragraphs()
        self.drawing = PopOrImapDrawing()
        inside.addWidget(self._choice_title)
        inside.addWidget(self.drawing)
        inside.addWidget(self._choice_text)
        self._limits_card, inside = card()
        self._limits_title, self._limits_text = label("section"), Paragraphs()
        inside.addWidget(self._limits_title)
        inside.addWidget(self._limits_text)
        self.webmail_button = QPushButton()
        for section in (
            self.title, self.checked, self.answer_row, self.tabs, self.names, self._sheet_view,
            self.trial, self.sign_in, self.guide_card, self.notes, self.webmail_button,
            self._choice_card, self.steps, self._limits_card,
        ):  # fmt: skip
            self._layout.addWidget(section)
        self._layout.setAlignment(self.webmail_button, Qt.AlignmentFlag.AlignLeft)
        self._layout.addStretch(1)

    def _connect(self) -> None:
        self.answer_edit.textChanged.connect(self._answered)
        self.tabs.currentChanged.connect(self._new_sheet)
        self.names.toggled.connect(lambda on: self._sheet_view.use_names(on))
        self.trial.said.connect(self.said)
        self.help_button.clicked.connect(lambda: self._browse(self.service.help))
        self.webmail_button.clicked.connect(lambda: self._browse(self.service.webmail))

    def show_service(self, service: Service) -> None:
        self.service = service
        self.answer_edit.clear()
        self._wanted = False
        self.verticalScrollBar().setValue(0)
        self.trial.forget()
        self._close_spelled()
        self.retranslate()

    @property
    def sheet(self) -> Sheet:
        protocol = list(Protocol)[self.tabs.currentIndex()]
        return sheet(self.service, protocol, self._answer)

    def begin_trial(self) -> None:
        """Connects to every server shown; a host that lacks its number gets the cursor first."""
        if not self.sheet.complete:
            self._want_answer()
            return
        self.trial.begin(self.sheet)
        self.ensureWidgetVisible(self.trial)

    def show_guide(self) -> None:
        """How to get what the service asks for, at the top of what is seen, and read out."""
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self.verticalScrollBar().setValue(self.guide_card.y())
        if not self.help_button.isHidden():
            self.help_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.said.emit(f"{self._guide_title.text()}. {self.guide_steps.text()}")

    def retranslate(self) -> None:
        service = self.service
        self.title.setText(service.name.text())
        self.setAccessibleName(service.name.text())
        self.checked.setText(labels.checked(service.checked))
        self.sign_in.setText(labels.sign_in(service))
        self.notes.show_texts([note.text() for note in service.notes])
        self.tabs.setAccessibleName(_("Protocol"))
        self.names.setText(_("Sp&ell with words: A Alfa, B Bravo"))
        asked = service.ask
        self.answer_row.set_texts(asked.words.text() if asked else "")
        self.answer_row.setVisible(asked is not None)
        self._show_fault()
        self.webmail_button.setText(_("Open the &webmail"))
        self.webmail_button.setVisible(service.webmail is not None)
        self._retranslate_sections()
        self.redraw()
        self.trial.retranslate()
        self._show_sheet()

    def _retranslate_sections(self) -> None:
        service, guide = self.service, self.service.guide
        self.guide_card.setVisible(guide is not None)
        if guide is not None:
            self._guide_title.setText(labels.guide_title(service))
            self.guide_steps.show_texts([one.text() for one in guide.steps])
            told = _("Source: {}").format(labels.source(guide.citation))
            self._guide_source.setText(f"{told}. {labels.checked(guide.checked)}")
        self.help_button.setText(_("Open this page"))
        self.help_button.setAccessibleName(f"{self.help_button.text()} {service.help or ''}")
        self.help_button.setVisible(service.help is not None)
        self._choice_title.setText(_("POP or IMAP?"))
        self._choice_text.show_texts(labels.pop_or_imap())
        allowed = labels.limits(service)
        self._limits_title.setText(_("Limits"))
        self._limits_text.show_texts(allowed)
        self._limits_card.setVisible(bool(allowed))

    def redraw(self) -> None:
        """After a change of colours or text size."""
        self.drawing.draw(self._appearance.colours, self._appearance.text_size)

    @property
    def rows(self) -> list[ValueRow]:
        """The values on show, from top to bottom."""
        return self._sheet_view.rows

    def _new_sheet(self) -> None:
        """Answers and spelled values belong to the sheet before."""
        self.trial.forget()
        self._close_spelled()
        self._show_sheet()

    def _close_spelled(self) -> None:
        for row in self.rows:
            row.spell_button.setChecked(False)

    def _show_sheet(self) -> None:
        spelled = [row.spell_button.isChecked() for row in self.rows]
        shown = SheetView(self.sheet, with_names=self.names.isChecked())
        for row, is_spelled in zip(shown.rows, spelled, strict=False):
            row.spell_button.setChecked(is_spelled)
        shown.said.connect(self.said)
        shown.incomplete.connect(self._want_answer)
        self._layout.replaceWidget(self._sheet_view, shown)
        self._sheet_view.hide()
        self._sheet_view.deleteLater()
        self._sheet_view = shown
        shown.show()
        self._order()
        self.names.setVisible(bool(shown.rows))
        self.steps.show_sheet(self.sheet)

    def _order(self) -> None:
        """Tab follows the page from top to bottom, whatever was made anew."""
        values = [button for row in self.rows for button in (row.copy_button, row.spell_button)]
        stops = (self.names, *values, self.help_button, self.webmail_button, self.steps.program)
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    def _answered(self, typed: str) -> None:
        fits = answer_fits(self.service, typed.strip())
        self._answer = typed.strip().lower() if fits else ""
        self._wanted = False
        self._show_fault()
        self._new_sheet()

    def _show_fault(self) -> None:
        text = ""
        if self.answer_edit.text().strip() and not self._answer:
            text = _("This cannot be part of a server name.")
        elif self._wanted:
            text = _("Type this first: it completes the name of the server.")
        self.answer_row.set_fault(text)

    def _want_answer(self) -> None:
        self._wanted = True
        self._show_fault()
        self.answer_edit.setFocus()
        self.ensureWidgetVisible(self.answer_row)
        self.said.emit(self.answer_edit.accessibleDescription())

    def _browse(self, address: str | None) -> None:
        if address:
            QDesktopServices.openUrl(QUrl(address))
