"""Taking items of ours out of an Exchange mailbox: into its deleted items, and told to nobody.

An item is ours by its mark. An event that Exchange holds in several appointments goes with all of
them, the first one last: as long as that is there, the others are found again.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...model.items import Fingerprint, Folder, FolderRole, ItemKind
from ...model.problem import CannotGoOn, ItemError, Problem, ProblemId
from ...model.removing import HANDLED, Removed, Standing
from .folders.finding import folder_id
from .folders.kinds import ITEM_ELEMENTS
from .groupware.foreign_items import fingerprints_of_others
from .groupware.leftovers import Leftover, look_for_leftovers
from .groupware.updating import is_changed, is_later
from .items.listing import get_items, item_in, key_of, version_of
from .items.mark import MARK, Stage, mark_of
from .items.write_requests import to_trash
from .mail.flags import DRAFT, FLAG_STATUS, LAST_VERB, MESSAGE_FLAGS, flags_of
from .settings.inbox_rules import InboxRules
from .transport.batches import BATCH_ITEMS
from .transport.connection import Connection
from .transport.elements import Element, T, local, make
from .transport.faults import RequestRefused
from .writer import EwsDestination

_SAVED, _CREATED, _PARENT = "item:LastModifiedTime", "item:DateTimeCreated", "item:ParentFolderId"
_STANDING = (MARK, _SAVED, _CREATED, _PARENT, MESSAGE_FLAGS, FLAG_STATUS, LAST_VERB)
_GONE = "ErrorItemNotFound"


class EwsRemover(EwsDestination):
    """A `Remover` over one session."""

    at_once = BATCH_ITEMS

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._found: dict[str, Element] = {}
        self._parts: dict[str, list[Leftover]] = {}

    def trash(self) -> Folder:
        for folder in self.folders():
            if folder.role is FolderRole.TRASH:
                return folder
        problem = Problem(
            ProblemId.REMOVING_NOT_OFFERED, self._connection.place, "no deleted items"
        )
        raise CannotGoOn(problem)

    # -- what is there -------------------------------------------------------------------

    def standing(
        self, folder_key: str, validity: int | None, keys: Sequence[str]
    ) -> list[Standing]:
        self._found = {key_of(item): item for item in self._there(folder_key, keys)}
        items = list(self._found.values())
        unmarked = [item for item in items if mark_of(item) is None]
        mails = [key_of(item) for item in unmarked if local(item) not in ITEM_ELEMENTS]
        others = self._fingerprints(mails) | fingerprints_of_others(self._connection, unmarked)
        self._parts = self._parts_of(folder_key, items)
        told = (self._standing(item, others) for item in items)
        return [one for one in told if one is not None]

    def _there(self, folder_key: str, keys: Sequence[str]) -> list[Element]:
        """Not what was moved elsewhere by a server that lets it keep its key."""
        return [
            item
            for message in self._connection.ask(get_items(keys, *_STANDING)).messages
            if self._is_there(message) and (item := item_in(message)) is not None
            if _parent(item) in ("", folder_key)
        ]

    def _is_there(self, message: Element) -> bool:
        """Raises `ItemError` for an item of which nobody knows whether it is there."""
        fault = self._connection.fault_of(message)
        if fault is not None and fault.code != _GONE:
            problem = Problem(ProblemId.FOLDER_UNREADABLE, self._connection.place, fault.detail)
            raise ItemError(problem)
        return fault is None

    def _parts_of(self, folder_key: str, items: Sequence[Element]) -> dict[str, list[Leftover]]:
        """The further appointments of events, by the key of the first."""
        events = [item for item in items if ITEM_ELEMENTS.get(local(item)) is ItemKind.EVENTS]
        if not events:
            return {}
        leftovers = look_for_leftovers(self._connection, folder_key)
        marks = ((key_of(item), mark_of(item)) for item in events)
        found = {key: leftovers.parts(mark.fingerprint) for key, mark in marks if mark is not None}
        return {key: list(parts.values()) for key, parts in found.items()}

    def _standing(self, item: Element, others: dict[str, Fingerprint]) -> Standing | None:
        key, mark = key_of(item), mark_of(item)
        if mark is None:
            # Of no known kind any more: nothing of ours.
            return Standing(key, others.get(key, b""))
        flags = flags_of(item)
        is_mail = local(item) not in ITEM_ELEMENTS
        # Reading a mail saves it too; what is edited is a draft.
        is_edited = is_changed(item, mark) and (not is_mail or DRAFT in flags)
        return Standing(
            key,
            mark.fingerprint,
            mark.content,
            handled=HANDLED & {flag.lower() for flag in flags},
            is_changed=is_edited
            or mark.stage is not Stage.DONE
            or any(is_later(part.saved, mark) for part in self._parts.get(key, ())),
        )

    # -- removing ------------------------------------------------------------------------

    def before_removing(self, folder_key: str) -> None:
        """An item is there or not."""

    def remove(
        self, folder_key: str, validity: int | None, keys: Sequence[str], begun: int | None
    ) -> Removed:
        parts = [part.key for key in keys for part in self._parts.get(key, ())]
        for start in range(0, len(parts), BATCH_ITEMS):
            some = parts[start : start + BATCH_ITEMS]
            self._ask_to_remove([make("t:ItemId", Id=part) for part in some])
        versions = {key: version_of(self._found[key]) for key in keys if key in self._found}
        self._ask_to_remove(
            [make("t:ItemId", Id=key, ChangeKey=versions[key]) for key in keys if key in versions]
        )
        left = {key_of(item) for item in self._there(folder_key, keys)}
        return Removed(frozenset(keys) - left)

    def _ask_to_remove(self, ids: list[Element]) -> None:
        """What is refused of a request is seen by looking."""
        try:
            for message in self._connection.ask(to_trash(ids)).messages:
                self._connection.fault_of(message)
        except RequestRefused as error:
            problem = Problem(
                ProblemId.REMOVING_REFUSED, self._connection.place, error.problem.detail
            )
            raise ItemError(problem) from error

    def let_be(self, folder_key: str, validity: int | None, keys: Sequence[str]) -> None:
        """Nothing is marked."""

    def filed_into(self) -> frozenset[str]:
        """None where the mailbox shows no rules to whoever is signed in."""
        try:
            return InboxRules(self._connection).folders()
        except ItemError:
            return frozenset()

    def remove_folder(self, folder_key: str) -> bool:
        """With what may have come into it meanwhile, it is in the deleted items afterwards."""
        if self.position(folder_key).count:
            return False
        request = make(
            "m:DeleteFolder",
            make("m:FolderIds", folder_id(folder_key)),
            DeleteType="MoveToDeletedItems",
        )
        try:
            messages = self._connection.ask(request).messages
        except RequestRefused:
            return False
        return bool(messages) and self._connection.fault_of(messages[0]) is None


def _parent(item: Element) -> str:
    """The key of the folder it is in; empty where the server does not tell."""
    found = item.find(f"{T}ParentFolderId")
    return "" if found is None else str(found.get("Id") or "")
