"""Persons to contacts of Exchange and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from exchangelib import Contact, EWSDate, FileAttachment
from exchangelib.attachments import Attachment
from exchangelib.indexed_properties import EmailAddress, ImAddress

from ...convert.card.days import write_day
from ...convert.card.names import FILES
from ...convert.card.person import Data, Name, Person, Typed
from ...convert.content_lines import Line
from ...convert.loss import Loss, with_losses
from ..differences import Difference
from ..items import uids
from . import contact_properties
from .postal_addresses import BOXES, PostalPlaces, postal_addresses
from .telephone import numbers, place_numbers
from .web_pages import PLACES, pages, place_pages

FIELDS = (
    *("display_name", "given_name", "middle_name", "surname", "generation", "nickname", "file_as"),
    *("company_name", "department", "job_title", "profession", "office", "manager", "spouse_name"),
    *("assistant_name", "children", "email_addresses", "phone_numbers", "physical_addresses"),
    *("postal_address_index", "im_addresses", "business_homepage", "birthday", "body"),
    *("wedding_anniversary", "categories", "sensitivity", "attachments", uids.FIELD),
    *contact_properties.PROPERTIES,
)
"""What has to be asked for to read a contact."""

_UNIT_SEPARATOR = "; "
_SENSITIVITY = {"": "Normal", "public": "Normal", "private": "Private"}
_PRIVACY = {"Private": "private", "Personal": "private", "Confidential": "confidential"}
_GENDER_NUMBERS = {"F": 1, "M": 2}
_FIRST_YEAR = 1601
_PICTURE = "ContactPicture.jpg"
_ENDINGS = {"image/png": "png", "image/gif": "gif", "application/pgp-keys": "asc"}


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact ready to be saved. `attachments` can be added only once it is saved."""

    item: Contact
    attachments: tuple[FileAttachment, ...]
    losses: tuple[Loss, ...]


def to_contact(person: Person) -> NewContact:
    """The contact that stands for a person, without a folder; what has no place is in its notes."""
    writing = _Writing(person)
    fields = writing.fields()
    body = with_losses(person.notes, writing.losses)
    contact = Contact(body=body or None, **{name: value for name, value in fields.items() if value})
    return NewContact(contact, tuple(_attachments(person)), tuple(writing.losses))


class _Writing:
    """The fields of a contact, and what found no place in them."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.losses = [_without_field(line) for line in person.rest]
        if person.gender and person.gender not in _GENDER_NUMBERS:
            self.losses.append(Loss("GENDER", person.gender, Difference.NO_FIELD))

    def fields(self) -> dict[str, Any]:
        person, name = self._person, self._person.name
        return {
            "display_name": person.full_name,
            "given_name": name.given,
            "middle_name": name.additional,
            "surname": name.family,
            "name_prefix": name.prefix,
            "generation": name.suffix,
            "phonetic_given": person.phonetic.given,
            "phonetic_family": person.phonetic.family,
            "file_as": person.file_as or usual_file_as(person),
            "nickname": ", ".join(person.nicknames),
            "company_name": person.organisation,
            "department": _UNIT_SEPARATOR.join(person.units),
            "job_title": self._one("TITLE", person.titles, Difference.ONE_TITLE),
            "profession": self._one("ROLE", person.roles, Difference.ONE_TITLE),
            "office": person.office,
            "birthday": self._day("BDAY", person.birthday),
            "wedding_anniversary": self._day("ANNIVERSARY", person.anniversary),
            "gender": _GENDER_NUMBERS.get(person.gender),
            "language": person.language,
            "free_busy": person.free_busy,
            "categories": list(person.categories),
            "sensitivity": _SENSITIVITY.get(person.privacy, "Confidential"),
            "stored_uid": person.uid,
            **self._addresses(),
            **self._related(),
        }

    def _one(self, name: str, values: Iterable[str], rule: Difference) -> str:
        first, *more = [*values, ""]
        self.losses += [Loss(name, value, rule) for value in more if value]
        return first

    def _day(self, name: str, day: date | None) -> EWSDate | None:
        if day is None:
            return None
        if day.year < _FIRST_YEAR:
            self.losses.append(Loss(name, write_day(day), Difference.DAY_TOO_EARLY))
            return None
        return EWSDate.from_date(day)

    def _addresses(self) -> dict[str, Any]:
        person = self._person
        phones, lost_phones = place_numbers(person.phones)
        web, lost_pages = place_pages(person.pages)
        places = PostalPlaces(person.addresses)
        emails = self._emails()
        self.losses += [*lost_phones, *places.losses]
        messaging = [
            ImAddress(label=f"ImAddress{number}", im_address=address)
            for number, address in enumerate(person.messaging[:3], start=1)
        ]
        self.losses += [
            Loss("IMPP", one, Difference.THREE_MESSAGING) for one in person.messaging[3:]
        ]
        self.losses += lost_pages
        return {
            "email_addresses": emails,
            "phone_numbers": phones,
            "physical_addresses": places.entries,
            "postal_address_index": places.preferred,
            "im_addresses": messaging,
            **places.boxes,
            **web,
        }

    def _emails(self) -> list[EmailAddress]:
        emails = self._person.emails
        for email in emails:
            kinds = ", ".join(sorted(email.types))
            name = f"EMAIL ({kinds})" if kinds else "EMAIL"
            if email in emails[3:]:
                self.losses.append(Loss(name, email.value, Difference.THREE_ADDRESSES))
            elif kinds:
                own = not email.types <= {"home", "work"}
                self.losses.append(Loss(name, email.value, Difference.ADDRESS_KIND, kept=own))
        return [
            EmailAddress(label=f"EmailAddress{number}", email=email.value)
            for number, email in enumerate(emails[:3], start=1)
        ]

    def _related(self) -> dict[str, Any]:
        of_kind: dict[str, list[str]] = {}
        for kind, name in self._person.related:
            of_kind.setdefault(kind, []).append(name)
        children = of_kind.pop("child", None)
        fields = {"spouse": "spouse_name", "manager": "manager", "assistant": "assistant_name"}
        return {"children": children} | {
            fields[kind]: self._one(f"RELATED ({kind})", names, Difference.ONE_RELATION)
            for kind, names in of_kind.items()
        }


def _without_field(line: Line) -> Loss:
    label = "".join(f" ({one})" for one in line.values("label"))
    return Loss(line.name + label, line.text, Difference.NO_FIELD)


def usual_file_as(person: Person) -> str:
    """How Outlook files a contact by itself: family name first, else company, else full name."""
    name = person.name
    first = " ".join(part for part in (name.given, name.additional) if part)
    return ", ".join(part for part in (name.family, first) if part) or (
        person.organisation or person.full_name
    )


def _attachments(person: Person) -> Iterable[FileAttachment]:
    if person.photo is not None:
        yield FileAttachment(
            name=_PICTURE,
            content=person.photo.content,
            content_type=person.photo.media or None,
            is_contact_photo=True,
        )
    for data in person.files:
        yield FileAttachment(
            name=f"{data.name}.{_ENDINGS.get(data.media, data.media.partition('/')[2] or 'bin')}",
            content=data.content,
            content_type=data.media or None,
        )


def to_person(contact: Contact) -> Person:
    """The person that a contact stands for; its attachments are read from the server."""
    fields = {name: getattr(contact, name) for name in FIELDS}
    photo, files = _data(contact.attachments or ())
    person = Person(
        uid=fields["stored_uid"] or "",
        full_name=fields["display_name"] or "",
        name=Name(
            family=fields["surname"] or "",
            given=fields["given_name"] or "",
            additional=fields["middle_name"] or "",
            prefix=fields["name_prefix"] or "",
            suffix=fields["generation"] or "",
        ),
        phonetic=Name(family=fields["phonetic_family"] or "", given=fields["phonetic_given"] or ""),
        nicknames=_split(fields["nickname"], ", "),
        organisation=fields["company_name"] or "",
        units=_split(fields["department"], _UNIT_SEPARATOR),
        titles=_split(fields["job_title"]),
        roles=_split(fields["profession"]),
        office=fields["office"] or "",
        emails=tuple(Typed(one.email) for one in fields["email_addresses"] or () if one.email),
        phones=numbers(fields["phone_numbers"] or ()),
        addresses=postal_addresses(
            fields["physical_addresses"] or (),
            {name: fields[name] for name in BOXES.values()},
            fields["postal_address_index"],
        ),
        messaging=tuple(one.im_address for one in fields["im_addresses"] or () if one.im_address),
        pages=pages({name: fields[name] for name in PLACES}),
        free_busy=fields["free_busy"] or "",
        birthday=_plain_date(fields["birthday"]),
        anniversary=_plain_date(fields["wedding_anniversary"]),
        gender={1: "F", 2: "M"}.get(fields["gender"], ""),
        language=fields["language"] or "",
        related=tuple(_relations(fields)),
        notes=(fields["body"] or "").replace("\r\n", "\n"),
        categories=tuple(fields["categories"] or ()),
        privacy=_PRIVACY.get(fields["sensitivity"], ""),
        photo=photo,
        files=files,
    )
    filed = fields["file_as"] or ""
    return person if filed == usual_file_as(person) else replace(person, file_as=filed)


def _split(text: str | None, separator: str = "") -> tuple[str, ...]:
    if not text:
        return ()
    return tuple(text.split(separator)) if separator else (text,)


def _plain_date(day: date | None) -> date | None:
    return None if day is None else date(day.year, day.month, day.day)


def _relations(fields: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """In the order of the kinds, as `Person` wants them."""
    if fields["assistant_name"]:
        yield "assistant", fields["assistant_name"]
    yield from (("child", child) for child in sorted(fields["children"] or ()))
    if fields["manager"]:
        yield "manager", fields["manager"]
    if fields["spouse_name"]:
        yield "spouse", fields["spouse_name"]


def _data(attachments: Iterable[Attachment]) -> tuple[Data | None, tuple[Data, ...]]:
    """The picture and the files of a contact."""
    photo, files = None, []
    for one in attachments:
        if not isinstance(one, FileAttachment) or not one.content:
            continue
        media = (one.content_type or "").replace("application/octet-stream", "")
        if one.is_contact_photo or one.name == _PICTURE:
            photo = photo or Data("PHOTO", one.content, media)
        elif (name := one.name.partition(".")[0].upper()) in FILES:
            files.append(Data(name, one.content, media))
    return photo, tuple(files)
