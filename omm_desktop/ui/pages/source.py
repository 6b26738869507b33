"""1 Source: where the mail comes from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QPushButton, QRadioButton, QVBoxLayout, QWidget

from omm_desktop.language import translate as _
from omm_desktop.model.account import EndpointKind, Server
from omm_desktop.model.problem import Place, Problem
from omm_desktop.ui.exports import ExportsWindow
from omm_desktop.ui.looking import Looking
from omm_desktop.ui.page import PageContext, card, choices, label, link
from omm_desktop.ui.pages.account_page import AccountPage
from omm_desktop.ui.widgets.file_list import FileList
from omm_desktop.wizard.chosen_file import ChosenFile, chosen_file
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import accounts, files, finding, person
from omm_desktop.wizard.probe_result import ProbeResult
from omm_desktop.wizard.rules import Field, source_faults


class SourcePage(AccountPage):
    """A mailbox, files, or both."""

    page_id = PageId.SOURCE
    place = Place.SOURCE
    ways = (EndpointKind.IMAP, EndpointKind.POP3, EndpointKind.EWS)

    def __init__(self, context: PageContext) -> None:
        draft = context.draft
        super().__init__(context, draft.source, lambda: source_faults(draft))
        self.form.taken = self._server_of_the_new_mailbox
        self.mailbox, self.only_files = QRadioButton(), QRadioButton()
        self.choice = QButtonGroup(self)
        for button in (self.mailbox, self.only_files):
            self.choice.addButton(button)
        self.content.addLayout(choices(self.mailbox, self.only_files))
        self.content.addWidget(self._mailbox_part())
        self.add_files, self.beside = link(), label("section")
        self.file_list = FileList(context.services.catalogue)
        self.form.rows[Field.FILES] = self.file_list.row
        self.content.addWidget(self.add_files, 0, Qt.AlignmentFlag.AlignLeft)
        self.content.addWidget(self.beside)
        self.content.addWidget(self.file_list)
        self.looking = Looking(self, draft.files, context.services)
        self.exports: ExportsWindow | None = None
        self._adding = False
        self._connect_files()

    def _mailbox_part(self) -> QWidget:
        self.mailbox_part = QWidget()
        part = QVBoxLayout(self.mailbox_part)
        part.setContentsMargins(0, 0, 0, 0)
        part.setSpacing(12)
        part.addWidget(self.form)
        part.addWidget(self.check_list)
        self.offer_card, layout = card("notice")
        self.offer, self.use_imap = label(), QPushButton()
        layout.addWidget(self.offer)
        layout.addWidget(self.use_imap, alignment=Qt.AlignmentFlag.AlignLeft)
        part.addWidget(self.offer_card)
        self.use_imap.clicked.connect(self._use_imap)
        return self.mailbox_part

    def _connect_files(self) -> None:
        self.mailbox.clicked.connect(lambda: self._choose(from_files=False))
        self.only_files.clicked.connect(lambda: self._choose(from_files=True))
        self.add_files.clicked.connect(self._begin_adding)
        self.file_list.chosen.connect(self._take_files)
        self.file_list.removed.connect(self._remove_file)
        self.file_list.guide_wanted.connect(self.open_exports)
        self.looking.told.connect(self._file_told)
        self.looking.read.connect(self.file_list.show_reading)
        self.looking.ended.connect(self._go_on)

    def load(self) -> None:
        super().load()
        self._show_files()
        self.looking.wake()

    def leave(self) -> None:
        super().leave()
        self._goes_on = False
        self.looking.rest()

    def cancel(self) -> bool:
        """A file whose counting is cancelled is none to copy from."""
        file = self.looking.file
        if super().cancel():
            return True
        if file is None:
            return False
        self._remove_file(file)
        self.announcer.say(
            _("The counting is cancelled. The file is out of the list."), at_once=True
        )
        return True

    @property
    def lacks_password(self) -> bool:
        return not self.draft.from_files and super().lacks_password

    def first_field(self) -> QWidget:
        return self.file_list.choose_files if self.draft.from_files else super().first_field()

    def question(self, result: ProbeResult) -> str:
        return accounts.imap_offer(result.imap) if result.imap else ""

    def ask(self) -> None:
        self.use_imap.setFocus()
        self.ensureWidgetVisible(self.use_imap)

    def main_text(self) -> str:
        if self.draft.from_files:
            return _("Co&ntinue")
        return _("Co&ntinue by POP") if self._offered else super().main_text()

    def main_pressed(self) -> None:
        """Files are looked into without being asked: only their end is waited for."""
        if not self.faults() and (self.looking.is_busy or self.draft.from_files):
            self.go_onward()
        else:
            super().main_pressed()

    def go_onward(self) -> None:
        if self.looking.is_busy:
            self._goes_on = True
            self.announcer.say(files.still_counting(), at_once=True)
        else:
            super().go_onward()

    def retranslate(self) -> None:
        self.title.setText(_("Where does your mail come from?"))
        self.promise.setText(_("Nothing will be deleted or changed there."))
        self.mailbox.setText(_("A mailbox"))
        self.only_files.setText(_("A file (Outlook, calendar, contacts, messages)"))
        self.add_files.setText(_("Add files: a calendar, contacts, messages"))
        self.beside.setText(_("Files copied in the same run"))
        self.file_list.retranslate()
        self.form.set_address_hint(finding.only_the_domain())
        self.use_imap.setText(_("&Use IMAP instead"))
        self._show_files()
        if self.exports is not None:
            self.exports.retranslate()
        super().retranslate()

    @property
    def _offered(self) -> Server | None:
        result = self.account.checked
        return result.imap if result and not self.checking else None

    def _show_check(self) -> None:
        super()._show_check()
        server = self._offered
        self.offer_card.setVisible(server is not None)
        if server is not None:
            self.offer.setText(accounts.imap_offer(server))

    def _use_imap(self) -> None:
        server = self._offered
        if server is not None:
            self.account.use_kind(EndpointKind.IMAP)
            self.account.use_server(server)
            self.form.load()
            self._edited()
            self.main_pressed()

    def _server_of_the_new_mailbox(self) -> str:
        """When a domain moves, both mailboxes have one address: the search finds the new one."""
        return self.draft.destination.server.host if self.draft.one_address else ""

    def open_exports(self) -> None:
        """How to get files out of other programs."""
        if self.exports is None:
            self.exports = ExportsWindow()
        self.exports.bring_forward()
        self.announcer.say(self.exports.title.text())

    def _choose(self, *, from_files: bool) -> None:
        self.draft.from_files = from_files
        self._show_files()
        self._edited()

    def _begin_adding(self) -> None:
        self._adding = True
        self._show_files()
        self.file_list.choose_files.setFocus()
        self.ensureWidgetVisible(self.file_list)

    def _take_files(self, paths: Sequence[Path]) -> None:
        for file in map(chosen_file, paths):
            known = (one.account.identity for one in self.draft.files)
            if file.account.identity not in known:
                self.draft.files.append(file)
        self._files_changed()

    def _remove_file(self, file: ChosenFile) -> None:
        self.draft.files[:] = [one for one in self.draft.files if one is not file]
        self._files_changed()
        self.file_list.choose_files.setFocus()

    def problem_actions(self, problem: Problem) -> list[QPushButton]:
        file = next((one for one in self.draft.files if one.problem == problem), None)
        if file is None:
            return super().problem_actions(problem)
        again, remove = QPushButton(_("Read it again")), QPushButton()
        remove.setText(_("Remove: {what}").format(what=person.file(file.account)))
        again.clicked.connect(lambda: self._read_again(file))
        remove.clicked.connect(lambda: self._remove_file(file))
        return [again, remove]

    def _read_again(self, file: ChosenFile) -> None:
        file.problem = None
        self._files_changed()

    def _files_changed(self) -> None:
        self._goes_on = False
        self.file_list.row.set_fault("")
        self.problem_found.emit(None)
        self._show_files()
        self.looking.wake()
        self.changed.emit()

    def _file_told(self, file: ChosenFile) -> None:
        self._show_files()
        if file.problem is not None:
            self._goes_on = False
            self.problem_found.emit(file.problem)
        elif file.found is not None:
            self.announcer.say(f"{person.file(file.account)}: {accounts.found(file.found)}")
        self.changed.emit()

    def _show_files(self) -> None:
        from_files = self.draft.from_files
        shown = from_files or self._adding or bool(self.draft.files)
        (self.only_files if from_files else self.mailbox).setChecked(True)
        self.mailbox_part.setHidden(from_files)
        self.add_files.setHidden(shown)
        self.beside.setVisible(shown and not from_files)
        self.file_list.setVisible(shown)
        self.file_list.show_files(self.draft.files)
