"""A copy that stops midway: closed, refused, or without room; each goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.gui.filling import LETTER
from tests.servers.account import TestAccount
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot, DovecotOptions
from tests.servers.gmail import labelled
from tests.servers.mailbox import MailFolder, Message, compare, filled, load, snapshot
from tests.servers.relay import Relay

from .conftest import OVH_DOMAIN, Computer, Map, Started
from .keyboard import Key, Keyboard
from .wizard import again, through_the_options, to_the_last_look, told

NUMBER, SIZE, SPEED, CRAWL = 30, 150_000, 400_000, 1_000
OTHERS = ("Autres",)
AFTERWARDS = ("Reprendre", "Mettre en pause", "Terminer")
"""Where the focus is once the person has answered; the copy may be quicker than the eye."""


@pytest.fixture
def old(gmail: TestAccount) -> TestAccount:
    """Several batches, each of a second or more over the slow line."""
    load(gmail, labelled((letter, [("INBOX",)]) for letter in letters()))
    return gmail


def letters() -> list[Message]:
    bodies = [LETTER.format(n).encode() + b"x" * 70 * (SIZE // 70) for n in range(NUMBER)]
    return list(map(Message, bodies))


@pytest.fixture
def old_with_sizes(
    here: Map, start_dovecot: Callable[[DovecotOptions], Dovecot], authority: Authority
) -> TestAccount:
    """The same letters where each folder tells its size, which Gmail's do not."""
    server = start_dovecot(DovecotOptions(certificate=authority.good()))
    here.gmail_port = server.tls_port
    account = server.add_user("claire.moreau@gmail.com", "abcdefghijklmnop")
    load(account, [MailFolder(("INBOX",), letters())])
    return account


@pytest.fixture
def small(ovh_server: Dovecot) -> TestAccount:
    return ovh_server.add_user(f"petit@{OVH_DOMAIN}", "secret", quota_kib=2_000)


@pytest.fixture
def line(here: Map) -> Iterator[Relay]:
    """The slow line to the old mailbox."""
    with Relay(here.gmail.tls_port, speed=SPEED) as relay:
        here.gmail_port = relay.port
        yield relay


def halfway(started: Started, line: Relay) -> None:
    """Start the copy; when some of it is done and most is not, the line hardly gives any more."""
    keyboard, copying = started.keyboard, started.window.copying
    keyboard.enter()
    assert keyboard.at == "Mettre en pause"
    migration = copying.migration
    assert migration is not None
    keyboard.until(lambda: migration.snapshot().items_done > 0)
    line.change(speed=CRAWL)
    assert migration.snapshot().items_done < NUMBER


def nothing_lost_nothing_doubled(old: TestAccount, new: TestAccount) -> None:
    letters = {("INBOX",): snapshot(old)["INBOX",]}
    assert len(letters["INBOX",]) == NUMBER
    assert compare(letters, filled(snapshot(new))) == []


def test_closed_and_started_anew(
    computer: Computer, old: TestAccount, ovh: TestAccount, line: Relay
) -> None:
    before = snapshot(old)
    with computer.start() as started:
        keyboard = started.keyboard
        to_the_last_look(keyboard, old, ovh)
        halfway(started, line)
        keyboard.shortcut(Key.Key_Q)
        keyboard.answer("Arrêter et quitter", "La copie n’est pas terminée.")
        keyboard.until(lambda: not started.window.copying.is_running)
    line.change(speed=None)
    arrived = len(snapshot(ovh)["INBOX",])
    assert 0 < arrived < NUMBER
    with computer.start() as started:
        keyboard = started.keyboard
        keyboard.wait_for("Vos copies")
        keyboard.until(lambda: keyboard.reads(f"s’est arrêtée à {arrived} message"))
        assert keyboard.at.startswith("Reprendre")
        again(keyboard, old, ovh)
        told(keyboard, copied=NUMBER - arrived, present=arrived)
        nothing_lost_nothing_doubled(old, ovh)
        again(keyboard, old, ovh)
        told(keyboard, copied=0, present=NUMBER)
    nothing_lost_nothing_doubled(old, ovh)
    assert compare(before, snapshot(old)) == []


def test_the_password_changes_halfway(
    computer: Computer, here: Map, old: TestAccount, ovh: TestAccount, line: Relay
) -> None:
    before = snapshot(old)
    with computer.start() as started:
        keyboard = started.keyboard
        to_the_last_look(keyboard, old, ovh)
        halfway(started, line)
        old = here.gmail.change_password(old, "ponmlkjihgfedcba")
        line.kill()
        line.change(speed=None)
        keyboard.wait_for("Votre réponse est attendue")
        assert keyboard.reads("Le serveur refuse l’adresse ou le mot de passe.")
        assert keyboard.reads("Code 11-01")
        assert keyboard.at == "Mot de passe de l’ancienne boîte"
        keyboard.type(old.password)
        keyboard.enter()
        assert keyboard.at in AFTERWARDS
        told(keyboard, copied=NUMBER)
        nothing_lost_nothing_doubled(old, ovh)
        again(keyboard, old, ovh)
        told(keyboard, copied=0, present=NUMBER)
    nothing_lost_nothing_doubled(old, ovh)
    assert compare(before, snapshot(old)) == []


def test_without_room_before_the_start(
    computer: Computer, old_with_sizes: TestAccount, ovh_server: Dovecot, small: TestAccount
) -> None:
    with computer.start() as started:
        keyboard = started.keyboard
        to_the_last_look(keyboard, old_with_sizes, small, "Il manque de la place")
        keyboard.enter()
        assert is_told_full(keyboard)
        ovh_server.change_quota(small, 7_000)
        keyboard.choose("Vérifier de nouveau la nouvelle boîte")
        keyboard.wait_for("Où vont vos e-mails")
        assert keyboard.at == "Mot de passe"
        keyboard.enter()
        through_the_options(keyboard)
        assert not keyboard.reads("Code 26-01")
        assert not any(snapshot(small).values())
        keyboard.enter()
        told(keyboard, copied=NUMBER)
    nothing_lost_nothing_doubled(old_with_sizes, small)


def test_without_room_once_counted_and_again_halfway(
    computer: Computer, old: TestAccount, ovh_server: Dovecot, small: TestAccount, line: Relay
) -> None:
    before = snapshot(old)
    with computer.start() as started:
        keyboard = started.keyboard
        to_the_last_look(keyboard, old, small)
        keyboard.enter()
        keyboard.wait_to_read("La copie n’a pas pu démarrer.")
        assert is_told_full(keyboard)
        assert not any(snapshot(small).values())
        ovh_server.change_quota(small, 7_000)
        assert keyboard.at == "Reprendre la copie"
        halfway(started, line)
        others = Message(b"Subject: autre\r\n\r\n" + b"y" * 70_000)
        assert load(small, [MailFolder(OTHERS, [others] * 120)])
        line.change(speed=None)
        keyboard.wait_for("Votre réponse est attendue")
        assert is_told_full(keyboard)
        assert keyboard.at == "Continuer"
        with small.client() as client:
            client.delete_folder(f"INBOX.{OTHERS[0]}")
        keyboard.enter()
        assert keyboard.at in AFTERWARDS
        told(keyboard, copied=NUMBER)
        nothing_lost_nothing_doubled(old, small)
        again(keyboard, old, small)
        told(keyboard, copied=0, present=NUMBER)
    nothing_lost_nothing_doubled(old, small)
    assert compare(before, snapshot(old)) == []


def is_told_full(keyboard: Keyboard) -> bool:
    remedy = "Augmentez sa taille ou choisissez moins de dossiers, puis reprenez."
    return all(map(keyboard.reads, ("La nouvelle boîte est pleine.", remedy, "Code 26-01")))
