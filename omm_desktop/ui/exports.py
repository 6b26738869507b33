"""The window "How to get these files": the steps in each program."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QFrame, QWidget

from omm_desktop.guide.exports import Export, exports
from omm_desktop.language import translate as _
from omm_desktop.ui.page import card, label
from omm_desktop.ui.reading_window import ReadingWindow


class ExportsWindow(ReadingWindow):
    def retranslate(self) -> None:
        self.title.setText(_("How to get these files"))
        self.promise.setText(_("Nothing is removed from the program that they come from."))
        super().retranslate()

    def cards(self) -> Iterable[QWidget]:
        return map(_program, exports())


def _program(export: Export) -> QFrame:
    frame, layout = card()
    layout.addWidget(label("section", export.name.text()))
    layout.addWidget(label("quiet", _("Gives: {kinds}").format(kinds=export.gives)))
    for number, step in enumerate(export.steps, 1):
        layout.addWidget(label(text=f"{number}.  {step.text()}"))
    return frame
