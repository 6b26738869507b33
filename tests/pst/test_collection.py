"""The collection's Outlook files are read as libpff reads them, and further."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from omm_desktop.endpoints.pst.damage import Damaged
from omm_desktop.endpoints.pst.ltp.property_context import PropertyContext
from omm_desktop.endpoints.pst.ltp.values import PropertyType
from omm_desktop.endpoints.pst.messaging.attachment import Attachment, AttachMethod
from omm_desktop.endpoints.pst.messaging.folder import Folder, FolderFile, FolderUse
from omm_desktop.endpoints.pst.messaging.message import Message
from omm_desktop.endpoints.pst.messaging.store import Store

from .collection import BROKEN, SOUND
from .recorded import RECORD, digest

LIBPFF: dict[str, Any] = json.loads(RECORD.read_text())
ROOT = 0x122
SEARCH_FOLDER = 3
EMBEDDED = {
    "Aspose.Email-for-.NET__Outlook.pst": 4,
    "Aspose.Email-for-.NET__passwordprotectedPST.pst": 5,
    "java-libpst__dist-list.pst": 2,
    "pstsdk__submessage.pst": 1,
}
"""Messages within messages, which libpff cannot enter."""


@pytest.mark.parametrize("name", SOUND)
def test_everything_libpff_finds_is_found(name: str, pst_files: dict[str, Path]) -> None:
    recorded = LIBPFF[name]
    with Store(pst_files[name]) as store:
        folders = {str(folder.nid): folder for folder in _folders(store, ROOT)}
        listed = {nid: ["/".join(f.path), list(f.item_ids())] for nid, f in folders.items()}
        assert listed == {
            nid: folder
            for nid, folder in recorded["folders"].items()
            if int(nid) & 0x1F != SEARCH_FOLDER
        }
        found = {str(nid): _item(store, nid) for _, nids in listed.values() for nid in nids}
    assert found == recorded["items"]


@pytest.mark.parametrize("name", SOUND)
def test_nothing_sound_is_called_damaged(name: str, pst_files: dict[str, Path]) -> None:
    with Store(pst_files[name]) as store:
        for folder in store.folders():
            assert isinstance(folder, Folder)
            nids = list(folder.item_ids())
            assert folder.damage is None
            assert folder.stated_count == len(nids)
            for nid in nids:
                for part in _parts(store.message(nid)):
                    assert not isinstance(part, Damaged)
        assert store.database.blocks.suspects == set()


@pytest.mark.parametrize("name", SOUND)
def test_messages_within_messages_are_entered(name: str, pst_files: dict[str, Path]) -> None:
    with Store(pst_files[name]) as store:
        embedded = [
            part
            for folder in store.folders()
            if isinstance(folder, Folder)
            for nid in folder.item_ids()
            for part in _parts(store.message(nid))
            if isinstance(part, Message)
        ]
        assert len(embedded) == EMBEDDED.get(name, 0)
        assert all(message.message_class for message in embedded)


def test_folders_are_those_a_person_sees(pst_files: dict[str, Path]) -> None:
    with Store(pst_files["pstextractortestpdf@outlook.com.ost"]) as store:
        paths = {folder.path for folder in store.folders() if isinstance(folder, Folder)}
    assert {("Inbox",), ("Calendar", "Birthdays"), ("Sync Issues", "Conflicts")} <= paths
    assert len(paths) == 35
    with Store(pst_files["Aspose.Email-for-.NET__Outlook.pst"]) as store:
        folders = [folder for folder in store.folders() if isinstance(folder, Folder)]
        used = {folder.name: folder.use for folder in folders if folder.use}
        classes = {folder.name: folder.container_class for folder in folders}
    assert used == {
        "Inbox": FolderUse.INBOX,
        "Sent Items": FolderUse.SENT,
        "Deleted Items": FolderUse.TRASH,
        "Outbox": FolderUse.OUTBOX,
        "Drafts": FolderUse.DRAFTS,
        "Junk E-mail": FolderUse.JUNK,
        "Calendar": FolderUse.CALENDAR,
        "Contacts": FolderUse.CONTACTS,
        "Tasks": FolderUse.TASKS,
        "Notes": FolderUse.NOTES,
        "Journal": FolderUse.JOURNAL,
    }
    assert (classes["Contacts"], classes["Calendar"]) == ("IPF.Contact", "IPF.Appointment")


def test_of_a_broken_file_folders_remain_and_say_that_they_are_damaged(
    pst_files: dict[str, Path],
) -> None:
    with Store(pst_files[BROKEN]) as store:
        *folders, last = store.folders()
        assert len(folders) == 4
        assert all(isinstance(folder, Folder) and folder.damage for folder in folders)
        assert isinstance(last, Damaged)
    assert LIBPFF[BROKEN] is None


def _folders(store: Store, nid: int) -> Iterator[Folder]:
    waiting: list[Folder | Damaged] = [
        Folder(FolderFile(store.database, store.charset), nid, above=None)
    ]
    while waiting:
        folder = waiting.pop()
        assert isinstance(folder, Folder)
        yield folder
        waiting += folder.subfolders()


def _item(store: Store, nid: int) -> dict[str, Any]:
    context = PropertyContext(store.database.node(nid))
    message = store.message(nid)
    values = (
        (kind, context.raw(prop, 1 << 30))
        for prop in context
        if (kind := context.type_of(prop)) not in (None, PropertyType.OBJECT)
    )
    return {
        "properties": digest(values),
        "recipients": len(list(message.recipients())),
        "attachments": [
            _attachment(attachment)
            for attachment in message.attachments()
            if isinstance(attachment, Attachment)
        ],
    }


def _attachment(attachment: Attachment) -> list[Any]:
    data = b"".join(attachment.pieces())
    return [len(data), hashlib.sha256(data).hexdigest()[:32]]


def _parts(message: Message) -> Iterator[Attachment | Message | Damaged]:
    """Attachments and, entered again, the messages among them."""
    for attachment in message.attachments():
        yield attachment
        if isinstance(attachment, Attachment) and (
            attachment.method == AttachMethod.EMBEDDED_MESSAGE
        ):
            embedded = message.embedded(attachment)
            yield embedded
            yield from _parts(embedded)
