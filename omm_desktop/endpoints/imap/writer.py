"""IMAP as a destination: only ever adds (CREATE, SUBSCRIBE, APPEND)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...model.items import ContentHash, Folder, FolderPath, Item
from ...model.ports import (
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
from ...model.problem import ItemError, Problem, ProblemId
from ..convert import mail
from ..convert.payload import whole
from . import dates
from .connection import Connection
from .creating import FolderMaker, acceptable_path, server_family
from .listing import windows
from .responses import Fetched, code, fetched, quotas, status, uid_set
from .storing import Store

_SEEN = b"(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])"
_SEEN_WINDOW = 1000
_START_OF_MAIL = b" (UID INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.131072>)"
_CONTENTS_AT_ONCE = 200
_WAITING = Limits(batch_items=20, connections=16)
_KIB = 1024


class ImapDestination:
    """A `Destination` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._folders = FolderMaker(connection)
        self._family = server_family(connection)
        self._limits: Limits | None = None
        self._store: Store | None = None
        self._counts: dict[str, int] = {}

    # -- the session ---------------------------------------------------------------------

    def idle(self) -> None:
        self._connection.idle()

    def close(self) -> None:
        self._connection.close()

    def abort(self) -> None:
        self._connection.abort()

    @property
    def limits(self) -> Limits:
        if self._limits is None:
            usual = Limits() if self._connection.has("LITERAL+") else _WAITING
            largest = self._append_limit()
            self._limits = Limits(usual.batch_items, usual.batch_bytes, usual.connections, largest)
        return self._limits

    def _append_limit(self) -> int | None:
        """The largest item (RFC 7889), of the whole server or of the inbox."""
        for word in self._connection.capabilities:
            name, _, number = word.partition("=")
            if name == "APPENDLIMIT" and number.isdigit():
                return int(number)
        if self._connection.has("APPENDLIMIT"):
            answer = self._connection.wire.ask(b"STATUS INBOX (APPENDLIMIT)")
            for told in map(status, answer.untagged):
                if told is not None:
                    return told[1].get(b"APPENDLIMIT")
        return None

    def space(self) -> Space:
        if not self._connection.has("QUOTA"):
            return Space()
        answer = self._connection.wire.ask(b"GETQUOTAROOT INBOX")
        rows = [row for r in answer.untagged for row in quotas(r) or ()]
        stored = [(used * _KIB, limit * _KIB) for name, used, limit in rows if name == b"STORAGE"]
        items = [(used, limit) for name, used, limit in rows if name == b"MESSAGE"]
        return Space(*_tightest(stored), *_tightest(items))

    def keeps_keywords(self) -> bool | None:
        """As the inbox tells (RFC 3501 section 7.1, PERMANENTFLAGS)."""
        try:
            permanent = self._connection.permanent_flags("INBOX")
        except ItemError:
            return None
        return None if permanent is None else "\\*" in permanent

    # -- folders -------------------------------------------------------------------------

    def folders(self) -> list[Folder]:
        return self._folders.look().folders

    def delimiter_free(self, path: FolderPath) -> FolderPath:
        return acceptable_path(path, self._folders.known.hierarchy, self._family)

    def ensure_folders(self, wishes: Sequence[FolderWish]) -> list[Folder | Problem]:
        return self._folders.ensure(wishes)

    def position(self, folder_key: str) -> Position:
        command = b"STATUS " + self._connection.name(folder_key)
        answer = self._connection.ask_outside(command + b" (MESSAGES UIDNEXT UIDVALIDITY)")
        for told in map(status, answer.untagged):
            if told is not None and b"MESSAGES" in told[1]:
                numbers = told[1]
                self._counts[folder_key] = numbers[b"MESSAGES"]
                return Position(
                    numbers.get(b"UIDVALIDITY"), numbers[b"MESSAGES"], numbers.get(b"UIDNEXT")
                )
        raise self._connection.refusal(answer.text, ProblemId.FOLDER_UNREADABLE, folder_key)

    # -- what is there -------------------------------------------------------------------

    def existing(self, folder_key: str, from_key: int | None) -> Iterator[list[Seen]]:
        doubtful: list[int] = []
        listing = windows(
            self._connection,
            folder_key,
            _SEEN,
            from_uid=from_key,
            window=_SEEN_WINDOW,
            guess=self._counts.get(folder_key) if from_key is None else None,
        )
        for window in listing:
            seen = []
            for one in window:
                header = one.part(b"BODY[HEADER]")
                raw = whole(header) if header is not None else b""
                if mail.looks_whole(raw):
                    seen.append(_seen(one, raw))
                elif one.uid is not None:
                    doubtful.append(one.uid)
            if seen:
                yield seen
        yield from self._read_again(doubtful)

    def _read_again(self, doubtful: list[int]) -> Iterator[list[Seen]]:
        """Headers cut out of the message by ourselves, where the server's own cut may be wrong."""
        for start in range(0, len(doubtful), _CONTENTS_AT_ONCE):
            numbers = set(doubtful[start : start + _CONTENTS_AT_ONCE])
            command = b"UID FETCH " + uid_set(list(numbers)) + _START_OF_MAIL
            seen = []
            for response in self._connection.wire.ask(command).untagged:
                one = fetched(response)
                if one is not None and one.uid in numbers:
                    body = one.part(b"BODY[]")
                    seen.append(_seen(one, mail.header_of(body) if body is not None else b""))
            yield seen

    def contents(self, folder_key: str, keys: Sequence[str]) -> Iterator[tuple[str, ContentHash]]:
        self._connection.open_mailbox(folder_key)
        wire = self._connection.wire
        for start in range(0, len(keys), _CONTENTS_AT_ONCE):
            numbers = {int(key) for key in keys[start : start + _CONTENTS_AT_ONCE]}
            wire.settle()
            tag = wire.start(b"UID FETCH " + uid_set(list(numbers)) + b" (UID BODY.PEEK[])")
            for response in wire.responses(tag):
                one = fetched(response)
                body = one.part(b"BODY[]") if one is not None else None
                if one is not None and one.uid in numbers and body is not None:
                    yield str(one.uid), mail.content_hash(body)
                    numbers.discard(one.uid)
                elif response.tag and response.status != "OK":
                    self._raise_unless_gone(response.text, folder_key)
                response.close()

    def _raise_unless_gone(self, text: bytes, folder_key: str) -> None:
        """An unread body must not pass for a message that is gone."""
        if code(text)[0] != b"EXPUNGEISSUED":
            raise self._connection.refusal(text, ProblemId.FOLDER_UNREADABLE, folder_key)

    def keys(self, folder_key: str) -> Iterator[list[str]]:
        guess = self._counts.get(folder_key)
        for window in windows(self._connection, folder_key, b"(UID)", guess=guess):
            yield [str(one.uid) for one in window]

    # -- adding --------------------------------------------------------------------------

    def store(
        self, folder_key: str, items: Sequence[Item]
    ) -> Iterator[Stored | Repaired | Refused]:
        if self._store is None:
            self._store = Store(self._connection, self.limits.largest_item, self._folders.create)
        return self._store.store(folder_key, items)

    def fidelity(self, folder_key: str, key: str, item: Item) -> Fidelity:
        self._connection.open_mailbox(folder_key, fresh=True)
        answer = self._connection.wire.ask(b"UID FETCH %d (UID BODY.PEEK[])" % int(key))
        for one in map(fetched, answer.untagged):
            body = one.part(b"BODY[]") if one is not None and one.uid == int(key) else None
            if body is None:
                continue
            if body.size == item.payload.size and all(
                a == b for a, b in zip(body.pieces(), item.payload.pieces(), strict=True)
            ):
                return Fidelity.EXACT
            same = mail.content_hash(body) == item.content
            return Fidelity.BODY if same else Fidelity.REBUILT
        return Fidelity.UNKNOWN


def _seen(one: Fetched, header: bytes) -> Seen:
    received = dates.parse(one.internal_date) if one.internal_date else None
    return Seen(str(one.uid), mail.fingerprint(header), one.size, received)


def _tightest(pairs: list[tuple[int, int]]) -> tuple[int | None, int | None]:
    """Of several quota roots the one with the least room."""
    return min(pairs, key=lambda pair: pair[1] - pair[0]) if pairs else (None, None)
