"""Settings where there are none to be had, and in a trial."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm_desktop.model.plan import Selection
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.progress import Event, KindsLeftOut, Phase, PhaseChanged
from omm_desktop.model.report import Fate, Grade, SettingResult
from omm_desktop.model.settings import SettingKind
from omm_desktop.store.history import History
from omm_desktop.store.ledger import Ledger
from omm_desktop.store.settings import SettingRow, Settings

from .test_death import INBOX, mail
from .world import World


def test_servers_without_settings_cost_nothing_but_them(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.selection = Selection(settings=frozenset(SettingKind))
    world.source.put(INBOX, mail(1))
    events: list[Event] = []
    world.on_event = events.append
    report, _ = world.run()
    assert report is not None
    assert (report.copied, report.grade) == (1, Grade.COMPLETE_WITH_NOTES)
    problem = Problem(ProblemId.SETTINGS_NOT_CARRIED, Place.SOURCE)
    assert report.settings == tuple(
        SettingResult(kind, "", Fate.UNSEEN, problem) for kind in sorted(SettingKind)
    )
    told = KindsLeftOut(tuple((kind, problem) for kind in sorted(SettingKind)))
    assert told in events[: events.index(PhaseChanged(Phase.COPYING))]


def test_without_a_word_about_them_there_is_no_such_phase(tmp_path: Path) -> None:
    world = World(tmp_path)
    phases: list[object] = []
    world.on_event = phases.append
    report, _ = world.run()
    assert report is not None
    assert (report.settings, PhaseChanged(Phase.SETTINGS) in phases) == ((), False)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(None)


def test_records_are_of_one_pair_and_one_kind(ledger: Ledger) -> None:
    a, b = ledger.account("a"), ledger.account("b")
    mine = Settings(ledger, a, b, SettingKind.RULES)
    row = SettingRow(b"1" * 16, "clients", False, 2, 7.5)
    mine.write(row)
    assert mine.rows() == {row.identity: row}
    for other in ((b, a, SettingKind.RULES), (a, b, SettingKind.OUT_OF_OFFICE)):
        assert Settings(ledger, *other).rows() == {}
    done = SettingRow(row.identity, "clients", True)
    mine.write(done)
    assert mine.rows() == {row.identity: done}
    mine.forget(row.identity)
    assert mine.rows() == {}
    ledger.close()


def test_forgetting_the_last_run_of_a_pair_forgets_its_settings(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.run()
    ledger = Ledger(world.path)
    history = History(ledger)
    (run,) = history.runs()
    with ledger.reading() as connection:
        pair = connection.execute("SELECT source, destination FROM run").fetchone()
    settings = Settings(ledger, *pair, SettingKind.RULES)
    settings.write(SettingRow(b"1" * 16, "clients", True))
    history.forget(run.id)
    assert settings.rows() == {}
    ledger.close()
