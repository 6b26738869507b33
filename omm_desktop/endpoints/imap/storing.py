"""Storing a batch: together, halved until a culprit is alone, then adapted one rung at a time.

A tagged NO or BAD is a known outcome and may be followed by another attempt; a lost connection
never is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...model.items import Item
from ...model.ports import Refused, Repaired, Stored
from ...model.problem import ItemError, OmmError, Problem, ProblemId
from .. import translate
from ..convert import mail, repair
from ..convert.payload import IN_MEMORY, whole
from ..convert.repaired import changed, repaired
from . import exchange, flags
from .appending import Appender, Letter, Outcome
from .connection import Connection
from .keeping import Keeping, Sent
from .responses import code

_ABOUT_CONTENT = re.compile(rb"newline|nul\b|null|header|8.?bit|line|character|content", re.I)
_ANY_KEYWORD = frozenset({"\\*"})
_CONNECTION_ENDED = "; the connection was lost every time before"


_WANTS_RECEIPT = re.compile(rb"^disposition-notification-to[ \t]*:", re.I | re.M)


def _is_about_content(text: bytes, item: Item) -> bool:
    """Whether a refusal speaks of what the mail holds, or says nothing of a mail of long lines."""
    if exchange.says_nothing(text):
        return repair.ends_connections(whole(item.payload))
    return _ABOUT_CONTENT.search(text) is not None


def _receipt_is_due(item: Item) -> bool:
    """Whether a mail already read would have a receipt sent to its old sender once more."""
    seen = any(flag.lower() == "\\seen" for flag in item.flags)
    return seen and _WANTS_RECEIPT.search(mail.header_of(item.payload)) is not None


@dataclass(frozen=True, slots=True)
class _Adapted:
    """A letter, and what of its flags and date was left out."""

    letter: Letter
    problems: tuple[Problem, ...]


Answer = Stored | Repaired | Refused


class Store:
    """Stores batches over one connection."""

    def __init__(
        self, connection: Connection, largest: int | None, create: Callable[[str], None]
    ) -> None:
        self._connection = connection
        self._appender = Appender(connection)
        self._largest = largest
        self._create = create
        self._created: set[str] = set()
        self._permanent: dict[str, frozenset[str] | None] = {}
        self._keeping = Keeping(connection)
        self._sent: list[Sent] | None = None

    def store(self, folder_key: str, items: Sequence[Item]) -> Iterator[Answer]:
        """As `Destination.store`."""
        prepared: list[_Adapted] = []
        for item in items:
            shorter = self._shorter(item)
            if shorter is not None:
                yield Repaired(item.ref, shorter)
            elif self._largest is not None and item.payload.size > self._largest:
                detail = f"{item.payload.size} octets, the server takes {self._largest}"
                yield self._refused(item, ProblemId.ITEM_TOO_BIG, detail)
            else:
                prepared.append(self._prepared(folder_key, item))
        if not prepared:
            return
        opened = self._connection.opened
        if opened is not None and opened.key == folder_key:
            # Courier adds nothing to a mailbox that the same connection has opened read-only.
            self._connection.leave_mailbox()
        if self._keeping.concerns(adapted.letter for adapted in prepared):
            yield from self._store_and_look(folder_key, prepared)
        else:
            yield from self._send(folder_key, prepared)

    def _store_and_look(self, folder_key: str, prepared: list[_Adapted]) -> Iterator[Answer]:
        """What was acknowledged is told after it was read back, or when nothing more can be."""
        held: list[Stored] = []
        sent: list[Sent] = []
        self._sent = sent
        try:
            for answer in self._send(folder_key, prepared):
                if isinstance(answer, Stored):
                    held.append(answer)
                else:
                    yield answer
            held = self._keeping.finish(folder_key, sent)
        except OmmError:
            yield from held
            raise
        finally:
            # Kept any longer it would hold every mail in memory.
            self._sent = None
        yield from held

    def _send(self, folder_key: str, prepared: list[_Adapted]) -> Iterator[Answer]:
        if self._appender.together:
            yield from self._together(folder_key, prepared)
        else:
            yield from self._each(folder_key, prepared)

    # -- preparing -----------------------------------------------------------------------

    def _prepared(self, folder_key: str, item: Item) -> _Adapted:
        wanted = item.flags
        if _receipt_is_due(item) and flags.keeps_receipts(self._permitted(folder_key)):
            wanted |= {flags.RECEIPT_SENT}
        permanent = self._permitted(folder_key) if flags.has_keywords(wanted) else None
        sent, dropped = flags.acceptable(wanted, permanent)
        letter = Letter(item, item.payload, sent, item.received)
        return _Adapted(letter, self._dropped(dropped))

    def _permitted(self, folder_key: str) -> frozenset[str] | None:
        """PERMANENTFLAGS of a folder, learnt once; one that takes any keyword speaks for all."""
        if _ANY_KEYWORD in self._permanent.values():
            return _ANY_KEYWORD
        if folder_key not in self._permanent:
            try:
                told = self._connection.permanent_flags(folder_key)
            except ItemError:
                # Not there yet: APPEND will say so.
                return None
            takes_any = told is not None and "\\*" in told
            self._permanent[folder_key] = _ANY_KEYWORD if takes_any else told
        return self._permanent[folder_key]

    def _dropped(self, names: Sequence[str]) -> tuple[Problem, ...]:
        if not names:
            return ()
        return (Problem(ProblemId.FLAGS_DROPPED, self._connection.place, " ".join(names)),)

    # -- sending -------------------------------------------------------------------------

    def _together(self, folder_key: str, letters: Sequence[_Adapted]) -> Iterator[Answer]:
        outcome = self._appender.append_together(folder_key, [a.letter for a in letters])
        if not outcome.ok and self._made(folder_key, outcome):
            outcome = self._appender.append_together(folder_key, [a.letter for a in letters])
        if outcome.ok:
            yield from self._stored(letters, outcome)
        elif len(letters) == 1:
            yield self._settled(folder_key, letters[0], outcome)
        else:
            self._raise_unless_item(outcome)
            middle = len(letters) // 2
            yield from self._together(folder_key, letters[:middle])
            yield from self._together(folder_key, letters[middle:])

    def _each(self, folder_key: str, letters: Sequence[_Adapted]) -> Iterator[Answer]:
        by_item = {id(adapted.letter): adapted for adapted in letters}
        failed: list[tuple[_Adapted, Outcome]] = []
        for letter, outcome in self._appender.append_each(folder_key, [a.letter for a in letters]):
            adapted = by_item[id(letter)]
            if outcome.ok:
                yield from self._stored([adapted], outcome)
            else:
                failed.append((adapted, outcome))
        for adapted, outcome in failed:
            if self._made(folder_key, outcome) or folder_key in self._created:
                outcome = self._alone(folder_key, adapted.letter)
            if outcome.ok:
                yield from self._stored([adapted], outcome)
            else:
                yield self._settled(folder_key, adapted, outcome)

    def _alone(self, folder_key: str, letter: Letter) -> Outcome:
        return next(iter(self._appender.append_each(folder_key, [letter])))[1]

    def _made(self, folder_key: str, outcome: Outcome) -> bool:
        """True when the folder was missing and has just been created; once for each folder."""
        if code(outcome.text)[0] not in (b"TRYCREATE", b"NONEXISTENT"):
            return False
        if folder_key in self._created:
            return False
        self._created.add(folder_key)
        self._create(folder_key)
        return True

    def _stored(self, letters: Sequence[_Adapted], outcome: Outcome) -> Iterator[Stored]:
        keys: Sequence[str | None] = outcome.keys or [None] * len(letters)
        for adapted, key in zip(letters, keys, strict=True):
            stored = Stored(adapted.letter.item.ref, key, outcome.validity, adapted.problems)
            if self._sent is not None:
                self._sent.append((adapted.letter, stored))
            yield stored

    # -- after a refusal -----------------------------------------------------------------

    def _raise_unless_item(self, outcome: Outcome) -> OmmError | None:
        """What the words mean for this item; raised when it concerns the mailbox or the pace."""
        known = translate.command_refused(outcome.text, self._connection.place)
        if known is not None and not isinstance(known, ItemError):
            raise known
        return known

    def _settled(self, folder_key: str, adapted: _Adapted, first: Outcome) -> Answer:
        """One refused letter: once more, less around it, repaired bytes, else refused for good."""
        item = adapted.letter.item
        known = self._raise_unless_item(first)
        if known is not None:
            return self._refused(item, known.problem.id, known.problem.detail)
        if exchange.is_too_big(first.text, item.payload):
            return self._refused(item, ProblemId.ITEM_TOO_BIG, translate.shown(first.text))
        if _is_about_content(first.text, item):
            repaired = self._repaired(item, first)
            if repaired is not None:
                return Repaired(item.ref, repaired)
        last = first
        for attempt in self._barer(adapted):
            last = self._alone(folder_key, attempt.letter)
            if last.ok:
                return next(self._stored([attempt], last))
            known = self._raise_unless_item(last)
            if known is not None:
                return self._refused(item, known.problem.id, known.problem.detail)
        repaired = self._repaired(item, last)
        if repaired is not None:
            return Repaired(item.ref, repaired)
        return self._refused(item, ProblemId.ITEM_REFUSED, translate.shown(last.text))

    def _barer(self, adapted: _Adapted) -> Iterator[_Adapted]:
        """As it is once more, without the date, with system flags only, then both.

        Some refusals pass by themselves: two first APPENDs at one moment are a "System I/O error"
        to a new Cyrus. Nothing may be left out for these.
        """
        yield adapted
        letter = adapted.letter
        place = self._connection.place
        undated = replace(letter, received=None)
        date_problem = Problem(ProblemId.DATE_DROPPED, place, str(letter.received))
        if letter.received is not None:
            yield _Adapted(undated, (*adapted.problems, date_problem))
        kept, dropped = flags.system_only(letter.flags)
        if dropped:
            without = self._dropped(dropped)
            yield _Adapted(replace(letter, flags=kept), (*adapted.problems, *without))
            if letter.received is not None:
                both = replace(undated, flags=kept)
                yield _Adapted(both, (*adapted.problems, date_problem, *without))

    def _repaired(self, item: Item, refusal: Outcome) -> Item | None:
        return repaired(item, refusal.text, self._connection.place)

    def _shorter(self, item: Item) -> Item | None:
        """The item that ended every connection, for its long lines perhaps, without these."""
        if not item.ends_connections or item.repairs or item.payload.size > IN_MEMORY:
            return None
        message = whole(item.payload)
        if not repair.ends_connections(message):
            return None
        place = self._connection.place
        return changed(item, *repair.shorter_lines(message), _CONNECTION_ENDED, place)

    def _refused(self, item: Item, id: ProblemId, detail: str) -> Refused:
        label = mail.label(mail.header_of(item.payload))
        return Refused(item.ref, Problem(id, self._connection.place, detail), label)
