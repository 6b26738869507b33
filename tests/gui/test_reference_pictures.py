"""The settings reference in every language, light and dark, small and large.

Whoever asks for pictures gets the whole page beside the window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from omm_desktop.endpoints.greeting import Greeting
from omm_desktop.guide.providers import providers
from omm_desktop.guide.service import Wording
from omm_desktop.guide.steps import mail_programs
from omm_desktop.guide.trial import Answer
from omm_desktop.language import LANGUAGES, current
from omm_desktop.model.account import Security, Server
from omm_desktop.model.problem import Problem, ProblemId
from omm_desktop.model.protocol import Protocol
from omm_desktop.ui.reference.window import ReferenceWindow
from omm_desktop.ui.theme import Appearance, Theme
from omm_desktop.ui.window import Window

from . import looks
from .test_pictures import LOOKS, look_beside

pytestmark = pytest.mark.qt_log_ignore("does not support raise", extend=True)
TABS = list(Protocol)
IN_THE_DARK = {"mxplan", "tried"}
LETTERS_THAT_TELL = 12


def show(id: str, protocol: Protocol) -> Callable[[ReferenceWindow], None]:
    def scene(window: ReferenceWindow) -> None:
        window.show_service(id)
        window.view.tabs.setCurrentIndex(TABS.index(protocol))

    return scene


def spelled(window: ReferenceWindow) -> None:
    show("yahoo", Protocol.IMAP)(window)
    window.view.names.setChecked(True)
    for row in window.view.rows:
        row.spell_button.setChecked(True)


def asked(window: ReferenceWindow) -> None:
    show("ovh-emailpro", Protocol.POP)(window)
    window.try_button.click()


def completed(window: ReferenceWindow) -> None:
    show("ovh-exchange-eu", Protocol.EWS)(window)
    window.view.answer_edit.setText("3")


def tried(window: ReferenceWindow) -> None:
    show("ovh-mxplan-eu", Protocol.IMAP)(window)
    server = Server("imap.mail.ovh.net", 993, Security.TLS)
    silent = Problem(ProblemId.SERVER_SILENT, detail="timed out", subject="smtp.mail.ovh.net")
    window.view.trial.answers = [
        Answer(server, Greeting("* OK IMAP4 ready", "TLSv1.3")),
        Answer(Server("smtp.mail.ovh.net", 465, Security.TLS), problem=silent),
    ]
    window.view.trial.retranslate()
    window.view.trial.show()


def filtered(window: ReferenceWindow) -> None:
    window.services.filter.setText("zzzz")


SCENES = {
    "mxplan": show("ovh-mxplan-eu", Protocol.IMAP),
    "inferred": show("ionos-fr", Protocol.SMTP),
    "gmail": show("gmail", Protocol.POP),
    "microsoft": show("microsoft365", Protocol.EWS),
    "zimbra": show("ovh-zimbra-pro-eu", Protocol.EWS),
    "nothing": show("icloud", Protocol.POP),
    "spelled": spelled,
    "asked": asked,
    "completed": completed,
    "tried": tried,
    "filtered": filtered,
}


def data_words() -> Iterator[Wording]:
    for service in providers().services:
        yield from (service.name, *service.notes, *(service.guide.steps if service.guide else ()))
    for program in mail_programs():
        yield from (program.name, *program.add, *program.change)


def foreign_data(window: ReferenceWindow) -> list[str]:
    """Words of the data files in other languages, where they cannot be of this one."""
    language = current()
    said = "\n".join(looks.texts(window))
    pairs = [(words.text(other), words.text(language))
             for words in data_words() for other in LANGUAGES if other != language]  # fmt: skip
    return [other for other, own in pairs
            if other not in own and len(other) >= LETTERS_THAT_TELL and other in said]  # fmt: skip


def faults(window: ReferenceWindow) -> list[str]:
    return [*looks.reference_faults(window), *foreign_data(window)]


@pytest.mark.parametrize("name", SCENES)
def test_reference(window: Window, appearance: Appearance, name: str) -> None:
    window.beside.open_reference()
    reference = window.beside.reference
    assert reference is not None
    SCENES[name](reference)
    look_beside(
        window,
        appearance,
        reference,
        f"reference-{name}",
        faults,
        page=reference.view,
        views=[look for look in LOOKS if Theme.LIGHT in look or name in IN_THE_DARK],
    )
