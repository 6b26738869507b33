"""The folders of a mailbox: what they hold, what they are for, how much is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ....model.account import Access
from ....model.items import Folder, FolderPath, FolderRole, ItemKind
from ....model.problem import ItemError, Place, Problem, ProblemId
from ...roles import INBOX, role_by_name
from ..transport.connection import Connection
from ..transport.elements import (
    Element,
    M,
    Property,
    T,
    Wanted,
    children,
    is_last_page,
    local,
    make,
    shape,
    text_of,
)
from ..transport.faults import not_opened
from .kinds import kind_of_folder

TOP = "msgfolderroot"
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
_PAGE = 500
_SIZE = Property("Long", 0x0E08)
_HIDDEN = Property("Boolean", 0x10F4)
_WANTED: tuple[Wanted, ...] = (
    "folder:DisplayName",
    "folder:FolderClass",
    "folder:ParentFolderId",
    "folder:TotalCount",
    _SIZE,
    _HIDDEN,
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


@dataclass(frozen=True, slots=True)
class _Found:
    key: str
    parent: str
    name: str
    kind: ItemKind | None
    count: int | None
    size: int | None


def distinguished(connection: Connection, name: str) -> Element:
    """The DistinguishedFolderId in the mailbox the account is about."""
    account = connection.account
    identifier = make("t:DistinguishedFolderId", Id=name)
    if account.mailbox and account.access is Access.DELEGATE:
        address = make("t:EmailAddress", text=account.mailbox)
        identifier.append(make("t:Mailbox", address))
    return identifier


def folder_id(key: str) -> Element:
    return make("t:FolderId", Id=key)


def list_folders(connection: Connection) -> FolderList:
    """List everything below the top. Raises `OmmError`."""
    known = _distinguished_keys(connection)
    found = list(_below(connection, known[TOP]))
    roles = {known[name]: role for name, role in ROLES.items() if name in known}
    paths = _paths(found, known[TOP], known.get("inbox", ""))

    def is_closed(one: _Found) -> bool:
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


def _distinguished_keys(connection: Connection) -> dict[str, str]:
    """Keys by distinguished name; a folder that the mailbox lacks has none."""
    names = (TOP, OUTBOX, *ROLES)
    ids = make("m:FolderIds", *(distinguished(connection, name) for name in names))
    reply = connection.ask(make("m:GetFolder", shape("m:FolderShape"), ids))
    keys: dict[str, str] = {}
    for name, message in zip(names, reply.messages, strict=False):
        fault = connection.fault_of(message)
        identifier = message.find(f"{M}Folders/*/{T}FolderId")
        key = "" if identifier is None else identifier.get("Id", "")
        if fault is None and key:
            keys[name] = key
        elif name == TOP:
            denied = not_opened(fault, connection.place) if fault else None
            if denied is not None:
                raise denied
            detail = fault.detail if fault else "no folder in the answer"
            raise ItemError(Problem(ProblemId.FOLDERS_NOT_LISTED, connection.place, detail))
    return keys


def _below(connection: Connection, top: str) -> Iterator[_Found]:
    offset = 0
    while True:
        request = make(
            "m:FindFolder",
            shape("m:FolderShape", *_WANTED),
            make(
                "m:IndexedPageFolderView",
                MaxEntriesReturned=str(_PAGE),
                Offset=str(offset),
                BasePoint="Beginning",
            ),
            make("m:ParentFolderIds", folder_id(top)),
            Traversal="Deep",
        )
        message = connection.only(request, ProblemId.FOLDERS_NOT_LISTED)
        root = message.find(f"{M}RootFolder")
        page = list(children(root.find(f"{T}Folders") if root is not None else None))
        yield from filter(None, map(_found, page))
        offset += len(page)
        if root is None or not page or is_last_page(root, offset):
            return


def _found(element: Element) -> _Found | None:
    """None for what is no folder of the tree: searches, hidden folders."""
    ids = (element.find(f"{T}{name}") for name in ("FolderId", "ParentFolderId"))
    key, parent = ("" if one is None else one.get("Id", "") for one in ids)
    if not key or not parent or local(element) == "SearchFolder":
        return None
    if (_HIDDEN.read(element) or "").lower() in ("true", "1"):
        return None
    return _Found(
        key,
        parent,
        text_of(element, "DisplayName"),
        kind_of_folder(local(element), text_of(element, "FolderClass")),
        _number(text_of(element, "TotalCount")),
        _number(_SIZE.read(element) or ""),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _paths(found: list[_Found], top: str, inbox: str) -> dict[str, FolderPath]:
    """Names from the top, whatever order the server lists in; the inbox is called as in IMAP."""
    by_key = {one.key: one for one in found}
    above_all = {one.parent for one in found} - by_key.keys()
    if top not in above_all and len(above_all) == 1:
        # The same folder by another id.
        (top,) = above_all
    paths: dict[str, FolderPath] = {top: ()}

    def name(one: _Found) -> str:
        if one.key == inbox:
            return INBOX
        # An inbox of another language leaves the word to any folder.
        is_namesake = bool(inbox) and one.parent == top and one.name.upper() == INBOX
        return f"{one.name} (2)" if is_namesake else one.name

    def path(one: _Found, depth: int = 0) -> FolderPath | None:
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


def _folder(one: _Found, path: FolderPath, role: FolderRole | None) -> Folder:
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
    """The archive has no distinguished name of its own: it is known by what it is called."""
    told = {folder.role for folder in folders}
    return [
        replace(folder, role=FolderRole.ARCHIVE)
        if folder.role is None
        and folder.kind is ItemKind.MAIL
        and FolderRole.ARCHIVE not in told
        and role_by_name(folder.path) is FolderRole.ARCHIVE
        else folder
        for folder in folders
    ]
