"""An item of ours made what it is at the source now, unless its owner changed it meanwhile.

The mark tells when the server last saved the item for us; what was saved later was not saved by us.
Comparing contents instead would take what the server itself rewrites for the owner's changes. That
somebody only dismissed a reminder cannot be told from a change, and counts as one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ....model.items import Item, ItemKind
from ....model.ports import Refused, Stored
from ....model.problem import ItemError, Problem, ProblemId
from ... import translate
from ..items.item_xml import UNFIT
from ..items.listing import get_items, item_in, version_of
from ..items.mark import MARK, Mark, Stage, mark_of
from ..transport.connection import Connection
from ..transport.elements import Element, text_of
from ..transport.faults import Fault, item_problem
from ..transport.timestamps import instant
from .completing import Begun
from .storing import GroupwareStore

_OF_OUR_OWN = timedelta(minutes=2)
"""From when we looked at the clock of the server until our last request was done."""

_SAVED, _CREATED = "item:LastModifiedTime", "item:DateTimeCreated"


def update(
    connection: Connection, store: GroupwareStore, folder_key: str, key: str, item: Item
) -> Stored | Refused:
    """As `UpdatingDestination.update`."""
    there = _there(connection, key)
    if isinstance(there, Fault):
        problem = item_problem(there, connection.place, ProblemId.ITEM_REFUSED)
        return Refused(item.ref, problem, item.label)
    mark = mark_of(there)
    if mark is None or mark.stage is Stage.PART or is_changed(there, mark):
        return _left(connection, item)
    if mark.stage is Stage.DONE and mark.is_of(item):
        return Stored(item.ref, key)
    keys = {0: key}
    if item.kind is ItemKind.EVENTS:
        parts = store.parts(folder_key, mark.fingerprint)
        keys |= {number: one.key for number, one in parts.items()}
        if any(is_later(one.saved, mark) for one in parts.values()):
            return _left(connection, item)
    draft = store.draft(folder_key, item)
    if isinstance(draft, Refused):
        return draft
    try:
        begun = Begun(folder_key, draft, keys, frozenset(keys))
        return store.rewrite(begun, version_of(there))
    except ItemError as error:
        if "ErrorIrresolvableConflict" in error.problem.detail:
            return _left(connection, item)
        return Refused(item.ref, error.problem, item.label)
    except UNFIT as error:
        return store.refused(item, Fault("", translate.shown(repr(error))))


def _there(connection: Connection, key: str) -> Element | Fault:
    messages = connection.ask(get_items([key], MARK, _SAVED, _CREATED)).messages
    fault = connection.fault_of(messages[0]) if messages else Fault("", "no answer")
    found = None if fault else item_in(messages[0])
    return found if found is not None else fault or Fault("", "no item in the answer")


def is_changed(there: Element, mark: Mark) -> bool:
    """Whether anybody else saved it since."""
    saved = instant(text_of(there, "LastModifiedTime"))
    if mark.written is None:
        mark = replace(mark, written=instant(text_of(there, "DateTimeCreated")))
    return is_later(saved, mark)


def is_later(saved: datetime | None, mark: Mark) -> bool:
    """Whether it was saved after us, as far as anybody knows; we do not ask where we broke off."""
    if mark.stage is Stage.UNFINISHED:
        return False
    return saved is None or mark.written is None or saved - mark.written > _OF_OUR_OWN


def _left(connection: Connection, item: Item) -> Refused:
    problem = Problem(ProblemId.ITEM_CHANGED_THERE, connection.place)
    return Refused(item.ref, problem, item.label)
