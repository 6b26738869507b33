"""Source and destination in memory, with the faults of real servers on request."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from omm_desktop.model.items import (
    Folder,
    FolderPath,
    FolderRole,
    Holds,
    Item,
    ItemKind,
    ItemLabel,
    ItemRef,
)
from omm_desktop.model.ports import (
    Fidelity,
    FolderWish,
    Limits,
    Position,
    Refused,
    Repaired,
    Seen,
    Space,
    Stored,
)
from omm_desktop.model.problem import (
    ItemError,
    OwnerNeeded,
    Place,
    Problem,
    ProblemId,
    TryAgain,
)

REWRITTEN = b"X-Rewritten: "
"""What a server that rewrites headers puts before them."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as its identifying headers and its body; other items alike, by UID or name and all
    that they say.
    """

    headers: bytes
    body: bytes
    received: datetime | None = None
    flags: frozenset[str] = frozenset()
    object_id: str | None = None

    @property
    def fingerprint(self) -> bytes:
        return hashlib.blake2b(self.headers, digest_size=16).digest()

    @property
    def content(self) -> bytes:
        return hashlib.blake2b(self.body, digest_size=16).digest()


class Bytes:
    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        return len(self._data)

    def pieces(self, at_most: int = 1 << 20) -> Iterator[bytes]:
        yield self._data

    def close(self) -> None:
        pass


@dataclass
class Box:
    """`versions` of items that were edited; `marks` of those the program put there."""

    validity: int = 1
    next_uid: int = 1
    mails: dict[int, Mail] = field(default_factory=dict)
    role: FolderRole | None = None
    holds: Holds = Holds.OWN
    kind: ItemKind = ItemKind.MAIL
    versions: dict[int, int] = field(default_factory=dict)
    marks: dict[int, Mail] = field(default_factory=dict)

    def add(self, mail: Mail) -> int:
        uid = self.next_uid
        self.next_uid += 1
        self.mails[uid] = mail
        return uid

    def add_marked(self, mail: Mail) -> int:
        uid = self.add(mail)
        self.marks[uid] = mail
        return uid

    def edit(self, uid: int, body: bytes) -> None:
        """As its owner does it: whatever mark there is stays as it was."""
        self.mails[uid] = replace(self.mails[uid], body=body)
        self.versions[uid] = self.versions.get(uid, 1) + 1

    def content_told(self, uid: int) -> bytes | None:
        """Of items other than mail only the mark says it."""
        if self.kind is ItemKind.MAIL:
            return self.mails[uid].content
        return self.marks[uid].content if uid in self.marks else None

    def renumber(self) -> None:
        """A new UIDVALIDITY, new UIDs, the same mail."""
        kept = list(self.mails.values())
        self.validity += 1
        self.mails = {}
        self.next_uid = 1
        for mail in kept:
            self.add(mail)


@dataclass
class Faults:
    """What the destination does wrong. Counters go down with each store; 0 is now, -1 never."""

    tells_keys: bool = True
    tells_numbers: bool = True
    rewrites_headers: bool = False
    rebuilds_bodies: bool = False
    lose_answer_at: int = -1
    store_before_loss: int = 0
    late_by: float = 0.0
    refuse: frozenset[bytes] = frozenset()
    repairs: bool = False
    lying_key: int = 0
    room: int | None = None
    vanished: frozenset[FolderPath] = frozenset()
    lose_update_at: int = -1
    update_before_loss: bool = False
    hours_over: int = 0
    moves: bool = True
    lose_removal_at: int = -1
    lose_folder_removal_at: int = -1
    keeps_bodies_back: bool = False


class Server:
    """Folders that outlive connections."""

    def __init__(self, faults: Faults | None = None) -> None:
        self.boxes: dict[FolderPath, Box] = {("INBOX",): Box()}
        self.faults = faults or Faults()
        self.lock = threading.RLock()
        self.late: list[tuple[float, FolderPath, list[Mail]]] = []
        self.now: Callable[[], float] = lambda: 0.0
        self.opened = 0
        self.kinds = frozenset({ItemKind.MAIL})
        self.before_fetch: Callable[[], None] = lambda: None
        self.when_lost: Callable[[], None] = lambda: None
        self.batches: list[list[bytes]] = []
        self.filed_into: frozenset[str] = frozenset()

    def put(self, path: FolderPath, *mails: Mail, kind: ItemKind = ItemKind.MAIL) -> None:
        box = self.boxes.setdefault(path, Box(kind=kind))
        for mail in mails:
            box.add(mail)

    def labelled(self) -> set[str | None]:
        """Object ids of the mail that some label shows."""
        boxes = [box for box in self.boxes.values() if box.holds is Holds.LABEL]
        return {mail.object_id for box in boxes for mail in box.mails.values()}

    def all_mail(self) -> dict[FolderPath, list[Mail]]:
        return {path: list(box.mails.values()) for path, box in self.boxes.items()}

    def arrive(self) -> None:
        """What was under way when a client died comes in when its time has come."""
        with self.lock:
            due = [entry for entry in self.late if entry[0] <= self.now()]
            self.late = [entry for entry in self.late if entry[0] > self.now()]
            for _, path, mails in due:
                for mail in mails:
                    self.boxes[path].add_marked(mail)

    def listing(self) -> list[Folder]:
        self.arrive()
        with self.lock:
            return [
                Folder(
                    path=path,
                    key="/".join(path),
                    role=FolderRole.INBOX if path == ("INBOX",) else box.role,
                    count=len(box.mails) if box.holds is not Holds.REST else None,
                    size=sum(len(m.headers) + len(m.body) for m in box.mails.values()),
                    validity=box.validity,
                    next_key=box.next_uid if self.faults.tells_numbers else None,
                    holds=box.holds,
                    kind=box.kind,
                )
                for path, box in self.boxes.items()
            ]


class _Connection:
    """`strike` is called before each thing that is done; it may raise."""

    def __init__(self, server: Server, strike: Callable[[], None]) -> None:
        self.server = server
        self.strike = strike
        server.opened += 1
        self.aborted = False

    def folders(self) -> list[Folder]:
        self.strike()
        return self.server.listing()

    def box(self, key: str) -> Box:
        return self.server.boxes[tuple(key.split("/"))]

    def idle(self) -> None:
        pass

    def close(self) -> None:
        pass

    def abort(self) -> None:
        self.aborted = True


class MemorySource(_Connection):
    parallel = 4

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        self.strike()
        box = self.box(folder.key)
        shown = self.server.labelled() if folder.holds is Holds.REST else set()
        yield [
            ItemRef(
                folder.key,
                str(uid),
                len(mail.headers) + len(mail.body),
                mail.received,
                object_id=mail.object_id,
                version=_version(box, uid),
            )
            for uid, mail in sorted(box.mails.items())
            if mail.object_id not in shown
            and (since is None or mail.received is None or mail.received.date() >= since)
        ]

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        box = self.box(folder.key)
        for ref in refs:
            self.strike()
            self.server.before_fetch()
            if folder.validity != box.validity:
                raise ItemError(Problem(ProblemId.FOLDER_RENUMBERED, Place.SOURCE))
            mail = box.mails.get(int(ref.key))
            if mail is None:
                yield Refused(ref, Problem(ProblemId.ITEM_GONE, Place.SOURCE))
                continue
            yield Item(
                ref,
                Bytes(mail.headers + b"\r\n" + mail.body),
                mail.fingerprint,
                mail.content,
                mail.flags,
                mail.received,
                box.kind,
                label=ItemLabel(subject=mail.headers.decode()),
            )


def _version(box: Box, uid: int) -> str | None:
    return None if box.kind is ItemKind.MAIL else str(box.versions.get(uid, 1))


Answer = Stored | Repaired | Refused


def _repaired(item: Item) -> Item:
    """The item inside another, which is always the same."""
    headers = b"Carrier of " + item.fingerprint.hex().encode()
    mail = Mail(headers, b"".join(item.payload.pieces()))
    return replace(
        item,
        payload=Bytes(mail.headers + b"\r\n" + mail.body),
        fingerprint=mail.fingerprint,
        content=mail.content,
        repairs=(Problem(ProblemId.ITEM_ATTACHED, Place.DESTINATION, "inside another"),),
        original=item.payload,
    )


class MemoryDestination(_Connection):
    limits = Limits(batch_items=4, batch_bytes=1 << 20, connections=3)

    def __init__(self, server: Server, strike: Callable[[], None]) -> None:
        super().__init__(server, strike)
        self.limits = replace(self.limits, kinds=server.kinds)

    def space(self) -> Space:
        return Space()

    def keeps_keywords(self) -> bool:
        return True

    def delimiter_free(self, path: FolderPath) -> FolderPath:
        return path

    def ensure_folders(self, wishes: Sequence[FolderWish]) -> list[Folder | Problem]:
        with self.server.lock:
            for wish in wishes:
                self.server.boxes.setdefault(wish.path, Box(kind=wish.kind))
        listed = {folder.path: folder for folder in self.server.listing()}
        return [listed[wish.path] for wish in wishes]

    def position(self, folder_key: str) -> Position:
        self.strike()
        self.server.arrive()
        box = self.box(folder_key)
        if tuple(folder_key.split("/")) in self.server.faults.vanished:
            raise ItemError(Problem(ProblemId.FOLDER_UNREADABLE, Place.DESTINATION))
        numbers = self.server.faults.tells_numbers
        with self.server.lock:
            return Position(box.validity, len(box.mails), box.next_uid if numbers else None)

    def existing(self, folder_key: str, from_key: int | None) -> Iterator[list[Seen]]:
        self.strike()
        with self.server.lock:
            box = self.box(folder_key)
            found = [self._seen(box, uid) for uid in sorted(box.mails) if uid >= (from_key or 0)]
        yield found

    def _seen(self, box: Box, uid: int) -> Seen:
        """By its mark, where it has one."""
        mail = box.mails[uid]
        told = None if box.kind is ItemKind.MAIL else box.content_told(uid)
        known = mail if box.kind is ItemKind.MAIL else box.marks.get(uid, mail)
        return Seen(self._key(uid), known.fingerprint, len(mail.body), mail.received, told)

    def _key(self, uid: int) -> str:
        return str(uid) if self.server.faults.tells_numbers else f"id-{uid}"

    def contents(self, folder_key: str, keys: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        self.strike()
        if self.server.faults.keeps_bodies_back:
            raise ItemError(Problem(ProblemId.FOLDER_UNREADABLE, Place.DESTINATION))
        box = self.box(folder_key)
        for key in keys:
            uid = int(key.removeprefix("id-"))
            content = box.content_told(uid) if uid in box.mails else None
            if content is not None:
                yield key, content

    def keys(self, folder_key: str) -> Iterator[list[str]]:
        self.strike()
        yield [self._key(uid) for uid in sorted(self.box(folder_key).mails)]

    def store(self, folder_key: str, items: Sequence[Item]) -> Iterator[Answer]:
        faults, server = self.server.faults, self.server
        self.strike()
        box = self.box(folder_key)
        self.server.batches.append([item.fingerprint for item in items])
        mails = [self._as_stored(item) for item in items]
        with server.lock:
            faults.lose_answer_at -= 1
            lost = faults.lose_answer_at == -1
            over = faults.hours_over > 0
            faults.hours_over -= 1
        if over:
            raise TryAgain(Problem(ProblemId.DAILY_LIMIT, Place.DESTINATION), 3600.0)
        if lost:
            arrived = mails[: faults.store_before_loss]
            path = tuple(folder_key.split("/"))
            server.late.append((server.now() + faults.late_by, path, arrived))
            server.arrive()
            server.when_lost()
            raise TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.DESTINATION))
        for item, mail in zip(items, mails, strict=True):
            if item.fingerprint in faults.refuse and faults.repairs:
                yield Repaired(item.ref, _repaired(item))
                continue
            if item.fingerprint in faults.refuse:
                yield Refused(item.ref, Problem(ProblemId.ITEM_REFUSED, Place.DESTINATION))
                continue
            with server.lock:
                if faults.room is not None:
                    if not faults.room:
                        raise OwnerNeeded(Problem(ProblemId.MAILBOX_FULL, Place.DESTINATION))
                    faults.room -= 1
                uid = box.add_marked(mail)
            self.strike()
            key = self._key(uid) if faults.tells_keys and faults.tells_numbers else None
            if faults.lying_key:
                key, faults.lying_key = self._key(faults.lying_key), 0
            yield Stored(item.ref, key, box.validity)

    def update(self, folder_key: str, key: str, item: Item) -> Stored | Refused:
        faults, box = self.server.faults, self.box(folder_key)
        self.strike()
        uid = int(key.removeprefix("id-"))
        with self.server.lock:
            faults.lose_update_at -= 1
            lost = faults.lose_update_at == -1
            if uid not in box.mails or box.marks.get(uid) != box.mails[uid]:
                changed = Problem(ProblemId.ITEM_CHANGED_THERE, Place.DESTINATION)
                return Refused(item.ref, changed)
            if not lost or faults.update_before_loss:
                box.mails[uid] = box.marks[uid] = self._as_stored(item)
        if lost:
            self.server.when_lost()
            raise TryAgain(Problem(ProblemId.CONNECTION_LOST, Place.DESTINATION))
        self.strike()
        return Stored(item.ref, key, box.validity)

    def _as_stored(self, item: Item) -> Mail:
        headers, _, body = b"".join(item.payload.pieces()).partition(b"\r\n")
        if self.server.faults.rewrites_headers:
            headers = REWRITTEN + headers
        if self.server.faults.rebuilds_bodies:
            body = b"rebuilt " + body
        return Mail(headers, body, item.received, item.flags)

    def fidelity(self, folder_key: str, key: str, item: Item) -> Fidelity:
        mail = self.box(folder_key).mails.get(int(key.removeprefix("id-")))
        if mail is None:
            return Fidelity.UNKNOWN
        if mail.content != item.content:
            return Fidelity.REBUILT
        return Fidelity.EXACT if mail.fingerprint == item.fingerprint else Fidelity.BODY
