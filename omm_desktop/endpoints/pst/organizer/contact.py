"""Contacts ([MS-OXOCNTC])."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ..damage import Damaged
from ..ltp.named_properties import PropertyName
from ..messaging.attachment import Attachment
from ..messaging.message import Message
from ..messaging.tags import Tag
from .item import NamedQuestions, description
from .names import address

_ATTACHMENT_IS_PHOTO = 0x7FFF
_LARGEST_PHOTO = 32 << 20
_BIRTHDAY, _ANNIVERSARY = 0x3A42, 0x3A41
_LOCAL_BIRTHDAY, _LOCAL_ANNIVERSARY = address(0x80DE), address(0x80DF)
_CHILDREN, _GENDER = 0x3A58, 0x3A4D
_GENDERS = {1: "F", 2: "M"}
_FREE_BUSY = address(0x80D8)
_PHONETIC = tuple(map(address, (0x802C, 0x802D, 0x802E)))
_FILE_AS, _WEB_PAGE, _INSTANT_MESSAGING = address(0x8005), address(0x802B), address(0x8062)
_EMAILS = (0x8080, 0x8090, 0x80A0)
_PHONES = {
    "work": (0x3A08, 0x3A1B),
    "home": (0x3A09, 0x3A2F),
    "mobile": (0x3A1C,),
    "work fax": (0x3A24,),
    "home fax": (0x3A25,),
    "other fax": (0x3A23,),
    "pager": (0x3A21,),
    "car": (0x3A1E,),
    "main": (0x3A1A,),
    "company": (0x3A57,),
    "assistant": (0x3A2E,),
    "callback": (0x3A02,),
    "radio": (0x3A1D,),
    "isdn": (0x3A2D,),
    "telex": (0x3A2C,),
    "text telephone": (0x3A4B,),
    "other": (0x3A1F,),
}
_WORK_ADDRESS = tuple(map(address, (0x804A, 0x8045, 0x8046, 0x8047, 0x8048, 0x8049)))
_HOME_ADDRESS = (0x3A5E, 0x3A5D, 0x3A59, 0x3A5C, 0x3A5B, 0x3A5A)
_OTHER_ADDRESS = (0x3A64, 0x3A63, 0x3A5F, 0x3A62, 0x3A61, 0x3A60)
_MAILING_ADDRESS = (0x3A2B, 0x3A29, 0x3A27, 0x3A28, 0x3A2A, 0x3A26)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address; `kind` is work, home or other."""

    kind: str
    box: str
    street: str
    city: str
    region: str
    code: str
    country: str


@dataclass(frozen=True, slots=True)
class Email:
    """One of a contact's e-mail addresses and the name it is shown under."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Photo:
    """The picture of a contact, as the file it was attached as."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or organisation; texts are empty where nothing is known.

    `phones` are pairs of a kind and a number, kinds repeated where there are several. `phonetic` is
    how given name, family name and organisation are read aloud. `gender` is F, M or empty.
    `problems` are parts that could not be read; the rest stands.
    """

    full_name: str
    file_as: str
    prefix: str
    given: str
    middle: str
    family: str
    suffix: str
    nickname: str
    organisation: str
    department: str
    title: str
    profession: str
    office: str
    manager: str
    assistant: str
    spouse: str
    children: list[str]
    phonetic: tuple[str, str, str]
    gender: str
    birthday: date | None
    anniversary: date | None
    emails: list[Email]
    phones: list[tuple[str, str]]
    addresses: list[PostalAddress]
    web_pages: list[str]
    instant_messaging: str
    free_busy: str
    note: str
    categories: list[str]
    is_private: bool
    photo: Photo | None
    problems: list[str]


def contact(message: Message) -> Contact:
    """The contact that a message of class IPM.Contact is; raises `Damaged`."""
    named = NamedQuestions(message)

    def text(tag: int) -> str:
        return (message.properties.text(tag) or "").strip()

    problems: list[str] = []
    pages = [text(0x3A51), text(0x3A50), named.text(_WEB_PAGE)]
    return Contact(
        full_name=text(Tag.DISPLAY_NAME) or message.subject,
        file_as=named.text(_FILE_AS),
        prefix=text(0x3A45),
        given=text(0x3A06),
        middle=text(0x3A44),
        family=text(0x3A11),
        suffix=text(0x3A05),
        nickname=text(0x3A4F),
        organisation=text(0x3A16),
        department=text(0x3A18),
        title=text(0x3A17),
        profession=text(0x3A46),
        office=text(0x3A19),
        manager=text(0x3A4E),
        assistant=text(0x3A30),
        spouse=text(0x3A48),
        children=list(filter(None, map(str.strip, message.properties.texts(_CHILDREN)))),
        phonetic=(named.text(_PHONETIC[0]), named.text(_PHONETIC[1]), named.text(_PHONETIC[2])),
        gender=_GENDERS.get(message.properties.integer(_GENDER) or 0, ""),
        birthday=_day(message, named, _BIRTHDAY, _LOCAL_BIRTHDAY),
        anniversary=_day(message, named, _ANNIVERSARY, _LOCAL_ANNIVERSARY),
        emails=_emails(named),
        phones=[
            (kind, found) for kind, tags in _PHONES.items() for tag in tags if (found := text(tag))
        ],
        addresses=_addresses(message, named),
        web_pages=list(dict.fromkeys(filter(None, pages))),
        instant_messaging=named.text(_INSTANT_MESSAGING),
        free_busy=named.text(_FREE_BUSY),
        note=description(message),
        categories=message.categories,
        is_private=(message.properties.integer(Tag.SENSITIVITY) or 0) == 2,
        photo=_photo(message, problems),
        problems=problems,
    )


def _emails(named: NamedQuestions) -> list[Email]:
    """The addresses that are of the Internet; those of Exchange often say theirs elsewhere."""
    found: list[Email] = []
    for first in _EMAILS:
        name, told = named.text(address(first)), named.text(address(first + 3))
        original = named.text(address(first + 4))
        internet = next((text for text in (told, original) if _is_internet(text)), "")
        if internet and internet.lower() not in {email.address.lower() for email in found}:
            found.append(Email(internet, name))
    return found


def _is_internet(text: str) -> bool:
    return "@" in text and not text.startswith("/") and not any(map(str.isspace, text))


def _addresses(message: Message, named: NamedQuestions) -> list[PostalAddress]:
    def of(kind: str, tags: tuple[int, ...]) -> PostalAddress:
        return PostalAddress(kind, *((message.properties.text(tag) or "").strip() for tag in tags))

    found = [
        PostalAddress("work", *map(named.text, _WORK_ADDRESS)),
        of("home", _HOME_ADDRESS),
        of("other", _OTHER_ADDRESS),
    ]
    filled = [one for one in found if any(_parts(one))]
    mailing = of("other", _MAILING_ADDRESS)
    # The mailing address is one of the others again, unless a program wrote it alone.
    if any(_parts(mailing)) and not filled:
        filled.append(mailing)
    return filled


def _parts(one: PostalAddress) -> tuple[str, ...]:
    return one.box, one.street, one.city, one.region, one.code, one.country


def _day(message: Message, named: NamedQuestions, tag: int, local: PropertyName) -> date | None:
    """A day: the local one as it is, else the day whose midnight somewhere the instant is."""
    if exact := named.time(local):
        return exact.date()
    instant = message.properties.time(tag)
    if instant is None:
        return None
    try:
        return (instant + timedelta(hours=12)).date()
    except OverflowError:
        return instant.date()


def is_photo(attachment: Attachment) -> bool:
    """Whether it is the picture of the contact and not a file of its own."""
    return attachment.properties.flag(_ATTACHMENT_IS_PHOTO)


def _photo(message: Message, problems: list[str]) -> Photo | None:
    try:
        for attachment in message.attachments():
            if isinstance(attachment, Attachment) and is_photo(attachment):
                if attachment.size > _LARGEST_PHOTO:
                    raise Damaged(f"a photo is larger than {_LARGEST_PHOTO} bytes")
                return Photo(attachment.name, b"".join(attachment.pieces()))
    except Damaged as damage:
        problems.append(str(damage))
    return None
