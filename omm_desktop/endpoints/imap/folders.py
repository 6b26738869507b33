"""All mailboxes of an account: names, roles, subscriptions, counts (RFC 2342, 5258, 5819, 6154)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...model.items import Folder, FolderRole, Holds
from ...model.problem import ProblemId
from ..roles import role_by_attribute, role_by_name
from . import gmail, names
from .connection import Connection
from .responses import Listed, Token, listed, status, tokens
from .wire import Response

_UNSELECTABLE = frozenset({"\\noselect", "\\nonexistent"})
_VIEWS = frozenset({FolderRole.ALL, FolderRole.FLAGGED, FolderRole.IMPORTANT})


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """How a server arranges names: delimiter and prefix of personal mailboxes, foreign prefixes."""

    delimiter: bytes | None
    prefix: bytes = b""
    foreign: tuple[bytes, ...] = ()
    inbox_has_children: bool = True

    def is_personal(self, name: bytes) -> bool:
        return not any(prefix and name.startswith(prefix) for prefix in self.foreign)


@dataclass(frozen=True, slots=True)
class FolderList:
    """What one look at the server told."""

    folders: list[Folder]
    hierarchy: Hierarchy


def list_folders(connection: Connection) -> FolderList:
    """List everything in one flight where the server can, else in two.

    Raises `OmmError` (FOLDERS_NOT_LISTED) when the listing is refused or empty.
    """
    connection.leave_mailbox()
    extended = connection.has("LIST-EXTENDED")
    commands = [_list_command(connection) if extended else b'LIST "" "*"', b'LIST "" ""']
    if not extended:
        commands.append(b'LSUB "" "*"')
    if connection.has("NAMESPACE"):
        commands.append(b"NAMESPACE")
    answers = connection.wire.ask_all(commands)
    if extended and not answers[0].ok:
        answers[0] = connection.wire.ask(b'LIST "" "*"')
    # Servers may mix the answers of commands under way together: only their kind counts.
    told = [response for answer in answers for response in answer.untagged]
    rows = [one for one in map(listed, told) if one is not None]
    found = _mailboxes(rows)
    if not answers[0].ok or not found:
        raise connection.refusal(answers[0].text, ProblemId.FOLDERS_NOT_LISTED)
    subscribed = _subscribed(rows)
    hierarchy = _hierarchy(found, rows, told)
    counts = dict(row for row in map(status, told) if row is not None)
    counts.update(_missing_counts(connection, [n for n in _selectable(found) if n not in counts]))
    folders = [
        _folder(one, hierarchy, counts.get(one.name, {}), one.name in subscribed)
        for one in found.values()
    ]
    folders = _with_named_roles(folders)
    if connection.has(gmail.EXTENSION):
        folders = gmail.described(folders)
    return FolderList(folders, hierarchy)


def _status_items(connection: Connection) -> bytes:
    size = b" SIZE" if connection.has("STATUS=SIZE") else b""
    return b"(MESSAGES UIDNEXT UIDVALIDITY" + size + b")"


def _list_command(connection: Connection) -> bytes:
    wanted = [b"SUBSCRIBED"]
    if connection.has("SPECIAL-USE"):
        wanted.append(b"SPECIAL-USE")
    if connection.has("LIST-STATUS"):
        wanted.append(b"STATUS " + _status_items(connection))
    return b'LIST "" "*" RETURN (' + b" ".join(wanted) + b")"


def _mailboxes(rows: list[Listed]) -> dict[bytes, Listed]:
    found: dict[bytes, Listed] = {}
    for one in rows:
        if one.name and one.verb == b"LIST":
            found.setdefault(b"INBOX" if one.name.upper() == b"INBOX" else one.name, one)
    return found


def _selectable(found: dict[bytes, Listed]) -> list[bytes]:
    return [one.name for one in found.values() if not one.attributes & _UNSELECTABLE]


def _subscribed(rows: list[Listed]) -> set[bytes]:
    """Names from RETURN (SUBSCRIBED), else from LSUB."""
    return {
        one.name
        for one in rows
        if "\\subscribed" in one.attributes
        or (one.verb == b"LSUB" and "\\noselect" not in one.attributes)
    }


def _missing_counts(connection: Connection, missing: list[bytes]) -> dict[bytes, dict[bytes, int]]:
    """STATUS of many folders in one flight; a folder that refuses has no counts."""
    items = _status_items(connection)
    askable = [name for name in missing if not set(name) & {0, 10, 13}]
    commands = [b"STATUS " + names.quoted(name) + b" " + items for name in askable]
    counts: dict[bytes, dict[bytes, int]] = {}
    for name, answer in zip(askable, connection.wire.ask_all(commands), strict=True):
        for told in map(status, answer.untagged):
            if told is not None:
                counts[told[0] if told[0] in askable else name] = told[1]
    return counts


def _hierarchy(found: dict[bytes, Listed], rows: list[Listed], told: list[Response]) -> Hierarchy:
    delimiter = next((one.delimiter for one in rows if one.delimiter), None)
    inbox = found.get(b"INBOX")
    has_children = inbox is None or "\\noinferiors" not in inbox.attributes
    for response in told:
        if response.text[2:12].upper() != b"NAMESPACE ":
            continue
        personal, *others = [*tokens(response, 12), None, None, None][:3]
        if isinstance(personal, list) and personal and isinstance(personal[0], list):
            prefix, own = [*personal[0], None, None][:2]
            return Hierarchy(
                own if isinstance(own, bytes) else delimiter,
                prefix if isinstance(prefix, bytes) else b"",
                tuple(p for group in others for p in _prefixes(group)),
                has_children,
            )
    return Hierarchy(delimiter, _inferred_prefix(found, delimiter), (), has_children)


def _prefixes(group: Token) -> list[bytes]:
    spaces = group if isinstance(group, list) else []
    return [s[0] for s in spaces if isinstance(s, list) and s and isinstance(s[0], bytes) and s[0]]


def _inferred_prefix(found: dict[bytes, Listed], delimiter: bytes | None) -> bytes:
    """`INBOX.` when every folder but the inbox lies below it and there are several."""
    others = [name for name in found if name != b"INBOX"]
    prefix = b"INBOX" + (delimiter or b"")
    if delimiter and len(others) > 1 and all(name.startswith(prefix) for name in others):
        return prefix
    return b""


def _folder(
    one: Listed, hierarchy: Hierarchy, counts: dict[bytes, int], subscribed: bool
) -> Folder:
    path = names.split(one.name, one.delimiter or hierarchy.delimiter, hierarchy.prefix)
    usable = not one.attributes & _UNSELECTABLE and not set(one.name) & {0, 10, 13}
    role = FolderRole.INBOX if path == (names.INBOX,) else role_by_attribute(one.attributes)
    return Folder(
        path=path,
        key=one.name.decode("latin-1"),
        role=role,
        count=counts.get(b"MESSAGES"),
        size=counts.get(b"SIZE"),
        validity=counts.get(b"UIDVALIDITY"),
        next_key=counts.get(b"UIDNEXT"),
        selectable=usable,
        subscribed=subscribed,
        personal=hierarchy.is_personal(one.name),
        holds=Holds.VIEW if role in _VIEWS else Holds.OWN,
    )


def _with_named_roles(folders: list[Folder]) -> list[Folder]:
    """Roles by name for those that no folder carries by attribute; personal folders only."""
    told = {folder.role for folder in folders}
    return [
        replace(folder, role=named)
        if folder.role is None
        and folder.personal
        and (named := role_by_name(folder.path)) not in told
        else folder
        for folder in folders
    ]
