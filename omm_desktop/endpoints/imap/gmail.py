"""Gmail: each label is a folder, and one more folder shows everything (X-GM-EXT-1).

Mail that was archived without a label lies in that one folder alone. Labels are read, not searched
for: a label may be hidden from IMAP, and what only a hidden label names would be lost. X-GM-MSGID
tells that the mail of two labels is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...model.items import Folder, FolderPath, FolderRole, Holds
from ...model.problem import Place, Problem, ProblemId
from .responses import Fetched

EXTENSION = "X-GM-EXT-1"
_LISTING = b"(UID FLAGS INTERNALDATE RFC822.SIZE X-GM-MSGID)"
_LISTING_OF_REST = b"(UID FLAGS INTERNALDATE RFC822.SIZE X-GM-MSGID X-GM-LABELS)"

_SYSTEM_LABELS = {
    FolderRole.INBOX: b"\\inbox",
    FolderRole.SENT: b"\\sent",
    FolderRole.DRAFTS: b"\\draft",
    FolderRole.JUNK: b"\\spam",
    FolderRole.TRASH: b"\\trash",
}
# Mail there is in no other folder.
_APART = frozenset({FolderRole.JUNK, FolderRole.TRASH})
# What "Limit IMAP folders" in Gmail's settings may be set to.
_FOLDER_LIMITS = frozenset({1000, 2000, 5000, 10_000})


def described(folders: Sequence[Folder]) -> list[Folder]:
    """The folders as they are to be taken: labels, what holds the rest, what may be cut short."""
    everything = next((folder for folder in folders if folder.role is FolderRole.ALL), None)
    beside = None if everything is None else everything.path[:-1]
    return [_taken(_with_limit(folder), beside) for folder in folders]


def _taken(folder: Folder, beside: FolderPath | None) -> Folder:
    """`beside` is the parent of Gmail's own folders; those without a role are the old chats."""
    if folder.role is FolderRole.ALL:
        whole = folder.count
        return replace(folder, holds=Holds.REST, count=None, size=None, next_key=None, shows=whole)
    if folder.holds is Holds.VIEW or folder.role in _APART:
        return folder
    if beside and folder.role is None and folder.path[:-1] == beside:
        return replace(folder, holds=Holds.CHATS)
    return replace(folder, holds=Holds.LABEL)


def listing(rest: bool) -> bytes:
    """What to ask of each message: of the folder that holds the rest, its labels too."""
    return _LISTING_OF_REST if rest else _LISTING


def _with_limit(folder: Folder) -> Folder:
    if folder.count not in _FOLDER_LIMITS:
        return folder
    detail = f"{folder.count} messages"
    return replace(
        folder,
        remarks=(Problem(ProblemId.FOLDER_CUT_SHORT, Place.SOURCE, detail, folder.name),),
    )


def shown_labels(folders: Sequence[Folder]) -> frozenset[bytes]:
    """The labels whose mail another folder gives, system labels in lower case."""
    giving = (Holds.OWN, Holds.LABEL)
    usable = [folder for folder in folders if folder.selectable and folder.holds in giving]
    names = {folder.key.encode("latin-1") for folder in usable}
    return frozenset(names | {_SYSTEM_LABELS[f.role] for f in usable if f.role in _SYSTEM_LABELS})


def only_here(one: Fetched, shown: frozenset[bytes]) -> bool:
    """True for a message that no other folder gives."""
    labels = {label.lower() if label[:1] == b"\\" else label for label in one.labels or ()}
    return not labels & shown
