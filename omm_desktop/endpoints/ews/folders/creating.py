"""Names that Exchange takes, and making folders level by level."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence

from ....model.items import Folder, FolderPath, ItemKind
from ....model.ports import FolderWish
from ....model.problem import Problem, ProblemId
from ...roles import INBOX
from ..transport.connection import Connection
from ..transport.elements import M, T, make
from ..transport.faults import RequestRefused
from .finding import folder_id
from .kinds import FOLDER_CLASSES, FOLDER_ELEMENTS
from .listing import FolderList, folded, list_folders

_LONGEST = 250
_STAND_IN = "-"


Wanted = tuple[FolderPath, ItemKind]


def acceptable_path(path: FolderPath, closed: frozenset[FolderPath]) -> FolderPath:
    """The path with every part as Exchange takes it, beside folders that nothing is put in."""
    if path[0].upper() == INBOX:
        path = (INBOX, *path[1:])
    acceptable: FolderPath = ()
    for part in path:
        acceptable = _beside((*acceptable, _clean(part)), closed)
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


def _beside(path: FolderPath, taken: frozenset[FolderPath]) -> FolderPath:
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
        places = self._places([(wish.path, wish.kind) for wish in wishes])
        refusals: dict[FolderPath, str] = {}
        there = {(folder.path, folder.kind) for folder in self.known.folders}
        missing = {(place, kind) for (_, kind), place in places.items()} - there
        if missing:
            refusals = self._create(dict(missing))
            self.look()
        made = {(folder.path, folder.kind): folder for folder in self.known.folders}
        answers: list[Folder | Problem] = []
        for wish in wishes:
            place = places[wish.path, wish.kind]
            detail = refusals.get(place, "not listed after it was made")
            answers.append(made.get((place, wish.kind)) or self._problem(wish, detail))
        return answers

    def _problem(self, wish: FolderWish, detail: str) -> Problem:
        place = self._connection.place
        return Problem(ProblemId.FOLDER_NOT_CREATED, place, detail, "/".join(wish.path))

    def _places(self, wished: Sequence[Wanted]) -> dict[Wanted, FolderPath]:
        """Where each wished path is or will be; the folders above each are among the answers.

        Exchange knows no difference of case or kind: of two names that differ in nothing else, the
        later gets a number.
        """
        existing = {(folder.path, folder.kind) for folder in self.known.folders}
        in_any_case = {(folded(path), kind): path for path, kind in existing}
        wanted = {
            self._above(path[:n], kind, wished)
            for path, kind in wished
            for n in range(1, len(path))
        }
        places: dict[Wanted, FolderPath] = {}
        used: frozenset[FolderPath] = frozenset()
        # Names that are there as they are wished come first, then those of mail.
        for path, kind in sorted(
            {*wished, *wanted},
            key=lambda one: (len(one[0]), one not in existing, one[1] is not ItemKind.MAIL, one),
        ):
            above = places[self._above(path[:-1], kind, wished)] if len(path) > 1 else ()
            is_inbox = len(path) == 1 and path[0].upper() == INBOX and kind is ItemKind.MAIL
            place = (*above, INBOX if is_inbox else path[-1])
            if (place, kind) not in existing:
                place = in_any_case.get((folded(place), kind), place)
            place = place if is_inbox else _beside(place, self.known.taken(kind) | used)
            used |= {folded(place)}
            places[path, kind] = place
        return places

    def _above(self, path: FolderPath, kind: ItemKind, wished: Sequence[Wanted]) -> Wanted:
        """The folder above one of that kind: of the same kind, else what is or will be there."""
        if kind is ItemKind.MAIL or (path, kind) in wished:
            return path, kind
        there = [folder.kind for folder in self.known.folders if folder.path == path]
        there += [other for wish, other in wished if wish == path]
        return path, next(iter(there), kind)

    def _create(self, missing: dict[FolderPath, ItemKind]) -> dict[FolderPath, str]:
        """Create them, those above first; why each that failed was refused."""
        keys = {folder.path: folder.key for folder in self.known.folders}
        keys[()] = self.known.top
        refusals: dict[FolderPath, str] = {}
        for above in sorted({path[:-1] for path in missing}, key=len):
            names = {path: missing[path] for path in sorted(missing) if path[:-1] == above}
            if above in keys:
                self._create_in(keys[above], names, keys, refusals)
            else:
                refusals.update((path, refusals.get(above, "")) for path in names)
        return refusals

    def _create_in(
        self,
        parent: str,
        paths: dict[FolderPath, ItemKind],
        keys: dict[FolderPath, str],
        refusals: dict[FolderPath, str],
    ) -> None:
        folders = (
            make(
                f"t:{FOLDER_ELEMENTS[kind]}",
                make("t:FolderClass", text=FOLDER_CLASSES[kind]),
                make("t:DisplayName", text=path[-1]),
            )
            for path, kind in paths.items()
        )
        request = make(
            "m:CreateFolder",
            make("m:ParentFolderId", folder_id(parent)),
            make("m:Folders", *folders),
        )
        try:
            messages = self._connection.ask(request).messages
        except RequestRefused as error:
            if len(paths) == 1:
                refusals.update(dict.fromkeys(paths, error.fault.detail))
                return
            messages = []
        for path, message in zip(paths, messages, strict=False):
            fault = self._connection.fault_of(message)
            identifier = message.find(f"{M}Folders/*/{T}FolderId")
            if fault is not None:
                refusals[path] = fault.detail
            elif identifier is not None:
                keys[path] = identifier.get("Id")
        if len(messages) < len(paths):
            for path in list(paths)[len(messages) :] if len(paths) > 1 else ():
                self._create_in(parent, {path: paths[path]}, keys, refusals)
