"""A plan that somebody prepared, opened in the window: only the passwords are still to be typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from omm_desktop.ui.window import Window
from omm_desktop.wizard.flow import PageId
from tests.servers.account import TestAccount
from tests.servers.fixtures import NewUser
from tests.servers.mailbox import MailFolder, Message, load, snapshot

from .by_keyboard.keyboard import Key, Keyboard
from .copy_scenes import copy_showing
from .filling import LETTER

FOLDERS = ("INBOX", "Clients/2019", "Clients/2020", "Privé")
WANTED = {("INBOX",): 2, ("Clients", "2019"): 2, ("Clients", "2020"): 2}


@pytest.fixture
def keyboard(qtbot: QtBot, window: Window) -> Keyboard:
    return Keyboard(qtbot, window)


@pytest.fixture
def old(new_dovecot_user: NewUser) -> TestAccount:
    account = new_dovecot_user()
    messages = [Message(LETTER.format(number).encode()) for number in range(2)]
    load(account, [MailFolder(tuple(name.split("/")), messages) for name in FOLDERS])
    return account


@pytest.fixture
def new(new_dovecot_user: NewUser) -> TestAccount:
    return new_dovecot_user()


@pytest.fixture
def plan(old: TestAccount, new: TestAccount, tmp_path: Path) -> Path:
    sides = "".join(
        f'[{side}]\nkind = "imap"\nhost = "{account.host}"\nport = {account.port}\n'
        f'security = "none"\nlogin = {json.dumps(account.login)}\n'
        for side, account in (("source", old), ("destination", new))
    )
    file = tmp_path / "Plan de Zoé.toml"
    file.write_text(f'{sides}[options]\ninclude = ["inbox", "Clients/*"]\n', "utf-8")
    return file


def test_passwords_the_last_look_and_the_copy(
    keyboard: Keyboard, window: Window, plan: Path, old: TestAccount, new: TestAccount
) -> None:
    keyboard.shortcut(Key.Key_O)
    keyboard.name_files(plan)
    keyboard.until(lambda: window.source.account.login == old.login)
    assert window.current_page_id is PageId.SOURCE
    keyboard.until(lambda: keyboard.at == "Mot de passe")
    keyboard.type(old.password)
    keyboard.enter()
    keyboard.wait_for("Où vont vos e-mails")
    assert keyboard.at == "Mot de passe"
    keyboard.type(new.password)
    keyboard.enter()
    keyboard.wait_for("Tout est prêt")
    assert keyboard.reads("Seuls les dossiers choisis sont copiés.")
    assert not any(snapshot(new).values())
    keyboard.enter()
    keyboard.wait_for("Résultat de la copie")
    assert keyboard.reads("Tout est copié")
    arrived = {path: len(mail) for path, mail in snapshot(new).items() if mail}
    assert arrived == WANTED


def test_the_folders_it_means_are_ticked_once_they_are_looked_at(
    keyboard: Keyboard, window: Window, plan: Path, old: TestAccount, new: TestAccount
) -> None:
    window.plan_opening.open(plan)
    keyboard.until(lambda: keyboard.at == "Mot de passe")
    keyboard.type(old.password)
    keyboard.enter()
    keyboard.wait_for("Où vont vos e-mails")
    keyboard.type(new.password)
    keyboard.enter()
    keyboard.wait_for("Tout est prêt")
    keyboard.choose("Retour")
    keyboard.wait_for("Que voulez-vous copier")
    assert window.draft.options.chosen == {"INBOX", "Clients/2019", "Clients/2020"}


def test_what_is_wrong_in_it_is_told_by_its_field(
    keyboard: Keyboard, window: Window, plan: Path
) -> None:
    plan.write_text(plan.read_text("utf-8").replace('"imap"', '"imac"', 1), "utf-8")
    window.plan_opening.open(plan)
    assert window.panel.code.text() == "Code 48-03"
    assert window.panel.remedy.text().startswith("source.kind – ")
    assert "imap, pop3" in window.panel.remedy.text()
    assert window.current_page_id is PageId.SOURCE
    assert not window.draft.source.login


def test_its_path_is_masked(keyboard: Keyboard, window: Window, plan: Path) -> None:
    plan.write_bytes(b"\xff\xfe\x00")
    window.plan_opening.open(plan)
    assert plan.name in window.panel.remedy.text()
    keyboard.shortcut(Key.Key_M)
    assert window.panel.code.text() == "Code 48-03"
    assert not keyboard.reads(plan.name)
    keyboard.shortcut(Key.Key_M)


def test_a_copy_under_way_is_not_disturbed(keyboard: Keyboard, window: Window, plan: Path) -> None:
    copy = copy_showing(window)
    window.plan_opening.open(plan)
    keyboard.answer("Continuer", "Une copie est en cours.")
    assert window.current_page_id is PageId.PROGRESS
    assert copy.asked == []


def test_the_field_that_waits_is_seen_whole(
    keyboard: Keyboard, window: Window, tmp_path: Path
) -> None:
    side = 'kind = "imap"\nport = 993\nsecurity = "tls"\n'
    file = tmp_path / "plan.toml"
    file.write_text(
        f'[source]\n{side}host = "imap.gmail.com"\nlogin = "claire@gmail.com"\n'
        f'[destination]\n{side}host = "imap.exemple.fr"\nlogin = "claire@exemple.fr"\n',
        "utf-8",
    )
    window.resize(900, 640)
    window.plan_opening.open(file)
    keyboard.until(lambda: keyboard.at == "Mot de passe")
    assert keyboard.reads("Gmail demande un mot de passe d’application")
    page, field = window.source, keyboard.focused
    seen = page.viewport().rect()
    keyboard.until(
        lambda: seen.contains(field.rect().translated(field.mapTo(page.viewport(), QPoint())))
    )
