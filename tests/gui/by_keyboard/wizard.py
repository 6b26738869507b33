"""The way through the wizard from Gmail to OVHcloud, as one types it."""

from __future__ import annotations

from omm_desktop.wording import count
from tests.servers.account import TestAccount

from .keyboard import Key, Keyboard

READY = "Tout est prêt"


def as_google_shows_it(password: str) -> str:
    """In groups of four, which is how people copy it."""
    return " ".join(password[at : at + 4] for at in range(0, len(password), 4))


def to_the_last_look(
    keyboard: Keyboard, old: TestAccount, new: TestAccount, title: str = READY
) -> None:
    """From the first page to what will happen."""
    keyboard.wait_for("D’où viennent vos e-mails")
    assert keyboard.at == "Adresse e-mail"
    keyboard.fill("Adresse e-mail", old.login)
    assert keyboard.reads("Gmail demande un mot de passe d’application")
    keyboard.fill("Mot de passe", as_google_shows_it(old.password))
    keyboard.enter()
    keyboard.wait_for("Où vont vos e-mails")
    assert keyboard.at == "Adresse e-mail"
    keyboard.fill("Adresse e-mail", new.login)
    keyboard.fill("Mot de passe", new.password)
    keyboard.wait_to_read("ce fournisseur reçoit le courrier du domaine")
    keyboard.enter()
    through_the_options(keyboard, title)


def through_the_options(keyboard: Keyboard, title: str = READY) -> None:
    keyboard.wait_for("Que voulez-vous copier")
    assert keyboard.at == "Tous, sauf Corbeille et Indésirables"
    keyboard.enter()
    keyboard.wait_for(title)
    assert keyboard.at == "Démarrer la copie"


def told(keyboard: Keyboard, copied: int, present: int = 0) -> None:
    """The report on screen; then the list of copies."""
    keyboard.wait_for("Résultat de la copie")
    assert keyboard.reads("Tout est copié")
    numbers = ("Copiés", count(copied), "Déjà présents", count(present), "Non copiés", "0")
    assert keyboard.reads("\n".join(numbers))
    assert keyboard.at == "Terminer"
    keyboard.enter()
    keyboard.wait_for("Vos copies")
    assert keyboard.at.startswith("Copier les nouveaux messages")


def again(keyboard: Keyboard, old: TestAccount, new: TestAccount) -> None:
    """From the list of copies; the passwords were forgotten, as wished."""
    keyboard.enter()
    keyboard.wait_for("D’où viennent vos e-mails")
    assert keyboard.at == "Mot de passe"
    keyboard.type(as_google_shows_it(old.password))
    keyboard.enter()
    keyboard.wait_for("Où vont vos e-mails")
    assert keyboard.at == "Mot de passe"
    keyboard.type(new.password)
    keyboard.enter()


def mask(keyboard: Keyboard) -> None:
    keyboard.shortcut(Key.Key_M)
