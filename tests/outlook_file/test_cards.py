"""Contacts and lists become cards that say the same."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from struct import pack

import vobject

from omm_desktop.endpoints.convert.card.person import Group, Name, Person, PostalAddress, Typed
from omm_desktop.endpoints.convert.card.read import read_card
from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.model.items import Item, ItemKind
from omm_desktop.model.problem import ProblemId
from tests.pst.outlook import (
    GONE,
    PUBLIC_STRINGS,
    Attached,
    Box,
    Letter,
    Outlook,
    Properties,
    binary,
    flag,
    number,
    text,
    texts,
    time,
)
from tests.pst.recurrences import ticks

from .everything import read_file

ADDRESS = "00062004"
NUMBERS = (0x8005, 0x8062, 0x8083, 0x8093, 0x80A3, 0x8045, 0x8046, 0x802C, 0x802D, 0x80D8)
NAMED: dict[tuple[str, int | str], int] = {
    **{(ADDRESS, number): 0x8000 + index for index, number in enumerate(NUMBERS)},
    (PUBLIC_STRINGS, "Keywords"): 0x8050,
}
ID = {number: 0x8000 + index for index, number in enumerate(NUMBERS)}
CONTACT = {0x001A: text("IPM.Contact")}
PICTURE = b"\x89PNG\r\n" + bytes(range(256)) * 4


def card(path: Path, properties: Properties, *attachments: Attached) -> tuple[Person, Item]:
    letter = Letter({**CONTACT, **properties}, (), attachments)
    Outlook().save(path, [Box("Contacts", [letter])], NAMED)
    (item,) = read_file(path).items.values()
    data = whole(item.payload)
    vobject.readOne(data.decode()).validate(raiseException=True)
    person = read_card(data)
    assert isinstance(person, Person)
    return person, item


def test_a_whole_contact(tmp_path: Path) -> None:
    properties: Properties = {
        0x3001: text("Dr. Zoé M. Ünal; jr."),
        0x3A45: text("Dr."),
        0x3A06: text("Zoé"),
        0x3A44: text("M."),
        0x3A11: text("Ünal"),
        0x3A05: text("jr."),
        0x3A4F: text("Zo, Z"),
        0x3A16: text("Bäcker; Söhne"),
        0x3A18: text("Backstube"),
        0x3A17: text("Chef"),
        0x3A46: text("Bäckerin"),
        0x3A19: text("12b"),
        0x3A4E: text("Ann"),
        0x3A30: text("Bob"),
        0x3A48: text("Kim"),
        0x3A58: texts("Lou", "Max"),
        0x3A4D: (0x0002, pack("<H", 1)),
        0x3A42: time(ticks(datetime(1980, 5, 3, 22))),
        0x3A41: time(ticks(datetime(2005, 6, 7, 22))),
        0x3A08: text("+33 1 00 00 00 00"),
        0x3A1B: text("+33 1 00 00 00 01"),
        0x3A1C: text("+33 6 00 00 00 00"),
        0x3A24: text("+33 1 00 00 00 02"),
        0x3A1F: text("+33 1 00 00 00 03"),
        0x3A4B: text("+33 1 00 00 00 04"),
        0x3A59: text("Lille"),
        0x3A51: text("https://example.test/"),
        0x1000: text("Line one\r\nLine, two; three\\n"),
        0x0036: number(2),
        ID[0x8005]: text("Ünal, Zoé"),
        ID[0x8062]: text("zoe@chat.test"),
        ID[0x8083]: text("zoe@example.test"),
        ID[0x8093]: text("z@home.test"),
        ID[0x8045]: text("1 rue X\r\nEscalier B"),
        ID[0x8046]: text("Paris"),
        ID[0x802C]: text("ゾエ"),
        ID[0x802D]: text("ウナル"),
        ID[0x80D8]: text("https://example.test/busy"),
        0x8050: texts("Famille", "A, B"),
    }
    photo = {0x3705: number(1), 0x3707: text("ContactPicture.jpg"), 0x3701: binary(PICTURE)}
    person, item = card(tmp_path / "made.pst", properties, Attached({**photo, 0x7FFF: flag(True)}))
    assert item.remarks == ()
    assert person.full_name == "Dr. Zoé M. Ünal; jr."
    assert person.name == Name("Ünal", "Zoé", "M.", "Dr.", "jr.")
    assert person.phonetic == Name(family="ウナル", given="ゾエ")
    assert (person.file_as, person.nicknames) == ("Ünal, Zoé", ("Zo, Z",))
    assert (person.organisation, person.units) == ("Bäcker; Söhne", ("Backstube",))
    assert (person.titles, person.roles, person.office) == (("Chef",), ("Bäckerin",), "12b")
    assert person.related == (
        ("assistant", "Bob"),
        ("child", "Lou"),
        ("child", "Max"),
        ("manager", "Ann"),
        ("spouse", "Kim"),
    )
    assert (person.birthday, person.anniversary) == (date(1980, 5, 4), date(2005, 6, 8))
    assert (person.gender, person.privacy) == ("F", "private")
    assert person.emails == (Typed("zoe@example.test"), Typed("z@home.test"))
    assert person.phones == (
        Typed("+33 1 00 00 00 00", frozenset({"work"})),
        Typed("+33 1 00 00 00 01", frozenset({"work"})),
        Typed("+33 6 00 00 00 00", frozenset({"cell"})),
        Typed("+33 1 00 00 00 02", frozenset({"work", "fax"})),
        Typed("+33 1 00 00 00 04", frozenset({"ttytdd"})),
        Typed("+33 1 00 00 00 03"),
    )
    assert person.addresses == (
        PostalAddress(street="1 rue X\nEscalier B", city="Paris", types=frozenset({"work"})),
        PostalAddress(city="Lille", types=frozenset({"home"})),
    )
    assert person.pages == (Typed("https://example.test/"),)
    assert (person.messaging, person.free_busy) == (
        ("zoe@chat.test",),
        "https://example.test/busy",
    )
    assert person.notes == "Line one\nLine, two; three\\n"
    assert person.categories == ("Famille", "A, B")
    assert person.photo is not None
    assert (person.photo.content, person.photo.media) == (PICTURE, "image/png")
    assert person.rest == ()


def test_a_card_always_has_a_name(tmp_path: Path) -> None:
    for properties, name in (
        ({0x3A16: text("Org")}, "Org"),
        ({ID[0x8083]: text("a@example.test")}, "a@example.test"),
        ({0x3A06: text("Ann"), 0x3A11: text("Lee")}, "Ann Lee"),
        ({}, "?"),
    ):
        person, _ = card(tmp_path / "made.pst", properties)  # type: ignore[arg-type]
        assert person.full_name == name


def test_what_cannot_be_read_costs_itself_alone(tmp_path: Path) -> None:
    photo = {0x3705: number(1), 0x7FFF: flag(True), 0x3701: (0x0102, GONE)}
    file = {0x3705: number(1), 0x3707: text("plan.pdf"), 0x3701: binary(b"%PDF")}
    properties: Properties = {0x3001: text("Ann"), 0x3A16: (0x1F, GONE), 0x3A17: text("Chief")}
    person, item = card(tmp_path / "made.pst", properties, Attached(photo), Attached(file))
    assert (person.full_name, person.titles, person.photo) == ("Ann", ("Chief",), None)
    assert [problem.id for problem in item.remarks] == [ProblemId.ITEM_PARTLY_READ] * 3
    told = " ".join(problem.detail for problem in item.remarks)
    assert "plan.pdf" in told


def test_large_photos_and_notes(tmp_path: Path) -> None:
    picture = PICTURE * 1000
    photo = {0x3705: number(1), 0x7FFF: flag(True), 0x3701: binary(picture)}
    note = "Écrit en français. " * 30_000
    properties: Properties = {0x3001: text("Ann"), 0x1000: text(note)}
    person, _ = card(tmp_path / "made.pst", properties, Attached(photo))
    assert person.photo is not None
    assert person.photo.content == picture
    assert person.notes == note.strip()


def test_the_contacts_and_lists_of_the_collection(pst_files: dict[str, Path]) -> None:
    found = read_file(pst_files["java-libpst__dist-list.pst"]).of(ItemKind.CONTACTS)
    cards = [read_card(whole(item.payload)) for item in found]
    (group,) = (one for one in cards if isinstance(one, Group))
    assert group.name == "test dist list"
    assert group.members == (
        "mailto:contact1@rjohnson.id.au",
        "mailto:dist1@rjohnson.id.au",
        "mailto:dist2@rjohnson.id.au",
    )
    people = read_file(pst_files["Aspose.Email-for-.NET__SampleContacts.pst"])
    named = {one.full_name: one for one in map(_person, people.of(ItemKind.CONTACTS))}
    margaret = named["Margaret J. Tolle"]
    assert margaret.emails == (Typed("MargaretJTolle@dayrep.com"),)
    assert (margaret.organisation, margaret.titles) == ("Adaptaz", ("Recording engineer",))
    assert len(named) == 6


def _person(item: Item) -> Person:
    found = read_card(whole(item.payload))
    assert isinstance(found, Person)
    return found
