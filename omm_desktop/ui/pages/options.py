"""3 Options: what to copy, and how."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from omm_desktop.language import translate as _
from omm_desktop.model.account import EndpointKind
from omm_desktop.model.items import ItemKind
from omm_desktop.ui.page import PageContext, WizardPage, card, choices, label, link
from omm_desktop.ui.translation import localise
from omm_desktop.ui.widgets.field_row import FieldRow
from omm_desktop.ui.widgets.folder_list import FolderList
from omm_desktop.ui.widgets.kind_boxes import KindBoxes
from omm_desktop.ui.widgets.mail_notice import MailNotice
from omm_desktop.ui.widgets.reopen_box import ReopenBox
from omm_desktop.ui.widgets.start_later import StartLater
from omm_desktop.wizard.carrying import carriages
from omm_desktop.wizard.draft import FolderChoice, Pace
from omm_desktop.wizard.flow import PageId
from omm_desktop.wizard.present import options as words
from omm_desktop.wizard.present import problems
from omm_desktop.wizard.probe_result import has_labels
from omm_desktop.wizard.rules import Fault, Field, Rule, option_faults


class OptionsPage(WizardPage):
    """`differences_wanted` for the page of the manual on what Exchange changes."""

    page_id = PageId.OPTIONS
    differences_wanted = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.options = context.draft.options
        self._build_kinds()
        self._build_folders()
        self._build_period()
        self._build_more()
        self._connect()

    def _section(self) -> QVBoxLayout:
        frame, layout = card()
        self.content.addWidget(frame)
        return layout

    def _build_kinds(self) -> None:
        layout = self._section()
        self.kinds_title = label("section")
        self.kinds, self.way_out, self.only_inbox = KindBoxes(), label("quiet"), label()
        self.update_box, self.update_hint = QCheckBox(), label("quiet")
        self.differences = link()
        for widget in (self.kinds_title, self.kinds, self.way_out, self.only_inbox):
            layout.addWidget(widget)
        layout.addLayout(choices(self.update_box))
        layout.addWidget(self.update_hint)
        layout.addWidget(self.differences, 0, Qt.AlignmentFlag.AlignLeft)

    def _build_folders(self) -> None:
        layout = self._section()
        self.folders_card = layout.parentWidget()
        self.folders_title = label("section")
        self.folder_choices = {choice: QRadioButton() for choice in FolderChoice}
        group = QButtonGroup(self)
        layout.addWidget(self.folders_title)
        for button in self.folder_choices.values():
            group.addButton(button)
        layout.addLayout(choices(*self.folder_choices.values()))
        self.folder_list = FolderList()
        self.folders_row = FieldRow(self.folder_list, self.folder_list.tree)
        layout.addWidget(self.folders_row)

    def _build_period(self) -> None:
        layout = self._section()
        self.period_title = label("section")
        self.all_time, self.since = QRadioButton(), QRadioButton()
        group = QButtonGroup(self)
        for button in (self.all_time, self.since):
            group.addButton(button)
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        today = QDate.currentDate()
        self.day.setMaximumDate(today)
        self.day.setDate(today.addYears(-1))
        self.day_row = FieldRow(self.day)
        layout.addWidget(self.period_title)
        layout.addLayout(choices(self.all_time, self.since))
        layout.addWidget(self.day_row)

    def _build_more(self) -> None:
        layout = self._section()
        self.trial, self.notify, self.forget = QCheckBox(), QCheckBox(), QCheckBox()
        self.end_title = label("section")
        self.start_later = StartLater(self.options)
        self.reopen = ReopenBox(self.services.preferences)
        layout.addWidget(self.end_title)
        boxes = choices(self.trial, self.reopen, self.notify, self.forget)
        boxes.insertWidget(1, self.start_later)
        layout.addLayout(boxes)
        self.mail_notice = MailNotice(self.draft, self.services.catalogue, self.services.send_trial)
        self.mail_notice.told.connect(self.announcer.say)
        layout = self._section()
        self.mail_card = layout.parentWidget()
        layout.addWidget(self.mail_notice)
        self.more = link("fold")
        self.content.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.pace = QComboBox()
        for pace in Pace:
            self.pace.addItem("", pace)
        self.more_body = QWidget()
        body = QVBoxLayout(self.more_body)
        body.setContentsMargins(16, 0, 0, 0)
        self.pace_row = FieldRow(self.pace)
        self.each_label, self.each_label_hint = QCheckBox(), label("quiet")
        body.addWidget(self.pace_row)
        body.addLayout(choices(self.each_label))
        body.addWidget(self.each_label_hint)
        self.content.addWidget(self.more_body)
        self.more_body.hide()

    def _connect(self) -> None:
        self.kinds.ticked.connect(self._kinds_ticked)
        self.differences.clicked.connect(self.differences_wanted)
        self.update_box.clicked.connect(lambda on: self._set("update", on))
        for choice, button in self.folder_choices.items():
            button.clicked.connect(lambda _checked, choice=choice: self._choose_folders(choice))
        self.folder_list.chosen_changed.connect(self._folders_ticked)
        self.all_time.clicked.connect(self._period_changed)
        self.since.clicked.connect(self._period_changed)
        self.day.dateChanged.connect(self._period_changed)
        self.trial.clicked.connect(lambda on: self._set("trial", on))
        self.notify.clicked.connect(lambda on: self._set("notify", on))
        self.forget.clicked.connect(lambda on: self._set("forget_passwords", on))
        self.pace.activated.connect(lambda: self._set("pace", Pace(self.pace.currentData())))
        self.each_label.clicked.connect(lambda on: self._set("each_label", on))
        self.more.clicked.connect(self._fold)

    def load(self) -> None:
        options, found = self.options, self.draft.found
        self.draft.spell_out_patterns()
        if found is not None and not options.chosen:
            options.chosen = words.usual_folders(found)
        only_inbox = bool(words.only_inbox(self.draft.sources))
        self.only_inbox.setVisible(only_inbox)
        self.folders_card.setHidden(only_inbox)
        self.folder_choices[options.folders].setChecked(True)
        self.folders_row.setVisible(options.folders is FolderChoice.CHOSEN)
        (self.all_time if options.since is None else self.since).setChecked(True)
        if options.since is not None:
            self.day.setDate(QDate(options.since.year, options.since.month, options.since.day))
        self.day_row.setVisible(options.since is not None)
        self.update_box.setChecked(options.update)
        self.trial.setChecked(options.trial)
        self.notify.setChecked(options.notify)
        self.forget.setChecked(options.forget_passwords)
        self.start_later.load()
        self.reopen.load()
        self.mail_notice.load()
        self.mail_card.setHidden(self.draft.destination.kind.is_on_disk)
        self.pace.setCurrentIndex(self.pace.findData(options.pace))
        self.each_label.setChecked(options.each_label)
        labels = found is not None and has_labels(found.personal_folders)
        for widget in (self.each_label, self.each_label_hint):
            widget.setVisible(labels)
        self._hide_what_is_of_mailboxes(labels=labels)
        self.retranslate()

    def _hide_what_is_of_mailboxes(self, *, labels: bool) -> None:
        """Where all is on this computer there is no password, and no server to be gentle with."""
        asks = bool(self.draft.plan().mailboxes)
        self.forget.setVisible(asks)
        self.pace_row.setVisible(asks)
        self.more.setVisible(asks or labels)

    def retranslate(self) -> None:
        self.title.setText(_("What do you want to copy?"))
        self.promise.setText(_("Everything useful is ticked already."))
        self.kinds_title.setText(_("Contents"))
        self._show_kinds()
        self.only_inbox.setText(words.only_inbox(self.draft.sources))
        self.folders_title.setText(_("Folders"))
        self.folder_choices[FolderChoice.USUAL].setText(_("All, &except Trash and Junk"))
        self.folder_choices[FolderChoice.ALL].setText(_("&All"))
        self.folder_choices[FolderChoice.CHOSEN].setText(_("Ch&oose…"))
        self.folder_list.retranslate()
        self._fill_folders()
        self.folders_row.set_texts("", words.shared_folders(self.draft.found_each))
        self.folders_row.label.hide()
        self.folders_row.edit.setAccessibleName(_("Folders to copy"))
        self.period_title.setText(_("Period"))
        self.end_title.setText(_("Before and after"))
        self.notify.setText(_("Tell me at the end by a notification"))
        self.forget.setText(_("Forget the &passwords at the end"))
        self.start_later.retranslate()
        self.reopen.retranslate()
        self.mail_notice.retranslate()
        sign = "▾" if self.more_body.isVisibleTo(self) else "▸"
        self.more.setText(f"{sign}  " + _("&More options"))
        self.pace_row.set_texts(_("Pace"), words.pace_hint())
        self.each_label.setText(_("A copy of each message for each of its labels"))
        found = self.draft.found
        if found is not None:
            self.each_label_hint.setText(words.each_label_hint(found))
        for index in range(self.pace.count()):
            self.pace.setItemText(index, words.pace_name(Pace(self.pace.itemData(index))))

    def first_field(self) -> QWidget | None:
        """Without folders to choose from, most people only press the main button."""
        return None if self.folders_card.isHidden() else self.folder_choices[self.options.folders]

    def leave(self) -> None:
        self.mail_notice.stop()

    def main_text(self) -> str:
        return _("Co&ntinue")

    def main_pressed(self) -> None:
        faults = option_faults(self.draft, date.today())
        rows: dict[Field, KindBoxes | FieldRow] = {
            Field.KINDS: self.kinds,
            Field.FOLDERS: self.folders_row,
            Field.SINCE: self.day_row,
            **self.mail_notice.rows,
        }
        for fault in faults:
            rows[fault.field].set_fault(problems.fault(fault))
        if not faults:
            self.advance.emit()
            return
        rows[faults[0].field].take_focus()
        self.announcer.say(problems.fault(faults[0]), at_once=True)

    def _show_kinds(self) -> None:
        """The boxes, and the words that depend on what is ticked."""
        draft, kinds = self.draft, self.draft.kinds
        carried = carriages(*draft.ends)
        self.kinds.show_carriages(carried, draft.ends, self.options.unticked)
        ends = draft.sources[0].kind, draft.destination.kind
        self.way_out.setText(words.way_out(carried, *ends))
        self.way_out.setVisible(bool(self.way_out.text()))
        if self.kinds.is_faulty:
            self.kinds.set_fault(problems.fault(Fault(Field.KINDS, Rule.NOTHING_CHOSEN)))
        self.update_box.setText(words.update_line())
        self.update_hint.setText(words.update_hint())
        self.differences.setText(words.differences_link())
        beyond_mail = bool(kinds - {ItemKind.MAIL})
        for widget in (self.update_box, self.update_hint):
            # A file is only added to.
            widget.setVisible(beyond_mail and not draft.destination.kind.is_on_disk)
        self.differences.setVisible(beyond_mail and EndpointKind.EWS in ends)
        self.all_time.setText(words.all_time_line(kinds))
        self.since.setText(words.since_line(kinds))
        self.day_row.set_texts(_("First &day"), words.since_hint(kinds))
        self.day.lineEdit().setAccessibleName(self.day.accessibleName())
        localise(self.day)
        self.trial.setText(words.trial_line(kinds))

    def _fill_folders(self) -> None:
        """Only what is looked at: there may be ten thousand."""
        found, kinds = self.draft.found, self.draft.kinds
        if found is None or self.options.folders is not FolderChoice.CHOSEN:
            return
        folders = [one for one in found.personal_folders if one.kind in kinds]
        self.folder_list.fill(folders, self.options.chosen)

    def _kinds_ticked(self) -> None:
        # What cannot be copied now keeps the person's wish for another day.
        kept = self.options.unticked - self.kinds.offered
        self.options.unticked = kept | self.kinds.unticked
        self.kinds.set_fault("")
        self._show_kinds()
        self._fill_folders()
        self.changed.emit()

    def _set(self, name: str, value: object) -> None:
        setattr(self.options, name, value)

    def _choose_folders(self, choice: FolderChoice) -> None:
        self.options.folders = choice
        self.folders_row.setVisible(choice is FolderChoice.CHOSEN)
        self._fill_folders()
        self.changed.emit()

    def _folders_ticked(self) -> None:
        self.options.chosen = self.folder_list.chosen()
        self.folders_row.set_fault("")
        self.changed.emit()

    def _period_changed(self) -> None:
        limited = self.since.isChecked()
        self.day_row.setVisible(limited)
        self.day_row.set_fault("")
        chosen = self.day.date()
        day = date(chosen.year(), chosen.month(), chosen.day())
        self.options.since = day if limited else None

    def _fold(self) -> None:
        self.more_body.setVisible(not self.more_body.isVisibleTo(self))
        self.retranslate()
