"""One message or other item ([MS-PST] 2.4.5)."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from ..damage import Damaged
from ..ltp.named_properties import PUBLIC_STRINGS, PropertyName
from ..ltp.values import PropertyType
from .address_book import AddressBook
from .attachment import Attachment
from .charsets import WESTERN, Charset, charset, charset_of_locale
from .objects import MessageObject
from .properties import Properties, PropertyHolder
from .recipient import Named, Person, Recipient, RecipientKind, person, recipient
from .tags import Tag

_AUTHOR = Named(
    Tag.SENT_REPRESENTING_NAME,
    Tag.SENT_REPRESENTING_SMTP_ADDRESS,
    Tag.SENT_REPRESENTING_ADDRESS_TYPE,
    Tag.SENT_REPRESENTING_EMAIL_ADDRESS,
)
_SENDER = Named(
    Tag.SENDER_NAME, Tag.SENDER_SMTP_ADDRESS, Tag.SENDER_ADDRESS_TYPE, Tag.SENDER_EMAIL_ADDRESS
)
_KEYWORDS: PropertyName = (PUBLIC_STRINGS, "keywords")
_READ, _UNSENT = 0x1, 0x8
_REPLIED = (102, 103)
_FORWARDED = 104
_FOLLOW_UP = 2


class Message:
    """A message, whatever it is read from."""

    def __init__(
        self,
        kept: MessageObject,
        named: dict[PropertyName, int],
        default: Charset = WESTERN,
        addresses: AddressBook | None = None,
    ) -> None:
        self._kept = kept
        self._named = named
        self._default = default
        self._addresses = addresses or AddressBook()
        self._context = kept.properties
        self._recipients: list[Recipient | Damaged] | None = None
        self._breaks_off: Damaged | None = None
        self.nid = kept.nid
        self.properties = Properties(self._context, default.codec)
        self.charset = self._charset() or default
        self.properties.codec = self.charset.codec

    @property
    def message_class(self) -> str:
        """What kind of item it is, as "IPM.Note"; empty when it does not tell."""
        return self.properties.text(Tag.MESSAGE_CLASS) or ""

    @property
    def subject(self) -> str:
        """The subject without the mark of where its prefix ends ([MS-OXCMSG] 2.2.1.46)."""
        found = self.properties.text(Tag.SUBJECT) or ""
        return found[2:] if found.startswith("\x01") else found

    @property
    def author(self) -> Person:
        """In whose name it was written."""
        return self._with_address(person(self.properties, _AUTHOR))

    @property
    def sender(self) -> Person:
        """Who sent it."""
        return self._with_address(person(self.properties, _SENDER))

    @property
    def received(self) -> datetime | None:
        """When it was delivered, else sent, else made, in UTC."""
        times = (Tag.MESSAGE_DELIVERY_TIME, Tag.CLIENT_SUBMIT_TIME, Tag.CREATION_TIME)
        return next((time for tag in times if (time := self.properties.time(tag))), None)

    @property
    def flags(self) -> frozenset[str]:
        """Its state in the words of IMAP (RFC 9051 2.3.2), categories left out."""
        state = self.properties.integer(Tag.MESSAGE_FLAGS) or 0
        verb = self.properties.integer(Tag.LAST_VERB_EXECUTED)
        follow_up = self.properties.integer(Tag.FLAG_STATUS) == _FOLLOW_UP
        told = {
            "\\Seen": bool(state & _READ),
            "\\Draft": bool(state & _UNSENT),
            "\\Answered": verb in _REPLIED,
            "$Forwarded": verb == _FORWARDED,
            "\\Flagged": follow_up,
        }
        return frozenset(flag for flag, is_so in told.items() if is_so)

    @property
    def categories(self) -> list[str]:
        """The colour categories a person gave it."""
        prop = self._named.get(_KEYWORDS)
        return [] if prop is None else self.properties.texts(prop)

    def named(self, name: PropertyName) -> int | None:
        """The id of a named property in this file, None when the file does not use it."""
        return self._named.get(name)

    def recipients(
        self, kinds: Container[RecipientKind] = frozenset(RecipientKind)
    ) -> Iterator[Recipient | Damaged]:
        """Those of some kinds in the recipient table; a row that cannot be read gives `Damaged`."""
        for found in self._listed():
            if isinstance(found, Recipient):
                if found.kind not in kinds:
                    continue
                person = self._addresses.completed(found.person)
                found = found if person is found.person else replace(found, person=person)
            yield found

    def people(self) -> Iterator[Person]:
        """Everyone it is from or for, as the message alone tells and as far as that can be read."""
        for told in (_AUTHOR, _SENDER):
            with suppress(Damaged):
                yield person(self.properties, told)
        with suppress(Damaged):
            for row in self._listed():
                if isinstance(row, Recipient):
                    yield row.person

    def attachments(self) -> Iterator[Attachment | Damaged]:
        """Every attachment; one that cannot be read gives its `Damaged`."""
        for found in self._kept.attachments():
            if isinstance(found, Damaged):
                yield found
            else:
                yield Attachment(found, self.charset.codec)

    def embedded(self, attachment: Attachment) -> Message:
        """The message that an attachment is; raises `Damaged` when it is none."""
        kept = attachment.embedded()
        return Message(kept, self._named, self._default, self._addresses)

    def html(self, at_most: int) -> bytes | str | None:
        """The HTML body: bytes in `html_charset`, or text where it is kept as text."""
        if self._context.type_of(Tag.HTML) == PropertyType.BINARY:
            return self.properties.binary(Tag.HTML, at_most)
        return self.properties.text(Tag.HTML, at_most)

    @property
    def html_charset(self) -> Charset:
        """What the bytes of the HTML body are written in."""
        return charset(self.properties.integer(Tag.INTERNET_CODEPAGE)) or self.charset

    def size(self, tag: Tag) -> int:
        """The bytes of one of its bodies as they are kept."""
        return self._context.size(tag) if self.properties.has(tag) else 0

    def pieces(self, tag: Tag) -> Iterator[bytes]:
        """One of its bodies as it is kept, some kilobytes at a time."""
        return self._context.pieces(tag)

    @property
    def suspect_blocks(self) -> set[int]:
        """Ids of the blocks of the whole file whose checksum was wrong when they were read."""
        return self._kept.suspects

    def _with_address(self, found: Person) -> Person:
        """A person with the address that this message's recipients tell, else the whole file."""
        if found.address or not found.internal:
            return found
        here = AddressBook()
        with suppress(Damaged):
            for row in self._listed():
                if isinstance(row, Recipient):
                    here.learn(row.person)
        return self._addresses.completed(here.completed(found))

    def _listed(self) -> Iterator[Recipient | Damaged]:
        """The recipients as their table tells them, read once; raises what ended it again."""
        if self._recipients is None:
            found: list[Recipient | Damaged] = []
            try:
                for row in self._kept.recipients():
                    found.append(self._recipient(row))
            except Damaged as damage:
                self._breaks_off = damage
            self._recipients = found
        yield from self._recipients
        if self._breaks_off is not None:
            raise self._breaks_off

    def _recipient(self, row: PropertyHolder | Damaged) -> Recipient | Damaged:
        try:
            if isinstance(row, Damaged):
                return row
            return recipient(Properties(row, self.charset.codec))
        except Damaged as damage:
            return damage

    def _charset(self) -> Charset | None:
        properties = self.properties
        return (
            charset(properties.integer(Tag.MESSAGE_CODEPAGE))
            or charset_of_locale(properties.integer(Tag.MESSAGE_LOCALE_ID))
            or charset(properties.integer(Tag.INTERNET_CODEPAGE))
        )
