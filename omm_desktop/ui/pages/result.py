"""The end of a copy: grade, numbers, what failed and why, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
)

from omm_desktop.language import translate as _
from omm_desktop.model.disk import disk_problem
from omm_desktop.model.problem import OmmError
from omm_desktop.model.report import Grade, Report
from omm_desktop.ui import file_dialogs, report_version
from omm_desktop.ui.page import PageContext, WizardPage, card, empty, label, link, set_state
from omm_desktop.ui.widgets.flow_layout import FlowLayout
from omm_desktop.ui.widgets.group_card import GroupCard
from omm_desktop.ui.widgets.next_steps import NextSteps
from omm_desktop.wizard.belonging import own_domain, service_of
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import result as words
from omm_desktop.wizard.present.next_steps import NextStep, next_steps


class ResultPage(WizardPage):
    """`retry_wanted` copies what is missing; `close_wanted` when there is nothing left to do.

    `settings_wanted` with the id of the new mailbox's service (empty when it is not a known one),
    `domain_check_wanted` with the person's domain and that id, `differences_wanted` for the page of
    the manual on what Exchange changes, `manual_wanted` with the id of a chapter.
    """

    page_id = PageId.RESULT
    retry_wanted = Signal()
    close_wanted = Signal()
    settings_wanted = Signal(str)
    domain_check_wanted = Signal(str, str)
    differences_wanted = Signal()
    manual_wanted = Signal(str)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.report: Report | None = None
        self._build_headline()
        self.numbers_card, numbers = card()
        self._numbers = QGridLayout()
        self._numbers.setHorizontalSpacing(24)
        self._numbers.setVerticalSpacing(4)
        numbers.addLayout(self._numbers)
        self.content.addWidget(self.numbers_card)
        self.html_button, self.csv_button = QPushButton(), QPushButton()
        self.html_button.clicked.connect(lambda: self._save("html"))
        self.csv_button.clicked.connect(lambda: self._save("csv"))
        self.rescued_button = QPushButton()
        self.rescued_button.clicked.connect(self._open_rescued)
        numbers.addLayout(FlowLayout(self.html_button, self.csv_button, self.rescued_button))
        self.counts_link = link()
        self.counts_link.clicked.connect(lambda: self.manual_wanted.emit("result"))
        numbers.addWidget(self.counts_link, 0, Qt.AlignmentFlag.AlignLeft)
        self._groups = QVBoxLayout()
        self._groups.setSpacing(12)
        self.content.addLayout(self._groups)
        self._build_next_steps()
        self.again_button = QPushButton()
        self.bar_buttons = [self.again_button]
        self.again_button.clicked.connect(self.close_wanted)

    def _build_headline(self) -> None:
        self.mark, self.headline = QLabel(), label("headline")
        self.mark.setObjectName("bigMark")
        self.mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.mark)
        row.addWidget(self.headline, 1)
        self.show_instead_of_title(row)

    def _build_next_steps(self) -> None:
        self.next_card, layout = card()
        self.next_title, self.next_steps = label("section"), NextSteps()
        layout.addWidget(self.next_title)
        layout.addWidget(self.next_steps)
        self.content.addWidget(self.next_card)
        self.next_steps.ticked.connect(self._tick)
        self.next_steps.wanted.connect(self._do)

    def show_report(self, report: Report) -> None:
        self.report = report
        self.retranslate()
        self.announcer.say(self.headline.text(), at_once=True)

    def load(self) -> None:
        self.retranslate()
        if self.report is not None and self.report.stopped_by is not None:
            self.problem_found.emit(self.report.stopped_by)

    def retranslate(self) -> None:
        self.title.setText(_("Result of the copy"))
        self.promise.setText(words.promise(from_files=self.draft.from_files))
        self.next_title.setText(_("What comes next"))
        self.html_button.setText(_("Save the &report…"))
        self.csv_button.setText(_("Save as &table (CSV)…"))
        self.rescued_button.setText(_("&Open the rescued files"))
        self.counts_link.setText(_("Outlook shows another number?"))
        self.counts_link.setVisible(not self.draft.destination.kind.is_on_disk)
        self.again_button.setText(_("&Finish"))
        if self.report is not None:
            self._show(words.result(self.report, self.services.catalogue))
            self._show_next_steps(self.report)

    def side_buttons(self) -> list[QPushButton]:
        return self.bar_buttons if self._may_retry else []

    def main_text(self) -> str:
        if self.report is None or not self._may_retry:
            return _("&Finish")
        if self.report.grade is Grade.INCOMPLETE:
            return _("Tr&y the missing ones again")
        return _("R&esume the copy")

    def main_pressed(self) -> None:
        (self.retry_wanted if self._may_retry else self.close_wanted).emit()

    @property
    def _may_retry(self) -> bool:
        grades = (Grade.INCOMPLETE, Grade.INTERRUPTED, Grade.NOT_STARTED)
        return self.report is not None and self.report.grade in grades

    def _show(self, text: words.ResultText) -> None:
        self.mark.setText(text.icon)
        set_state(self.mark, "good", "true" if text.good else "false")
        self.headline.setText(text.headline)
        empty(self._numbers)
        for row, (name, value) in enumerate(text.numbers):
            self._numbers.addWidget(label("promise", name), row, 0, Qt.AlignmentFlag.AlignTop)
            self._numbers.addWidget(label("amount", value), row, 1)
        self._numbers.setColumnStretch(1, 1)
        empty(self._groups)
        self.rescued_button.setVisible(self._rescued is not None)
        for group in text.failures:
            card_of_group = GroupCard(group, _("Not copied"))
            self._groups.addWidget(card_of_group)
            if group.undecided:
                self._offer_decision(card_of_group)
        self._tell_end(text.unlisted)
        for group in text.edited:
            self._groups.addWidget(GroupCard(group, _("Edited since")))
        self._tell_end(text.unlisted_edited)
        for group in text.notes:
            remark = GroupCard(group, _("Remark"))
            self._groups.addWidget(remark)
            if group.in_manual:
                remark.add_button(_("What Exchange changes")).clicked.connect(
                    self.differences_wanted
                )
        self._tell_end(text.unlisted_notes)

    def _tell_end(self, unlisted: str) -> None:
        """Below a list that was cut."""
        if unlisted:
            self._groups.addWidget(label("warning", f"!  {unlisted}"))

    def _offer_decision(self, card: GroupCard) -> None:
        """Of these messages only the person can find out whether they are there."""
        run, doubts = self.report.run if self.report is not None else 0, self.services.doubts
        if doubts.open(run):
            accept = card.add_button(_("Consi&der them as copied"))
            again = card.add_button(_("Copy them &again (they may be there twice)"))
            accept.clicked.connect(lambda: self._decide(doubts.accept))
            again.clicked.connect(lambda: self._decide(doubts.send_again, self.retry_wanted.emit))
        elif doubts.accepted(run):
            card.add_text("✓  " + _("They count as copied, as you decided."))

    def _decide(
        self, decide: Callable[[int], None], then: Callable[[], None] = lambda: None
    ) -> None:
        if self.report is None:
            return
        try:
            decide(self.report.run)
        except OmmError as error:
            self.problem_found.emit(error.problem)
            return
        self.retranslate()
        self.changed.emit()
        then()

    @property
    def _rescued(self) -> Path | None:
        return self.services.rescued(self.report.run) if self.report is not None else None

    def _open_rescued(self) -> None:
        if self._rescued is not None:
            file_dialogs.show_folder(self.window(), self._rescued)

    def _show_next_steps(self, report: Report) -> None:
        steps = next_steps(report, self.draft, self.services.providers)
        done = {NextStep(step) for step in self.services.history.ticked(report.run)}
        self.next_steps.show_steps(steps, done)
        self.next_card.setVisible(bool(steps))

    def _tick(self, step: NextStep, done: bool) -> None:
        if self.report is None:
            return
        try:
            self.services.history.tick(self.report.run, step, done=done)
        except OmmError as error:
            self.problem_found.emit(error.problem)

    def _do(self, step: NextStep) -> None:
        account, providers = self.draft.destination, self.services.providers
        service = service_of(account, providers)
        id = service.id if service is not None else ""
        if step is NextStep.FOLDER and account.path is not None:
            file_dialogs.show_folder(self.window(), account.path)
        elif step is NextStep.WEBMAIL and service is not None and service.webmail:
            QDesktopServices.openUrl(QUrl(service.webmail))
        elif step is NextStep.SETTINGS:
            self.settings_wanted.emit(id)
        elif step is NextStep.DOMAIN:
            self.domain_check_wanted.emit(own_domain(account, providers) or "", id)
        elif step is NextStep.SECOND_PASS:
            self.retry_wanted.emit()

    def _save(self, suffix: str) -> None:
        if self.report is None:
            return
        report_version.choose(self.window(), self.report, lambda one: self._ask_where(one, suffix))

    def _ask_where(self, report: Report, suffix: str) -> None:
        name = _("Report of copy {}").format(report.run) + f".{suffix}"
        kind = "HTML (*.html)" if suffix == "html" else "CSV (*.csv)"
        title = _("Save the report")
        file_dialogs.choose_new(
            self.window(), title, name, kind, lambda path: self.save_to(report, path)
        )

    def save_to(self, report: Report, path: Path) -> None:
        """Writes the report; the suffix chooses the form."""
        try:
            self.services.save_report(report, path)
        except OSError as error:
            self.problem_found.emit(disk_problem(error))
            return
        self.announcer.say(_("The report is saved."), at_once=True)
