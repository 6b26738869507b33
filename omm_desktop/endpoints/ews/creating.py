"""Names that Exchange takes, and making folders level by level."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence

from ...model.items import Folder, FolderPath
from ...model.ports import FolderWish
from ...model.problem import Problem, ProblemId
from ..roles import INBOX
from .connection import Connection
from .elements import M, T, make
from .folders import FolderList, folded, folder_id, list_folders

_LONGEST = 250
_STAND_IN = "-"


def acceptable_path(path: FolderPath, taken: frozenset[FolderPath]) -> FolderPath:
    """The path with every part as Exchange takes it, beside what is no folder of mail."""
    if path[0].upper() == INBOX:
        path = (INBOX, *path[1:])
    acceptable: FolderPath = ()
    for part in path:
        acceptable = _beside((*acceptable, _clean(part)), taken)
    return acceptable


def _clean(part: str) -> str:
    text = unicodedata.normalize("NFC", part)
    text = "".join(c for c in text if _is_writable(c)).strip()
    if len(text) > _LONGEST:
        mark = "~" + hashlib.blake2b(part.encode(errors="replace"), digest_size=3).hexdigest()
        text = text[: _LONGEST - len(mark)] + mark
    return text or _STAND_IN


def _is_writable(letter: str) -> bool:
    """Whether XML can hold it, in a line of text."""
    return unicodedata.category(letter) not in ("Cc", "Cs") and letter not in "\ufffe\uffff"


def _beside(path: FolderPath, taken: frozenset[FolderPath] | set[FolderPath]) -> FolderPath:
    """The path, or with a number where something else has that name."""
    attempt, number = path, 2
    if path == (INBOX,):
        return path
    while folded(attempt) in taken:
        attempt = (*path[:-1], f"{path[-1]} ({number})")
        number += 1
    return attempt


class FolderMaker:
    """Makes folders over one session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: FolderList | None = None

    @property
    def known(self) -> FolderList:
        """The folders as last listed."""
        return self._known or self.look()

    def look(self) -> FolderList:
        """List the folders now."""
        self._known = list_folders(self._connection)
        return self._known

    def ensure(self, wishes: Sequence[FolderWish]) -> list[Folder | Problem]:
        """A folder or a problem for each wish, in order."""
        places = self._places([wish.path for wish in wishes])
        refusals: dict[FolderPath, str] = {}
        missing = set(places.values()) - {folder.path for folder in self.known.folders}
        if missing:
            refusals = self._create(missing)
            self.look()
        there = {folder.path: folder for folder in self.known.folders}
        return [
            there.get(places[wish.path])
            or self._problem(wish, refusals.get(places[wish.path], "not listed after it was made"))
            for wish in wishes
        ]

    def _problem(self, wish: FolderWish, detail: str) -> Problem:
        place = self._connection.place
        return Problem(ProblemId.FOLDER_NOT_CREATED, place, detail, "/".join(wish.path))

    def _places(self, paths: Sequence[FolderPath]) -> dict[FolderPath, FolderPath]:
        """Where each wished path is or will be; the folders above each are among the answers.

        Exchange knows no difference of case: of two names that differ in nothing else, the later
        gets a number.
        """
        existing = {folder.path for folder in self.known.folders}
        in_any_case = {folded(path): path for path in existing}
        wanted = {path[:n] for path in paths for n in range(1, len(path) + 1)}
        places: dict[FolderPath, FolderPath] = {(): ()}
        used: set[FolderPath] = set()
        # Names that are there as they are wished come first.
        for path in sorted(wanted, key=lambda p: (len(p), p not in existing, p)):
            name = INBOX if path[0].upper() == INBOX and len(path) == 1 else path[-1]
            place = (*places[path[:-1]], name)
            if place not in existing:
                place = in_any_case.get(folded(place), place)
            place = _beside(place, self.known.taken | used)
            used.add(folded(place))
            places[path] = place
        del places[()]
        return places

    def _create(self, missing: set[FolderPath]) -> dict[FolderPath, str]:
        """Create them, those above first; why each that failed was refused."""
        keys = {folder.path: folder.key for folder in self.known.folders}
        keys[()] = self.known.top
        refusals: dict[FolderPath, str] = {}
        for above in sorted({path[:-1] for path in missing}, key=len):
            names = sorted(path for path in missing if path[:-1] == above)
            if above in keys:
                self._create_in(keys[above], names, keys, refusals)
            else:
                refusals.update((path, refusals.get(above, "")) for path in names)
        return refusals

    def _create_in(
        self,
        parent: str,
        paths: Sequence[FolderPath],
        keys: dict[FolderPath, str],
        refusals: dict[FolderPath, str],
    ) -> None:
        folders = (
            make(
                "t:Folder",
                make("t:FolderClass", text="IPF.Note"),
                make("t:DisplayName", text=path[-1]),
            )
            for path in paths
        )
        request = make(
            "m:CreateFolder",
            make("m:ParentFolderId", folder_id(parent)),
            make("m:Folders", *folders),
        )
        reply = self._connection.ask(request)
        for path, message in zip(paths, reply.messages, strict=False):
            fault = self._connection.fault_of(message)
            identifier = message.find(f"{M}Folders/*/{T}FolderId")
            if fault is not None:
                refusals[path] = fault.detail
            elif identifier is not None:
                keys[path] = identifier.get("Id")
