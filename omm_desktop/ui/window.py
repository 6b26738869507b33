"""The main window: rail, page, problem panel, buttons, menus, and what closing means."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton

from omm_desktop import __version__, language, paths
from omm_desktop.language import Language
from omm_desktop.language import translate as _
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import OmmError, Place, Problem, ProblemId
from omm_desktop.model.report import Report
from omm_desktop.store.history import PastRun
from omm_desktop.ui import about, newer_version
from omm_desktop.ui.beside import Beside
from omm_desktop.ui.closing import Closing
from omm_desktop.ui.copying import Copying
from omm_desktop.ui.frame import Frame
from omm_desktop.ui.help_desk import HelpDesk
from omm_desktop.ui.manual import Manual
from omm_desktop.ui.menus import Menus
from omm_desktop.ui.next_login import NextLogin
from omm_desktop.ui.orphaned_passwords import forget_orphaned
from omm_desktop.ui.outside import Outside
from omm_desktop.ui.page import PageContext, WizardPage
from omm_desktop.ui.pages.destination import DestinationPage
from omm_desktop.ui.pages.home import HomePage
from omm_desktop.ui.pages.options import OptionsPage
from omm_desktop.ui.pages.progress import ProgressPage
from omm_desktop.ui.pages.result import ResultPage
from omm_desktop.ui.pages.review import ReviewPage
from omm_desktop.ui.pages.source import SourcePage
from omm_desktop.ui.pages.undo import UndoPage
from omm_desktop.ui.plan_opening import PlanOpening
from omm_desktop.ui.recall import Recall
from omm_desktop.ui.services import Services
from omm_desktop.ui.task import Task
from omm_desktop.ui.theme import Appearance, Theme
from omm_desktop.ui.translation import install_language
from omm_desktop.ui.tray import Tray
from omm_desktop.ui.widgets.announcer import Announcer
from omm_desktop.ui.widgets.step_rail import where
from omm_desktop.wizard import flow
from omm_desktop.wizard.draft import Draft
from omm_desktop.wizard.flow import PageId, Step
from omm_desktop.wizard.present import problems

_WAIT_AT_EXIT_MS = 20_000


class Window(QMainWindow):
    """`page_changed` with a PageId after every change of page.

    `unexpected` may be emitted from any thread after a fault of the program.
    """

    page_changed = Signal(object)
    unexpected = Signal()

    def __init__(
        self, services: Services, appearance: Appearance, draft: Draft | None = None
    ) -> None:
        super().__init__()
        self.services, self.draft = services, draft or Draft()
        self.appearance = appearance
        self.problem: Problem | None = None
        self._interrupted: MigrationPlan | None = None
        self._looking_over = False
        self.announcer = Announcer(self)
        self.setWindowIcon(QIcon(str(paths.resources() / "icons" / "omm-desktop.svg")))
        self.resize(900, 640)
        self.setMinimumSize(520, 480)
        self.copying, self.recall = Copying(self), Recall(self.draft, self)
        self.tray = Tray(self.windowIcon(), self)
        self.outside = Outside(self, self.tray, services.catalogue, self.draft.options)
        self.closing = Closing(self, self.copying, self.tray, services.preferences)
        self.menus = Menus(self.menuBar())
        self.beside, self.help_desk = Beside(self), HelpDesk(self)
        self.manual, self.next_login = Manual(self), NextLogin(services, self)
        self.plan_opening = PlanOpening(self, services, self.recall, lambda: self._is_at_work)
        self._build_pages()
        self.frame = Frame(self.pages.values())
        self.panel = self.frame.panel
        self.setCentralWidget(self.frame)
        self._connect()
        self.retranslate()
        runs = services.history.listed() if draft is None else ()
        self._open(flow.first_page(has_history=bool(runs)))
        if runs and runs[0].waits(time.time()):
            self._run_again(runs[0])
        self.next_login.settle()

    @property
    def main_button(self) -> QPushButton:
        return self.frame.buttons.main

    @property
    def current_page_id(self) -> PageId:
        return self.page.page_id

    @property
    def page(self) -> WizardPage:
        return self.frame.page

    def _build_pages(self) -> None:
        context = PageContext(self.draft, self.services, self.announcer)
        self.home, self.source = HomePage(context), SourcePage(context)
        self.destination, self.options = DestinationPage(context), OptionsPage(context)
        self.review, self.progress = ReviewPage(context), ProgressPage(context)
        self.result, self.undo = ResultPage(context), UndoPage(context)
        self.pages: dict[PageId, WizardPage] = {
            page.page_id: page
            for page in (
                self.home, self.source, self.destination, self.options,
                self.review, self.progress, self.result, self.undo,
            )
        }  # fmt: skip

    def _connect(self) -> None:
        for page in self.pages.values():
            page.changed.connect(self._update)
            page.advance.connect(self._advance)
            page.problem_found.connect(self.show_problem)
        self.frame.buttons.main.clicked.connect(lambda: self.page.main_pressed())
        self.frame.buttons.back.clicked.connect(self._back)
        self.frame.rail.chosen.connect(lambda step: self._open(flow.FIRST_PAGE[step]))
        self.review.change_wanted.connect(self._open)
        self.result.retry_wanted.connect(self._start)
        self.result.close_wanted.connect(self._finish)
        self.result.settings_wanted.connect(self.beside.open_reference)
        for page in (self.source, self.destination):
            page.reference_wanted.connect(self.beside.open_reference)
            page.guide_wanted.connect(self.beside.open_guide)
        self.result.manual_wanted.connect(self.manual.open_at)
        self.result.domain_check_wanted.connect(self.beside.show_domain)
        self.home.run_again.connect(self._run_again)
        self.home.look_at.connect(self._look_at)
        self.home.take_back.connect(self.undo.ask)
        self.home.forgotten.connect(self.next_login.settle)
        for page in (self.home, self.options):
            page.reopen.clicked.connect(self.next_login.settle)
        self.undo.sampled.connect(self.outside.removing)
        self.undo.turned.connect(lambda: self._open(PageId.UNDO))
        self.undo.left.connect(self._finish)
        self.closing.is_held = self.undo.is_at_work
        self.progress.sampled.connect(self.outside.sampled)
        self.tray.pause_toggled.connect(self.progress.toggle_pause)
        self.copying.ended.connect(self._ended)
        self.recall.failed.connect(self.show_problem)
        self.plan_opening.opened.connect(self._look_over)
        self.plan_opening.failed.connect(self.show_problem)
        self.appearance.changed.connect(self._look_changed)
        self.closing.leave.connect(self._leave_program)
        self.unexpected.connect(self._own_fault, Qt.ConnectionType.QueuedConnection)
        self._connect_menus()

    def _connect_menus(self) -> None:
        menus = self.menus
        menus.language_chosen.connect(self.use_language)
        menus.theme_chosen.connect(lambda name: self.appearance.use(theme=Theme(name)))
        menus.text_size_stepped.connect(self.appearance.step_text_size)
        menus.text_size_reset.connect(lambda: self.appearance.use(text_size=100))
        menus.new_copy.connect(self._new_copy)
        menus.plan_wanted.connect(self.plan_opening.choose)
        for page in (self.progress, self.undo):
            menus.pause_toggled.connect(page.toggle_pause)
        menus.quit_wanted.connect(self.closing.ask)
        menus.newer_version_wanted.connect(lambda: newer_version.show(self))
        menus.about_wanted.connect(lambda: about.show(self))
        menus.area_wanted.connect(self.frame.next_area)
        menus.reference_wanted.connect(self.beside.open_reference)
        self.frame.rail.reference_wanted.connect(self.beside.open_reference)
        menus.domain_wanted.connect(self.beside.open_domain)
        for wanted in (menus, self.options, self.result):
            wanted.differences_wanted.connect(self.beside.open_differences)

    def use_language(self, name: Language) -> None:
        install_language(name)
        self.services.preferences.language = name
        self.retranslate()

    def retranslate(self) -> None:
        self.menus.retranslate()
        self.tray.retranslate()
        self.menus.show_choices(language.current(), self.appearance.theme)
        self.frame.buttons.retranslate()
        self.panel.retranslate()
        for page in self.pages.values():
            page.retranslate()
        self.beside.retranslate()
        self.help_desk.retranslate()
        self.manual.retranslate()
        if self.problem is not None:
            self.show_problem(self.problem)
        self._update()

    def _open(self, id: PageId) -> None:
        self.recall.stop()
        self._interrupted, self._looking_over = None, False
        previous, page = self.page, self.pages[id]
        if previous is not page:
            previous.leave()
        self.show_problem(None)
        self.frame.stack.setCurrentWidget(page)
        page.show_top()
        page.load()
        self._update()
        self._focus_first(page)
        self.announcer.say(f"{page.where.text()}. {page.title.text()}")
        self.page_changed.emit(id)

    def _focus_first(self, page: WizardPage) -> None:
        field = page.first_field()
        if field is not None and not field.isHidden():
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            page.show_focused_soon()
        elif self.main_button.isVisibleTo(self):
            self.main_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _advance(self) -> None:
        id = self.current_page_id
        following = flow.next_page(id)
        if id is PageId.REVIEW or (self._interrupted and self._interrupted == self.draft.plan()):
            self._start()
        elif self._looking_over:
            self._look_over()
        elif following is not None:
            self._open(following)

    def _back(self) -> None:
        previous = flow.previous_page(self.current_page_id, has_history=self._has_history)
        if previous is not None:
            self._open(previous)

    @property
    def _has_history(self) -> bool:
        return not self.services.history.is_empty()

    def _update(self) -> None:
        """The one place that sets rail, buttons, title and footer."""
        frame, page = self.frame, self.page
        at = flow.rail_state(self.draft, page.page_id, date.today())
        frame.rail.show_state(at.step, at.reached, at.done)
        frame.buttons.show_side_buttons(page.side_buttons())
        frame.buttons.show_main(page)
        previous = flow.previous_page(page.page_id, has_history=self._has_history)
        frame.buttons.back.setVisible(previous is not None)
        self._say_where(at.step)

    def _say_where(self, step: Step | None) -> None:
        self.page.where.setText(where(step))
        self.page.where.setVisible(step is not None)
        self.setWindowTitle(" – ".join(filter(None, (self.page.title.text(), "OMM Desktop"))))
        version = _("version {}").format(__version__)
        number = self.copying.number
        copy = _("copy no. {}").format(number) if number is not None else ""
        self.frame.footer.setText(" · ".join(filter(None, (version, copy))))

    def show_problem(self, problem: Problem | None) -> None:
        is_new = problem is not None and problem != self.problem
        self.problem = problem
        if problem is None:
            self.panel.clear()
            return
        text = problems.problem(self.services.catalogue, problem)
        self.panel.tell(text, self.page.problem_actions(problem))
        if is_new:
            said = f"{text.title} {text.remedy} {text.code_line}"
            self.announcer.say(said, at_once=True)

    def _own_fault(self) -> None:
        """Told once: showing it may be what fails."""
        problem = Problem(ProblemId.UNEXPECTED)
        if self.problem != problem:
            self.show_problem(problem)

    def come_back(self, plan: str) -> None:
        """The program was started once more, with this plan or without any."""
        self.closing.come_back()
        if plan:
            self.plan_opening.open(Path(plan))

    @property
    def _is_at_work(self) -> bool:
        return self.copying.is_running or self.undo.is_running

    def _look_over(self) -> None:
        """The first page that is not done, then the next, up to what will happen."""
        for page in (self.source, self.destination, self.options):
            if not flow.is_done(self.draft, page.page_id, date.today()):
                self._open(page.page_id)
                self._looking_over = True
                return
        self._open(PageId.REVIEW)

    def _start(self) -> None:
        """A password that was forgotten is typed again first; then the same plan starts at once."""
        for page in (self.source, self.destination):
            if page.lacks_password:
                self._open(page.page_id)
                page.ask_for_password()
                self._interrupted = self.draft.plan()
                return
        try:
            migration = self.copying.start(self.draft, self.services)
        except OmmError as error:
            self.show_problem(error.problem)
            return
        self.next_login.settle()
        self.progress.watch(migration)
        self._open(PageId.PROGRESS)

    def _ended(self, report: Report) -> None:
        self.progress.sample()
        self.progress.stop_watching()
        self.result.show_report(report)
        cancelled = self.progress.is_scheduled and not self.closing.quitting
        if cancelled and report.stopped_by is None:
            self._call_off(report.run)
        else:
            self._open_result()
            self.next_login.settle()
        self.outside.ended(self.result.headline.text())
        if self.closing.quitting:
            self._leave_program()

    def _call_off(self, run: int) -> None:
        """A copy whose time had not come is as if it had never been planned."""
        self._open(PageId.REVIEW)
        history, credentials = self.services.history, self.services.credentials
        plan = self.draft.plan()

        def forget(_step: object) -> bool:
            history.forget(run)
            return forget_orphaned(plan, history, credentials)

        forgetting = Task(forget)
        forgetting.done.connect(self._called_off)
        forgetting.done.connect(self.next_login.settle)
        forgetting.failed.connect(self.show_problem)
        forgetting.begin()

    def _called_off(self, whole: bool) -> None:
        self._update()
        if not whole:
            self.show_problem(Problem(ProblemId.PASSWORD_STAYS, Place.COMPUTER))

    def _run_again(self, run: PastRun) -> None:
        """Resume and second pass: the same plan."""
        self.recall.begin(run.plan, self.services.credentials, self._start)

    def _look_at(self, run: PastRun) -> None:
        report = self.services.history.report(run.id)
        if report is not None:
            self.result.show_report(report)
            self.recall.begin(run.plan, self.services.credentials, self._open_result)

    def _open_result(self) -> None:
        self._open(PageId.RESULT)

    def _finish(self) -> None:
        if self._has_history:
            self._open(PageId.HOME)
        else:
            self.close()

    def _new_copy(self) -> None:
        if not self._is_at_work:
            self._open(PageId.SOURCE)

    def _look_changed(self) -> None:
        self.services.preferences.theme = self.appearance.theme
        self.services.preferences.text_size = self.appearance.text_size
        self.panel.fit()
        self.frame.fit_rail(self.appearance.text_size)
        self.page.load()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.frame.fit_rail(self.appearance.text_size)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return self.frame.step(forward=forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button, else the main one; Esc ends a check, never a copy."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(focused, QPushButton):
                focused.click()
            elif self.main_button.isVisible():
                self.main_button.click()
        elif event.key() == Qt.Key.Key_Escape:
            self.page.cancel()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self.closing.may_close())

    def _leave_program(self) -> None:
        self.page.leave()
        self.tray.hide()
        self.beside.leave()
        self.help_desk.close()
        self.manual.close()
        self.copying.wait(_WAIT_AT_EXIT_MS)
        self.undo.wait(_WAIT_AT_EXIT_MS)
        Task.wait_for_all(_WAIT_AT_EXIT_MS)
        QApplication.quit()
