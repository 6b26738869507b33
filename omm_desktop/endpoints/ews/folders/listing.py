"""The folders of a mailbox: what they hold, what they are for, how much is in them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ....model.items import Folder, FolderPath, FolderRole, ItemKind
from ....model.problem import Place
from ...roles import INBOX, role_by_name
from ..transport.connection import Connection
from .finding import TOP, Found, below, distinguished_keys
from .kinds import KIND_BY_ROLE

OUTBOX = "outbox"
ROLES = {
    "inbox": FolderRole.INBOX,
    "sentitems": FolderRole.SENT,
    "drafts": FolderRole.DRAFTS,
    "junkemail": FolderRole.JUNK,
    "deleteditems": FolderRole.TRASH,
    "contacts": FolderRole.CONTACTS,
    "calendar": FolderRole.CALENDAR,
    "tasks": FolderRole.TASKS,
}
_BY_NAME = frozenset(
    {
        *(FolderRole.SENT, FolderRole.DRAFTS, FolderRole.JUNK),
        *(FolderRole.TRASH, FolderRole.ARCHIVE),
    }
)


@dataclass(frozen=True, slots=True)
class FolderList:
    """One look at the mailbox: its folders, and the names that others have, by their place.

    `top` is the key of the folder that holds them all. `closed` are the names of folders that
    nothing is put in, in lower case.
    """

    top: str
    folders: list[Folder]
    closed: frozenset[FolderPath]

    def taken(self, kind: ItemKind) -> frozenset[FolderPath]:
        """The names, in lower case, that a folder of this kind cannot have."""
        return self.closed | {folded(one.path) for one in self.folders if one.kind is not kind}


def list_folders(connection: Connection) -> FolderList:
    """List everything below the top. Raises `OmmError`."""
    known = distinguished_keys(connection, (OUTBOX, *ROLES))
    roles = {known[name]: role for name, role in ROLES.items() if name in known}
    found = [_of_its_kind(one, roles.get(one.key)) for one in below(connection, known[TOP])]
    paths = _paths(found, known[TOP], known.get("inbox", ""))

    def is_closed(one: Found) -> bool:
        """What waits to be sent is read like any mail, and nothing is ever put there."""
        reading = connection.place is Place.SOURCE and one.count
        return one.key == known.get(OUTBOX) and not reading

    folders = [
        _folder(one, paths[one.key], roles.get(one.key))
        for one in found
        if one.key in paths and one.kind is not None and not is_closed(one)
    ]
    listed = {folder.key for folder in folders}
    closed = {folded(paths[one.key]) for one in found if one.key in paths and one.key not in listed}
    closed |= {folded((one.name,)) for one in found if one.key == known.get("inbox")}
    return FolderList(known[TOP], _with_named_roles(folders), frozenset(closed))


def folded(path: FolderPath) -> FolderPath:
    """The path as Exchange compares it."""
    return tuple(part.casefold() for part in path)


def _paths(found: list[Found], top: str, inbox: str) -> dict[str, FolderPath]:
    """Names from the top, whatever order the server lists in; the inbox is called as in IMAP."""
    by_key = {one.key: one for one in found}
    above_all = {one.parent for one in found} - by_key.keys()
    if top not in above_all and len(above_all) == 1:
        # The same folder by another id.
        (top,) = above_all
    paths: dict[str, FolderPath] = {top: ()}

    def name(one: Found) -> str:
        if one.key == inbox:
            return INBOX
        # An inbox of another language leaves the word to any folder.
        is_namesake = bool(inbox) and one.parent == top and one.name.upper() == INBOX
        return f"{one.name} (2)" if is_namesake else one.name

    def path(one: Found, depth: int = 0) -> FolderPath | None:
        if one.key not in paths:
            parent = by_key.get(one.parent)
            if one.parent == top:
                above: FolderPath | None = ()
            elif parent is None or depth > len(found):
                return None
            else:
                above = path(parent, depth + 1)
            if above is None:
                return None
            paths[one.key] = (*above, name(one))
        return paths[one.key]

    for one in found:
        path(one)
    del paths[top]
    return paths


def _of_its_kind(one: Found, role: FolderRole | None) -> Found:
    """What a server leaves without class is told by its use."""
    if one.has_class or role not in KIND_BY_ROLE:
        return one
    return replace(one, kind=KIND_BY_ROLE[role])


def _folder(one: Found, path: FolderPath, role: FolderRole | None) -> Folder:
    assert one.kind is not None
    return Folder(
        path=path,
        key=one.key,
        role=role,
        count=one.count,
        size=one.size,
        subscribed=True,
        kind=one.kind,
    )


def _with_named_roles(folders: list[Folder]) -> list[Folder]:
    """What has no distinguished name there, as the archive, is known by what it is called."""
    told = {folder.role for folder in folders}

    def with_role(folder: Folder) -> Folder:
        if folder.role is not None or folder.kind is not ItemKind.MAIL:
            return folder
        named = role_by_name(folder.path)
        return replace(folder, role=named) if named in _BY_NAME - told else folder

    return [with_role(folder) for folder in folders]
