"""Contacts and distribution lists of an Outlook file as vCards."""

from __future__ import annotations

from ..convert.card.person import Data, Group, Name, Person, PostalAddress, Typed
from ..convert.card.read import media_of
from ..convert.card.write import write_card
from ..pst.messaging.message import Message
from ..pst.organizer.contact import Contact, contact, is_photo
from ..pst.organizer.distribution_list import DistributionList, OpenItem, distribution_list
from .attached import attachments
from .plain import plain
from .uids import made_up
from .unplaced import Unplaced

_PHONES = {
    "mobile": frozenset({"cell"}),
    "work fax": frozenset({"work", "fax"}),
    "home fax": frozenset({"home", "fax"}),
    "other fax": frozenset({"fax"}),
    "text telephone": frozenset({"ttytdd"}),
    "other": frozenset[str](),
}
_ADDRESSES = {"other": frozenset[str]()}


def written_contact(message: Message, unplaced: Unplaced) -> bytes:
    """The contact as a card; files other than its photo have no place there."""
    for attachment in attachments(message, unplaced):
        if not is_photo(attachment):
            unplaced.lost("ATTACH", attachment.name)
    found = contact(message)
    for problem in found.problems:
        unplaced.lost("VCARD", problem)
    return write_card(plain(_person(found, made_up(message))))


def written_list(message: Message, item: OpenItem, unplaced: Unplaced) -> bytes:
    """The list as a card of a group; `item` opens the contacts it points to."""
    found = distribution_list(message, item)
    if found.unknown:
        unplaced.lost("MEMBER", f"{found.unknown} without an address")
    return write_card(plain(_group(found, made_up(message))))


def _person(contact: Contact, uid: str) -> Person:
    related = (
        ("assistant", contact.assistant),
        *(("child", child) for child in contact.children),
        ("manager", contact.manager),
        ("spouse", contact.spouse),
    )
    given, family, company = contact.phonetic
    return Person(
        uid=uid,
        full_name=_full_name(contact),
        name=Name(contact.family, contact.given, contact.middle, contact.prefix, contact.suffix),
        file_as=contact.file_as,
        phonetic=Name(family=family or company, given=given),
        nicknames=_some(contact.nickname),
        organisation=contact.organisation,
        units=_some(contact.department),
        titles=_some(contact.title),
        roles=_some(contact.profession),
        office=contact.office,
        emails=tuple(Typed(email.address) for email in contact.emails),
        phones=tuple(
            Typed(number, _PHONES.get(kind, frozenset({kind}))) for kind, number in contact.phones
        ),
        addresses=tuple(
            PostalAddress(
                box=one.box,
                street=one.street,
                city=one.city,
                region=one.region,
                code=one.code,
                country=one.country,
                types=_ADDRESSES.get(one.kind, frozenset({one.kind})),
            )
            for one in contact.addresses
        ),
        messaging=_some(contact.instant_messaging),
        pages=tuple(Typed(page) for page in contact.web_pages),
        free_busy=contact.free_busy,
        birthday=contact.birthday,
        anniversary=contact.anniversary,
        gender=contact.gender,
        related=tuple((kind, name) for kind, name in related if name),
        notes=contact.note,
        categories=tuple(contact.categories),
        privacy="private" if contact.is_private else "",
        photo=_photo(contact),
    )


def _group(found: DistributionList, uid: str) -> Group:
    return Group(
        uid=uid,
        name=found.name,
        members=tuple(dict.fromkeys(f"mailto:{member.address}" for member in found.members)),
        notes=found.note,
        categories=tuple(found.categories),
    )


def _full_name(contact: Contact) -> str:
    """What the contact is shown as, else whatever names it: a card must have a name."""
    numbers = (number for _, number in contact.phones)
    addresses = (email.address for email in contact.emails)
    parts = (contact.prefix, contact.given, contact.middle, contact.family, contact.suffix)
    told = (contact.full_name, " ".join(filter(None, parts)), contact.file_as)
    others = (contact.organisation, contact.nickname, *addresses, *numbers)
    return next(filter(None, (*told, *others)), "?")


def _photo(contact: Contact) -> Data | None:
    if contact.photo is None or not contact.photo.data:
        return None
    return Data("PHOTO", contact.photo.data, media_of(contact.photo.data))


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
