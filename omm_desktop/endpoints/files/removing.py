"""Taking what we saved out of a folder on the disk again: gone for good, as there is no trash.

Mail goes message by message. A file of contacts, events or tasks is emptied when it holds nothing
but what is to go, and else left as it is: what others put between its lines cannot be told apart.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ...model.account import MailFormat
from ...model.items import Folder
from ...model.problem import ItemError, Place, Problem, ProblemId
from ...model.removing import Removed, Standing
from . import layout
from .mail_destination import MailFolder
from .mbox.rewriting import rewrite
from .mbox.saved import SavedMbox
from .on_disk import on_disk
from .people_destination import PeopleFolder
from .saved_eml import NUMBER, SavedFolder
from .saved_mailbox import SavedMailbox
from .saved_people import number_of

_AT_ONCE = 100_000
_BITS = (1 << 62) - 1


class _Mail(MailFolder):
    """Mail that may be taken out."""

    def standing(self, folder_key: str, keys: Sequence[str]) -> list[Standing]:
        box = self._box(folder_key)
        there = set(box.keys())
        seen = (box.seen(int(key)) for key in keys if int(key) in there)
        return [Standing(one.key, one.fingerprint, received=one.received) for one in seen]

    def before(self, folder_key: str) -> int | None:
        """Which file it is: another one takes its place."""
        box = self._box(folder_key)
        return box.place.stat().st_ino & _BITS if isinstance(box, SavedMbox) else None

    def remove(self, folder_key: str, keys: Sequence[str], begun: int | None) -> Removed:
        box = self._box(folder_key)
        if isinstance(box, SavedFolder):
            box.remove([int(key) for key in keys])
            return Removed(frozenset(keys))
        assert isinstance(box, SavedMbox)
        if begun is not None and begun != self.before(folder_key):
            return Removed(frozenset(keys))
        try:
            moved = box.without(frozenset(int(key) - 1 for key in keys), rewrite)
        finally:
            self._open.let_go(folder_key)
        return Removed(frozenset(keys), moved, self._box(folder_key).position().validity)

    def remove_folder(self, folder_key: str) -> bool:
        place = layout.place_of(self._top, folder_key)
        self._open.let_go(folder_key)
        if place.is_dir():
            if any(entry.name != NUMBER for entry in place.iterdir()):
                return False
            (place / NUMBER).unlink(missing_ok=True)
            place.rmdir()
        elif place.stat().st_size:
            return False
        else:
            place.unlink()
        return True


class _People(PeopleFolder):
    """Contacts, events and tasks that may be taken out, all of a file at once."""

    def standing(self, folder_key: str, keys: Sequence[str]) -> list[Standing]:
        seen = self._saved(folder_key).seen()
        found = (seen[key] for key in keys if key in seen)
        return [Standing(one.key, one.fingerprint, one.content) for one in found]

    def remove(self, folder_key: str, keys: Sequence[str]) -> Removed:
        try:
            cleared = self._saved(folder_key).clear(frozenset(keys))
        finally:
            self._open.let_go(folder_key)
        if not cleared:
            detail = "other entries are in the file"
            raise ItemError(Problem(ProblemId.REMOVING_LEFT_FILE, Place.DESTINATION, detail))
        return Removed(frozenset(keys))

    def remove_folder(self, folder_key: str) -> bool:
        place = layout.place_of(self._top, folder_key)
        if not self._saved(folder_key).is_bare():
            return False
        self._open.let_go(folder_key)
        place.unlink()
        number_of(place).unlink(missing_ok=True)
        return True


class FileRemover(SavedMailbox):
    """A `Remover` over a folder."""

    at_once = _AT_ONCE

    def __init__(self, top: Path, mail: _Mail, people: _People) -> None:
        super().__init__(top, mail, people)
        self._mails, self._others = mail, people

    def trash(self) -> Folder | None:
        return None

    def standing(
        self, folder_key: str, validity: int | None, keys: Sequence[str]
    ) -> list[Standing]:
        with on_disk():
            if validity is not None and self.position(folder_key).validity != validity:
                detail = "another file"
                problem = Problem(ProblemId.FOLDER_RENUMBERED, Place.DESTINATION, detail)
                raise ItemError(problem)
            return self._which(folder_key).standing(folder_key, keys)

    def _which(self, folder_key: str) -> _Mail | _People:
        return self._mails if self._of(folder_key) is self._mails else self._others

    def before_removing(self, folder_key: str) -> int | None:
        with on_disk():
            which = self._which(folder_key)
            return which.before(folder_key) if isinstance(which, _Mail) else None

    def remove(
        self, folder_key: str, validity: int | None, keys: Sequence[str], begun: int | None
    ) -> Removed:
        with on_disk():
            which = self._which(folder_key)
            if isinstance(which, _Mail):
                return which.remove(folder_key, keys, begun)
            return which.remove(folder_key, keys)

    def let_be(self, folder_key: str, validity: int | None, keys: Sequence[str]) -> None:
        """Nothing is marked."""

    def filed_into(self) -> frozenset[str]:
        """Files have no rules."""
        return frozenset()

    def remove_folder(self, folder_key: str) -> bool:
        """The file, or the folder of files, as long as nobody else put anything there."""
        with suppress(OSError):
            if not self.position(folder_key).count:
                return self._which(folder_key).remove_folder(folder_key)
        return False


def open_file_remover(top: Path, format: MailFormat = MailFormat.MBOX) -> FileRemover:
    """A folder that is there; raises `OwnerNeeded` when it is not, or takes no file."""
    with on_disk():
        if not top.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(top))
        tempfile.TemporaryFile(dir=top).close()
    return FileRemover(top, _Mail(top, format), _People(top))
