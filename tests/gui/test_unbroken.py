"""Lines end where a reader expects it, and nobody but the eye is told of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument, QTextLayout
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from omm_desktop.language import Language, set_language
from omm_desktop.ui.page import label
from omm_desktop.ui.unbroken import unbroken_command
from omm_desktop.ui.widgets.numbered_steps import NumberedSteps
from omm_desktop.ui.widgets.prose import Prose

from .access import name_of

AGREED = "Vos e-mails du 1er mars"


def first_line(text: str, room_for: str) -> str:
    """Of a text in a label with so much room and no more."""
    shown = QLabel()
    layout = QTextLayout(text, shown.font())
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(shown.fontMetrics().horizontalAdvance(room_for) + 2)
    layout.endLayout()
    return text[: line.textLength()].strip()


def drawn(prose: Prose) -> str:
    return QLabel.text(prose)


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize(
    ("language", "text", "room_for"),
    [
        ("fr", "Vos e-mails", "Vos e-"),
        ("fr", "Une E-mail", "Une E-"),
        ("fr", "Dès 1er mars", "Dès 1er"),
        ("fr", "Au 12 mars", "Au 12"),
        ("de", "Am 12. März", "Am 12."),
        ("en", "On 12 March", "On 12"),
        ("en", "Exactly 4 remarks", "Exactly 4"),
        ("en", "Method SSL/TLS", "Method SSL/"),
    ],
)
def test_what_belongs_together_stays_in_one_line(
    language: Language, text: str, room_for: str
) -> None:
    set_language(language)
    assert first_line(text, room_for) == room_for
    assert first_line(drawn(label(text=text)), room_for) == text.split()[0]


def test_a_narrow_blank_stays_one_beside_letters_of_one_width(qtbot: QtBot) -> None:
    prose = Prose()
    qtbot.addWidget(prose)
    prose.show_pieces([("«\u202fAide\u202f»\u202f: tapez ", False), ("code", True)])
    document = QTextDocument()
    document.setHtml(drawn(prose))
    assert document.toRawText() == prose.text()


def test_what_is_read_out_is_what_was_written(qtbot: QtBot) -> None:
    set_language("fr")
    prose = label(text=AGREED)
    qtbot.addWidget(prose)
    assert drawn(prose) != AGREED
    assert prose.text() == name_of(prose) == AGREED
    prose.setText("Une boîte")
    assert prose.text() == drawn(prose) == name_of(prose) == "Une boîte"
    prose.setText(AGREED)
    assert name_of(prose) == AGREED
    prose.setAccessibleName("Nom")
    prose.setText(AGREED)
    assert name_of(prose) == "Nom"


def test_a_command_is_in_letters_of_one_width_and_breaks_at_its_blanks(qtbot: QtBot) -> None:
    set_language("fr")
    prose = label()
    qtbot.addWidget(prose)
    prose.show_pieces([("omm-desktop --demo", True), (" : un <essai> par e-mail", False)])
    assert prose.text() == name_of(prose) == "omm-desktop --demo : un <essai> par e-mail"
    assert prose.textFormat() is Qt.TextFormat.RichText
    assert "font-family" in drawn(prose)
    assert "&lt;essai&gt;" in drawn(prose)
    prose.setText("un <essai>")
    assert prose.textFormat() is Qt.TextFormat.PlainText
    command = unbroken_command("omm-desktop --demo")
    assert first_line(command, "omm-desktop --") == unbroken_command("omm-desktop")


def test_the_lines_of_a_step_stand_below_each_other(qtbot: QtBot) -> None:
    set_language("fr")
    steps = NumberedSteps(["Ouvrez Outlook. " * 12, "Fermez-le."])
    qtbot.addWidget(steps)
    steps.resize(300, 400)
    steps.show()
    numbers = [one for one in steps.findChildren(QLabel) if one.text() in ("1.", "2.")]
    texts = [one for one in steps.findChildren(Prose) if one.isVisible()]
    assert len(numbers) == len(texts) == 2
    for number, text in zip(numbers, texts, strict=True):
        end = number.mapTo(steps, number.rect().topRight()).x()
        assert text.mapTo(steps, text.rect().topLeft()).x() > end
    assert texts[0].height() > 2 * texts[0].fontMetrics().lineSpacing()
    assert steps.text().startswith("1. Ouvrez Outlook.")
