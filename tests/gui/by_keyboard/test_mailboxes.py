"""From a mailbox at Gmail to one at OVHcloud, and again: seen, masked, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from omm_desktop.store.credentials import Credentials
from tests.gui.filling import LETTER
from tests.gui.personal import leaks
from tests.servers.account import TestAccount
from tests.servers.mailbox import MailFolder, Message, compare, load, snapshot

from .conftest import OVH_DOMAIN, Computer, Map
from .keyboard import Key, Keyboard

RECEIVED = datetime(2019, 7, 14, 9, 30, tzinfo=UTC)
ALL, SENT, BIN = (("[Gmail]", name) for name in ("All Mail", "Sent Mail", "Bin"))
COUNTS = {("INBOX",): 12, ("Famille",): 3, ("Clients", "Été"): 4, SENT: 5}
PERSONAL = {"claire.moreau", OVH_DOMAIN, "Famille", "Clients", "Été", "Lettre"}


def letters(path: tuple[str, ...], number: int) -> list[Message]:
    return [
        Message(LETTER.format(f"{path[-1]} {n}").encode(), frozenset({b"\\Seen"}), RECEIVED)
        for n in range(number)
    ]


@pytest.fixture
def old(gmail: TestAccount) -> TestAccount:
    """Every letter under its label, and once more where all of them are shown."""
    labelled = {path: letters(path, number) for path, number in COUNTS.items()}
    everything = [one for found in labelled.values() for one in found]
    folders = [MailFolder(path, found) for path, found in labelled.items()]
    load(gmail, [*folders, MailFolder(ALL, everything), MailFolder(BIN, letters(BIN, 2))])
    return gmail


def to_the_last_look(keyboard: Keyboard, old: TestAccount, new: TestAccount) -> None:
    """From the first page to what will happen."""
    keyboard.wait_for("D’où viennent vos e-mails")
    assert keyboard.at == "Adresse e-mail"
    keyboard.fill("Adresse e-mail", old.login)
    assert keyboard.reads("Gmail demande un mot de passe d’application")
    keyboard.fill("Mot de passe", "abcd efgh ijkl mnop")
    keyboard.enter()
    keyboard.wait_for("Où vont vos e-mails")
    assert keyboard.at == "Adresse e-mail"
    keyboard.fill("Adresse e-mail", new.login)
    keyboard.fill("Mot de passe", new.password)
    keyboard.wait_to_read("ce fournisseur reçoit le courrier du domaine")
    keyboard.enter()
    keyboard.wait_for("Que voulez-vous copier")
    keyboard.enter()
    keyboard.wait_for("Tout est prêt")
    assert keyboard.at == "Démarrer la copie"


def copied(keyboard: Keyboard) -> None:
    keyboard.wait_for("Résultat de la copie")
    assert keyboard.reads("Tout est copié, avec 1 remarque.")
    assert keyboard.at == "Terminer"


def test_there_and_again(computer: Computer, here: Map, old: TestAccount, ovh: TestAccount) -> None:
    computer.map = here
    before, taken = snapshot(old), {path: path for path in COUNTS} | {SENT: ("Sent",)}
    with computer.start() as started:
        keyboard = started.keyboard
        to_the_last_look(keyboard, old, ovh)
        assert not any(snapshot(ovh).values())
        keyboard.enter()
        copied(keyboard)
        keyboard.enter()
        keyboard.wait_for("Vos copies")
    wanted = {path: found for path, found in before.items() if path in taken}
    print(compare(wanted, snapshot(ovh), taken))
    load(old, [MailFolder(("INBOX",), letters(("Nouvelle",), 1))])
    with computer.start() as started:
        keyboard = started.keyboard
        keyboard.wait_for("Vos copies")
        assert keyboard.at.startswith("Copier les nouveaux messages")
        keyboard.enter()
        keyboard.wait_for("D’où viennent")
        print("AT", keyboard.at, started.window.announcer)
        keyboard.fill("Mot de passe", "abcd efgh ijkl mnop")
        keyboard.enter()
        keyboard.wait_for("Où vont")
        print("AT", keyboard.at)
        keyboard.fill("Mot de passe", ovh.password)
        keyboard.enter()
        copied(keyboard)
        print("AT", keyboard.at)
        keyboard.wait_for("X")


def test_masked_and_taken_back(
    computer: Computer, here: Map, old: TestAccount, ovh: TestAccount
) -> None:
    computer.map = here
    load(ovh, [MailFolder(("Avant",), letters(("Déjà",), 2))])
    before = snapshot(ovh)
    with computer.start() as started:
        keyboard, heard = started.keyboard, list[str]()
        started.window.announcer.announced.connect(heard.append)
        keyboard.shortcut(Key.Key_M)
        told: list[str] = []
        keyboard.after_step = lambda: told.extend(leaks(PERSONAL, heard))
        to_the_last_look(keyboard, old, ovh)
        keyboard.enter()
        copied(keyboard)
        keyboard.enter()
        keyboard.wait_for("Vos copies")
        keyboard.open_menu("Plus", "Retirer ce qui a été copié")
        keyboard.wait_for("Retirer ce qui a été copié")
        print(told)
        print("AT", keyboard.at)
        keyboard.fill("Mot de passe de la nouvelle boîte", ovh.password)
        keyboard.fill("Pour confirmer", "24")
        keyboard.enter()
        keyboard.wait_to_read("Tout ce que la copie")
        print("AT", keyboard.at, snapshot(ovh))
        keyboard.enter()
        keyboard.wait_for("Vos copies")
        print(told)
        keyboard.wait_for("X")
