"""Folders and messages in files of each generation, and in files whose tables are gone."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from omm_desktop.endpoints.pst.damage import Damaged
from omm_desktop.endpoints.pst.messaging.folder import Folder
from omm_desktop.endpoints.pst.messaging.recipient import Recipient
from omm_desktop.endpoints.pst.messaging.store import Store
from omm_desktop.endpoints.pst.mime.message_writer import write_message
from omm_desktop.endpoints.pst.ndb.encoding import cyclic

from .outlook import GONE, Attached, Box, Letter, Outlook, Properties, binary, number, text, text8
from .writing import ANSI, UNICODE, UNICODE_4K, Encode, Generation, permute

FILE = bytes(range(256)) * 40
PEOPLE: list[Properties] = [
    {0x3001: text(f"Person {index}"), 0x39FE: text(f"p{index}@example.test"), 0x0C15: number(1)}
    for index in range(50)
]
LETTER = Letter(
    {0x0037: text("Subject"), 0x1000: text("Line\r\n" * 500)},
    PEOPLE,
    [Attached({0x3705: number(1), 0x3707: text("f.bin"), 0x3701: binary(FILE)})],
)
BOXES = [
    Box("Inbox", [LETTER, Letter({0x0037: text("Second")})]),
    Box("Archive", [], [Box("2019/2020", [LETTER], [Box("Été")])]),
]


def _everything(path: Path) -> dict[tuple[str, ...], list[bytes]]:
    found: dict[tuple[str, ...], list[bytes]] = {}
    with Store(path) as store:
        for folder in store.folders():
            assert isinstance(folder, Folder)
            found[folder.path] = []
            for nid in folder.item_ids():
                output = io.BytesIO()
                assert write_message(store.message(nid), output) == []
                found[folder.path].append(output.getvalue())
    return found


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], list[bytes]]:
    """What each such file holds."""
    path = tmp_path_factory.mktemp("expected") / "made.pst"
    Outlook().save(path, BOXES)
    found = _everything(path)
    assert {name: len(mails) for name, mails in found.items()} == {
        ("Inbox",): 2,
        ("Archive",): 0,
        ("Archive", "2019/2020"): 1,
        ("Archive", "2019/2020", "Été"): 0,
    }
    return found


@pytest.mark.parametrize("generation", [ANSI, UNICODE, UNICODE_4K], ids=["ansi", "unicode", "4k"])
@pytest.mark.parametrize(
    ("method", "encode"),
    [(0, lambda data, bid: data), (1, permute), (2, cyclic)],
    ids=["plain", "permute", "cyclic"],
)
def test_the_generation_and_the_encoding_make_no_difference(
    generation: Generation,
    method: int,
    encode: Encode,
    expected: dict[tuple[str, ...], list[bytes]],
    tmp_path: Path,
) -> None:
    Outlook(generation, method, encode).save(tmp_path / "made.pst", BOXES)
    assert _everything(tmp_path / "made.pst") == expected


def test_folders_and_messages_are_found_without_their_tables(tmp_path: Path) -> None:
    letters = [Letter({0x0037: text(f"Letter {index}")}) for index in range(30)]
    boxes = [Box("Inbox", letters, [Box("Within", letters[:3])])]
    outlook = Outlook()
    outlook.table = lambda rows: (0, {})  # type: ignore[method-assign]
    outlook.save(tmp_path / "made.pst", boxes)
    with Store(tmp_path / "made.pst") as store:
        listed = list(store.folders())
        folders = [folder for folder in listed if isinstance(folder, Folder)]
        assert [folder.path for folder in folders] == [("Inbox",), ("Inbox", "Within")]
        # The last tells that the list of the topmost folders was damaged.
        assert [isinstance(folder, Damaged) for folder in listed] == [False, False, True]
        assert [len(list(folder.item_ids())) for folder in folders] == [30, 3]
        assert all(folder.damage for folder in folders)


def test_folders_nested_too_deep_are_told(tmp_path: Path) -> None:
    box = Box("70")
    for depth in range(69, 0, -1):
        box = Box(str(depth), (), [box])
    Outlook().save(tmp_path / "made.pst", [box])
    with Store(tmp_path / "made.pst") as store:
        *folders, last = store.folders()
    assert [len(folder.path) for folder in folders if isinstance(folder, Folder)] == [*range(1, 65)]
    assert isinstance(last, Damaged)


def test_a_folder_without_its_name_keeps_what_it_holds(tmp_path: Path) -> None:
    nameless = Box("", [Letter({0x0037: text("Kept")})], (), {0x3001: (0x1F, GONE)})
    Outlook().save(tmp_path / "made.pst", [nameless])
    with Store(tmp_path / "made.pst") as store:
        (folder,) = store.folders()
        assert isinstance(folder, Folder)
        assert (folder.name, bool(folder.damage)) == (f"{folder.nid:x}", True)
        assert [store.message(nid).subject for nid in folder.item_ids()] == ["Kept"]


def test_a_message_without_its_properties_costs_no_other(tmp_path: Path) -> None:
    outlook = Outlook()
    outlook.save(tmp_path / "whole.pst", [Box("Inbox", [LETTER] * 3)])
    outlook.writer.node(0x200044, 0, 0)
    outlook.writer.save(tmp_path / "made.pst")
    with Store(tmp_path / "made.pst") as store:
        (folder,) = store.folders()
        assert isinstance(folder, Folder)
        first, second, third = folder.item_ids()
        assert store.message(first).subject == store.message(third).subject == "Subject"
        with pytest.raises(Damaged):
            store.message(second)


def test_people_are_known_from_other_messages(tmp_path: Path) -> None:
    internal = {0x3001: text("Ann"), 0x3002: text("EX"), 0x3003: text("/o=Org/cn=Ann")}
    both = {**internal, 0x39FE: text("ann@example.test")}
    author: Properties = {0x0042: text("Ann"), 0x0064: text("EX"), 0x0065: text("/O=ORG/CN=ANN")}
    letters = [Letter({**author, 0x0037: text("1")}, [internal]), Letter({}, [both])]
    Outlook().save(tmp_path / "made.pst", [Box("Inbox", letters)])
    with Store(tmp_path / "made.pst") as store:
        (folder,) = store.folders()
        assert isinstance(folder, Folder)
        first, _ = folder.item_ids()
        assert [person.address for person in store.message(first).people()] == ["", "", ""]
        for nid in folder.item_ids():
            for person in store.message(nid).people():
                store.addresses.learn(person)
        found = store.message(first)
        (to,) = found.recipients()
        assert isinstance(to, Recipient)
        assert found.author.address == to.person.address == "ann@example.test"


def test_names_of_folders_may_be_in_an_older_charset(tmp_path: Path) -> None:
    box = Box("", [], (), {0x3001: text8("Été".encode("cp1252"))})
    Outlook(ANSI).save(tmp_path / "made.pst", [box])
    with Store(tmp_path / "made.pst") as store:
        (folder,) = store.folders()
        assert isinstance(folder, Folder)
        assert folder.path == ("Été",)
