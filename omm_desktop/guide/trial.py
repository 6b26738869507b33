"""Trying settings: who answers at each server of a sheet. Nobody signs in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from omm_desktop.endpoints.greeting import Greeting, greet, greet_exchange
from omm_desktop.guide.reference import Sheet
from omm_desktop.model.account import Server
from omm_desktop.model.problem import OmmError, Problem


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one server: a greeting, or a problem."""

    target: Server | str
    greeting: Greeting | None = None
    problem: Problem | None = None

    @property
    def where(self) -> str:
        """Host and port, or the address of Exchange."""
        target = self.target
        return target if isinstance(target, str) else f"{target.host}:{target.port}"


def try_sheet(sheet: Sheet, told: Callable[[Answer], None]) -> list[Answer]:
    """Connects to every server in turn; `told` hears each answer and may raise to end the trial."""
    answers = []
    for protocol, target in sheet.targets():
        try:
            if isinstance(target, str):
                answer = Answer(target, greet_exchange(target))
            else:
                answer = Answer(target, greet(protocol, target))
        except OmmError as error:
            answer = Answer(target, problem=error.problem)
        told(answer)
        answers.append(answer)
    return answers
