"""Questions to the person: who is given which answer."""

from __future__ import annotations

import queue
import threading

import pytest

from omm_desktop.engine.control import Control
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.secret import Secret

from .world import FastClock


class Person:
    """Somebody who is asked by threads, and answers when the test says so."""

    def __init__(self) -> None:
        self.questions: queue.Queue[Problem] = queue.Queue()
        self.control = Control(FastClock(), attended=True, asked=self.questions.put)
        self._threads: list[threading.Thread] = []

    def refused_at(self, place: Place) -> list[Secret | None]:
        """A sign-in that began now and is refused; in it what its thread is given."""
        given: list[Secret | None] = []
        problem, before = Problem(ProblemId.SIGN_IN_REFUSED, place), self.control.answers
        thread = threading.Thread(target=lambda: given.append(self.control.ask(problem, before)))
        self._threads.append(thread)
        thread.start()
        return given

    def is_asked_about(self) -> Place:
        return self.questions.get(timeout=30).place

    def answers(self, password: str) -> None:
        self.control.answer(Secret(password))

    def all_went_on(self) -> None:
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()


def told(given: list[Secret | None]) -> list[str | None]:
    return [secret and secret.reveal() for secret in given]


@pytest.mark.parametrize("first", [Place.SOURCE, Place.DESTINATION])
def test_a_new_password_is_given_to_nobody_but_the_mailbox_that_asked_for_it(first: Place) -> None:
    """Both refuse at once: neither server may ever see the password of the other."""
    other = Place.DESTINATION if first is Place.SOURCE else Place.SOURCE
    person = Person()
    given = {first: person.refused_at(first)}
    assert person.is_asked_about() is first
    given[other] = person.refused_at(other)
    person.answers(f"of the {first}")
    assert person.is_asked_about() is other
    person.answers(f"of the {other}")
    person.all_went_on()
    assert told(given[first]) == [f"of the {first}"]
    assert told(given[other]) == [f"of the {other}"]


def test_several_connections_of_one_mailbox_share_one_question() -> None:
    person = Person()
    given = [person.refused_at(Place.SOURCE) for _ in range(3)]
    assert person.is_asked_about() is Place.SOURCE
    person.answers("new")
    person.all_went_on()
    assert [told(one) for one in given] == [["new"]] * 3
    assert person.questions.empty()
