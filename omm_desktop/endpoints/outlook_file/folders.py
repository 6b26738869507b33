"""The folders of an Outlook file: what each holds, and what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ...model.items import Folder, FolderPath, FolderRole, ItemKind
from ...model.problem import Place, Problem, ProblemId
from ..pst.damage import Damaged
from ..pst.messaging.folder import Folder as FileFolder
from ..pst.messaging.folder import FolderUse
from ..pst.messaging.store import Store
from ..roles import role_by_name
from .kinds import key_of, kind_of_folder
from .listing import Listed, listed_items
from .pulse import Pulse

_MAIL_ROLES = {
    FolderUse.INBOX: FolderRole.INBOX,
    FolderUse.SENT: FolderRole.SENT,
    FolderUse.DRAFTS: FolderRole.DRAFTS,
    FolderUse.JUNK: FolderRole.JUNK,
    FolderUse.TRASH: FolderRole.TRASH,
}
_OTHER_ROLES = {
    (FolderUse.CALENDAR, ItemKind.EVENTS): FolderRole.CALENDAR,
    (FolderUse.CONTACTS, ItemKind.CONTACTS): FolderRole.CONTACTS,
    (FolderUse.TASKS, ItemKind.TASKS): FolderRole.TASKS,
    (FolderUse.TRASH, ItemKind.EVENTS): FolderRole.TRASH,
    (FolderUse.TRASH, ItemKind.CONTACTS): FolderRole.TRASH,
    (FolderUse.TRASH, ItemKind.TASKS): FolderRole.TRASH,
}
_ROLES_BY_KIND = {
    ItemKind.EVENTS: FolderRole.CALENDAR,
    ItemKind.CONTACTS: FolderRole.CONTACTS,
    ItemKind.TASKS: FolderRole.TASKS,
}
_FOR_PERSONS = frozenset({"", "ipf.note", "ipf.contact", "ipf.appointment", "ipf.task"})
_OF_OUTLOOK = frozenset({FolderUse.OUTBOX, FolderUse.SYNC_ISSUES})


@dataclass(slots=True)
class _Held:
    """What of one kind is in a folder."""

    count: int = 0
    size: int = 0
    next_key: int = 1

    def add(self, item: Listed) -> None:
        self.count += 1
        self.size += item.size
        self.next_key = max(self.next_key, item.nid + 1)


def list_folders(store: Store, path: Path, validity: int | None, pulse: Pulse) -> list[Folder]:
    """All folders a person sees, with what is in them; damage is told in their remarks."""
    listing = _Listing(store, path, validity, pulse)
    listing.read()
    return listing.told()


def all_folders(store: Store) -> Iterator[FileFolder | Damaged]:
    """Every folder that can hold something of a person's, the top of them last."""
    try:
        yield from store.folders()
        top = store.top
        if next(top.item_ids(), None) is not None:
            yield FileFolder(store.file, top.nid, above=())
    except Damaged as damage:
        yield damage


class _Listing:
    def __init__(self, store: Store, path: Path, validity: int | None, pulse: Pulse) -> None:
        self._store = store
        self._path = path
        self._validity = validity
        self._pulse = pulse
        self._found: list[Folder] = []
        self._gone: list[Problem] = []
        self._main: set[str] = set()

    def read(self) -> None:
        """Go through the file."""
        hidden: set[FolderPath] = set()
        for folder in all_folders(self._store):
            self._pulse()
            if isinstance(folder, Damaged):
                self._gone.append(_damage(folder, self._path.name))
            elif folder.is_hidden or folder.path[:-1] in hidden:
                hidden.add(folder.path)
            else:
                self._add(folder)

    def _add(self, folder: FileFolder) -> None:
        own = kind_of_folder(folder.container_class)
        held = {kind: _Held() for kind in ItemKind}
        for item in listed_items(self._store, folder, self._pulse):
            held[item.kind].add(item)
        remarks = () if folder.damage is None else (_damage(folder.damage, "/".join(folder.path)),)
        for kind, of_kind in held.items():
            key = key_of(folder.nid, kind)
            if kind is own and len(folder.path) == 1:
                self._main.add(key)
            if not of_kind.count and (kind is not own or not _is_worth_making(folder)):
                continue
            self._found.append(
                Folder(
                    path=folder.path,
                    key=key,
                    role=_role(folder.use, kind),
                    count=of_kind.count,
                    size=of_kind.size,
                    validity=self._validity,
                    next_key=of_kind.next_key,
                    remarks=remarks,
                    kind=kind,
                )
            )
            remarks = ()

    def told(self) -> list[Folder]:
        """The folders, damage that belongs to none of them with the first."""
        if self._gone and not self._found:
            nothing = Folder((self._path.stem,), key_of(0, ItemKind.MAIL), count=0)
            self._found = [replace(nothing, validity=self._validity)]
        if self._gone:
            first = self._found[0]
            self._found[0] = replace(first, remarks=(*first.remarks, *self._gone))
        taken = {folder.role for folder in self._found if folder.role}
        return [self._with_role(folder, taken) for folder in self._found]

    def _with_role(self, folder: Folder, taken: set[FolderRole]) -> Folder:
        """Old files and copies of mailboxes do not tell what folders are for: their names do."""
        if folder.role is not None:
            return folder
        if folder.kind is ItemKind.MAIL:
            role = role_by_name(folder.path)
        else:
            role = _ROLES_BY_KIND[folder.kind] if folder.key in self._main else None
        if role is None or role in taken:
            return folder
        taken.add(role)
        return replace(folder, role=role)


def _is_worth_making(folder: FileFolder) -> bool:
    """Whether a folder with nothing in it means something to a person."""
    if folder.damage is not None:
        return True
    return folder.container_class.lower() in _FOR_PERSONS and folder.use not in _OF_OUTLOOK


def _role(use: FolderUse | None, kind: ItemKind) -> FolderRole | None:
    if use is None:
        return None
    return _MAIL_ROLES.get(use) if kind is ItemKind.MAIL else _OTHER_ROLES.get((use, kind))


def _damage(damage: Damaged, subject: str) -> Problem:
    return Problem(ProblemId.FILE_DAMAGED, Place.SOURCE, str(damage), subject)
