"""Folders of Exchange: roles, names, kinds."""

from __future__ import annotations

import pytest

from omm_desktop.model.items import Folder, FolderRole, ItemKind
from omm_desktop.model.ports import Destination, FolderWish
from tests.servers.ews import EwsServer

from .conftest import ANNA, Ends


@pytest.fixture
def destination(ends: Ends) -> Destination:
    return ends.destination


def made(answers: list[Folder | object]) -> list[Folder]:
    assert all(isinstance(answer, Folder) for answer in answers), answers
    return [answer for answer in answers if isinstance(answer, Folder)]


def test_roles_whatever_the_language_of_the_names(
    exchange: EwsServer, destination: Destination
) -> None:
    names = {"inbox": "Boîte de réception", "sentitems": "Éléments envoyés"}
    for role, name in names.items():
        exchange.store.mailboxes[ANNA].distinguished(role).name = name
    mail = [folder for folder in destination.folders() if folder.kind is ItemKind.MAIL]
    roles = {folder.role: folder.path for folder in mail}
    assert roles == {
        FolderRole.INBOX: ("INBOX",),
        FolderRole.SENT: ("Éléments envoyés",),
        FolderRole.DRAFTS: ("Drafts",),
        FolderRole.TRASH: ("Deleted Items",),
        FolderRole.JUNK: ("Junk Email",),
    }
    # A folder of mail that has the inbox's name beside it.
    assert destination.delimiter_free(("Boîte de réception",)) == ("Boîte de réception (2)",)


def test_folders_are_made_once_with_every_name(
    exchange: EwsServer, destination: Destination
) -> None:
    paths = [
        ("Clients", "A/B", "Été \\ 2023"),
        ("Clients", "A"),
        ("INBOX", "Below"),
        ("Sent Items", "2019"),
        ("日本", "会議"),
    ]
    wishes = [FolderWish(path) for path in paths]
    assert [destination.delimiter_free(path) for path in paths] == paths
    first = made(destination.ensure_folders(wishes))
    assert [folder.path for folder in first] == paths
    assert destination.ensure_folders(wishes) == first
    top = exchange.store.mailboxes[ANNA].distinguished("msgfolderroot")
    assert top.at("Clients", "A/B", "Été \\ 2023").folder_class == "IPF.Note"
    assert top.at("Inbox", "Below").id == first[2].key
    assert [one.name for one in top.children if one.name == "Clients"] == ["Clients"]


def test_what_holds_no_mail_keeps_its_name(exchange: EwsServer, destination: Destination) -> None:
    """Nor is anything put where it could be sent."""
    listed = {one.path for one in destination.folders() if one.kind is ItemKind.MAIL}
    assert not {("Calendar",), ("Contacts",), ("Outbox",)} & listed
    assert destination.delimiter_free(("Outbox", "x")) == ("Outbox (2)", "x")
    for name in ("Calendar", "contacts", "Outbox"):
        (folder,) = made(destination.ensure_folders([FolderWish((name, "x"))]))
        assert folder.path == (f"{name} (2)", "x")


def test_names_that_differ_in_case_alone(destination: Destination) -> None:
    wishes = [FolderWish(("Foo",)), FolderWish(("foo",)), FolderWish(("foo", "x"))]
    folders = made(destination.ensure_folders(wishes))
    assert len({folder.key for folder in folders}) == 3
    assert folders[2].path == (*folders[1].path, "x")
    (again,) = made(destination.ensure_folders([FolderWish(("FOO",))]))
    assert again.key == folders[0].key


def test_names_that_xml_or_exchange_cannot_hold(destination: Destination) -> None:
    path = destination.delimiter_free(("a\x01b\x7f\uffff ", "x" * 400))
    (folder,) = made(destination.ensure_folders([FolderWish(path)]))
    assert folder.path == path
    assert path[0] == "ab"
    assert len(path[1]) <= 255
    assert destination.delimiter_free(("", "x" * 399))[1] != path[1]
