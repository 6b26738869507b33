"""Files of Outlook, a calendar and contacts, brought to Exchange, and again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.entries import calendar, card
from tests.gui.test_real_exchange import ANNA, held
from tests.pst.collection import unpacked_files
from tests.servers.ews import EwsServer
from tests.servers.ews.reached import mailbox_of as reached

from .conftest import Computer
from .keyboard import Key, Keyboard

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


def to_exchange(keyboard: Keyboard, url: str, password: str) -> None:
    keyboard.wait_for("Où vont")
    keyboard.tab_to("Boîte OVHcloud")
    keyboard.arrow_to("Un autre serveur Exchange")
    keyboard.fill("Adresse e-mail", ANNA)
    keyboard.fill("Mot de passe", password)
    keyboard.wait_to_read("Aucun serveur Exchange n’a été trouvé")
    keyboard.fill("Serveur ou adresse Exchange", url)
    keyboard.enter()


def test_there_and_again(computer: Computer, exchange: EwsServer, files: list[Path]) -> None:
    account = reached(exchange, ANNA)
    with computer.start() as started:
        keyboard = started.keyboard
        keyboard.tab_to("Une boîte e-mail")
        keyboard.arrow_to("Un fichier")
        keyboard.choose("Choisir des fichiers")
        keyboard.name_files(*files)
        print("AT", keyboard.at)
        keyboard.wait_to_read("3\u202fcontacts")
        keyboard.mnemonic(Key.Key_N)
        to_exchange(keyboard, account.url, account.password)
        keyboard.wait_for("Que voulez-vous")
        print("AT", keyboard.at)
        keyboard.enter()
        keyboard.wait_for("Tout est prêt")
        keyboard.enter()
        keyboard.wait_for("Résultat de la copie")
        print("AT", keyboard.at, held(exchange, ANNA))
        keyboard.wait_for("X")
