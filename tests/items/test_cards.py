"""vCards read with tolerance and written by vobject."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop.endpoints.convert.card.person import NO_YEAR, Data, Group, Person, Typed
from omm_desktop.endpoints.convert.card.read import read_card
from omm_desktop.endpoints.convert.card.split import split_cards
from omm_desktop.endpoints.convert.card.write import write_card
from omm_desktop.endpoints.convert.content_lines import cut, read_lines


def card(*lines: str, version: str = "3.0") -> bytes:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]).encode()


def person(*lines: str, version: str = "3.0") -> Person:
    (one,) = split_cards(card(*lines, version=version))
    read = read_card(one)
    assert isinstance(read, Person)
    return read


def test_every_card_of_the_collection_is_found(card_files: list[tuple[str, bytes]]) -> None:
    for name, data in card_files:
        begins = data.upper().count(b"BEGIN:VCARD")
        assert len(list(split_cards(data))) == begins, name


def test_what_is_written_reads_the_same(card_files: list[tuple[str, bytes]]) -> None:
    cards = [(name, read_card(one)) for name, data in card_files for one in split_cards(data)]
    assert len(cards) == 178
    for name, subject in cards:
        held = replace(subject, rest=())
        (written,) = split_cards(write_card(held))
        assert read_card(written) == held, name


def test_what_is_written_is_a_vcard(card_files: list[tuple[str, bytes]]) -> None:
    for name, data in card_files:
        for one in split_cards(data):
            subject = read_card(one)
            written = vobject.readOne(write_card(subject).decode())
            assert written.validate(), name


def test_a_card_without_an_end_leaves_the_next_one_whole() -> None:
    data = b"BEGIN:VCARD\nFN:A\n" + card("FN:B") + b"BEGIN:VCARD\nFN:C\n"
    assert [read_card(one).full_name for one in split_cards(data)] == ["A", "B", "C"]  # type: ignore[union-attr]


def test_a_card_within_a_card() -> None:
    data = card("FN:Boss", "AGENT:", "BEGIN:VCARD", "FN:Agent", "END:VCARD", "TEL:1")
    boss, agent = map(read_card, split_cards(data))
    assert isinstance(boss, Person)
    assert isinstance(agent, Person)
    assert (boss.full_name, boss.phones, agent.full_name) == ("Boss", (Typed("1"),), "Agent")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    data = card("FN:Zoé", "N:;Zoé;;;").decode().encode(encoding)
    (one,) = split_cards(data)
    read = read_card(one)
    assert isinstance(read, Person)
    assert (read.full_name, read.name.given) == ("Zoé", "Zoé")


def test_quoted_printable_of_versit() -> None:
    read = person(
        "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:L=E9on;Zo=E9",
        "NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo =\r\nthree",
        version="2.1",
    )
    assert (read.name.family, read.name.given) == ("Léon", "Zoé")
    assert read.notes == "one\ntwo three"


@pytest.mark.parametrize(
    "line",
    [
        "PHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgo=",
        "PHOTO;ENCODING=BASE64;PNG:iVBORw0KGgo=",
        "PHOTO;BASE64:\r\n iVBO\r\n Rw0KGgo=",
        "PHOTO:data:image/png;base64,iVBORw0KGgo=",
        "PHOTO;VALUE=uri:data:image/png;base64\\,iVBORw0KGgo=",
    ],
)
def test_photos(line: str) -> None:
    photo = person("FN:A", line).photo
    assert photo == Data("PHOTO", b"\x89PNG\r\n\x1a\n", "image/png")


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("TEL;TYPE=work,voice:1", {"work"}),
        ('TEL;TYPE="work,fax":1', {"work", "fax"}),
        ("TEL;WORK;FAX:1", {"work", "fax"}),
        ("TEL;TYPE=HOME;TYPE=CELL:1", {"home", "cell"}),
        ("TEL;VALUE=uri;TYPE=main:tel:1", {"main"}),
        ("X-MS-TEL;TYPE=ASSISTANT:1", {"assistant"}),
        ("TEL;TYPE=homefax:1", {"home", "fax"}),
    ],
)
def test_kinds_of_telephone(line: str, kinds: set[str]) -> None:
    assert person("FN:A", line).phones == (Typed("1", frozenset(kinds)),)


def test_the_preferred_one_is_the_first() -> None:
    read = person("FN:A", "EMAIL:a@x.test", "EMAIL;PREF=1:b@x.test", version="4.0")
    assert [email.value for email in read.emails] == ["b@x.test", "a@x.test"]


def test_labels_of_apple() -> None:
    read = person(
        "FN:A",
        "item1.X-ABRELATEDNAMES:Bea",
        "item1.X-ABLabel:_$!<Spouse>!$_",
        "item2.X-ABDATE:2001-02-03",
        "item2.X-ABLabel:_$!<Anniversary>!$_",
        "item3.TEL:1",
        "item3.X-ABLabel:Boat",
        "item4.X-ABRELATEDNAMES:Cleo",
        "item4.X-ABLabel:Friend",
    )
    assert read.related == (("spouse", "Bea"),)
    assert read.anniversary == date(2001, 2, 3)
    assert read.phones == (Typed("1", frozenset({"boat"})),)
    assert [(line.name, line.values("label")) for line in read.rest] == [
        ("X-ABRELATEDNAMES", ("friend",))
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1985-04-12", date(1985, 4, 12)),
        ("19850412", date(1985, 4, 12)),
        ("1985-04-12T23:20:50Z", date(1985, 4, 12)),
        ("--0412", date(NO_YEAR, 4, 12)),
        ("--02-29", date(NO_YEAR, 2, 29)),
    ],
)
def test_birthdays(text: str, day: date) -> None:
    assert person("FN:A", f"BDAY:{text}").birthday == day


@pytest.mark.parametrize("text", ["1985", "circa 1800", "1985-13-01", "---12"])
def test_what_is_no_day_is_kept(text: str) -> None:
    read = person("FN:A", f"BDAY:{text}")
    assert read.birthday is None
    assert [line.text for line in read.rest] == [text]


def test_a_name_of_what_there_is() -> None:
    assert person("N:Doe;Jo;;Dr.;").full_name == "Dr. Jo Doe"
    assert person("ORG:Shop").full_name == "Shop"
    assert person("EMAIL:a@x.test").full_name == "a@x.test"


@pytest.mark.parametrize("kind", ["KIND:group", "X-ADDRESSBOOKSERVER-KIND:group"])
def test_groups(kind: str) -> None:
    member = "MEMBER" if kind.startswith("KIND") else "X-ADDRESSBOOKSERVER-MEMBER"
    (one,) = split_cards(
        card(kind, "FN:Choir", f"{member}:urn:uuid:1", f"{member}:mailto:b@x.test")
    )
    assert read_card(one) == Group(name="Choir", members=("urn:uuid:1", "mailto:b@x.test"))


def test_members_of_a_group_keep_their_names() -> None:
    members = ("mailto:a@x.test", "mailto:b@x.test", "mailto:c@x.test")
    names = ('Zoé "Z": soprano; alto, too', "Bob")
    group = Group(name="Choir", members=members, called=tuple(zip(members, names, strict=False)))
    read = read_card(write_card(group))
    assert isinstance(read, Group)
    assert dict(read.called) == {members[0]: "Zoé 'Z': soprano; alto, too", members[1]: "Bob"}


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    for one in split_cards(b"BEGIN:VCARD\n" + data):
        read_card(one)


_TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=40)


@given(_TEXT, _TEXT, st.lists(_TEXT, max_size=3))
def test_any_text_survives_writing(family: str, notes: str, units: list[str]) -> None:
    held = Person(
        full_name="A",
        organisation="O",
        units=tuple(dict.fromkeys(filter(None, map(str.strip, units)))),
        notes=notes.strip(),
        file_as=family.strip(),
    )
    (written,) = split_cards(write_card(held))
    assert read_card(written) == held


@given(st.text(alphabet="ab\\;", max_size=12))
def test_cutting_keeps_every_character(value: str) -> None:
    assert ";".join(cut(value, ";")) == value


def test_a_line_without_a_value_is_left_out() -> None:
    assert [line.name for line in read_lines(b"FN\nTEL;\nNOTE:x\n")] == ["TEL", "NOTE"]
