"""POP3 as a source: one folder, no flags, nothing marked and nothing deleted.

Messages are read by TOP with more lines than any has: RETR marks a message as read on servers that
keep such marks for other protocols, TOP does not. RETR is left for servers without TOP and for what
TOP does not give whole; RSET behind it takes the mark back.

POP3 tells no date of receipt: that of the newest Received line stands in for it, else Date.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from ...model.items import NAMELESS, Folder, FolderRole, Item, ItemLabel, ItemRef
from ...model.ports import Refused
from ...model.problem import ItemError, Problem, ProblemId, TryAgain
from .. import translate
from ..convert import mail
from ..convert.broken import is_mail
from ..convert.payload import gathered
from .connection import Connection
from .listing import Listing, read_listing
from .wire import Answer

WINDOW = 2000
_HEADER, _WHOLE = b"TOP %d 0", b"TOP %d 2147483647"
_RETR, _TAKE_BACK = b"RETR %d", b"RSET"
_CRLF = b"\r\n"
_AHEAD = 32
_BYTES_AHEAD = 4 << 20
_GONE = re.compile(rb"expunged|deleted|no (such|longer)|(not|n't) exist|not found|no message", re.I)

Numbered = tuple[int, ItemRef]


class Pop3Source:
    """A `Source` over one session."""

    parallel = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._listing: Listing | None = None

    def folders(self) -> list[Folder]:
        count, size = self._status()
        return [Folder(("INBOX",), "INBOX", FolderRole.INBOX, count, size, keys_last=False)]

    def idle(self) -> None:
        self._connection.idle()

    def close(self) -> None:
        self._connection.close()

    def abort(self) -> None:
        self._connection.abort()

    def _status(self) -> tuple[int, int]:
        answer = self._connection.wire.ask(b"STAT")
        words = answer.text.split()
        if not answer.ok or len(words) < 2 or not (words[0].isdigit() and words[1].isdigit()):
            raise self._connection.refusal(answer.text, ProblemId.FOLDERS_NOT_LISTED)
        return int(words[0]), int(words[1])

    def _listed(self) -> Listing:
        """Message numbers and keys do not change within a session."""
        if self._listing is None:
            count, _ = self._status()
            self._listing = read_listing(self._connection, count)
        return self._listing

    # -- listing -------------------------------------------------------------------------

    def refs(self, folder: Folder, since: date | None) -> Iterator[list[ItemRef]]:
        listing = self._listed()
        keys = iter(sorted(listing.numbers, key=listing.numbers.__getitem__, reverse=True))
        while window := list(islice(keys, WINDOW)):
            refs = [ItemRef(folder.key, key, listing.sizes[listing.numbers[key]]) for key in window]
            if since is not None:
                refs = self._received_since(since, refs)
            if refs:
                yield refs

    def _received_since(self, since: date, refs: list[ItemRef]) -> list[ItemRef]:
        """Those that came in on that day or later, or on a day nobody knows."""
        listing = self._listed()
        numbered = [(listing.numbers[ref.key], ref) for ref in refs]
        command = _HEADER if self._has_top else _RETR
        kept = []
        for _, ref, answer in self._asked(numbered, command):
            moment = mail.received_date(self._header()) if answer.ok else None
            if moment is None or moment.date() >= since:
                kept.append(ref)
        return kept

    def _header(self) -> bytes:
        payload = gathered(self._connection.wire.octets())
        header = mail.header_of(payload)
        payload.close()
        return header

    @property
    def _has_top(self) -> bool:
        return "TOP" in self._connection.capabilities

    # -- reading -------------------------------------------------------------------------

    def fetch(self, folder: Folder, refs: Sequence[ItemRef]) -> Iterator[Item | Refused]:
        listing = self._listed()
        numbered: list[Numbered] = []
        for ref in refs:
            number = self._number(listing, folder, ref)
            if number is None:
                yield self._refused(ref, ProblemId.ITEM_GONE, b"no longer in the mailbox")
            else:
                numbered.append((number, ref))
        numbered.sort(key=lambda one: one[0])
        again: list[Numbered] = []
        if self._has_top:
            yield from self._fetch_whole(numbered, again)
        else:
            again = numbered
        yield from self._fetch_finally(again)

    def _number(self, listing: Listing, folder: Folder, ref: ItemRef) -> int | None:
        try:
            return listing.number_of(ref.key)
        except KeyError as error:
            place, detail = self._connection.place, "other messages under the same numbers"
            raise ItemError(
                Problem(ProblemId.FOLDER_RENUMBERED, place, detail, folder.name)
            ) from error

    def _fetch_whole(self, numbered: list[Numbered], again: list[Numbered]) -> Iterator[Item]:
        """What TOP gives whole; `again` gets the rest."""
        for number, ref, answer in self._asked(numbered, _WHOLE):
            if not answer.ok:
                self._raise_if_passing(answer)
                again.append((number, ref))
                continue
            item = self._item(number, ref)
            if item is None or item.payload.size < self._listed().sizes[number]:
                again.append((number, ref))
            else:
                yield item

    def _fetch_finally(self, numbered: list[Numbered]) -> Iterator[Item | Refused]:
        """What RETR gives, believed as it comes: sizes are a guess on some servers."""
        unreadable: list[tuple[Numbered, bytes]] = []
        for number, ref, answer in self._asked(numbered, _RETR):
            if answer.ok:
                item = self._item(number, ref)
                if item is None:
                    unreadable.append(((number, ref), b"no body was given"))
                else:
                    yield item
                continue
            self._raise_if_passing(answer)
            if _GONE.search(answer.text):
                yield self._refused(ref, ProblemId.ITEM_GONE, answer.text)
            else:
                unreadable.append(((number, ref), answer.text))
        for one, reason in unreadable:
            yield self._unreadable(one, reason)

    def _asked(
        self, numbered: Sequence[Numbered], command: bytes
    ) -> Iterator[tuple[int, ItemRef, Answer]]:
        """The first line of the answer for each message, several commands being under way.

        The caller reads what follows, or leaves it.
        """
        wire, ahead = self._connection.wire, "PIPELINING" in self._connection.capabilities
        self._connection.read = True
        wire.settle()
        waiting, under_way = deque(numbered), deque[Numbered]()
        while waiting or under_way:
            if waiting and len(under_way) <= (_AHEAD // 2 if ahead else 0):
                fresh = _company(waiting, _AHEAD if ahead else 1)
                wire.start_all(_commands(command, fresh, ahead=ahead))
                under_way.extend(fresh)
            number, ref = under_way.popleft()
            yield number, ref, wire.answer()
            if command is _RETR and ahead:
                wire.answer()
            elif command is _RETR:
                wire.ask(_TAKE_BACK)

    def _item(self, number: int, ref: ItemRef) -> Item | None:
        """The message that follows; None when it is none."""
        size = self._listed().sizes[number]
        payload = gathered(_without_added_line_end(self._connection.wire.octets(), size))
        if not is_mail(payload):
            payload.close()
            return None
        return mail.item(ref, payload)

    def _raise_if_passing(self, answer: Answer) -> None:
        error = self._connection.refusal(answer.text, ProblemId.ITEM_UNREADABLE)
        if isinstance(error, TryAgain):
            raise error

    def _unreadable(self, one: Numbered, reason: bytes) -> Refused:
        label = NAMELESS
        if self._has_top:
            for _, _, answer in self._asked([one], _HEADER):
                label = mail.label(self._header()) if answer.ok else NAMELESS
        return self._refused(one[1], ProblemId.ITEM_UNREADABLE, reason, label)

    def _refused(
        self, ref: ItemRef, id: ProblemId, detail: bytes, label: ItemLabel = NAMELESS
    ) -> Refused:
        problem = Problem(id, self._connection.place, translate.shown(detail))
        return Refused(ref, problem, label)


def _commands(
    command: bytes, numbered: Sequence[Numbered], *, ahead: bool
) -> list[tuple[bytes, bool]]:
    """The commands for these messages, each with whether many lines answer it."""
    commands: list[tuple[bytes, bool]] = []
    for number, _ in numbered:
        commands.append((command % number, True))
        if command is _RETR and ahead:
            commands.append((_TAKE_BACK, False))
    return commands


def _company(waiting: deque[Numbered], most: int) -> list[Numbered]:
    """The next messages to be asked for together: what is under way must be read before a stop."""
    taken: list[Numbered] = []
    size = 0
    while waiting and len(taken) < most and size < _BYTES_AHEAD:
        taken.append(waiting.popleft())
        size += taken[-1][1].size or 0
    return taken


def _without_added_line_end(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The message without the line end that POP3 adds to one that has none at its end.

    `size` is what LIST told, without that line end (measured on Dovecot).
    """
    held, total = b"", 0
    for piece in pieces:
        if held:
            yield held
        held = piece
        total += len(piece)
    if total == size + len(_CRLF) and held.endswith(_CRLF):
        held = held[: -len(_CRLF)]
    if held:
        yield held
