"""Mails about a copy never stand in its way, whatever becomes of them."""

from __future__ import annotations

import socket

import pytest

from omm_desktop import notices
from omm_desktop.model.account import Security, Server
from omm_desktop.model.plan import Notices
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.progress import Phase, PhaseChanged
from omm_desktop.model.report import Grade
from omm_desktop.model.secret import Secret
from omm_desktop.notices import NoticeMails
from tests.unit.reports import report

HERE = "127.0.0.1"


def mails_through(port: int, address: str) -> NoticeMails:
    server = Server(HERE, port, Security.NONE)
    return NoticeMails(Notices(address, server, "claire", "claire@exemple.com"), Secret("x"))


def test_whoever_stops_a_copy_does_not_wait_for_a_silent_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notices, "STOP_SECONDS", 0.1)
    with socket.create_server((HERE, 0)) as silent:
        mails = mails_through(silent.getsockname()[1], "ailleurs@exemple.net")
        note = mails.conclude(report(Grade.INTERRUPTED))
    assert note is not None
    assert note.problem.id is ProblemId.NOTICE_NOT_SENT
    assert note.problem.detail == "no answer in time"


def test_a_letter_that_cannot_be_written_costs_the_copy_nothing() -> None:
    mails = mails_through(9, "ailleurs@exemple.net\nBcc: autre@exemple.net")
    mails.tell(PhaseChanged(Phase.COUNTING))
    note = mails.conclude(report(Grade.COMPLETE))
    assert note is not None
    assert note.problem.id is ProblemId.NOTICE_NOT_SENT
