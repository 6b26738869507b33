"""One ledger, and who may copy into a mailbox at one time."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from omm_desktop import app, paths
from omm_desktop.copies import Copies
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.disk import disk_problem
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import CannotGoOn, ProblemId
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.store.history import History
from omm_desktop.store.lock import Lock
from omm_desktop.support.redact import Redactor


def account(name: str) -> Account:
    return Account(EndpointKind.IMAP, name, Server("127.0.0.1", 143, Security.NONE))


def test_records_that_cannot_be_written_are_not_called_in_use(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CannotGoOn) as raised:
        Copies(Redactor(), tmp_path / "file" / "state")
    assert raised.value.problem.id is ProblemId.RECORDS_REFUSED
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(CannotGoOn) as raised:
        Copies(Redactor(), tmp_path)
    assert raised.value.problem.id is ProblemId.RECORDS_REFUSED


@pytest.fixture
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer on which the program's own folders cannot be made."""
    (tmp_path / "file").write_text("in the way")
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "file"))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell these folders elsewhere")
def test_a_home_that_takes_no_folder_is_named_and_never_a_traceback(
    no_home: None, tmp_path: Path
) -> None:
    with pytest.raises(CannotGoOn) as raised:
        Copies(Redactor())
    assert raised.value.problem.id is ProblemId.RECORDS_REFUSED
    copies = Copies(Redactor(), tmp_path)
    plan, secrets = MigrationPlan(account("a"), account("b")), Secrets(Secret("a"), Secret("b"))
    with pytest.raises(CannotGoOn) as raised:
        copies.open(plan, secrets, attended=False)
    assert raised.value.problem.id is ProblemId.RECORDS_REFUSED
    copies.close()
    assert app.forget_passwords() == 1


def test_a_lock_that_cannot_be_written_is_not_called_taken(tmp_path: Path) -> None:
    with Lock(tmp_path, "one"):
        (file,) = tmp_path.glob("*.lock")
    file.unlink()
    file.mkdir()
    with pytest.raises(CannotGoOn) as raised:
        Lock(tmp_path, "one")
    assert raised.value.problem.id is ProblemId.RECORDS_REFUSED


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (errno.ENOSPC, ProblemId.DISK_FULL),
        (errno.EDQUOT, ProblemId.DISK_FULL),
        (errno.ENOENT, ProblemId.PLACE_MISSING),
        (errno.EACCES, ProblemId.PLACE_REFUSED),
        (errno.EROFS, ProblemId.PLACE_REFUSED),
        (errno.EIO, ProblemId.PLACE_REFUSED),
    ],
)
def test_what_the_system_says_of_its_disk(number: int, problem: ProblemId) -> None:
    told = disk_problem(OSError(number, os.strerror(number), "rapport.html"))
    assert (told.id, told.subject) == (problem, "rapport.html")


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


def test_a_new_password_stays_out_of_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "user_data", lambda: tmp_path)
    plan = MigrationPlan(account("old"), account("new"))
    redactor = Redactor()
    copies = Copies(redactor)
    migration = copies.open(plan, Secrets(Secret("a"), Secret("b")), attended=True)
    migration.stop()
    migration.answer(Secret("typed anew"))
    number = migration.run().run
    undo = copies.open_undo(number, Secret("c"), attended=True)
    undo.answer(Secret("typed once more"))
    said = "typed anew, typed once more"
    assert "typed" not in redactor.clean(said)
    undo.stop()
    undo.run()
    copies.close()
