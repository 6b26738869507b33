"""A copy that stops midway: closed, refused, or full; each goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from imapclient.exceptions import LoginError

from tests.gui.filling import LETTER
from tests.servers.account import TestAccount
from tests.servers.dovecot import Dovecot
from tests.servers.mailbox import MailFolder, Message, compare, load, snapshot
from tests.servers.relay import Relay

from .conftest import Computer, Map, Started
from .keyboard import Key, Keyboard
from .test_mailboxes import to_the_last_look

NUMBER, SIZE, SPEED = 16, 150_000, 400_000


@pytest.fixture
def old(gmail: TestAccount) -> TestAccount:
    """More than one batch, each of a second or more over the slow line."""
    bodies = [LETTER.format(n).encode() + b"x" * 70 * (SIZE // 70) for n in range(NUMBER)]
    load(gmail, [MailFolder(("INBOX",), [Message(body) for body in bodies])])
    return gmail


@pytest.fixture
def line(here: Map) -> Iterator[Relay]:
    """The slow line to the old mailbox."""
    with Relay(here.gmail.tls_port, speed=SPEED) as relay:
        here.gmail_port = relay.port
        yield relay


def paused_midway(started: Started, old: TestAccount, new: TestAccount, line: Relay) -> None:
    keyboard = started.keyboard
    to_the_last_look(keyboard, old, new)
    keyboard.enter()
    migration = started.window.copying.migration
    assert migration is not None
    keyboard.until(lambda: migration.snapshot().items_done > 0)
    keyboard.shortcut(Key.Key_P)
    keyboard.wait_for("En pause")
    assert migration.snapshot().items_done < NUMBER
    line.change(speed=None)


def copied(keyboard: Keyboard) -> None:
    keyboard.wait_for("Résultat de la copie")
    assert keyboard.reads("Tout est copié.")
    assert keyboard.at == "Terminer"


def test_closed_and_started_anew(
    computer: Computer, here: Map, old: TestAccount, ovh: TestAccount, line: Relay
) -> None:
    computer.map, before = here, snapshot(old)
    with computer.start() as started:
        keyboard = started.keyboard
        paused_midway(started, old, ovh, line)
        keyboard.shortcut(Key.Key_Q)
        keyboard.answer("Arrêter et quitter", "La copie n’est pas terminée.")
        keyboard.until(lambda: not started.window.isVisible())
        print("CLOSED", started.window.copying.is_running)
    with computer.start() as started:
        keyboard = started.keyboard
        keyboard.wait_for("Vos copies")
        assert keyboard.reads("s’est arrêtée à")
        assert keyboard.at.startswith("Reprendre")
        keyboard.enter()
        keyboard.wait_for("D’où viennent")
        print("AT", keyboard.at)
        keyboard.fill("Mot de passe", old.password)
        keyboard.enter()
        keyboard.wait_for("Où vont")
        print("AT", keyboard.at)
        keyboard.fill("Mot de passe", ovh.password)
        keyboard.enter()
        keyboard.wait_for("Résultat de la copie")
        print(snapshot(ovh))
        keyboard.wait_for("X")


def test_the_password_changes_halfway(
    computer: Computer, here: Map, old: TestAccount, ovh: TestAccount, line: Relay
) -> None:
    computer.map, before = here, snapshot(old)
    with computer.start() as started:
        keyboard = started.keyboard
        paused_midway(started, old, ovh, line)
        here.gmail.change_password(old, "ponmlkjihgfedcba")
        line.kill()
        keyboard.shortcut(Key.Key_P)
        keyboard.wait_to_read("Code 11-0")
        print("AT", keyboard.at)
        keyboard.type("faux")
        keyboard.enter()
        print("AT", keyboard.at)
        keyboard.wait_to_read("Code 11-0")
        keyboard.type("ponmlkjihgfedcba")
        keyboard.enter()
        print("AT", keyboard.at)
        keyboard.wait_for("Résultat de la copie")
        keyboard.wait_for("X")


def test_the_new_mailbox_is_full_halfway(
    computer: Computer, here: Map, old: TestAccount, ovh_server: Dovecot, line: Relay
) -> None:
    computer.map, before = here, snapshot(old)
    small = ovh_server.add_user("petit@exemple.fr", "secret", quota_kib=4_000)
    with computer.start() as started:
        keyboard = started.keyboard
        paused_midway(started, old, small, line)
        others = [Message(b"Subject: autre\r\n\r\n" + b"y" * 50_000)] * 80
        print("REFUSED", len(load(small, [MailFolder(("Autres",), others)])))
        keyboard.shortcut(Key.Key_P)
        keyboard.wait_to_read("Code 26-01")
        print("AT", keyboard.at, keyboard._window.windowTitle())
        with small.client() as client:
            client.delete_folder("INBOX.Autres")
        keyboard.enter()
        keyboard.wait_for("Résultat de la copie")
        print("AT", keyboard.at, keyboard._window.windowTitle())
        keyboard.wait_for("X")
