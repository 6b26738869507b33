"""Contacts, events and tasks as Exchange holds them, ready to be saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from exchangelib import FileAttachment

from ....model.items import Item, ItemKind
from ....model.problem import Place, Problem, ProblemId
from ... import translate
from ...convert.calendar.read import read_event, read_task
from ...convert.calendar.values import Event, Participant, Task
from ...convert.card.person import Group, Person
from ...convert.card.read import read_card
from ...convert.content_lines import Line
from ...convert.loss import Loss
from ...convert.payload import MemoryPayload
from ...convert.set_aside import Aside, set_aside
from ..calendar.events import Part, to_items
from ..calendar.tasks import to_task
from ..items.attachments import NewFile
from ..items.item_xml import Home
from ..people.contacts import to_contact
from ..people.groups import to_list
from ..transport.elements import Properties

Value = Person | Group | Event | Task
Addresses = Mapping[str, tuple[str, str]]
"""Name and address of persons by the UIDs of their cards."""


@dataclass(slots=True)
class Draft:
    """An item on its way: what it says, and the parts that stand for it, the first its own.

    `value` may have been made simpler than the item, after a refusal.
    """

    item: Item
    value: Value
    aside: Aside
    parts: tuple[Part, ...] = ()
    losses: tuple[Loss, ...] = ()
    properties: Properties = Properties.ALL
    """Which of them the server it goes to keeps."""
    insisted: bool = False
    """Whether it was sent as it is although the server had refused it."""

    @property
    def is_simple(self) -> bool:
        """Whether one request makes it."""
        first = self.parts[0]
        more = first.attachments or first.changed or first.deleted
        return len(self.parts) == 1 and not more

    def write(self, home: Home, addresses: Addresses) -> None:
        """Set the parts and losses by the value. Raises `ValueError`."""
        value, zone = self.value, home.default_timezone
        if isinstance(value, Event):
            event = to_items(value, zone)
            self.parts, self.losses = event.parts, event.losses
            return
        if isinstance(value, Group):
            group = to_list(value, addresses)
            self.parts, self.losses = (Part(group.item),), group.losses
            return
        new = to_task(value, zone) if isinstance(value, Task) else to_contact(value)
        self.parts, self.losses = (Part(new.item, new.attachments),), new.losses

    def files_of(self, part: Part) -> list[NewFile]:
        """What is to be attached to the part."""
        return [self._file(one) for one in part.attachments]

    def _file(self, file: FileAttachment) -> NewFile:
        content: bytes = file.content
        payload = self.aside.files.get(content) or MemoryPayload(content)
        return NewFile(file.name, file.content_type or "", payload, bool(file.is_contact_photo))

    def told(self, place: Place) -> tuple[Problem, ...]:
        """What Exchange does not hold of it, one by one."""
        problems = [told(loss, place) for loss in self.losses]
        if self.properties is Properties.NONE:
            detail, name = "extended properties", "X-PROPERTIES"
            problems.append(Problem(ProblemId.FIELD_NOT_KEPT, place, detail, name))
        elif self.properties is Properties.NOT_NAMED and not isinstance(self.value, Event):
            problems.append(Problem(ProblemId.FIELD_NOT_KEPT, place, "UID", "UID"))
        return tuple(problems)


def told(loss: Loss, place: Place) -> Problem:
    """The remark about one thing that has no place of its own."""
    id = ProblemId.FIELD_IN_NOTES if loss.kept else ProblemId.FIELD_NOT_KEPT
    return Problem(id, place, f"{translate.shown(str(loss))} [{loss.rule}]", loss.name)


def drafted(item: Item) -> Draft | None:
    """The draft of an item, without parts; None for what nobody can read."""
    aside = set_aside(item.payload)
    value = _READERS[item.kind](aside.text)
    return None if value is None else Draft(item, value, aside)


_READERS: dict[ItemKind, Callable[[bytes], Value | None]] = {
    ItemKind.CONTACTS: read_card,
    ItemKind.EVENTS: read_event,
    ItemKind.TASKS: read_task,
}


def simpler(value: Value) -> Value | None:
    """The same without what a server is most likely to refuse, which goes to the notes."""
    if isinstance(value, Event | Task) and value.rule:
        return replace(value, rule="", rest=(*value.rest, Line("RRULE", value.rule)))
    if isinstance(value, Event) and (value.participants or value.organizer):
        people = [("ATTENDEE", one) for one in value.participants]
        people += [("ORGANIZER", value.organizer)] if value.organizer else []
        lines = (Line(name, _shown(one)) for name, one in people)
        return replace(value, participants=(), organizer=None, rest=(*value.rest, *lines))
    return _as_person(value) if isinstance(value, Group) else None


def _as_person(group: Group) -> Person:
    """For servers without distribution lists: a contact with its members in the notes."""
    members = (Line("MEMBER", one) for one in group.members)
    return Person(
        uid=group.uid,
        full_name=group.name or "?",
        notes=group.notes,
        categories=group.categories,
        rest=(*group.rest, *members),
    )


def _shown(person: Participant) -> str:
    return f"{person.name} <{person.address}>" if person.name else person.address


def address_of(value: Any) -> tuple[str, tuple[str, str]] | None:
    """UID, name and address of a person that a group may name."""
    if isinstance(value, Person) and value.uid and value.emails:
        return value.uid, (value.full_name, value.emails[0].value)
    return None
