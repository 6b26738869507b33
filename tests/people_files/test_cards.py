"""Files of contacts."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import vobject
from vobject.base import Component

from omm_desktop.endpoints.convert.card.person import Person
from omm_desktop.endpoints.convert.card.read import read_card
from omm_desktop.endpoints.convert.card.split import split_cards
from omm_desktop.endpoints.convert.content_lines import decode
from omm_desktop.endpoints.convert.payload import FilePayload
from omm_desktop.endpoints.files.people import PeopleSource
from omm_desktop.model.items import FolderRole, ItemKind

from .reading import card, corpus_files, items, read

# Cards within others, and one behind blanks, which vobject passes over.
MORE_CARDS = frozenset(
    {
        "android_frameworks_opt_vcard__v21_nest.vcf",
        "ical4j-vcard__vcard-dirk-whitespaceafterbegin.vcf",
    }
)


def test_every_card_of_the_collection_says_what_it_says() -> None:
    """Read from what the source gives, each card is the person it is in the file."""
    count = 0
    for path in corpus_files("vcf"):
        given = read(path)[path.stem, ItemKind.CONTACTS]
        expected = [read_card(one) for one in split_cards(path.read_bytes())]
        assert [read_card(next(split_cards(one))) for one in given] == expected, path.name
        count += len(given)
    assert count == 178


def said_by_vobject(data: bytes) -> list[Counter[tuple[str, str]]] | None:
    """What the lines of each card say that vobject finds, None where it reads none."""
    text = decode(data)
    try:
        found = [one for one in vobject.readComponents(text) if one.name == "VCARD"]
    except (vobject.base.VObjectError, ValueError, TypeError):
        return None
    return [Counter(_told(one)) for one in found]


def _told(card: Component) -> Iterator[tuple[str, str]]:
    """Addresses, numbers and pages; vobject undoes neither `\\:` nor the scheme of a number."""
    for what, name in (("emails", "email"), ("phones", "tel"), ("pages", "url")):
        for line in card.contents.get(name, []):
            value = line.value.replace("\\:", ":").strip()
            yield what, value.removeprefix("tel:").removeprefix("mailto:")


def test_every_address_and_number_that_vobject_finds_is_found() -> None:
    compared = 0
    for path in corpus_files("vcf"):
        others = said_by_vobject(path.read_bytes())
        if others is None or path.name in MORE_CARDS:
            continue
        given = [read_card(one) for one in split_cards(path.read_bytes())]
        assert len(given) == len(others), path.name
        for ours, theirs in zip(given, others, strict=True):
            if isinstance(ours, Person):
                ours_said = {
                    (what, one.value)
                    for what in ("emails", "phones", "pages")
                    for one in getattr(ours, what)
                }
                assert {told for told in theirs if told[1]} <= ours_said, path.name
                compared += 1
    assert compared > 120


def test_cards_are_given_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "x.vcf"
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD\r\n " * 3
    cards = [card("FN:A", "X-ANY;X=1:whatever"), card("FN:B", photo.rstrip())]
    file.write_bytes(b"".join(cards))
    source = PeopleSource(file)
    (folder,) = source.folders()
    assert (folder.role, folder.count) == (FolderRole.CONTACTS, 2)
    assert [one.label.subject for one in items(source, folder)] == ["A", "B"]
    source.close()
    assert read(file) == {("x", ItemKind.CONTACTS): cards}


def test_a_charset_of_its_own_is_told_as_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "x.vcf"
    lines = b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=SHIFT_JIS:" + "山田".encode("cp932")
    quoted = b"\nN;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=8E=52;=93=63\nEND:VCARD\n"
    file.write_bytes(lines + quoted)
    ((one,),) = read(file).values()
    assert "FN;CHARSET=UTF-8:山田\r\n".encode() in one
    person = read_card(next(split_cards(one)))
    assert getattr(person, "full_name", "") == "山田"
    assert read_card(next(split_cards(file.read_bytes()))) == person


def test_a_large_photo_is_never_whole_in_memory(tmp_path: Path) -> None:
    photo = b64encode(bytes(range(256)) * (10 << 12))
    file = tmp_path / "x.vcf"
    folded = b"\r\n ".join(photo[start : start + 74] for start in range(0, len(photo), 74))
    large = card("FN:Été").replace(b"END:", b"PHOTO;ENCODING=b:" + folded * 2 + b"\r\nEND:")
    file.write_bytes(large + card("FN:B"))
    source = PeopleSource(file)
    (folder,) = source.folders()
    first, second = items(source, folder)
    assert isinstance(first.payload, FilePayload)
    assert b"".join(first.payload.pieces()) == large
    assert second.label.subject == "B"
    first.payload.close()
    source.close()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "x.vcf"
    file.write_bytes((card("FN:Zoé") + card("FN:Léon")).decode().encode(encoding))
    assert read(file) == {("x", ItemKind.CONTACTS): [card("FN:Zoé"), card("FN:Léon")]}


def test_a_note_of_a_million_signs(tmp_path: Path) -> None:
    file = tmp_path / "x.vcf"
    file.write_bytes(card("FN:A", "NOTE:" + "é" * 1_000_000) + card("FN:B"))
    assert [len(one) for one in read(file)["x", ItemKind.CONTACTS]] == [2_000_050, 43]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp932", ["山田", "鈴木", "佐藤", "表示", "ソニー"]),
        ("gb18030", ["张伟", "王芳", "李娜", "陈静"]),
        ("cp949", ["김민준", "이서연", "박지훈"]),
        ("cp1251", ["Иванов", "Смирнова", "Щербаков"]),
        ("cp1253", ["Παπαδόπουλος", "Ιωάννου", "Νικολάου"]),
        ("cp1252", ["Müller", "Núñez", "Groß", "Ångström"]),
    ],
)
def test_names_of_an_encoding_that_is_not_told(
    tmp_path: Path, encoding: str, names: list[str]
) -> None:
    """As Outlook wrote cards, in the encoding of its Windows."""
    cards = [f"BEGIN:VCARD\r\nVERSION:2.1\r\nN:{name};X\r\nEND:VCARD\r\n" for name in names]
    (tmp_path / "x.vcf").write_bytes("".join(cards).encode(encoding))
    (given,) = read(tmp_path / "x.vcf").values()
    assert [read_card(one).name.family for one in given] == names


@pytest.mark.parametrize("before", [0, 1])
def test_letters_of_two_octets_in_a_large_file(tmp_path: Path, before: int) -> None:
    """Wherever a part of the file that is looked at ends."""
    one = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:山田;X\r\nNOTE:{}\r\nEND:VCARD\r\n"
    notes = ["x" * before, *["電話" * 20_000] * 60]
    (tmp_path / "x.vcf").write_bytes("".join(map(one.format, notes)).encode("cp932"))
    (given,) = read(tmp_path / "x.vcf").values()
    assert {read_card(each).name.family for each in given} == {"山田"}


def test_a_file_put_together_of_several_encodings(tmp_path: Path) -> None:
    """One stray line does not make the others something else."""
    cards = [
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:{name};X\r\nEND:VCARD\r\n" for name in ["Щербаков"] * 9
    ]
    odd = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Müller;X\r\nEND:VCARD\r\n".encode("cp1252")
    (tmp_path / "x.vcf").write_bytes("".join(cards).encode() + odd)
    (given,) = read(tmp_path / "x.vcf").values()
    assert [read_card(one).name.family for one in given] == ["Щербаков"] * 9 + ["Müller"]


def test_letters_that_folds_cut(tmp_path: Path) -> None:
    note = "電話番号と住所を確認する" * 20
    line = b"NOTE:" + note.encode()
    folded = b"\r\n ".join(line[place : place + 74] for place in range(0, len(line), 74))
    (tmp_path / "x.vcf").write_bytes(
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:A\r\n" + folded + b"\r\nEND:VCARD\r\n"
    )
    (given,) = read(tmp_path / "x.vcf").values()
    assert read_card(given[0]).notes == note
