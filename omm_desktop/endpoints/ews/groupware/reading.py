"""Contacts, events and tasks of a mailbox as cards and calendars."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib import CalendarItem, DistributionList, FileAttachment

from ....model.items import Folder, Item, ItemKind, ItemLabel, ItemRef, Payload
from ....model.ports import Refused
from ....model.problem import ItemError, Problem, ProblemId
from ... import translate
from ...convert.calendar.write import write_event, write_task
from ...convert.card.write import write_card
from ...convert.identity import identify
from ...convert.payload import whole
from ...convert.set_aside import LARGE, put_back, stand_in
from ..calendar import event_reading, tasks
from ..calendar.occurrence_dates import fill_dates, is_dated, lacks_dates
from ..calendar.recurrence_blob import BLOB, read_exceptions
from ..items.attachments import ThereFile, fetch_files
from ..items.item_xml import CLASSES, UNFIT, Home, item_of, paths
from ..items.listing import get_items, in_order, item_in
from ..items.uids import made_up_uid
from ..people import contacts, groups
from ..transport.batches import batches
from ..transport.connection import Connection
from ..transport.elements import Element, local, make, text_of
from ..transport.faults import ABOUT_FIELDS, Fault, RequestRefused, item_problem

_AT_ONCE = 25
_BYTES_AT_ONCE = 8 << 20
_LABEL = ("item:Subject", "item:LastModifiedTime")
_FIELDS = {
    ItemKind.CONTACTS: tuple(dict.fromkeys((*contacts.FIELDS, *groups.FIELDS))),
    ItemKind.EVENTS: event_reading.FIELDS,
    ItemKind.TASKS: tasks.FIELDS,
}


class Way(Enum):
    """What to ask for, best first: each by its name, or all fields, with properties or without."""

    BY_NAME = "by name"
    FIELDS_AND_PROPERTIES = "fields and properties"
    FIELDS = "fields"


@dataclass(slots=True)
class _Read:
    """An item of a reply and what belongs to it."""

    ref: ItemRef
    item: Any
    changed: list[Any] = field(default_factory=list)
    files: dict[bytes, Payload] = field(default_factory=dict)
    told: list[Problem] = field(default_factory=list)


class GroupwareReader:
    """Reads items over one session: with their occurrences and files, in few requests."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ways = [*Way]

    @property
    def _home(self) -> Home:
        return Home.of(self._connection.version)

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        """As `Source.fetch`."""
        for batch in batches(refs, lambda ref: ref.size or 0, _AT_ONCE, _BYTES_AT_ONCE):
            yield from self._fetch(folder.kind, batch)

    def _fetch(self, kind: ItemKind, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        found: list[_Read] = []
        answers = self._ask(kind, [ref.key for ref in refs])
        for ref, answer in zip(refs, answers, strict=True):
            if isinstance(answer, Fault):
                yield self._refused(ref, answer)
            else:
                found.append(_Read(ref, answer))
        self._read_occurrences(found)
        self._read_files(found)
        for one in found:
            try:
                yield self._item(kind, one)
            except UNFIT as error:
                yield self._refused(one.ref, Fault("", translate.shown(repr(error))))

    def _ask(self, kind: ItemKind, keys: Sequence[str]) -> list[Any]:
        """The items or why they cannot be had, one answer for each key."""
        home = self._home
        wanted = paths(CLASSES[kind], _FIELDS[kind], home)
        # Notes of contacts have no form; of events and tasks they may.
        body = "Text" if kind is ItemKind.CONTACTS else "Best"
        try:
            reply = self._connection.ask(_get(keys, wanted, body, self._ways[0]))
        except RequestRefused as error:
            if self._lacks_fields([error.fault]):
                return self._ask(kind, keys)
            if len(keys) == 1:
                return [error.fault]
            return [answer for key in keys for answer in self._ask(kind, [key])]
        answers: list[Any] = []
        for message in in_order(keys, reply.messages)[: len(keys)]:
            element = item_in(message)
            fault = self._connection.fault_of(message)
            answers.append(fault or self._understood(element, home))
        if self._lacks_fields(answers):
            return self._ask(kind, keys)
        if answers and len(answers) < len(keys):
            return [*answers, *self._ask(kind, keys[len(answers) :])]
        return answers or [Fault("", "no answer")] * len(keys)

    def _lacks_fields(self, answers: Sequence[Any]) -> bool:
        """Whether the server turns out to lack a field; from then on it is asked otherwise."""
        codes = {one.code if isinstance(one, Fault) else "" for one in answers}
        lacking = len(self._ways) > 1 and bool(codes) and codes <= ABOUT_FIELDS
        if lacking:
            del self._ways[0]
        return lacking

    def _understood(self, element: Element | None, home: Home) -> Any:
        if element is None:
            return Fault("", "no item in the answer")
        try:
            return item_of(element, home)
        except UNFIT as error:
            return Fault("", translate.shown(repr(error)))

    # -- what belongs to an item ---------------------------------------------------------

    def _read_occurrences(self, found: Sequence[_Read]) -> None:
        """Changed occurrences of all series in requests of their own."""
        events = [one for one in found if isinstance(one.item, CalendarItem)]
        series = [one for one in events if one.item.recurrence]
        wanted = [
            (one, occurrence.id)
            for one in series
            for occurrence in one.item.modified_occurrences or ()
        ]
        for batch in batches(wanted, lambda _: 0, _AT_ONCE, 1):
            answers = self._ask(ItemKind.EVENTS, [key or "" for _, key in batch])
            for (one, _), answer in zip(batch, answers, strict=True):
                if isinstance(answer, Fault):
                    self._tell(one, "RECURRENCE-ID", answer.detail)
                else:
                    one.changed.append(answer)
        for one in series:
            if lacks_dates(one.item, one.changed):
                self._date(one)

    def _date(self, one: _Read) -> None:
        """Dates that the server leaves out, from where Outlook has them."""
        item = self._found(get_items([one.ref.key], BLOB))
        octets = None if item is None else BLOB.read(item)
        try:
            if octets:
                fill_dates(one.item, one.changed, read_exceptions(b64decode(octets)))
        except ValueError as error:
            self._tell(one, "EXDATE", repr(error))
        if any(gone.start is None for gone in one.item.deleted_occurrences or ()):
            self._tell(one, "EXDATE", "the server does not tell which occurrences are deleted")
        for changed in one.changed:
            if not is_dated(changed):
                self._tell(one, "RECURRENCE-ID", f"{changed.start}: of which day is not told")
        one.changed = [changed for changed in one.changed if is_dated(changed)]

    def _read_files(self, found: Sequence[_Read]) -> None:
        """The octets of all files, or what stands for these; attached mails as files."""
        for one in found:
            # A changed occurrence has the files of its series once more.
            of_series = {(each.name, each.size) for each in one.item.attachments or ()}
            for changed in one.changed:
                attached = changed.attachments or ()
                changed.attachments = [
                    each for each in attached if (each.name, each.size) not in of_series
                ]
        owners = {
            each.attachment_id.id: (one, item, each)
            for one in found
            for item in (one.item, *one.changed)
            for each in item.attachments or ()
            if each.attachment_id and each.attachment_id.id
        }
        for _, item, _ in owners.values():
            item.attachments = []
        wanted = [ThereFile(key, each.size or 0) for key, (_, _, each) in owners.items()]
        for key, content in fetch_files(self._connection, wanted):
            one, item, each = owners[key]
            if isinstance(content, Fault):
                self._tell(one, "ATTACH", f"{each.name} [{content.detail}]")
                continue
            is_file = isinstance(each, FileAttachment)
            file = FileAttachment(
                name=each.name if is_file else f"{each.name}.eml",
                content=self._held(one, content),
                content_type=each.content_type if is_file else "message/rfc822",
                is_contact_photo=is_file and each.is_contact_photo,
            )
            item.attachments.append(file)

    def _held(self, one: _Read, content: Payload) -> bytes:
        if content.size <= LARGE:
            return whole(content)
        token = stand_in()
        one.files[token] = content
        return token

    # -- the canonical form --------------------------------------------------------------

    def _item(self, kind: ItemKind, one: _Read) -> Item:
        payload = put_back(self._text(kind, one), one.files)
        identity = identify(kind, payload)
        return Item(
            ref=one.ref,
            payload=payload,
            fingerprint=identity.fingerprint,
            content=identity.content,
            kind=kind,
            remarks=tuple(one.told),
            label=identity.label,
        )

    def _text(self, kind: ItemKind, one: _Read) -> bytes:
        item, home = one.item, ZoneInfo(self._home.default_timezone.key)
        if kind is ItemKind.EVENTS:
            event = event_reading.to_event(item, one.changed, self._owner)
            uid = event.uid or made_up_uid(one.ref.key)
            changed = tuple(replace(each, uid=uid) for each in event.changed)
            return write_event(replace(event, uid=uid, changed=changed))
        if kind is ItemKind.TASKS:
            task = tasks.read_task_item(item, home)
            if item.status in tasks.UNKNOWN_TO_CALENDARS:
                self._tell(one, "STATUS", item.status)
            return write_task(replace(task, uid=task.uid or made_up_uid(one.ref.key)))
        if isinstance(item, DistributionList):
            for member in groups.unreachable(item):
                self._tell(one, "MEMBER", member)
            self._tell_files(one, ())
            return write_card(groups.to_group(item))
        person = contacts.to_person(item)
        files = (each.content for each in (person.photo, *person.files) if each is not None)
        self._tell_files(one, tuple(files))
        return write_card(person)

    def _tell_files(self, one: _Read, kept: Sequence[bytes]) -> None:
        """A card has a place for few files."""
        for file in one.item.attachments or ():
            if file.content not in kept:
                self._tell(one, "ATTACH", file.name)

    @property
    def _owner(self) -> str:
        account = self._connection.account
        return account.mailbox or account.login

    # -- what cannot be read -------------------------------------------------------------

    def _tell(self, one: _Read, name: str, detail: str) -> None:
        text = translate.shown(f"{name}: {detail}")
        one.told.append(Problem(ProblemId.FIELD_NOT_KEPT, self._connection.place, text, name))

    def _refused(self, ref: ItemRef, fault: Fault) -> Refused:
        problem = item_problem(fault, self._connection.place, ProblemId.ITEM_UNREADABLE)
        gone = problem.id is ProblemId.ITEM_GONE
        return Refused(ref, problem, ItemLabel() if gone else self._label(ref))

    def _label(self, ref: ItemRef) -> ItemLabel:
        item = self._found(get_items([ref.key], *_LABEL))
        if item is None:
            return ItemLabel()
        return ItemLabel(date=text_of(item, "LastModifiedTime"), subject=text_of(item, "Subject"))

    def _found(self, request: Element) -> Element | None:
        """The item that was asked for, None when it cannot be had."""
        try:
            messages = self._connection.ask(request).messages
        except ItemError:
            return None
        known = [one for one in messages if self._connection.fault_of(one) is None]
        return item_in(known[0]) if known else None


def _get(keys: Sequence[str], wanted: Sequence[Element], body: str, way: Way) -> Element:
    ids = (make("t:ItemId", Id=key) for key in keys)
    by_name = way is Way.BY_NAME
    named = [one for one in wanted if by_name or local(one) == "ExtendedFieldURI"]
    named = named if way is not Way.FIELDS else []
    shape = make(
        "m:ItemShape",
        make("t:BaseShape", text="IdOnly" if by_name else "AllProperties"),
        make("t:BodyType", text=body),
        *([make("t:AdditionalProperties", *named)] if named else []),
    )
    return make("m:GetItem", shape, make("m:ItemIds", *ids))
