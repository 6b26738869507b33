"""What the first page would have one do next."""

from __future__ import annotations

import pytest

from omm_desktop.copies import Copies
from omm_desktop.model.account import Account
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.report import Grade
from omm_desktop.store import report_json
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

from .copy_scenes import report
from .hands import Hands
from .mailboxes import NEW, OLD


def copied(copies: Copies, source: Account, destination: Account, grade: Grade | None) -> None:
    """A copy of the past; without a grade it was cut off."""
    ledger, plan = copies.ledger, MigrationPlan(source, destination)
    ends = [ledger.account(account.identity) for account in (source, destination)]
    run = ledger.begin_run(plan, *ends, 1.7e9)
    if grade is not None:
        ledger.end_run(run, 1.7e9, grade, report_json.to_json(report(grade)))


@pytest.fixture
def gone_on_with(copies: Copies) -> None:
    copied(copies, OLD, NEW, None)
    copied(copies, OLD, NEW, Grade.COMPLETE)


@pytest.fixture
def beside_another(copies: Copies) -> None:
    copied(copies, OLD, NEW, None)
    copied(copies, NEW, OLD, Grade.COMPLETE)


def leading(window: Window) -> list[bool]:
    return [copy.again.objectName() == "main" for copy in window.home.copies]


@pytest.mark.usefixtures("gone_on_with")
def test_a_copy_that_was_gone_on_with_and_ended_well_leads_no_more(
    request: pytest.FixtureRequest, hands: Hands
) -> None:
    window = request.getfixturevalue("window")
    hands.wait_for(PageId.HOME)
    assert leading(window) == [False, False]
    assert window.main_button.property("leads") == "true"


@pytest.mark.usefixtures("beside_another")
def test_one_that_is_not_finished_leads_whatever_else_ended(
    request: pytest.FixtureRequest, hands: Hands
) -> None:
    window = request.getfixturevalue("window")
    hands.wait_for(PageId.HOME)
    assert leading(window) == [False, True]
    assert window.main_button.property("leads") == "false"
