"""Making names acceptable to a server, and creating folders in one flight."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from ...model.items import Folder, FolderPath, FolderRole
from ...model.ports import FolderWish
from ...model.problem import ItemError, Problem, ProblemId
from .. import translate
from . import names
from .connection import Connection
from .folders import FolderList, Hierarchy, list_folders
from .names import INBOX
from .wire import Answer

_PART_OCTETS = 200
_PATH_OCTETS = 230
_STAND_IN = "-"

_SPECIAL_USE = {
    FolderRole.SENT: b"\\Sent",
    FolderRole.DRAFTS: b"\\Drafts",
    FolderRole.JUNK: b"\\Junk",
    FolderRole.TRASH: b"\\Trash",
    FolderRole.ARCHIVE: b"\\Archive",
}

# What each server refuses or mangles in a name, by the name in its greeting or a capability.
_FORBIDDEN = {
    "cyrus": '!"%*;<>\\^`{|}',
    "courier": "/%*",
    "dovecot": "/",
    "gimap": "%*\\/^",
    "pymap": "",
}
_FORBIDDEN_ELSEWHERE = "%*\\/"


def server_family(connection: Connection) -> str:
    """Which server software answers, as far as it tells; empty when unknown."""
    greeting = connection.greeting.lower()
    for family in _FORBIDDEN:
        if family.encode() in greeting:
            return family
    if connection.has("X-REPLICATION") or connection.has("X-CREATEDMODSEQ"):
        return "cyrus"
    return ""


def acceptable_path(path: FolderPath, hierarchy: Hierarchy, family: str) -> FolderPath:
    """The path with every part as this server takes it; the same path when it already fits."""
    if len(path) == 1 and path[0].upper() == INBOX:
        return (INBOX,)
    if path[0].upper() == INBOX:
        below_prefix = hierarchy.prefix.upper().startswith(b"INBOX")
        path = path[1:] if below_prefix or not hierarchy.inbox_has_children else (INBOX, *path[1:])
    forbidden = _forbidden(hierarchy, family)
    parts = [_clean(part, forbidden) for part in path]
    if hierarchy.delimiter is None:
        parts = [" - ".join(parts)]
    return _bounded(tuple(parts), len(hierarchy.prefix))


def _forbidden(hierarchy: Hierarchy, family: str) -> str:
    delimiter = (hierarchy.delimiter or b"").decode("latin-1")
    forbidden = _FORBIDDEN.get(family, _FORBIDDEN_ELSEWHERE) + delimiter
    if family == "dovecot" and delimiter == "/":
        # Dovecot over Maildir separates levels with dots on disk.
        forbidden += "."
    return forbidden


def _clean(part: str, forbidden: str) -> str:
    text = unicodedata.normalize("NFC", part)
    text = "".join(
        _STAND_IN if c in forbidden else c for c in text if unicodedata.category(c) != "Cc"
    )
    text = " ".join(text.split(" ")).strip()
    text = re.sub(" {2,}", " ", text)
    if text.startswith(("~", "#")):
        text = _STAND_IN + text[1:]
    return text if text.strip(".") else _STAND_IN


def _bounded(path: FolderPath, prefix_octets: int) -> FolderPath:
    parts = [_shortened(part, _PART_OCTETS) for part in path]
    while sum(_octets(part) + 1 for part in parts) + prefix_octets > _PATH_OCTETS:
        longest = max(range(len(parts)), key=lambda index: _octets(parts[index]))
        shorter = _shortened(parts[longest], _octets(parts[longest]) * 3 // 4)
        if shorter == parts[longest]:
            break
        parts[longest] = shorter
    return tuple(parts)


def _octets(part: str) -> int:
    return len(names.encode(part))


def _shortened(part: str, octets: int) -> str:
    """At most so many octets on the wire, kept apart from its like by a few digits of a hash."""
    if _octets(part) <= octets:
        return part
    mark = "~" + hashlib.blake2b(part.encode(), digest_size=3).hexdigest()
    kept = part
    while len(kept) > 1 and _octets(kept + mark) > octets:
        kept = kept[:-1]
    return kept.rstrip() + mark


class FolderMaker:
    """Creates and subscribes folders over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: FolderList | None = None

    @property
    def known(self) -> FolderList:
        """The folders as last listed on this connection."""
        return self._known or self.look()

    def look(self) -> FolderList:
        """List the folders now."""
        self._known = list_folders(self._connection)
        return self._known

    def ensure(self, wishes: Sequence[FolderWish]) -> list[Folder | Problem]:
        """Create and subscribe what is missing; a folder or a problem for each wish, in order."""
        there = _by_path(self.known)
        missing = [w for w in wishes if not _usable(there, w)]
        unsubscribed = [w for w in wishes if w.subscribe and not _is_subscribed(there, w)]
        if not missing and not unsubscribed:
            return [there[_key(w.path)] for w in wishes]
        refusals = self._create(missing, unsubscribed)
        there = _by_path(self.look())
        refused = [wish for wish in missing if not _usable(there, wish)]
        stand_ins = {_key(wish.path): self._stand_in(wish) for wish in refused}
        if stand_ins:
            wanted = list(stand_ins.values())
            self._create([w for w in wanted if not _usable(there, w)], wanted)
            there = _by_path(self.look())
        return [self._answer(w, stand_ins.get(_key(w.path), w), there, refusals) for w in wishes]

    def _stand_in(self, wish: FolderWish) -> FolderWish:
        """Another name for what the server takes under no account: a reserved one, one that differs
        from another in case alone, one below a folder that holds no others.
        """
        flat = " - ".join(wish.path) if len(wish.path) > 1 else f"{wish.path[0]} (2)"
        path = _bounded((flat,), len(self.known.hierarchy.prefix))
        return FolderWish(path, None, wish.subscribe)

    def _answer(
        self,
        wish: FolderWish,
        name: FolderWish,
        there: dict[FolderPath, Folder],
        refusals: dict[FolderPath, bytes],
    ) -> Folder | Problem:
        """The folder made for a wish, under whatever name."""
        folder = there.get(_key(name.path))
        if folder is not None and folder.selectable:
            return folder
        detail = translate.shown(refusals.get(_key(wish.path), b"not listed after CREATE"))
        place = self._connection.place
        return Problem(ProblemId.FOLDER_NOT_CREATED, place, detail, "/".join(wish.path))

    def _create(
        self, missing: list[FolderWish], unsubscribed: list[FolderWish]
    ) -> dict[FolderPath, bytes]:
        """One flight of CREATE and SUBSCRIBE, a second one for what was refused."""
        creates = [self._create_command(wish, with_use=True) for wish in missing]
        subscribes = [b"SUBSCRIBE " + self._name(wish.path) for wish in unsubscribed]
        answers = self._connection.wire.ask_all([*creates, *subscribes])
        refused = [
            wish
            for wish, answer in zip(missing, answers, strict=False)
            if not answer.ok and not _already_there(answer)
        ]
        self._raise_if_passing(answers)
        if not refused:
            return {}
        return self._create_again(refused)

    def _create_again(self, refused: list[FolderWish]) -> dict[FolderPath, bytes]:
        """With the parents first, and without special use."""
        parents = dict.fromkeys(w.path[:n] for w in refused for n in range(1, len(w.path)))
        there = _by_path(self.known)
        first = [FolderWish(path) for path in parents if _key(path) not in there]
        again = [*first, *refused]
        commands = [self._create_command(wish, with_use=False) for wish in again]
        commands += [b"SUBSCRIBE " + self._name(wish.path) for wish in refused if wish.subscribe]
        answers = self._connection.wire.ask_all(commands)
        return {
            _key(wish.path): answer.text
            for wish, answer in zip(again, answers, strict=False)
            if not answer.ok
        }

    def create(self, key: str) -> None:
        """Create one folder by its key; what the server says shows at the next command."""
        name = self._connection.name(key)
        self._connection.wire.ask_all([b"CREATE " + name, b"SUBSCRIBE " + name])

    def _create_command(self, wish: FolderWish, *, with_use: bool) -> bytes:
        use = _SPECIAL_USE.get(wish.role) if wish.role and with_use else None
        command = b"CREATE " + self._name(wish.path)
        if use and self._connection.has("CREATE-SPECIAL-USE"):
            return command + b" (USE (" + use + b"))"
        return command

    def _name(self, path: FolderPath) -> bytes:
        hierarchy = self.known.hierarchy
        return names.quoted(names.join(path, hierarchy.delimiter, hierarchy.prefix))

    def _raise_if_passing(self, answers: list[Answer]) -> None:
        for answer in answers:
            if not answer.ok:
                error = self._connection.refusal(answer.text, ProblemId.FOLDER_NOT_CREATED)
                if not isinstance(error, ItemError):
                    raise error


def _already_there(answer: Answer) -> bool:
    text = answer.text.upper()
    return b"ALREADYEXISTS" in text or b"ALREADY EXISTS" in text


def _key(path: FolderPath) -> FolderPath:
    composed = tuple(unicodedata.normalize("NFC", part) for part in path)
    return (INBOX, *composed[1:]) if composed[0].upper() == INBOX else composed


def _by_path(known: FolderList) -> dict[FolderPath, Folder]:
    return {_key(folder.path): folder for folder in known.folders}


def _usable(there: dict[FolderPath, Folder], wish: FolderWish) -> bool:
    folder = there.get(_key(wish.path))
    return folder is not None and folder.selectable


def _is_subscribed(there: dict[FolderPath, Folder], wish: FolderWish) -> bool:
    folder = there.get(_key(wish.path))
    return folder is not None and folder.subscribed
