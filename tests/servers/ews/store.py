"""What the server remembers: mailboxes, their folders, items and attachments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from .identity import change_key, new_id, occurrence_id
from .properties import Properties, PropertyPath
from .soap import Element, EwsError

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, eq=False)
class Attachment:
    """A file, or an item with fields of its own."""

    id: str
    owner: Item
    about: Element
    """Name, ContentType, ContentId, ContentLocation, IsInline, IsContactPhoto."""
    content: bytes = b""
    item: Item | None = None
    from_mime: bool = False

    @property
    def size(self) -> int:
        return len(self.content) if self.item is None else self.item.size


@dataclass(slots=True, eq=False)
class Item:
    """One item. `fields` holds elements as a reply shows them, by field URI."""

    id: str
    kind: str
    folder: Folder
    created: datetime
    fields: dict[str, Element] = field(default_factory=dict)
    properties: Properties = field(default_factory=Properties)
    mime: bytes | None = None
    attachments: list[Attachment] = field(default_factory=list)
    modified: datetime = LONG_AGO
    arrived_at: int = 0
    """Numbers of the changes that brought it here, touched it, and flipped its read flag."""
    changed_at: int = 0
    read_flag_at: int = 0
    touched: dict[str | PropertyPath, int] = field(default_factory=dict)
    """For each field updated since, the number of the change."""
    exceptions: dict[datetime, Item] = field(default_factory=dict)
    """Changed occurrences of a series, by the instant at which they were to begin."""
    deleted: set[datetime] = field(default_factory=set)
    master: Item | None = None
    original: datetime | None = None

    @property
    def change_key(self) -> str:
        return change_key(max(self.changed_at, self.read_flag_at))

    def text(self, path: str) -> str:
        """The stored text of a field, empty when there is none."""
        element = self.fields.get(path)
        return (element.text or "") if element is not None else ""

    @property
    def size(self) -> int:
        """Roughly what the item takes up, in bytes."""
        own = sum(len(element.text or "") for element in self.fields.values())
        attached = sum(one.size for one in self.attachments if not one.from_mime)
        return 512 + own + len(self.mime or b"") + attached


@dataclass(slots=True, eq=False)
class Folder:
    id: str
    mailbox: Mailbox
    name: str
    folder_class: str | None
    parent: Folder | None = None
    distinguished: str | None = None
    properties: Properties = field(default_factory=Properties)
    items: dict[str, Item] = field(default_factory=dict)
    gone: list[tuple[int, str, int]] = field(default_factory=list)
    """Items that left: number of the change, id, number of the change that had brought them."""
    arrived_at: int = 0
    changed_at: int = 0

    @property
    def change_key(self) -> str:
        return change_key(self.changed_at)

    @property
    def children(self) -> list[Folder]:
        return [one for one in self.mailbox.folders.values() if one.parent is self]

    def below(self) -> Iterator[Folder]:
        """Every folder under this one, parents first."""
        for child in self.children:
            yield child
            yield from child.below()

    def child(self, name: str) -> Folder | None:
        """The child of that name, whatever its case; Exchange has one at most."""
        wanted = name.casefold()
        return next((one for one in self.children if one.name.casefold() == wanted), None)

    def at(self, *names: str) -> Folder:
        """The folder down there; AttributeError when there is none."""
        here = self
        for name in names:
            here = here.child(name) or here.missing(name)
        return here

    def missing(self, name: str) -> Folder:
        raise AttributeError(f"{self.name!r} has no folder {name!r}")


@dataclass(slots=True, eq=False)
class Mailbox:
    """A person's mailbox. `quota` and `largest_item` in bytes, None for no limit."""

    address: str
    name: str
    password: str
    store: Store
    quota: int | None = None
    largest_item: int | None = None
    refuses: Callable[[bytes], str | None] = lambda mime: None
    """The response code with which this mailbox refuses a message, by its bytes."""
    refuses_item: Callable[[Element], str | None] = lambda element: None
    """The same for any other item, by its element."""
    folders: dict[str, Folder] = field(default_factory=dict)
    gone_folders: list[tuple[int, str, int]] = field(default_factory=list)
    rules: list[Element] = field(default_factory=list)
    most_rules: int | None = None
    outlook_rules: list[str] = field(default_factory=list)
    """Names of rules that Outlook alone keeps; with the last of them its own list is gone."""
    automatic_reply: Element | None = None

    @property
    def directory_name(self) -> str:
        """What the organisation calls its owner."""
        return f"/o=Test/ou=Exchange/cn=Recipients/cn={self.address}"

    def distinguished(self, name: str) -> Folder:
        """The folder with that role; EwsError when the mailbox has none."""
        for folder in self.folders.values():
            if folder.distinguished == name:
                return folder
        raise EwsError("ErrorFolderNotFound", "The specified folder could not be found.")

    def add_folder(
        self, parent: Folder | None, name: str, folder_class: str | None, role: str | None = None
    ) -> Folder:
        number = self.store.next_change()
        folder = Folder(new_id("folder", number), self, name, folder_class, parent, role)
        folder.arrived_at = folder.changed_at = number
        self.folders[folder.id] = folder
        self.store.folders[folder.id] = folder
        return folder

    def remove_folder(self, folder: Folder) -> None:
        """Forget the folder, what is in it and below it."""
        for one in [*folder.below(), folder]:
            for item in list(one.items.values()):
                self.store.remove(item)
            del self.folders[one.id], self.store.folders[one.id]
            self.gone_folders.append((self.store.next_change(), one.id, one.arrived_at))

    def items(self) -> Iterator[Item]:
        """Every item of every folder."""
        for folder in self.folders.values():
            yield from folder.items.values()

    @property
    def used(self) -> int:
        """Bytes that count against the quota."""
        return sum(item.size for item in self.items())


class Store:
    """Every mailbox of the server, and who may open whose.

    `tells_occurrences`: whether it says when changed and deleted occurrences were to be.
    """

    def __init__(self, clock: Clock = wall_clock) -> None:
        self.now = clock
        self.tells_occurrences = True
        self.changes = 0
        self.mailboxes: dict[str, Mailbox] = {}
        self.folders: dict[str, Folder] = {}
        self.items: dict[str, Item] = {}
        self.attachments: dict[str, Attachment] = {}
        self.delegates: set[tuple[str, str]] = set()
        """(who, whose mailbox), in lower case."""
        self.impersonators: set[str] = set()
        self.redirects: dict[str, str] = {}
        """Where Autodiscover sends an address (in lower case): to another, or to a URL."""

    def next_change(self) -> int:
        self.changes += 1
        return self.changes

    def mailbox(self, address: str) -> Mailbox:
        try:
            return self.mailboxes[address.casefold()]
        except KeyError:
            raise EwsError(
                "ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it."
            ) from None

    def folder(self, identifier: str) -> Folder:
        try:
            return self.folders[identifier]
        except KeyError:
            raise EwsError(
                "ErrorFolderNotFound", "The specified folder could not be found in the store."
            ) from None

    def item(self, identifier: str) -> Item:
        try:
            return self.items[identifier]
        except KeyError:
            raise EwsError(
                "ErrorItemNotFound", "The specified object was not found in the store."
            ) from None

    def new_item(self, kind: str, folder: Folder) -> Item:
        """An item not yet in its folder: `put` puts it there."""
        return Item(new_id("item", self.next_change()), kind, folder, self.now())

    def put(self, item: Item) -> None:
        """Let the new item appear in its folder."""
        item.folder.items[item.id] = self.items[item.id] = item
        self.keep_attachments(item)
        for original, exception in item.exceptions.items():
            exception.id, exception.folder = occurrence_id(item.id, original), item.folder
            self.keep_attachments(exception)
        self.touch(item)
        item.arrived_at = item.changed_at

    def keep_attachments(self, item: Item) -> None:
        """Let the item's attachments be found by their ids, and those inside them."""
        for attachment in item.attachments:
            self.attachments[attachment.id] = attachment
            if attachment.item is not None:
                self.keep_attachments(attachment.item)

    def _drop_attachments(self, item: Item) -> None:
        for attachment in item.attachments:
            self.attachments.pop(attachment.id, None)
            if attachment.item is not None:
                self._drop_attachments(attachment.item)

    def touch(self, item: Item) -> None:
        """The item changed: it gets a new change key, and its series with it."""
        item.changed_at = self.next_change()
        item.modified = self.now()
        if item.master is not None:
            self.touch(item.master)

    def remove(self, item: Item) -> None:
        """The item leaves its folder for good."""
        del item.folder.items[item.id], self.items[item.id]
        item.folder.gone.append((self.next_change(), item.id, item.arrived_at))
        for one in [item, *item.exceptions.values()]:
            self._drop_attachments(one)

    def move(self, item: Item, folder: Folder) -> None:
        """The item goes elsewhere and gets another id, as with Exchange."""
        del item.folder.items[item.id], self.items[item.id]
        item.folder.gone.append((self.next_change(), item.id, item.arrived_at))
        item.id = new_id("item", self.next_change())
        item.folder = folder
        self.put(item)
