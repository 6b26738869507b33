"""IMAP as a source: EXAMINE and BODY.PEEK, nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ...model.items import Folder, Holds, Item, ItemLabel, ItemRef, Payload
from ...model.ports import Refused
from ...model.problem import ItemError, Problem, ProblemId
from ..convert import mail
from ..convert.broken import is_mail
from ..convert.payload import MemoryPayload, whole
from . import dates, gmail
from .connection import Connection, Opened
from .folders import list_folders
from .listing import raise_if_passing, windows
from .responses import Fetched, fetched, uid_set

PARALLEL = 4
_LIST = b"(UID FLAGS INTERNALDATE RFC822.SIZE)"
_WHOLE = b" (UID FLAGS INTERNALDATE BODY.PEEK[])"
_HALVES = b" (UID FLAGS INTERNALDATE BODY.PEEK[HEADER] BODY.PEEK[TEXT])"
_AT_ONCE = 500


class ImapSource:
    """A `Source` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def parallel(self) -> int:
        return PARALLEL

    def folders(self) -> list[Folder]:
        return list_folders(self._connection).folders

    def idle(self) -> None:
        self._connection.idle()

    def close(self) -> None:
        self._connection.close()

    def abort(self) -> None:
        self._connection.abort()

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        for window in self._listing(folder):
            refs = [_ref(folder, one) for one in window]
            if since is not None:
                refs = [r for r in refs if r.received is None or r.received.date() >= since]
            if refs:
                yield refs

    def _listing(self, folder: Folder) -> Iterator[list[Fetched]]:
        rest = folder.holds is Holds.REST
        shown = gmail.shown_labels(self.folders()) if rest else frozenset()
        wanted = gmail.listing(rest) if self._connection.has(gmail.EXTENSION) else _LIST
        for window in windows(
            self._connection,
            folder.key,
            wanted,
            guess=folder.count,
            on_open=lambda opened: self._check(folder, opened),
        ):
            yield [one for one in window if gmail.only_here(one, shown)] if rest else window

    def _check(self, folder: Folder, opened: Opened) -> None:
        """Raise when the keys of the folder no longer mean the same messages."""
        if None not in (folder.validity, opened.validity) and folder.validity != opened.validity:
            detail = f"UIDVALIDITY was {folder.validity} and is {opened.validity}"
            place = self._connection.place
            raise ItemError(Problem(ProblemId.FOLDER_RENUMBERED, place, detail, folder.name))

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        for start in range(0, len(refs), _AT_ONCE):
            asked = {int(ref.key): ref for ref in refs[start : start + _AT_ONCE]}
            yield from self._fetch_together(folder, asked)
            yield from self._fetch_missing(asked)

    def _start_fetch(self, folder: Folder, uids: list[int]) -> bytes:
        """Open the folder where it is not and ask for the items, in one flight; the tag."""
        connection = self._connection
        command = b"UID FETCH " + uid_set(uids) + _WHOLE
        now = connection.opened
        if now is not None and now.key == folder.key and now.read_only:
            self._check(folder, now)
            connection.wire.settle()
            return connection.wire.start(command)
        opening = connection.begin_opening(folder.key)
        tag = connection.wire.start(command)
        self._check(folder, connection.end_opening(opening, folder.key))
        return tag

    def _fetch_together(self, folder: Folder, asked: dict[int, ItemRef]) -> Iterator[Item]:
        """One command for all; what comes back whole leaves `asked`."""
        tag = self._start_fetch(folder, list(asked))
        for response in self._connection.wire.responses(tag):
            one = fetched(response)
            if one is None:
                if response.tag and response.status != "OK" and asked:
                    raise_if_passing(self._connection, response.text)
                continue
            body = one.part(b"BODY[]")
            if one.uid in asked and body is not None and is_mail(body):
                yield _item(asked.pop(one.uid), one, body)

    def _fetch_missing(self, asked: dict[int, ItemRef]) -> Iterator[Item | Refused]:
        """Each of the rest alone: gone, readable after all, in two halves, or unreadable."""
        if not asked:
            return
        there = self._still_there(list(asked))
        for uid, ref in asked.items():
            if uid not in there:
                yield self._refused(ref, ProblemId.ITEM_GONE, "no longer in the folder")
            else:
                yield self._fetch_alone(uid, ref)

    def _still_there(self, numbers: list[int]) -> set[int]:
        answer = self._connection.wire.ask(b"UID FETCH " + uid_set(numbers) + b" (UID)")
        if not answer.ok:
            raise_if_passing(self._connection, answer.text)
        return {one.uid for one in map(fetched, answer.untagged) if one and one.uid}

    def _fetch_alone(self, uid: int, ref: ItemRef) -> Item | Refused:
        reason = "no body was given"
        for attributes in (_WHOLE, _HALVES):
            answer = self._connection.wire.ask(b"UID FETCH %d" % uid + attributes)
            if not answer.ok:
                raise_if_passing(self._connection, answer.text)
                reason = answer.text.decode("utf-8", "replace")
            for one in map(fetched, answer.untagged):
                body = _body(one) if one and one.uid == uid else None
                if one is not None and body is not None and is_mail(body):
                    return _item(ref, one, body)
        return self._refused(ref, ProblemId.ITEM_UNREADABLE, reason, self._label(uid))

    def _label(self, uid: int) -> ItemLabel:
        answer = self._connection.wire.ask(b"UID FETCH %d (UID BODY.PEEK[HEADER])" % uid)
        for one in map(fetched, answer.untagged):
            header = one.part(b"BODY[HEADER]") if one and one.uid == uid else None
            if header is not None:
                return mail.label(whole(header))
        return ItemLabel()

    def _refused(
        self, ref: ItemRef, id: ProblemId, detail: str, label: ItemLabel | None = None
    ) -> Refused:
        problem = Problem(id, self._connection.place, detail)
        return Refused(ref, problem, label or ItemLabel())


def _ref(folder: Folder, one: Fetched) -> ItemRef:
    received = dates.parse(one.internal_date) if one.internal_date else None
    return ItemRef(folder.key, str(one.uid), one.size, received, one.flags, one.object_id)


def _body(one: Fetched) -> Payload | None:
    body = one.part(b"BODY[]")
    header, text = one.part(b"BODY[HEADER]"), one.part(b"BODY[TEXT]")
    if body is None and header is not None and text is not None and header.size and text.size:
        return MemoryPayload(whole(header) + whole(text))
    return body


def _item(ref: ItemRef, one: Fetched, body: Payload) -> Item:
    received = dates.parse(one.internal_date) if one.internal_date else None
    flags = one.flags if one.flags is not None else ref.flags or frozenset()
    return mail.item(ref, body, received, flags)
