"""One ledger, and who may copy into a mailbox at one time."""

from __future__ import annotations

from pathlib import Path

import pytest

from omm_desktop import paths
from omm_desktop.copies import Copies
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import CannotGoOn, ProblemId
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.store.history import History
from omm_desktop.support.redact import Redactor


def account(name: str) -> Account:
    return Account(EndpointKind.IMAP, name, Server("127.0.0.1", 143, Security.NONE))


def test_a_copy_that_may_not_begin_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "user_data", lambda: tmp_path)
    plan = MigrationPlan(account("old"), account("new"))
    secrets = Secrets(Secret("a"), Secret("b"))
    first, second = Copies(Redactor(), tmp_path / "one"), Copies(Redactor(), tmp_path / "two")
    migration = first.open(plan, secrets, attended=False)
    with pytest.raises(CannotGoOn) as raised:
        second.open(plan, secrets, attended=False)
    assert raised.value.problem.id is ProblemId.RECORDS_IN_USE
    assert History(second.ledger).runs() == []
    migration.stop()
    migration.run()
    assert second.open(plan, secrets, attended=False).number == 1
    first.close()
    second.close()
