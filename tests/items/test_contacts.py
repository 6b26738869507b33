"""Persons and groups in a mailbox on Exchange: what goes in comes out, but for what is listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from omm_desktop.endpoints.convert.card.person import (
    NO_YEAR,
    Data,
    Group,
    Name,
    Person,
    PostalAddress,
    Typed,
)
from omm_desktop.endpoints.convert.card.read import read_card
from omm_desktop.endpoints.convert.card.split import split_cards
from omm_desktop.endpoints.convert.content_lines import Line
from omm_desktop.endpoints.convert.loss import Loss
from omm_desktop.endpoints.ews.differences import Difference
from omm_desktop.endpoints.ews.people import contacts, groups

from . import explaining

if TYPE_CHECKING:
    from exchangelib import Account


def through(anna: Account, person: Person) -> tuple[Person, tuple[Loss, ...]]:
    """The person as it comes out again, and what was lost."""
    new = contacts.to_contact(person)
    new.item.account, new.item.folder = anna, anna.contacts
    new.item.save()
    if new.attachments:
        new.item.attach(list(new.attachments))
    (stored,) = anna.contacts.all().only(*contacts.FIELDS)
    found = contacts.to_person(stored)
    stored.delete()
    return found, new.losses


def differences(given: Person, found: Person, losses: tuple[Loss, ...]) -> list[str]:
    """What the manual does not allow."""
    return explaining.unexplained(explaining.of_person(given, found, losses))


def test_every_contact_of_the_collection(
    anna: Account, card_files: list[tuple[str, bytes]]
) -> None:
    cards = [(name, read_card(one)) for name, data in card_files for one in split_cards(data)]
    persons = [(name, one) for name, one in cards if isinstance(one, Person)]
    assert len(persons) == 175
    wrong = [
        f"{name}: {one}"
        for name, given in persons
        for one in differences(given, *through(anna, given))
    ]
    assert not wrong, "\n".join(wrong)


FULL = Person(
    uid="uid-1",
    full_name="Dr. Zoé Marie Noël Jr.",
    name=Name("Noël", "Zoé", "Marie", "Dr.", "Jr."),
    file_as="Zoé (choir)",
    phonetic=Name("noel", "zoe"),
    nicknames=("Zo", "Zozo"),
    organisation="Choir",
    units=("Voices", "Alto"),
    titles=("Singer",),
    roles=("Soloist",),
    office="12 B",
    emails=(Typed("a@x.test"), Typed("b@x.test"), Typed("c@x.test")),
    phones=tuple(
        Typed(str(number), frozenset(kinds.split()))
        for number, kinds in enumerate(
            [
                *("work", "work", "home", "home", "cell", "work fax", "home fax", "fax", "pager"),
                *("car", "isdn", "main", "company", "assistant", "callback", "radio", "telex"),
                *("ttytdd", ""),
            ]
        )
    ),
    addresses=(
        PostalAddress(
            "PO 1", "", "1 rue\n2e", "Lille", "Nord", "59000", "France", frozenset({"home"})
        ),
        PostalAddress("PO 2", "", "2 rue", "Lyon", "", "69000", "", frozenset({"work", "pref"})),
        PostalAddress("PO 3", "", "3 rue", "", "", "", "", frozenset()),
    ),
    messaging=("xmpp:zoe@chat.test", "sip:zoe@x.test", "plain"),
    pages=(
        Typed("https://work.test", frozenset({"work"})),
        Typed("https://home.test", frozenset({"home"})),
        Typed("https://page.test"),
    ),
    free_busy="https://busy.test",
    birthday=date(1980, 2, 29),
    anniversary=date(NO_YEAR, 7, 14),
    gender="F",
    language="fr",
    related=(
        ("assistant", "Ann"),
        ("child", "Bob"),
        ("child", "Cleo"),
        ("manager", "Max"),
        ("spouse", "Sam"),
    ),
    notes="one\n\ntwo",
    categories=("Amis", "Chœur"),
    privacy="private",
    photo=Data("PHOTO", b"\x89PNG\r\n\x1a\n", "image/png"),
    files=(Data("KEY", b"-----BEGIN PGP", "application/pgp-keys"),),
)


def test_everything_exchange_has_a_place_for_comes_out_equal(anna: Account) -> None:
    found, losses = through(anna, FULL)
    assert losses == ()
    assert found == FULL


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        (
            {"emails": (*FULL.emails, Typed("d@x.test"))},
            ("EMAIL: d@x.test", Difference.THREE_ADDRESSES),
        ),
        (
            {"phones": (*FULL.phones, Typed("99", frozenset({"cell"})))},
            ("TEL (cell): 99", Difference.NUMBER_PLACES),
        ),
        (
            {"addresses": (*FULL.addresses, PostalAddress(city="Nice"))},
            ("ADR: Nice", Difference.THREE_POSTAL_ADDRESSES),
        ),
        ({"messaging": (*FULL.messaging, "aim:z")}, ("IMPP: aim:z", Difference.THREE_MESSAGING)),
        ({"pages": (*FULL.pages, Typed("u"))}, ("URL: u", Difference.THREE_PAGES)),
        ({"titles": ("Singer", "Baker")}, ("TITLE: Baker", Difference.ONE_TITLE)),
        (
            {"related": (("manager", "M"), ("manager", "N"))},
            ("RELATED (manager): N", Difference.ONE_RELATION),
        ),
        ({"birthday": date(1564, 4, 26)}, ("BDAY: 1564-04-26", Difference.DAY_TOO_EARLY)),
        ({"gender": "O"}, ("GENDER: O", Difference.NO_FIELD)),
        ({"rest": (Line("GEO", "1;2"),)}, ("GEO: 1;2", Difference.NO_FIELD)),
    ],
)
def test_what_has_no_place_is_in_the_notes_and_told(
    anna: Account, change: dict[str, Any], lost: tuple[str, Difference]
) -> None:
    given = replace(FULL, **change)
    found, losses = through(anna, given)
    assert [(str(loss), loss.rule) for loss in losses] == [lost]
    assert found.notes == f"one\n\ntwo\n\n[OMM Desktop]\n{lost[0]}"
    assert not differences(given, found, losses)


def test_a_kind_without_a_place_is_told(anna: Account) -> None:
    found, losses = through(
        anna,
        Person(
            full_name="A",
            emails=(Typed("a@x.test", frozenset({"work"})),),
            phones=(Typed("1", frozenset({"work", "cell"})),),
        ),
    )
    assert [(loss.name, loss.rule, loss.kept) for loss in losses] == [
        ("EMAIL (work)", Difference.ADDRESS_KIND, False),
        ("TEL (cell, work)", Difference.NUMBER_KIND, True),
    ]
    assert found.phones == (Typed("1", frozenset({"cell"})),)


def test_groups(anna: Account) -> None:
    given = Group(
        uid="g1",
        name="Choir",
        members=("mailto:a@x.test", "urn:uuid:zoe", "urn:uuid:nobody"),
        called=(("mailto:a@x.test", "Al, the first"),),
        notes="sings",
        categories=("Music",),
    )
    new = groups.to_list(given, {"zoe": ("Zoé", "zoe@x.test")})
    new.item.account, new.item.folder = anna, anna.contacts
    new.item.save()
    (stored,) = anna.contacts.all().only(*groups.FIELDS)
    assert [loss.rule for loss in new.losses] == [Difference.MEMBER_ADDRESS]
    assert groups.to_group(stored) == replace(
        given,
        members=("mailto:a@x.test", "mailto:zoe@x.test"),
        called=(("mailto:a@x.test", "Al, the first"), ("mailto:zoe@x.test", "Zoé")),
        notes="sings\n\n[OMM Desktop]\nMEMBER: urn:uuid:nobody",
    )
