"""What the source and destination pages share: a form, and a check before the next page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QWidget

from omm_desktop.guide import labels
from omm_desktop.guide.service import Service
from omm_desktop.language import translate as _
from omm_desktop.model.account import Account, EndpointKind
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.secret import Secret
from omm_desktop.ui.page import PageContext, WizardPage
from omm_desktop.ui.task import Task
from omm_desktop.ui.widgets.account_form import AccountForm
from omm_desktop.ui.widgets.check_list import CheckList
from omm_desktop.wizard.belonging import imap_beside
from omm_desktop.wizard.draft import AccountCheck, AccountDraft
from omm_desktop.wizard.present import accounts, finding, problems
from omm_desktop.wizard.probe_result import PROBE_STEPS, ProbeResult, ProbeStep
from omm_desktop.wizard.rules import SETTINGS_FIELDS, Fault, Field, Rule

_FIELD_OF = {
    ProblemId.SIGN_IN_REFUSED: Field.PASSWORD,
    ProblemId.APP_PASSWORD_NEEDED: Field.PASSWORD,
    ProblemId.SERVER_NOT_FOUND: Field.HOST,
    ProblemId.EXCHANGE_NOT_FOUND: Field.HOST,
    ProblemId.EXCHANGE_ELSEWHERE: Field.HOST,
    ProblemId.SERVER_SILENT: Field.PORT,
    ProblemId.CONNECTION_REFUSED: Field.PORT,
    ProblemId.NOT_A_MAIL_SERVER: Field.PORT,
    ProblemId.CERTIFICATE_OTHER_NAME: Field.HOST,
    ProblemId.ENCRYPTION_MISSING: Field.SECURITY,
    ProblemId.SAME_MAILBOX: Field.ADDRESS,
    ProblemId.MAILBOX_NOT_OPENED: Field.MAILBOX,
}

# Exchange is there for what these say no to, or something else is: IMAP may still let in.
_OF_THE_WAY_IN = frozenset(
    {
        ProblemId.SERVICE_RETIRED,
        ProblemId.NOT_A_MAIL_SERVER,
        ProblemId.SIGN_IN_METHOD_UNAVAILABLE,
        ProblemId.ACCESS_TURNED_OFF,
    }
)

_MOST_ACTIONS = 2
_FOUND_FIELDS = SETTINGS_FIELDS | {Field.SERVICE, Field.ANSWER}


class AccountPage(WizardPage):
    """The page stays usable during a check; an edit cancels it.

    `faults` tells what has to be mended before a check makes sense.
    """

    reference_wanted = Signal()
    guide_wanted = Signal(str)

    place: Place
    ways: tuple[EndpointKind, ...] = (EndpointKind.IMAP, EndpointKind.EWS)

    def __init__(
        self, context: PageContext, account: AccountDraft, faults: Callable[[], list[Fault]]
    ) -> None:
        super().__init__(context)
        self.account, self.faults = account, faults
        self.check_list = CheckList()
        self.form = AccountForm(account, context.services, faults, self.place, self.ways)
        self._task: Task | None = None
        self.cancel_button = QPushButton()
        self.bar_buttons = [self.cancel_button]
        self.cancel_button.clicked.connect(self.cancel)
        self.form.edited.connect(self._edited)
        self._goes_on = False
        self.form.finder.reference_wanted.connect(self.reference_wanted)
        self.form.guide_wanted.connect(self.guide_wanted)
        self.form.finder.told.connect(self.announcer.say)
        self.form.found.connect(self._settings_found)
        self.form.missed.connect(self._go_on)
        self.form.finder.refused.connect(self._exchange_refused)

    def summary(self, result: ProbeResult) -> str:
        return accounts.found(result)

    def extra_lines(self, result: ProbeResult) -> list[str]:
        """What this side's check tells besides the four steps."""
        return []

    def question(self, result: ProbeResult) -> str:
        """What is to be decided before the next page; empty when nothing is."""
        return ""

    def go_onward(self) -> None:
        """The check went well."""
        self.advance.emit()

    def ask(self) -> None:
        """Bring the person to the question."""

    def load(self) -> None:
        self.form.load()
        self.form.finder.wake()
        self.form.find_if_needed()
        self._show_check()

    def leave(self) -> None:
        self._end_check()
        self.form.finder.rest()

    def retranslate(self) -> None:
        self.form.retranslate()
        self.check_list.retranslate()
        self.cancel_button.setText(_("Cancel"))
        self._show_check()

    @property
    def lacks_password(self) -> bool:
        """Whether it has to be typed before a copy begins."""
        return not (self.account.kind.is_on_disk or self.account.password)

    @property
    def checking(self) -> bool:
        return self._task is not None

    def first_field(self) -> QWidget:
        return self.form.address if not self.account.address else self.form.password.edit

    def main_text(self) -> str:
        return _("Checking…") if self.checking else _("Check and co&ntinue")

    def side_buttons(self) -> list[QPushButton]:
        return self.bar_buttons if self.checking else []

    def main_pressed(self) -> None:
        if self.checking:
            return
        faults, finder = self.faults(), self.form.finder
        only_settings = all(fault.field in _FOUND_FIELDS for fault in faults)
        if finder.looking and only_settings:
            self._goes_on = True
            self.announcer.say(finding.looking(), at_once=True)
        elif finder.exchange is not None and faults and only_settings:
            self._goes_on = True
            finder.sign_in(self.account.address, self.account.password)
        elif faults:
            self._tell_faults(faults)
        elif self.account.checked is not None:
            self.advance.emit()
        else:
            self._begin_check()

    def ask_for_password(self) -> None:
        """It was forgotten, and a copy waits for it."""
        self.form.show_faults([Fault(Field.PASSWORD, Rule.PASSWORD_MISSING)])

    def cancel(self) -> bool:
        return self._end_check()

    def _end_check(self) -> bool:
        if self._task is None:
            return False
        self._end_task(cancel=True)
        self.check_list.hide()
        self.announcer.say(_("The check is cancelled."), at_once=True)
        return True

    def problem_actions(self, problem: Problem) -> list[QPushButton]:
        actions = []
        field = self._field_of(problem)
        if self._has_imap_beside(problem):
            imap = QPushButton(_("Use IMAP instead"))
            imap.clicked.connect(self.form.take_imap)
            actions.append(imap)
        if field is not None:
            mend = QPushButton(
                _("Type the password again") if field is Field.PASSWORD else _("Go to the field")
            )
            mend.clicked.connect(lambda: self.form.focus(field))
            actions.append(mend)
        service = self.form.service or self.services.providers.by_host(self.account.server.host)
        if service is not None and _leads_to_guide(problem.id, service):
            how = QPushButton(labels.guide_title(service))
            how.clicked.connect(lambda: self.guide_wanted.emit(service.id))
            actions.append(how)
        if field is Field.PASSWORD and service is not None and service.webmail:
            webmail = QUrl(service.webmail)
            browse = QPushButton(_("Open the mailbox"))
            browse.clicked.connect(lambda: QDesktopServices.openUrl(webmail))
            actions.append(browse)
        return actions[:_MOST_ACTIONS]

    def _field_of(self, problem: Problem) -> Field | None:
        field = _FIELD_OF.get(problem.id)
        by_exchange = self.account.kind is EndpointKind.EWS
        if field is Field.MAILBOX and not self.account.another:
            return Field.LOGIN
        return Field.HOST if by_exchange and field in (Field.PORT, Field.SECURITY) else field

    def _has_imap_beside(self, problem: Problem) -> bool:
        by_exchange = self.account.kind is EndpointKind.EWS
        if not by_exchange or problem.id not in _OF_THE_WAY_IN:
            return False
        return imap_beside(self.account, self.services.providers) is not None

    def _tell_faults(self, faults: list[Fault]) -> None:
        self.form.show_faults(faults)
        if faults[0].rule is Rule.SAME_MAILBOX:
            self.problem_found.emit(Problem(ProblemId.SAME_MAILBOX, self.place))
            return
        first = problems.fault(faults[0])
        self.announcer.say(f"{problems.fault_count(faults)} {first}", at_once=True)

    def _begin_check(self) -> None:
        account, secret = self.account.account(), self.account.password
        place, probe = self.place, self.services.probe
        self.problem_found.emit(None)
        self.check_list.begin(self._steps)
        self._task = Task(lambda step: probe(account, secret, place, step))
        self._task.stepped.connect(self._passed)
        self._task.done.connect(lambda result: self._checked(account, secret, result))
        self._task.failed.connect(self._check_failed)
        self._task.begin()
        self.changed.emit()
        self.ensureWidgetVisible(self.check_list)

    @property
    def _steps(self) -> Sequence[ProbeStep]:
        """What a check goes through: nobody is connected to for what is on this computer."""
        return () if self.account.kind.is_on_disk else PROBE_STEPS

    def _passed(self, step: ProbeStep) -> None:
        told = self.check_list.tick(step)
        if step in self._steps:
            self.announcer.say(told)

    def _checked(self, account: Account, secret: Secret, result: ProbeResult) -> None:
        self._end_task()
        self.account.check = AccountCheck(account, secret, result)
        self._show_check()
        question = self.question(result)
        self.announcer.say(" ".join((self.summary(result), question)).strip(), at_once=True)
        if question:
            self.changed.emit()
            self.ask()
        else:
            self.go_onward()

    def _settings_found(self) -> None:
        self.announcer.say(self.form.known.text())
        self._go_on()

    def _go_on(self) -> None:
        """The main button was pressed while settings were looked for."""
        if self._goes_on:
            self._goes_on = False
            self.main_pressed()

    def _exchange_refused(self, problem: Problem) -> None:
        self._goes_on = False
        self._tell_problem(problem)

    def _check_failed(self, problem: Problem) -> None:
        self._end_task()
        if problem.id is ProblemId.SIGN_IN_REFUSED and self.account.use_next_candidate():
            self.form.load()
            self._begin_check()
            return
        self.check_list.fail()
        self._tell_problem(problem)

    def _tell_problem(self, problem: Problem) -> None:
        self.problem_found.emit(problem)
        field = self._field_of(problem)
        if field is not None:
            self.form.focus(field)

    def _end_task(self, *, cancel: bool = False) -> None:
        if self._task is None:
            return
        if cancel:
            self._task.cancel()
        self._task = None
        self.changed.emit()

    def _edited(self) -> None:
        self._end_check()
        if not self.form.finder.looking and self.account.found is None:
            self._goes_on = False
        self.problem_found.emit(None)
        self._show_check()
        self.changed.emit()

    def _show_check(self) -> None:
        if self.checking:
            return
        result = self.account.checked
        if result is None:
            self.check_list.hide()
        else:
            self.check_list.finish(self.summary(result), self.extra_lines(result), self._steps)


def _leads_to_guide(id: ProblemId, service: Service) -> bool:
    """Whether the service's guide tells what the refused sign-in was lacking."""
    if service.guide is None:
        return False
    if id is ProblemId.SIGN_IN_REFUSED:
        return service.wants_app_password
    if id is ProblemId.SERVICE_RETIRED:
        return not service.takes_password
    return id in (ProblemId.APP_PASSWORD_NEEDED, ProblemId.SIGN_IN_METHOD_UNAVAILABLE)
