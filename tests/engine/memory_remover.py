"""A destination in memory out of which undo takes what we put there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from omm_desktop.model.items import Folder, FolderRole, ItemKind
from omm_desktop.model.problem import ItemError, Place, Problem, ProblemId, TryAgain
from omm_desktop.model.removing import HANDLED, Removed, Standing

from .memory import Box, Mail, MemoryDestination, Server

TRASH = ("Trash",)


DELETED = frozenset({"\\Deleted"})


class MemoryRemover(MemoryDestination):
    """Moves each item by itself (`moves`), or copies all, marks all, and removes them then."""

    at_once = 4

    def __init__(self, server: Server, strike: Callable[[], None]) -> None:
        super().__init__(server, strike)
        self.moves = server.faults.moves

    def trash(self) -> Folder:
        self.strike()
        with self.server.lock:
            self.server.boxes.setdefault(TRASH, Box(role=FolderRole.TRASH))
        return next(f for f in self.server.listing() if f.role is FolderRole.TRASH)

    def before_removing(self, folder_key: str) -> int | None:
        return None if self.moves else self.box("Trash").next_uid

    def standing(
        self, folder_key: str, validity: int | None, keys: Sequence[str]
    ) -> list[Standing]:
        self.strike()
        box = self._box(folder_key, validity)
        uids = [uid for uid in map(_uid, keys) if uid in box.mails]
        return [self._standing(box, uid) for uid in uids]

    def _box(self, folder_key: str, validity: int | None) -> Box:
        box = self.box(folder_key)
        if box.validity != validity:
            raise ItemError(Problem(ProblemId.FOLDER_RENUMBERED, Place.DESTINATION))
        return box

    def _standing(self, box: Box, uid: int) -> Standing:
        mail, seen = box.mails[uid], self._seen(box, uid)
        return Standing(
            seen.key,
            seen.fingerprint,
            None if box.kind is ItemKind.MAIL else seen.content,
            mail.received,
            HANDLED & {flag.lower() for flag in mail.flags},
            box.kind is not ItemKind.MAIL and box.marks.get(uid) != mail,
        )

    def remove(
        self, folder_key: str, validity: int | None, keys: Sequence[str], begun: int | None
    ) -> Removed:
        box, trash, faults = self._box(folder_key, validity), self.box("Trash"), self.server.faults
        copied = Counter(
            mail for uid, mail in trash.mails.items() if begun is not None and uid >= begun
        )
        uids = [_uid(key) for key in keys]
        for uid in () if self.moves else uids:
            self.strike()
            mail = _unmarked(box.mails[uid])
            if copied[mail]:
                copied[mail] -= 1
            else:
                trash.add(mail)
            box.mails[uid] = replace(mail, flags=mail.flags | DELETED)
        for uid in uids:
            self.strike()
            if box.mails[uid].fingerprint in faults.refuse:
                box.mails[uid] = _unmarked(box.mails[uid])
                continue
            mail = box.mails.pop(uid)
            if self.moves:
                trash.add(mail)
        faults.lose_removal_at -= 1
        if faults.lose_removal_at == -1:
            raise TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.DESTINATION))
        self.strike()
        return Removed(frozenset(keys) - {self._key(uid) for uid in box.mails})

    def let_be(self, folder_key: str, validity: int | None, keys: Sequence[str]) -> None:
        self.strike()
        box = self._box(folder_key, validity)
        box.mails.update({_uid(key): _unmarked(box.mails[_uid(key)]) for key in keys})

    def filed_into(self) -> frozenset[str]:
        return self.server.filed_into

    def remove_folder(self, folder_key: str) -> bool:
        self.strike()
        if self.box(folder_key).mails:
            return False
        self.server.faults.lose_folder_removal_at -= 1
        if self.server.faults.lose_folder_removal_at == -1:
            raise TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.DESTINATION))
        del self.server.boxes[tuple(folder_key.split("/"))]
        return True


def _unmarked(mail: Mail) -> Mail:
    return replace(mail, flags=mail.flags - DELETED)


def _uid(key: str) -> int:
    return int(key.removeprefix("id-"))
