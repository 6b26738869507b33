"""A copy planned for later, and mails about it, set by keyboard on the page of options."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt

from omm_desktop.copies import Copies
from omm_desktop.model.account import Security, Server
from omm_desktop.model.plan import MigrationPlan, Notices, Options
from omm_desktop.model.progress import Phase
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId

from .copy_scenes import copy_showing
from .hands import Hands
from .mailboxes import NEW, OLD, PASSWORD, open_page


def test_a_planned_copy_is_called_off_and_set_anew(window: Window, hands: Hands) -> None:
    open_page(window, PageId.OPTIONS)
    hands.tab_to(window.options.start_later.box)
    hands.press(Qt.Key.Key_Space)
    planned = window.draft.plan().options.start_at
    now = datetime.now().astimezone()
    assert planned is not None
    assert now < planned < now + timedelta(days=1)
    copy = copy_showing(
        window, phase=Phase.SCHEDULED, folders=(), items_total=0, starts_at=planned.timestamp()
    )
    assert "La copie commence" in window.progress.waiting.text()
    hands.until(lambda: not window.progress.pause_button.isVisible())
    hands.tab_to(window.progress.stop_button)
    hands.press(Qt.Key.Key_Space)
    hands.answer("Arrêter")
    hands.wait_for(PageId.REVIEW)
    assert copy.started[0][0].options.start_at == planned


@pytest.fixture
def planned(copies: Copies) -> MigrationPlan:
    """A copy of tomorrow; the program was closed before, and knows no password."""
    tomorrow = datetime.now().astimezone().replace(microsecond=0) + timedelta(days=1)
    plan = MigrationPlan(OLD, NEW, options=Options(start_at=tomorrow))
    waiting = copies.open(plan, Secrets(PASSWORD, PASSWORD), attended=True)
    waiting.stop()
    waiting.run()
    return plan


def test_a_planned_copy_is_kept_until_another_has_taken_its_place(
    planned: MigrationPlan, window: Window, hands: Hands
) -> None:
    hands.wait_for(PageId.SOURCE)
    (kept,) = window.services.history.runs()
    assert kept.plan == planned
    window.draft.source.prefill(OLD, PASSWORD)
    window.draft.destination.prefill(NEW, PASSWORD)
    window.result.retry_wanted.emit()
    hands.wait_for(PageId.PROGRESS)
    hands.until(lambda: len(window.services.history.listed()) == 1)
    (waiting,) = window.services.history.runs()
    assert waiting.id != kept.id
    assert waiting.plan.options.start_at == planned.options.start_at


def test_a_mail_is_tried_with_what_is_typed(window: Window, hands: Hands) -> None:
    open_page(window, PageId.OPTIONS)
    notice, tried = window.options.mail_notice, []

    def send(notices: Notices, secret: Secret) -> None:
        tried.append((notices, secret))

    notice._send = send
    assert not notice.trial.isVisible()
    hands.type_into(notice.address, "claire@ailleurs.exemple")
    hands.tab_to(notice.trial)
    hands.press(Qt.Key.Key_Space)
    assert tried == []
    assert window.focusWidget() is notice.host
    hands.type_into(notice.host, "smtp.exemple.com")
    hands.tab_to(notice.trial)
    hands.press(Qt.Key.Key_Space)
    hands.until(lambda: notice.outcome.text() == "✓  L’e-mail est parti.")
    server = Server("smtp.exemple.com", 465, Security.TLS)
    wanted = Notices("claire@ailleurs.exemple", server, NEW.login, NEW.address)
    assert tried == [(wanted, PASSWORD)]
    assert window.draft.plan().notices == wanted
    window.use_language("en")
    assert notice.outcome.text() == "✓  The mail has gone out."


def test_where_the_provider_is_known_no_server_is_asked(window: Window, hands: Hands) -> None:
    open_page(window, PageId.OPTIONS)
    gmail = replace(NEW, server=Server("imap.gmail.com", 993, Security.TLS))
    window.draft.destination.prefill(gmail, PASSWORD)
    hands.type_into(window.options.mail_notice.address, "claire@ailleurs.exemple")
    assert not window.options.mail_notice.host.isVisible()
    notices = window.draft.plan().notices
    assert notices is not None
    assert notices.server.host == "smtp.gmail.com"
