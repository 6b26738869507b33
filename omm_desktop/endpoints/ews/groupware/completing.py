"""The requests after the first that an item may need; the last of them says that it is finished."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from exchangelib import CalendarItem

from ....model.items import Item
from ....model.problem import ItemError, Place, Problem, ProblemId
from ... import translate
from ..calendar.events import Part
from ..items.attachments import ThereFile, attach, detach
from ..items.item_xml import UNFIT, Home, element_of
from ..items.listing import get_items, item_in, key_of, version_of
from ..items.mark import FIELD, Mark, Stage
from ..items.write_requests import (
    ALWAYS_OVERWRITE,
    NEVER_OVERWRITE,
    change_of,
    change_of_occurrence,
    create_items,
    delete_items,
    occurrence_id,
    update_items,
)
from ..transport.batches import batches
from ..transport.connection import Connection
from ..transport.elements import Element, Properties, T, children, make, reduce_properties, text_of
from ..transport.faults import Fault, RequestRefused, item_problem
from ..transport.timestamps import instant
from .drafts import Draft
from .rewriting import rewritten, updates

_AT_ONCE = 20
_WANTS_VERSION = frozenset(
    {"ErrorChangeKeyRequired", "ErrorChangeKeyRequiredForWriteOperations", "ErrorInvalidChangeKey"}
)
_DONE_BEFORE = frozenset({"ErrorCalendarOccurrenceIsDeletedFromRecurrence", "ErrorItemNotFound"})


@dataclass(slots=True)
class Begun:
    """An item whose first part is in its folder, by the keys of its parts.

    `again`: numbers of those parts that an earlier session made, whatever is in them.
    """

    folder_key: str
    draft: Draft
    keys: dict[int, str]
    again: frozenset[int] = frozenset()
    told: list[Problem] = field(default_factory=list)


class Completing:
    """Finishes items over one session, whose name is in the marks of what is unfinished."""

    def __init__(self, connection: Connection, home: Home, session: str) -> None:
        self._connection = connection
        self._home = home
        self._session = session

    @property
    def _place(self) -> Place:
        return self._connection.place

    def unfinished(self, item: Item) -> str:
        """The mark of an item whose last request is still to come."""
        return str(Mark(item.fingerprint, item.content, Stage.UNFINISHED, self._session))

    def complete(self, begun: Begun) -> str:
        """Make it whole; the key it has in the end.

        Raises `ItemError` when it was refused, and `UNFIT`.
        """
        parts = dict(enumerate(begun.draft.parts))
        self._create(begun, {n: part for n, part in parts.items() if n not in begun.keys})
        for number in sorted(begun.again & parts.keys()):
            if number:
                mark = self._mark(begun, number)
                begun.keys[number] = self.rewrite(begun.keys[number], parts[number], mark)
            self._empty(begun.keys[number])
        for number in sorted(begun.keys.keys() & parts.keys()):
            self._fill(begun, begun.keys[number], parts[number])
            if number:
                self._set_organizer(begun, begun.keys[number], parts[number])
        surplus = [begun.keys[number] for number in begun.keys.keys() - parts.keys()]
        if surplus:
            self._ask_all(delete_items(make("t:ItemId", Id=key) for key in surplus), surplus)
        return self._seal(begun)

    def _mark(self, begun: Begun, number: int) -> str:
        item = begun.draft.item
        return str(Mark(item.fingerprint, item.content, Stage.PART, str(number)))

    def rewrite(self, key: str, part: Part, mark: str, version: str = "") -> str:
        """Write all fields of an item anew; its key afterwards. Raises `ItemError`.

        `version`: only where it still has that change key.
        """
        item = part.item
        setattr(item, FIELD, mark)
        try:
            changes = [*rewritten(item, self._home), *updates(item, [FIELD], self._home)]
        except UNFIT as error:
            raise self._refused(Fault("", translate.shown(repr(error)))) from error
        conflict = NEVER_OVERWRITE if version else ALWAYS_OVERWRITE
        return self._update(change_of(key, changes, version), conflict) or key

    # -- parts ---------------------------------------------------------------------------

    def _create(self, begun: Begun, parts: dict[int, Part]) -> None:
        """Save further parts; what the server does not take of them is told."""
        for some in batches(parts.items(), lambda _: 0, _AT_ONCE, 1):
            elements = []
            for number, part in some:
                setattr(part.item, FIELD, self._mark(begun, number))
                elements.append(element_of(part.item, self._home))
                reduce_properties(elements[-1], begun.draft.properties)
            answers = self._ask_all(create_items(begun.folder_key, elements), some)
            for (number, part), answer in zip(some, answers, strict=True):
                stored = None if isinstance(answer, Fault) else item_in(answer)
                if stored is not None:
                    begun.keys[number] = key_of(stored)
                elif isinstance(answer, Fault):
                    self._tell(begun, "RDATE", str(part.item.start), answer)

    def _empty(self, key: str) -> None:
        """Take off what was attached before."""
        (message,) = self._ask_all(get_items([key], "item:Attachments"), [key])
        item = None if isinstance(message, Fault) else item_in(message)
        if item is None:
            return
        found = children(item.find(f"{T}Attachments"))
        ids = (one.find(f"{T}AttachmentId") for one in found)
        detach(self._connection, [ThereFile(one.get("Id")) for one in ids if one is not None])

    def _fill(self, begun: Begun, key: str, part: Part) -> None:
        """Files, changed and deleted occurrences, in this order: deleting moves no number."""
        for file, fault in attach(self._connection, key, begun.draft.files_of(part)):
            self._tell(begun, "PHOTO" if file.is_photo else "ATTACH", file.name, fault)
        for some in batches(part.changed, lambda _: 0, _AT_ONCE, 1):
            self._change(begun, key, part, some)
        for numbers in batches(part.deleted, lambda _: 0, _AT_ONCE, 1):
            request = delete_items(occurrence_id(key, number) for number in numbers)
            for number, answer in zip(numbers, self._ask_all(request, numbers), strict=True):
                if isinstance(answer, Fault) and answer.code not in _DONE_BEFORE:
                    self._tell(begun, "EXDATE", f"{number}", answer)

    def _change(
        self, begun: Begun, key: str, part: Part, changed: Sequence[tuple[int, dict[str, Any]]]
    ) -> None:
        changes = []
        for number, fields in changed:
            target = CalendarItem(
                _start_timezone=part.item._start_timezone,
                _end_timezone=part.item._end_timezone,
                **fields,
            )
            target.account = self._home
            elements = updates(target, list(fields), self._home)
            changes.append(change_of_occurrence(key, number, elements))
        answers = self._ask_all(update_items(changes), changed)
        for (_, fields), answer in zip(changed, answers, strict=True):
            if isinstance(answer, Fault):
                self._tell(begun, "RECURRENCE-ID", str(fields.get("start", "")), answer)

    def _set_organizer(self, begun: Begun, key: str, part: Part) -> None:
        if not part.organizer:
            return
        try:
            self._update(change_of(key, self._organizer(part)))
        except ItemError as error:
            begun.told.append(self._not_kept("ORGANIZER", _name_of(part), error.problem.detail))

    def _organizer(self, part: Part) -> list[Element]:
        for name, value in part.organizer.items():
            setattr(part.item, name, value)
        return updates(part.item, list(part.organizer), self._home)

    # -- the end -------------------------------------------------------------------------

    def _seal(self, begun: Begun) -> str:
        """The last request: with the organiser, whose meetings nobody else may change."""
        key, part, item = begun.keys[0], begun.draft.parts[0], begun.draft.item
        if begun.draft.properties is not Properties.ALL:
            # It has no mark that could say so.
            return key
        mark = Mark(item.fingerprint, item.content, written=self._last_saved(key))
        setattr(part.item, FIELD, str(mark))
        if part.organizer:
            finish = [*self._organizer(part), *updates(part.item, [FIELD], self._home)]
            try:
                return self._update(change_of(key, finish)) or key
            except ItemError as error:
                begun.told.append(self._not_kept("ORGANIZER", _name_of(part), error.problem.detail))
        return self._update(change_of(key, updates(part.item, [FIELD], self._home))) or key

    def _last_saved(self, key: str) -> datetime | None:
        (message,) = self._ask_all(get_items([key], "item:LastModifiedTime"), [key])
        item = None if isinstance(message, Fault) else item_in(message)
        return None if item is None else instant(text_of(item, "LastModifiedTime"))

    # -- asking --------------------------------------------------------------------------

    def _update(self, change: Element, conflict: str = ALWAYS_OVERWRITE) -> str:
        again = deepcopy(change)
        (answer,) = self._ask_all(update_items([change], conflict), [change])
        if isinstance(answer, Fault) and answer.code in _WANTS_VERSION:
            identifier = again.find(f"{T}ItemId")
            identifier.set("ChangeKey", self._version(identifier.get("Id")))
            (answer,) = self._ask_all(update_items([again], conflict), [again])
        if isinstance(answer, Fault):
            raise self._refused(answer)
        item = item_in(answer)
        return "" if item is None else key_of(item)

    def _version(self, key: str) -> str:
        (message,) = self._ask_all(get_items([key]), [key])
        item = None if isinstance(message, Fault) else item_in(message)
        return "" if item is None else version_of(item)

    def _ask_all(self, request: Element, things: Sequence[object]) -> list[Element | Fault]:
        """One answer for each of the things; all the same where the whole was refused."""
        try:
            messages = self._connection.ask(request).messages
        except RequestRefused as error:
            return [error.fault] * len(things)
        answers = [self._connection.fault_of(message) or message for message in messages]
        missing = len(things) - len(answers)
        return [*answers, *[Fault("", "no answer")] * missing][: len(things)]

    def _refused(self, fault: Fault) -> ItemError:
        return ItemError(item_problem(fault, self._place, ProblemId.ITEM_REFUSED))

    def _tell(self, begun: Begun, name: str, value: str, fault: Fault) -> None:
        begun.told.append(self._not_kept(name, value, fault.detail))

    def _not_kept(self, name: str, value: str, why: str) -> Problem:
        detail = translate.shown(f"{name}: {value} [{why}]")
        return Problem(ProblemId.FIELD_NOT_KEPT, self._place, detail, name)


def _name_of(part: Part) -> str:
    return next(iter(part.organizer.values()), "")
