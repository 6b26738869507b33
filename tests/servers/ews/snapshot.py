"""A mailbox of the EWS server as tests compare mailboxes: bytes as given, flags and dates."""

from __future__ import annotations

from hashlib import sha256

from omm_desktop.model.items import FolderPath

from ..mailbox import Snapshot, StoredMessage
from .intake import FLAG_STATUS, UNSENT, flags_of
from .mime_out import mime_of
from .moments import parse
from .properties import tagged
from .server import EwsServer
from .soap import children
from .store import Folder, Item

VERB = tagged(0x1081, "Integer")
VERBS = {"102": "\\answered", "103": "\\answered", "104": "$forwarded"}
USUAL = {
    "inbox": ("INBOX",),
    "sentitems": ("Sent",),
    "drafts": ("Drafts",),
    "deleteditems": ("Trash",),
    "junkemail": ("Junk",),
}


def snapshot_of(server: EwsServer, address: str, *, as_given_back: bool = False) -> Snapshot:
    """Folders of mail by names as IMAP has them; of those every mailbox has, the filled ones.

    `as_given_back`: mails by the bytes that the server makes of them, not by those it was given.
    """
    with server.turn:
        folders = server.store.mailboxes[address].folders.values()
        return {
            path_of(folder): [
                _stored(item, mime_of(item) if as_given_back else item.mime or b"")
                for item in folder.items.values()
            ]
            for folder in folders
            if _counts(folder)
        }


def _counts(folder: Folder) -> bool:
    of_mail = (folder.folder_class or "").startswith("IPF.Note")
    return of_mail and (folder.distinguished is None or bool(folder.items))


def path_of(folder: Folder) -> FolderPath:
    if folder.distinguished in USUAL:
        return USUAL[folder.distinguished]
    above = folder.parent
    return (*(path_of(above) if above is not None and _has_name(above) else ()), folder.name)


def _has_name(folder: Folder) -> bool:
    return folder.distinguished not in ("msgfolderroot", "root")


def _stored(item: Item, mime: bytes) -> StoredMessage:
    return StoredMessage(
        sha256(mime).hexdigest(),
        _flags(item),
        parse(item.text("item:DateTimeReceived")),
        item.text("item:Subject"),
        len(mime),
    )


def _flags(item: Item) -> frozenset[str]:
    categories = item.fields.get("item:Categories")
    flags = (
        {(one.text or "").lower() for one in children(categories)}
        if categories is not None
        else set()
    )
    number = flags_of(item)
    flags |= {"\\seen"} if number & 1 else set()
    flags |= {"\\draft"} if number & UNSENT else set()
    flags |= {"\\flagged"} if item.properties[FLAG_STATUS] == "2" else set()
    verb = item.properties[VERB]
    return frozenset(flags | ({VERBS[verb]} if isinstance(verb, str) and verb in VERBS else set()))
