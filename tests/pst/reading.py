"""Reading everything in a file, as the tests of damaged files do."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from omm_desktop.endpoints.pst.damage import Damaged
from omm_desktop.endpoints.pst.messaging.folder import Folder
from omm_desktop.endpoints.pst.messaging.store import Store
from omm_desktop.endpoints.pst.mime.message_writer import write_message
from omm_desktop.endpoints.pst.organizer.appointment import appointment
from omm_desktop.endpoints.pst.organizer.contact import contact
from omm_desktop.endpoints.pst.organizer.distribution_list import distribution_list
from omm_desktop.endpoints.pst.organizer.task import task


class Counted:
    """Takes bytes and keeps their number alone."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes, /) -> None:
        """Count."""
        self.size += len(data)


def read_everything(path: Path) -> tuple[int, int, list[Damaged]]:
    """Messages written, bytes of them, and what was damaged; any other error comes out.

    Each item is read as an appointment, a contact, a task and a list as well.
    """
    output = Counted()
    written = 0
    damages: list[Damaged] = []
    try:
        with Store(path) as store:
            for folder in store.folders():
                if isinstance(folder, Damaged):
                    damages.append(folder)
                    continue
                for nid in folder.item_ids():
                    try:
                        message = store.message(nid)
                        assert message.flags is not None
                        assert message.categories is not None
                        write_message(message, output)
                        written += 1
                        for read in (appointment, contact, task):
                            with suppress(Damaged):
                                read(message)
                        distribution_list(message, store.message)
                    except Damaged as damage:
                        damages.append(damage)
                if isinstance(folder, Folder) and folder.damage:
                    damages.append(folder.damage)
    except Damaged as damage:
        damages.append(damage)
    return written, output.size, damages
