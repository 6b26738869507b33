"""From a mailbox at Gmail to one at OVHcloud, and again: seen, masked, taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.gui.filling import LETTER
from tests.gui.personal import leaks
from tests.servers.account import TestAccount
from tests.servers.mailbox import MailFolder, Message, Snapshot, compare, load, snapshot

from .conftest import OVH_DOMAIN, Computer
from .wizard import again, mask, to_the_last_look, told

RECEIVED = datetime(2019, 7, 14, 9, 30, tzinfo=UTC)
ALL, SENT, BIN = (("[Gmail]", name) for name in ("All Mail", "Sent Mail", "Bin"))
COUNTS = {("INBOX",): 12, ("Famille",): 3, ("Clients", "Été"): 4, SENT: 5}
PERSONAL = {"claire.moreau", OVH_DOMAIN, "Famille", "Clients", "Été", "Lettre"}


def letters(name: str, number: int) -> list[Message]:
    """Every other one was read."""
    return [
        Message(
            LETTER.format(f"{name} {n}").encode(), frozenset({b"\\Seen"} if n % 2 else ()), RECEIVED
        )
        for n in range(number)
    ]


@pytest.fixture
def old(gmail: TestAccount) -> TestAccount:
    """Every letter under its label, and once more where all of them are shown."""
    labelled = {path: letters(path[-1], number) for path, number in COUNTS.items()}
    everything = [one for found in labelled.values() for one in found]
    folders = [MailFolder(path, found) for path, found in labelled.items()]
    load(gmail, [*folders, MailFolder(ALL, everything), MailFolder(BIN, letters("Bin", 2))])
    return gmail


def filled(found: Snapshot) -> Snapshot:
    return {path: messages for path, messages in found.items() if messages}


def differences(old: Snapshot, new: TestAccount) -> list[str]:
    """Between what was to be copied and what is there."""
    wanted = {path: old[path] for path in COUNTS}
    return compare(wanted, filled(snapshot(new)), {SENT: ("Sent",)})


def test_there_and_again(computer: Computer, old: TestAccount, ovh: TestAccount) -> None:
    before = snapshot(old)
    with computer.start() as started:
        to_the_last_look(started.keyboard, old, ovh)
        assert not filled(snapshot(ovh))
        started.keyboard.enter()
        told(started.keyboard, copied=24)
    assert differences(before, ovh) == []
    assert compare(before, snapshot(old)) == []
    load(old, [MailFolder(("INBOX",), letters("Nouvelle", 1))])
    since = snapshot(old)
    with computer.start() as started:
        started.keyboard.wait_for("Vos copies")
        again(started.keyboard, old, ovh)
        told(started.keyboard, copied=1, present=24)
    assert differences(since, ovh) == []
    assert compare(since, snapshot(old)) == []


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
        told(keyboard, copied=24)
        again(keyboard, old, ovh)
        told(keyboard, copied=0, present=24)
        keyboard.open_menu("Plus", "Retirer ce qui a été copié")
        keyboard.wait_for("Retirer ce qui a été copié")
        assert keyboard.at == "Mot de passe de la nouvelle boîte"
        keyboard.type(ovh.password)
        keyboard.enter()
        assert keyboard.at == "Pour confirmer, tapez le nombre de messages : 24"
        assert keyboard.reads("Tapez 24 ici.")
        keyboard.type("24")
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
    assert len(there.pop(("Trash",))) == 24
    assert compare(mine, there) == []
    assert compare(before, snapshot(old)) == []
