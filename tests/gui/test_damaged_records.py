"""Records that can no longer be read: the person is offered new ones, and nothing is removed."""

from __future__ import annotations

from omm_desktop import paths
from omm_desktop.copies import LEDGER, RESCUE

from .person import Person

RUBBISH = b"no database at all" * 400
OFFER = "Begin a new record"


def test_new_records_begin_beside_the_damaged_ones(person: Person) -> None:
    folder = paths.user_data()
    (folder / LEDGER).write_bytes(RUBBISH)
    (folder / RESCUE / "1").mkdir(parents=True)
    with person.starts():
        person.waits_for("45-01")
    assert (folder / LEDGER).read_bytes() == RUBBISH
    with person.starts():
        person.waits_for("45-01")
        person.presses(OFFER)
        person.waits_for("Where does your mail come from?")
    (aside,) = folder.glob("ledger-damaged-*.db")
    assert aside.read_bytes() == RUBBISH
    assert not (folder / RESCUE).exists()
    assert [one.name for one in folder.glob(f"{RESCUE}-*/*")] == ["1"]
    with person.starts():
        person.waits_for("Where does your mail come from?")
