"""Files of Outlook, a calendar and contacts, brought to Exchange, and again."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.contract.entries import calendar, card
from tests.gui.test_real_exchange import ANNA
from tests.pst.collection import unpacked_files
from tests.servers.ews import EwsServer
from tests.servers.ews.holding import holding_of
from tests.servers.ews.reached import mailbox_of as reached

from .conftest import Computer
from .keyboard import Key, Keyboard

ALL = "14 messages, 4 contacts, 2 événements"
OUTLOOK = "Aspose.Email-for-.NET__Outlook.pst"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "Mes exports"
    folder.mkdir()
    days, people = folder / "agenda.ics", folder / "contacts.vcf"
    days.write_bytes(
        calendar(
            "UID:rentree",
            "DTSTAMP:20260101T000000Z",
            "DTSTART:20260901T080000Z",
            "DTEND:20260901T090000Z",
            "SUMMARY:Rentrée",
        )
    )
    names = ("Ada", "Grace", "Hedy")
    people.write_bytes(b"".join(card(f"FN:{one}", f"N:;{one};;;") for one in names))
    return [unpacked_files(folder)[OUTLOOK], days, people]


def choose(keyboard: Keyboard, files: list[Path]) -> None:
    keyboard.tab_to("Une boîte e-mail")
    keyboard.arrow_to("Un fichier")
    keyboard.choose("Choisir des fichiers")
    keyboard.name_files(*files)
    assert keyboard.at == "Choisir des fichiers…"
    keyboard.wait_to_read("3 contacts")
    keyboard.mnemonic(Key.Key_N)


def to_exchange(keyboard: Keyboard, url: str, password: str) -> None:
    keyboard.wait_for("Où vont vos e-mails")
    keyboard.tab_to("Boîte OVHcloud")
    keyboard.arrow_to("Un autre serveur Exchange")
    keyboard.fill("Adresse e-mail", ANNA)
    keyboard.fill("Mot de passe", password)
    keyboard.wait_to_read("Aucun serveur Exchange n’a été trouvé")
    keyboard.fill("Serveur Exchange ou adresse", url)
    keyboard.enter()
    keyboard.wait_for("Que voulez-vous copier")
    keyboard.enter()
    keyboard.wait_for("Tout est prêt")
    assert keyboard.reads("Vos fichiers restent tels quels.")
    keyboard.enter()


def told(keyboard: Keyboard, copied: str, present: str) -> None:
    keyboard.wait_for("Résultat de la copie")
    assert keyboard.reads("Tout est copié.\n")
    numbers = ("Copiés", copied, "Déjà présents", present, "Non copiés", "0")
    assert keyboard.reads("\n".join(numbers))
    assert keyboard.at == "Terminer"
    keyboard.enter()
    keyboard.wait_for("Vos copies")
    assert keyboard.at.startswith("Copier ce qui est nouveau")


def test_there_and_again(computer: Computer, exchange: EwsServer, files: list[Path]) -> None:
    account = reached(exchange, ANNA)
    before = [sha256(file.read_bytes()).digest() for file in files]
    with computer.start() as started:
        choose(started.keyboard, files)
        to_exchange(started.keyboard, account.url, account.password)
        told(started.keyboard, ALL, "0")
    there = holding_of(exchange, ANNA)
    assert sum(items.total() for items in there.values()) == 14 + 4 + 2
    with computer.start() as started:
        keyboard = started.keyboard
        keyboard.wait_for("Vos copies")
        keyboard.enter()
        keyboard.wait_for("Où vont vos e-mails")
        assert keyboard.at == "Mot de passe"
        keyboard.type(account.password)
        keyboard.enter()
        told(keyboard, "0", ALL)
    assert holding_of(exchange, ANNA) == there
    assert [sha256(file.read_bytes()).digest() for file in files] == before
    exchange.journal.assert_nothing_sent()
