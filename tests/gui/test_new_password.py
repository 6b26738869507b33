"""A password that is changed while a copy runs, and typed anew when the window asks for it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from omm_desktop.model.secret import Secret
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import compare, snapshot
from tests.servers.relay import Relay

from .filling import go_to_review
from .hands import Hands

CRAWL = 1_000


def _asked_midway(
    hands: Hands, window: Window, old: TestAccount, new: TestAccount, line: Relay, server: Dovecot
) -> TestAccount:
    """The password of the old mailbox changes in the middle of a copy; the old mailbox as it is."""
    go_to_review(hands, window, old.through(line.port), new)
    hands.enter()
    hands.wait_for(PageId.PROGRESS)
    migration = window.copying.migration
    assert migration is not None
    hands.until(lambda: migration.snapshot().items_done > 0)
    line.change(speed=CRAWL)
    changed = server.change_password(old, "another one")
    line.kill()
    hands.until(window.progress.answer.isVisible)
    return changed


def _type(hands: Hands, window: Window, password: str) -> None:
    hands.type_into(window.progress.answer.password.edit, password)
    hands.enter()


def _stop(hands: Hands, window: Window) -> None:
    hands.tab_to(window.progress.stop_button)
    hands.press(Qt.Key.Key_Space)
    hands.answer("Arrêter")
    hands.wait_for(PageId.RESULT)


def test_what_the_server_accepted_is_kept_for_the_resume(
    hands: Hands,
    window: Window,
    dovecot: Dovecot,
    heavy: TestAccount,
    slow_line: Relay,
    new_dovecot_user: NewUser,
) -> None:
    new = new_dovecot_user()
    changed = _asked_midway(hands, window, heavy, new, slow_line, dovecot)
    account = heavy.through(slow_line.port).as_account
    credentials = window.services.credentials
    _type(hands, window, "a wrong one")
    hands.until(lambda: not window.progress.answer.isVisible())
    hands.until(window.progress.answer.isVisible)
    assert credentials.recall(account) == Secret(heavy.password)
    _type(hands, window, changed.password)
    hands.until(lambda: credentials.recall(account) == Secret(changed.password))
    _stop(hands, window)
    assert window.draft.source.password == Secret(changed.password)
    assert window.draft.source.checked is not None
    slow_line.change(speed=None)
    hands.go_home()
    hands.resume()
    hands.wait_for(PageId.RESULT)
    assert window.result.headline.text() == "Tout est copié."
    assert compare(snapshot(changed), snapshot(new)) == []


@pytest.mark.parametrize("forget", [True, False])
def test_at_the_end_it_is_kept_only_where_the_person_wants_that(
    hands: Hands,
    window: Window,
    dovecot: Dovecot,
    heavy: TestAccount,
    slow_line: Relay,
    new_dovecot_user: NewUser,
    *,
    forget: bool,
) -> None:
    window.draft.options.forget_passwords = forget
    new = new_dovecot_user()
    changed = _asked_midway(hands, window, heavy, new, slow_line, dovecot)
    slow_line.change(speed=None)
    _type(hands, window, changed.password)
    hands.wait_for(PageId.RESULT)
    kept = Secret("" if forget else changed.password)
    account = heavy.through(slow_line.port).as_account
    assert (window.services.credentials.recall(account) or Secret("")) == kept
    assert window.draft.source.password == kept
