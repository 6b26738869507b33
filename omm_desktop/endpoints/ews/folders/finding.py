"""Asking for the folders of a mailbox, in as many ways as servers understand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ....model.account import Access
from ....model.items import ItemKind
from ....model.problem import ItemError, OmmError, Problem, ProblemId
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
from ..transport.faults import Fault, RequestRefused, not_opened
from .kinds import kind_of_folder

TOP = "msgfolderroot"
_INBOX = "inbox"
_PAGE = 500
_SIZE = Property("Long", 0x0E08)
_HIDDEN = Property("Boolean", 0x10F4)
_PARENT = "folder:ParentFolderId"
_FIELDS: tuple[Wanted, ...] = (
    "folder:DisplayName",
    "folder:FolderClass",
    _PARENT,
    "folder:TotalCount",
    "folder:ChildFolderCount",
)
_DEEP, _SHALLOW = "Deep", "Shallow"


@dataclass(frozen=True, slots=True)
class Found:
    """A folder as a listing tells it; `below` is how many there are in it, None when untold."""

    key: str
    parent: str
    name: str
    kind: ItemKind | None
    count: int | None
    size: int | None
    below: int | None
    has_class: bool
    is_ours: bool
    """Whether it is part of the tree: no search, and not hidden."""


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


# -- by their names --------------------------------------------------------------------------


def distinguished_keys(connection: Connection, names: tuple[str, ...]) -> dict[str, str]:
    """Keys by distinguished name, that of the top among them; a folder that is not there has none.

    Raises `OmmError`.
    """
    keys: dict[str, str] = {}
    faults: dict[str, Fault] = {}
    for name, answer in _named(connection, (TOP, *names)).items():
        if isinstance(answer, Fault):
            faults[name] = answer
            continue
        keys[name] = _id(answer, "FolderId")
        above = _id(answer, "ParentFolderId")
        if name == _INBOX and TOP not in keys and above:
            # A server without a name for the top has the inbox there all the same.
            keys[TOP] = above
    if TOP not in keys:
        fault = faults.get(TOP, Fault("", "no folder in the answer"))
        problem = Problem(ProblemId.FOLDERS_NOT_LISTED, connection.place, fault.detail)
        raise not_opened(fault, connection.place) or ItemError(problem)
    return keys


def _named(connection: Connection, names: tuple[str, ...]) -> dict[str, Element | Fault]:
    """The folder of each name, or why there is none."""
    ids = make("m:FolderIds", *(distinguished(connection, name) for name in names))
    try:
        reply = connection.ask(make("m:GetFolder", shape("m:FolderShape", _PARENT), ids))
    except RequestRefused as error:
        if len(names) == 1:
            return {names[0]: error.fault}
        # One name that a server does not know may spoil the request.
        return {one: _named(connection, (one,))[one] for one in names}
    if len(names) == 1 and not reply.messages:
        return {names[0]: Fault("", "no answer")}
    answers: dict[str, Element | Fault] = {}
    for name, message in zip(names, reply.messages, strict=False):
        fault = connection.fault_of(message)
        folder = next(children(message.find(f"{M}Folders")), None)
        is_there = folder is not None and bool(_id(folder, "FolderId"))
        answers[name] = folder if is_there and not fault else fault or Fault("", "no folder")
    rest = names[len(answers) :]
    return answers | (_named(connection, rest) if answers and rest else {})


# -- by what they are in ---------------------------------------------------------------------


def below(connection: Connection, top: str) -> list[Found]:
    """Everything below that folder. Raises `OmmError`."""
    asking = _Asking(connection)
    found = {one.key: one for one in asking.below(top)}
    parents = {one.parent for one in found.values()}
    is_flat = not parents & found.keys()
    # Some list one level whatever they are asked for.
    waiting = [
        one.key
        for one in found.values()
        if one.key not in parents and (one.below or (one.below is None and is_flat))
    ]
    for key in waiting:
        for one in asking.below(key):
            if one.key not in found:
                found[one.key] = one
                waiting += [one.key] if one.below != 0 else []
    return [one for one in found.values() if one.is_ours]


class _Asking:
    """FindFolder, from what serves best to what every server has."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ways = [
            ((*_FIELDS, _SIZE, _HIDDEN), _DEEP),
            (_FIELDS, _DEEP),
            ((*_FIELDS, _SIZE, _HIDDEN), _SHALLOW),
            (_FIELDS, _SHALLOW),
        ]

    def below(self, key: str) -> list[Found]:
        """What is in that folder, and what is in these where the server lists it along."""
        refusal: OmmError | None = None
        while self._ways:
            wanted, traversal = self._ways[0]
            try:
                return list(self._pages(key, wanted, traversal))
            except ItemError as error:
                refusal = refusal or error
                if len(self._ways) == 1:
                    break
                del self._ways[0]
        assert refusal is not None
        raise refusal

    def _pages(self, key: str, wanted: tuple[Wanted, ...], traversal: str) -> Iterator[Found]:
        offset = 0
        first = ""
        while True:
            request = _find_folders(key, wanted, traversal, offset)
            message = self._connection.only(request, ProblemId.FOLDERS_NOT_LISTED)
            root = message.find(f"{M}RootFolder")
            page = list(children(root.find(f"{T}Folders") if root is not None else None))
            found = [one for one in (_found(element, key) for element in page) if one is not None]
            if found and found[0].key == first:
                # It gives everything at once, whatever it is asked for.
                return
            first = found[0].key if found else ""
            yield from found
            offset += len(page)
            if root is None or not page or is_last_page(root, offset):
                return


def _find_folders(key: str, wanted: tuple[Wanted, ...], traversal: str, offset: int) -> Element:
    return make(
        "m:FindFolder",
        shape("m:FolderShape", *wanted),
        make(
            "m:IndexedPageFolderView",
            MaxEntriesReturned=str(_PAGE),
            Offset=str(offset),
            BasePoint="Beginning",
        ),
        make("m:ParentFolderIds", folder_id(key)),
        Traversal=traversal,
    )


def _found(element: Element, asked: str) -> Found | None:
    """None for what nobody could ask for; `asked` is the folder above where none is told."""
    key = _id(element, "FolderId")
    if not key:
        return None
    is_hidden = (_HIDDEN.read(element) or "").lower() in ("true", "1")
    return Found(
        key,
        _id(element, "ParentFolderId") or asked,
        text_of(element, "DisplayName"),
        kind_of_folder(local(element), text_of(element, "FolderClass")),
        _number(text_of(element, "TotalCount")),
        _number(_SIZE.read(element) or ""),
        _number(text_of(element, "ChildFolderCount")),
        bool(text_of(element, "FolderClass")),
        not is_hidden and local(element) != "SearchFolder",
    )


def _id(element: Element, name: str) -> str:
    """Empty where there is none."""
    identifier = element.find(f"{T}{name}")
    return "" if identifier is None else str(identifier.get("Id") or "")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
