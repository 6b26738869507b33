"""Records that cannot be written when the program starts: why, and where they are."""

from __future__ import annotations

from omm_desktop import paths
from omm_desktop.copies import LEDGER

from .person import Person


def test_the_folder_is_named_unless_the_screen_is_masked(person: Person) -> None:
    ledger = paths.user_data() / LEDGER
    ledger.mkdir()
    with person.starts():
        person.waits_for("45-03")
        assert person.sees(str(ledger))
    with person.starts("--masked"):
        person.waits_for("45-03")
        assert not person.sees(str(ledger))
