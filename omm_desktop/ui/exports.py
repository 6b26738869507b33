"""How to get files out of other programs, and how to read in them what was saved: two windows."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QFrame, QWidget

from omm_desktop.guide.exports import Export, guides
from omm_desktop.language import translate as _
from omm_desktop.ui.page import card, label
from omm_desktop.ui.reading_window import ReadingWindow
from omm_desktop.ui.widgets.numbered_steps import NumberedSteps
from omm_desktop.wording import date as day


class ExportsWindow(ReadingWindow):
    def retranslate(self) -> None:
        self.title.setText(_("How to get these files"))
        self.promise.setText(_("Nothing is removed from the program that they come from."))
        super().retranslate()

    def cards(self) -> Iterable[QWidget]:
        return (_program(one, _("Gives: {kinds}")) for one in guides().programs)


class ReadersWindow(ReadingWindow):
    def retranslate(self) -> None:
        self.title.setText(_("How to read these files again"))
        self.promise.setText(_("They are plain files that many programs read."))
        super().retranslate()

    def cards(self) -> Iterable[QWidget]:
        return (_program(one, _("Reads: {kinds}")) for one in guides().readers)


def _program(export: Export, kinds: str) -> QFrame:
    frame, layout = card()
    layout.addWidget(label("section", export.name.text()))
    layout.addWidget(label("quiet", kinds.format(kinds=export.gives)))
    layout.addWidget(NumberedSteps([step.text() for step in export.steps]))
    layout.addWidget(label("quiet", _("As of {}").format(day(export.checked))))
    return frame
