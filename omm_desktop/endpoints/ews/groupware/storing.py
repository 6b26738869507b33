"""Storing contacts, events and tasks: simple ones together, what needs more one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from ....model.items import Fingerprint, Item
from ....model.ports import Refused, Stored
from ....model.problem import ItemError, OmmError, Problem, ProblemId, TryAgain
from ... import translate
from ...convert.card.person import Group
from ...convert.identity import identify
from ..items.item_xml import UNFIT, Home, element_of
from ..items.listing import item_in, key_of
from ..items.mark import FIELD, Mark
from ..items.write_requests import create_items
from ..people.members import MemberAddresses
from ..transport.batches import BATCH_BYTES, BATCH_ITEMS, batches
from ..transport.connection import Connection
from ..transport.elements import Element, Properties, reduce_properties
from ..transport.faults import (
    ABOUT_PROPERTIES,
    Fault,
    RequestRefused,
    foremost,
    item_problem,
)
from .completing import Begun, Completing
from .drafts import Draft, address_of, drafted, simpler
from .leftovers import Leftover, Leftovers, look_for_leftovers
from .sessions import Sessions

_sessions = Sessions()

Answer = Stored | Refused


class GroupwareStore:
    """Stores batches over one session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session = _sessions.begin()
        self._ended = _sessions.ended
        self._leftovers: dict[str, Leftovers] = {}
        self._members = MemberAddresses(connection)

    def close(self) -> None:
        """What this session left unfinished is for others to finish."""
        _sessions.end(self._session)

    @property
    def home(self) -> Home:
        return Home.of(self._connection.version)

    @property
    def completing(self) -> Completing:
        return Completing(self._connection, self.home, self._session)

    def store(self, folder_key: str, items: Sequence[Item]) -> Iterator[Answer]:
        """As `Destination.store`."""
        with self._giving_up():
            yield from self._stored_or_begun(folder_key, items)

    @contextmanager
    def _giving_up(self) -> Iterator[None]:
        """What was begun when it breaks off is for any session to finish, this one or another."""
        try:
            yield
        except BaseException:
            _sessions.end(self._session)
            self._session = _sessions.begin()
            raise

    def _leftovers_in(self, folder_key: str) -> Leftovers:
        """Looked for anew whenever a session left something since."""
        if self._ended != _sessions.ended:
            self._ended = _sessions.ended
            self._leftovers.clear()
        if folder_key not in self._leftovers:
            self._leftovers[folder_key] = look_for_leftovers(
                self._connection,
                folder_key,
                _sessions.besides(self._session),
                partial(_sessions.claim, self._session),
            )
        return self._leftovers[folder_key]

    def _stored_or_begun(self, folder_key: str, items: Sequence[Item]) -> Iterator[Answer]:
        leftovers = self._leftovers_in(folder_key)
        fresh = []
        for draft in self._drafts(folder_key, items):
            if isinstance(draft, Refused):
                yield draft
                continue
            left = leftovers.take(draft.item)
            if left is None:
                fresh.append(draft)
            else:
                parts = leftovers.parts(draft.item.fingerprint)
                keys = {0: left.key} | {number: one.key for number, one in parts.items()}
                yield self._again(Begun(folder_key, draft, keys, frozenset(keys)))
        for batch in batches(fresh, lambda one: one.item.payload.size, BATCH_ITEMS, BATCH_BYTES):
            yield from self._together(folder_key, batch)

    def draft(self, folder_key: str, item: Item) -> Draft | Refused:
        """The item with its parts, or why nobody can make any of it."""
        draft = drafted(item)
        if draft is None:
            return self.refused(item, Fault("", "nothing can be read"))
        return self._written(folder_key, draft)

    def parts(self, folder_key: str, fingerprint: Fingerprint) -> dict[int, Leftover]:
        """The further parts of an event, by their numbers from 1."""
        return look_for_leftovers(self._connection, folder_key).parts(fingerprint)

    def rewrite(self, begun: Begun, version: str) -> Stored:
        """Write an item of ours anew, where it still has that version.

        Raises `ItemError` and `UNFIT`.
        """
        with self._giving_up():
            draft, completing = begun.draft, self.completing
            mark = completing.unfinished(draft.item)
            begun.keys[0] = completing.rewrite(begun.keys[0], draft.parts[0], mark, version)
            return self._stored(draft, completing.complete(begun), begun.told)

    def refused(self, item: Item, fault: Fault) -> Refused:
        problem = item_problem(fault, self._connection.place, ProblemId.ITEM_REFUSED)
        return Refused(item.ref, problem, identify(item.kind, item.payload).label)

    def _drafts(self, folder_key: str, items: Sequence[Item]) -> Iterator[Draft | Refused]:
        """Persons before the groups that name them."""
        drafts = []
        for item in items:
            draft = drafted(item)
            if draft is None:
                yield self.refused(item, Fault("", "nothing can be read"))
            else:
                self._members.learn(address_of(draft.value))
                drafts.append(draft)
        for draft in sorted(drafts, key=lambda one: isinstance(one.value, Group)):
            yield self._written(folder_key, draft)

    def _written(self, folder_key: str, draft: Draft) -> Draft | Refused:
        value = draft.value
        members = value.members if isinstance(value, Group) else ()
        try:
            draft.write(self.home, self._members.of(folder_key, members))
        except UNFIT as error:
            return self.refused(draft.item, Fault("", translate.shown(repr(error))))
        return draft

    # -- requests ------------------------------------------------------------------------

    def _together(self, folder_key: str, drafts: Sequence[Draft]) -> Iterator[Answer]:
        sent: list[tuple[Draft, Element]] = []
        for draft in drafts:
            try:
                sent.append((draft, self._element(draft)))
            except UNFIT as error:
                yield self._settled(folder_key, draft, Fault("", translate.shown(repr(error))))
        if not sent:
            return
        try:
            reply = self._connection.ask(create_items(folder_key, (one for _, one in sent)))
        except RequestRefused as error:
            if len(sent) == 1:
                yield self._settled(folder_key, sent[0][0], error.fault)
                return
            middle = len(sent) // 2
            yield from self._together(folder_key, [draft for draft, _ in sent[:middle]])
            yield from self._together(folder_key, [draft for draft, _ in sent[middle:]])
            return
        begun: list[Begun] = []
        errors = [self._unanswered()] if len(reply.messages) < len(sent) else []
        for (draft, _), message in zip(sent, reply.messages, strict=False):
            try:
                answer = self._answer(folder_key, draft, message)
            except OmmError as error:
                # Others may have been stored all the same, and whoever reads this must know.
                errors.append(error)
                continue
            if isinstance(answer, Begun):
                begun.append(answer)
            else:
                yield answer
        if errors:
            raise foremost(errors)
        for one in begun:
            yield self._completed(one)

    def _answer(self, folder_key: str, draft: Draft, message: Element) -> Answer | Begun:
        """Raises `OmmError` when it concerns the pace or the mailbox, not the item."""
        fault = self._connection.fault_of(message)
        if fault is not None:
            return self._settled(folder_key, draft, fault)
        stored = item_in(message)
        key = "" if stored is None else key_of(stored)
        if not key:
            raise self._unanswered()
        return self._stored(draft, key) if draft.is_simple else Begun(folder_key, draft, {0: key})

    def _element(self, draft: Draft) -> Element:
        first, item = draft.parts[0], draft.item
        mark = str(Mark(item.fingerprint, item.content))
        if draft.is_simple:
            for name, value in first.organizer.items():
                setattr(first.item, name, value)
        else:
            mark = self.completing.unfinished(item)
        setattr(first.item, FIELD, mark)
        element = element_of(first.item, self.home)
        reduce_properties(element, draft.properties)
        return element

    def _again(self, begun: Begun) -> Answer:
        """What an earlier session left unfinished is written anew, in its place."""
        first, mark = begun.draft.parts[0], self.completing.unfinished(begun.draft.item)
        try:
            begun.keys[0] = self.completing.rewrite(begun.keys[0], first, mark)
        except ItemError as error:
            return self._refused_with(begun.draft.item, error)
        return self._completed(begun)

    def _completed(self, begun: Begun) -> Answer:
        try:
            key = self.completing.complete(begun)
        except ItemError as error:
            return self._refused_with(begun.draft.item, error)
        except UNFIT as error:
            return self.refused(begun.draft.item, Fault("", translate.shown(repr(error))))
        return self._stored(begun.draft, key, begun.told)

    def _stored(self, draft: Draft, key: str, told: Sequence[Problem] = ()) -> Stored:
        draft.aside.close()
        return Stored(draft.item.ref, key, None, (*draft.told(self._connection.place), *told))

    def _settled(self, folder_key: str, draft: Draft, fault: Fault) -> Answer:
        """A refused item: once more, made simpler as long as something can be left out, refused.

        Some refusals pass by themselves: nothing may be left out for these.
        """
        if fault.code in ABOUT_PROPERTIES and draft.properties is not Properties.NONE:
            named = draft.properties is Properties.ALL
            draft.properties = Properties.NOT_NAMED if named else Properties.NONE
        elif not draft.insisted:
            draft.insisted = True
        elif (value := simpler(draft.value)) is not None:
            draft.value = value
        else:
            return self.refused(draft.item, fault)
        again = self._written(folder_key, draft)
        if isinstance(again, Refused):
            return again
        (answer,) = self._together(folder_key, [again])
        return answer

    def _refused_with(self, item: Item, error: ItemError) -> Refused:
        return Refused(item.ref, error.problem, identify(item.kind, item.payload).label)

    def _unanswered(self) -> OmmError:
        problem = Problem(
            ProblemId.CONNECTION_LOST, self._connection.place, "no answer for an item"
        )
        return TryAgain(problem)
