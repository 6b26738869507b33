"""One request: who asks, and how ids in it become folders and items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from . import recurrence
from .identity import split_occurrence_id
from .soap import (
    Element,
    EwsError,
    children,
    failure,
    find,
    local,
    make,
    response,
    success,
    text_at,
)
from .store import Attachment, Folder, Item, Mailbox, Store
from .versions import ExchangeVersion

MALFORMED = EwsError("ErrorInvalidIdMalformed", "Id is malformed.")


@dataclass(frozen=True, slots=True)
class Request:
    """`user` is whose rights count: the one who signed in, or the one impersonated."""

    store: Store
    user: Mailbox
    version: ExchangeVersion
    context_zone: str | None = None

    def check_access(self, mailbox: Mailbox) -> None:
        """EwsError when the user may not open that mailbox."""
        pair = (self.user.address.casefold(), mailbox.address.casefold())
        if mailbox is not self.user and pair not in self.store.delegates:
            raise EwsError(
                "ErrorAccessDenied", "Access is denied. Check credentials and try again."
            )

    def mailbox(self, address: str | None) -> Mailbox:
        """The mailbox of that address, the user's own without one; EwsError."""
        mailbox = self.user if not address else self.store.mailbox(address)
        self.check_access(mailbox)
        return mailbox

    def folder(self, element: Element) -> Folder:
        """The folder of a FolderId or DistinguishedFolderId; EwsError."""
        if local(element) == "DistinguishedFolderId":
            address = text_at(element, "t:Mailbox/t:EmailAddress")
            mailbox = self.user if address is None else self.store.mailbox(address)
            self.check_access(mailbox)
            return mailbox.distinguished(element.get("Id", ""))
        folder = self.store.folder(element.get("Id", ""))
        self.check_access(folder.mailbox)
        return folder

    def folder_in(self, element: Element) -> Folder:
        """The folder of the id inside `element`."""
        return self.folder(children(element)[0])

    def item(self, element: Element) -> Item:
        """The item of an ItemId, OccurrenceItemId or RecurringMasterItemId; EwsError."""
        kind = local(element)
        if kind == "OccurrenceItemId":
            master = self._stored(element.get("RecurringMasterId", ""))
            return recurrence.numbered(master, int(element.get("InstanceIndex", "0")))
        if kind == "RecurringMasterItemId":
            item = self._any(element.get("OccurrenceId", ""))
            if item.master is None:
                raise EwsError("ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange", "No series.")
            return item.master
        return self._any(element.get("Id", ""))

    def _any(self, identifier: str) -> Item:
        split = split_occurrence_id(identifier)
        if split is None:
            return self._stored(identifier)
        return recurrence.occurrence(self._stored(split[0]), split[1])

    def _stored(self, identifier: str) -> Item:
        if len(identifier) < 8:
            raise MALFORMED
        item = self.store.item(identifier)
        self.check_access(item.folder.mailbox)
        return item

    def attachment(self, element: Element) -> Attachment:
        try:
            attachment = self.store.attachments[element.get("Id", "")]
        except KeyError:
            raise EwsError(
                "ErrorItemNotFound", "The specified object was not found in the store."
            ) from None
        self.check_access(attachment.owner.folder.mailbox)
        return attachment


def for_each(
    operation: str, things: Iterable[Element], do: Callable[[Element], Iterable[Element | None]]
) -> Element:
    """A response with one message for each thing, good or bad."""

    def answers() -> Iterable[Element]:
        for thing in things:
            try:
                yield success(operation, *do(thing))
            except EwsError as error:
                if type(error) is not EwsError:
                    raise
                yield failure(operation, error, *_empty(operation))

    return response(operation, answers())


def _empty(operation: str) -> list[Element]:
    """Where Exchange gives an empty list with an error."""
    if operation in ("CreateItem", "GetItem", "UpdateItem", "MoveItem", "CopyItem"):
        return [make("m:Items")]
    if operation in ("GetFolder", "CreateFolder", "UpdateFolder"):
        return [make("m:Folders")]
    return [make("m:Attachments")] if operation in ("GetAttachment", "CreateAttachment") else []


def inner(element: Element, path: str) -> list[Element]:
    """What is inside the element at `path`; nothing when there is none."""
    found = find(element, path)
    return children(found) if found is not None else []
