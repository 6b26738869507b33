"""The answers of servers that were tried, one after the other."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from omm_desktop.guide.reference import Sheet
from omm_desktop.guide.trial import Answer, try_sheet
from omm_desktop.language import translate as _
from omm_desktop.support.catalogue import Catalogue
from omm_desktop.ui.page import card, empty, label
from omm_desktop.ui.task import Task
from omm_desktop.wizard.present import problems


class TrialView(QWidget):
    """Signals: `said` with what to announce, `ended` when nothing is under way any more."""

    said = Signal(str)
    ended = Signal()

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._task: Task | None = None
        self.answers: list[Answer] = []
        frame, self._lines = card()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        self.hide()

    @property
    def running(self) -> bool:
        return self._task is not None

    def begin(self, sheet: Sheet) -> None:
        self.forget()
        self._task = Task(lambda step: try_sheet(sheet, step))
        self._task.stepped.connect(self._answered)
        self._task.done.connect(lambda _answers: self._end())
        name = sheet.service.name.text()
        self._task.failed.connect(lambda problem: self._failed(Answer(name, problem=problem)))
        self._task.begin()
        self._write()
        self.show()

    def forget(self) -> None:
        """Ends a trial under way and takes the answers of the last one away."""
        if self._task is not None:
            self._task.cancel()
            self._end()
        self.answers = []
        self.hide()

    def retranslate(self) -> None:
        self._write()

    def _answered(self, answer: Answer) -> None:
        self.answers.append(answer)
        self._write()
        self.said.emit(self._told(answer))

    def _failed(self, answer: Answer) -> None:
        self._answered(answer)
        self._end()

    def _end(self) -> None:
        self._task = None
        self._write()
        self.ended.emit()

    def _write(self) -> None:
        empty(self._lines)
        self._lines.addWidget(label("section", _("Answers of the servers")))
        for answer in self.answers:
            name = "good" if answer.problem is None else "fault"
            self._lines.addWidget(label(name, self._told(answer)))
        if self.running:
            self._lines.addWidget(label("quiet", _("Trying…")))
        elif not self.answers:
            self._lines.addWidget(label("", _("There is no server to try here.")))
        self._lines.addWidget(label("quiet", _("No address and no password were sent.")))

    def _told(self, answer: Answer) -> str:
        if answer.greeting is not None:
            protected = _("{where} answers, protected by {tls}: {text}")
            plain = _("{where} answers: {text}")
            words = protected if answer.greeting.tls else plain
            greeting = answer.greeting
            said = words.format(where=answer.where, tls=greeting.tls, text=greeting.text)
            return f"✓  {said}"
        assert answer.problem is not None
        text = problems.problem(self._catalogue, answer.problem)
        return f"!  {answer.where} – {text.title} {text.remedy} {text.code_line}"
