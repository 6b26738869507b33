"""A question in a small window of its own; the last of its answers changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QMessageBox, QWidget

_Role = QMessageBox.ButtonRole


@dataclass(frozen=True, slots=True)
class Answer:
    """What its button says, and what is done then."""

    text: str
    act: Callable[[], object] = lambda: None
    role: QMessageBox.ButtonRole = _Role.AcceptRole


def ask(
    parent: QWidget | None,
    title: str,
    text: str,
    answers: Sequence[Answer],
    *,
    explained: str = "",
    default: int = -1,
    icon: QMessageBox.Icon = QMessageBox.Icon.Question,
) -> None:
    """`default` is the place of the answer that Enter gives; Esc always gives the last one."""
    box = QMessageBox(parent)
    box.setIcon(icon)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(explained)
    *others, last = answers
    buttons = [box.addButton(one.text, one.role) for one in others]
    buttons.append(box.addButton(last.text, _Role.RejectRole))
    box.setDefaultButton(buttons[default])
    box.setEscapeButton(buttons[-1])

    def answered() -> None:
        given = zip(buttons, answers, strict=True)
        next((answer for button, answer in given if button is box.clickedButton()), last).act()

    box.finished.connect(answered)
    box.open()
