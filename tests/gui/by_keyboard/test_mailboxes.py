"""From a mailbox at Gmail to one at OVHcloud, and again: seen, masked, taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from omm_desktop.model.items import FolderPath
from tests.gui.filling import LETTER
from tests.gui.personal import leaks
from tests.servers.account import TestAccount
from tests.servers.gmail import ALL, BIN, SENT, STARRED, labelled
from tests.servers.mailbox import MailFolder, Message, Snapshot, compare, filled, load, snapshot

from .conftest import ORDINARY, OVH_DOMAIN, Computer
from .wizard import again, as_google_shows_it, mask, to_the_last_look, told

RECEIVED = datetime(2019, 7, 14, 9, 30, tzinfo=UTC)
INBOX, FAMILY, SUMMER = ("INBOX",), ("Famille",), ("Clients", "Été")
LABELS = {
    "Reçue": ([INBOX], 10),
    "Reçue de la famille": ([INBOX, FAMILY], 2),
    "Famille": ([FAMILY], 2),
    "Client": ([SUMMER], 3),
    "Client de la famille": ([FAMILY, SUMMER], 1),
    "Envoyée": ([SENT], 4),
    "Envoyée à la famille": ([SENT, FAMILY], 1),
    "Archivée": ([], 3),
}
SHOWN = {INBOX: 12, SENT: 5, SUMMER: 4, FAMILY: 6, ALL: 26, STARRED: 8, BIN: 2}
NUMBER = 26
ORDER = (INBOX, SENT, SUMMER, FAMILY, ALL)
"""A letter of several labels goes where the first of these is."""
ELSEWHERE = {SENT: ("Sent",), ALL: ("Archives",)}
PERSONAL = {"claire.moreau", OVH_DOMAIN, "Famille", "Clients", "Été", "Lettre"}


def letters(name: str, number: int) -> list[Message]:
    """Every other one was read, the first has a star."""
    marks = [{"\\Flagged"}, *([{"\\Seen"}, set()] * number)]
    return [
        Message(LETTER.format(f"{name} {n}").encode(), frozenset(marks[n]), RECEIVED)
        for n in range(number)
    ]


def received(name: str, labels: list[FolderPath], number: int) -> list[MailFolder]:
    return labelled((letter, labels) for letter in letters(name, number))


@pytest.fixture
def old(gmail: TestAccount) -> TestAccount:
    for name, (labels, number) in LABELS.items():
        load(gmail, received(name, labels, number))
    load(gmail, [MailFolder(BIN, letters("Bin", 2))])
    assert {path: len(found) for path, found in filled(snapshot(gmail)).items()} == SHOWN
    return gmail


def differences(old: Snapshot, new: TestAccount) -> list[str]:
    """Between what was to be copied, each letter once, and what is there."""
    seen: set[str] = set()
    wanted: Snapshot = {}
    for path in ORDER:
        wanted[path] = [letter for letter in old[path] if letter.sha256 not in seen]
        seen |= {letter.sha256 for letter in wanted[path]}
    return compare(wanted, filled(snapshot(new)), ELSEWHERE)


def test_there_and_again(computer: Computer, old: TestAccount, ovh: TestAccount) -> None:
    before = snapshot(old)
    with computer.start() as started:
        to_the_last_look(started.keyboard, old, ovh)
        assert not filled(snapshot(ovh))
        started.keyboard.enter()
        told(started.keyboard, copied=NUMBER)
    assert differences(before, ovh) == []
    assert compare(before, snapshot(old)) == []
    load(old, received("Nouvelle", [INBOX, FAMILY], 1))
    since = snapshot(old)
    with computer.start() as started:
        started.keyboard.wait_for("Vos copies")
        again(started.keyboard, old, ovh)
        told(started.keyboard, copied=1, present=NUMBER)
    assert differences(since, ovh) == []
    assert compare(since, snapshot(old)) == []


def test_other_labels_since_then_bring_nothing_again(
    computer: Computer, old: TestAccount, ovh: TestAccount
) -> None:
    with computer.start() as started:
        keyboard = started.keyboard
        to_the_last_look(keyboard, old, ovh)
        keyboard.enter()
        told(keyboard, copied=NUMBER)
        there = snapshot(ovh)
        with old.client() as client:
            client.select_folder("INBOX")
            client.delete_messages(client.search("ALL")[:4])
            client.expunge()
        load(old, [MailFolder(FAMILY, letters("Archivée", 3))])
        again(keyboard, old, ovh)
        keyboard.wait_for("Résultat de la copie")
        assert keyboard.reads("Tout est copié")
        assert keyboard.reads("Copiés\n0\n")
    assert snapshot(ovh) == there


def test_the_ordinary_password_is_refused_until_the_right_one(
    computer: Computer, gmail: TestAccount
) -> None:
    with computer.start() as started:
        keyboard = started.keyboard
        keyboard.wait_for("D’où viennent vos e-mails")
        keyboard.fill("Adresse e-mail", gmail.login)
        keyboard.fill("Mot de passe", ORDINARY)
        keyboard.enter()
        keyboard.wait_to_read("Code 11-02")
        assert keyboard.at == "Mot de passe"
        keyboard.fill("Mot de passe", as_google_shows_it(gmail.password))
        keyboard.enter()
        keyboard.wait_for("Où vont vos e-mails")


# Offscreen says so of a menu that opens.
@pytest.mark.qt_log_ignore("does not support raise", "does not support grabbing", extend=True)
def test_masked_and_taken_back(computer: Computer, old: TestAccount, ovh: TestAccount) -> None:
    load(ovh, [MailFolder(("Avant",), letters("Avant", 2))])
    before, mine = snapshot(old), filled(snapshot(ovh))
    seen: list[str] = []
    heard: list[str] = []
    with computer.start() as started:
        keyboard = started.keyboard
        started.window.announcer.announced.connect(heard.append)
        mask(keyboard)
        keyboard.after_step = lambda: seen.extend(leaks(PERSONAL, heard))
        to_the_last_look(keyboard, old, ovh)
        keyboard.enter()
        told(keyboard, copied=NUMBER)
        again(keyboard, old, ovh)
        told(keyboard, copied=0, present=NUMBER)
        keyboard.open_menu("Plus", "Retirer ce qui a été copié")
        keyboard.wait_for("Retirer ce qui a été copié")
        assert keyboard.at == "Mot de passe de la nouvelle boîte"
        keyboard.type(ovh.password)
        keyboard.enter()
        assert keyboard.at == "Pour confirmer, tapez le nombre de messages : 26"
        assert keyboard.reads("Tapez 26 ici.")
        keyboard.type("26")
        keyboard.enter()
        keyboard.wait_to_read("Tout ce que la copie avait apporté est retiré.")
        assert keyboard.at == "Terminer"
        keyboard.enter()
        keyboard.wait_for("Vos copies")
        assert keyboard.reads("· retirée le ")
        assert seen == []
        mask(keyboard)
        assert seen
    there = filled(snapshot(ovh))
    assert len(there.pop(("Trash",))) == NUMBER
    assert compare(mine, there) == []
    assert compare(before, snapshot(old)) == []
