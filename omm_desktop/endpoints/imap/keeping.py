"""Does the server keep the flags and dates given with APPEND? What it forgets is set again.

Some servers acknowledge `\\Flagged` and forget it; some date everything today. One message of each
kind is read back. Only messages whose number the server has just told (RFC 4315) are touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ...model.ports import Stored
from ...model.problem import ItemError, Problem, ProblemId
from ..convert import mail
from ..convert.payload import whole
from . import dates
from .appending import Letter
from .connection import Connection
from .responses import Fetched, fetched, uid_set

Sent = tuple[Letter, Stored]

_READ_BACK = b" (UID FLAGS INTERNALDATE BODY.PEEK[HEADER])"
_KEYWORD = "keyword"
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_SAME_MOMENT = timedelta(minutes=1)


class Keeping:
    """What one connection has learnt of its server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._kept: set[str] = set()
        self._forgotten: set[str] = set()
        self._dates_read = False

    def concerns(self, letters: Iterable[Letter]) -> bool:
        """True when something of these letters has to be read back or set again."""
        return any(
            not _kinds(letter) <= self._kept or (not self._dates_read and _is_dated(letter))
            for letter in letters
        )

    def finish(self, folder_key: str, sent: Sequence[Sent]) -> list[Stored]:
        """Read back and set again what is due; the answers with what could not be kept."""
        numbered = [one for one in sent if one[1].key is not None]
        problems: dict[str, list[Problem]] = defaultdict(list)
        try:
            if samples := self._samples(numbered):
                self._read_back(folder_key, samples, problems)
            if lacking := [one for one in numbered if _kinds(one[0]) & self._forgotten]:
                self._set_again(folder_key, lacking, problems)
        except ItemError:
            # What cannot be opened cannot be read back either.
            self._kept |= {kind for letter, _ in numbered for kind in _kinds(letter)}
        return [
            replace(stored, adapted=(*stored.adapted, *problems[stored.ref.key]))
            for _, stored in sent
        ]

    def _samples(self, numbered: Sequence[Sent]) -> dict[int, Sent]:
        """One message for each kind of flag not yet known, and one for its date; by UID."""
        known = self._kept | self._forgotten
        dated = self._dates_read
        samples: dict[int, Sent] = {}
        for letter, stored in numbered:
            if _kinds(letter) - known or (not dated and _is_dated(letter)):
                samples[int(stored.key or 0)] = (letter, stored)
                known = known | _kinds(letter)
                dated = dated or _is_dated(letter)
        return samples

    def _read_back(
        self, folder_key: str, samples: dict[int, Sent], problems: dict[str, list[Problem]]
    ) -> None:
        wire = self._connection.wire
        opening = self._connection.begin_opening(folder_key)
        tag = wire.start(b"UID FETCH " + uid_set(list(samples)) + _READ_BACK)
        opened = self._connection.end_opening(opening, folder_key)
        for one in map(fetched, wire.collect(tag).untagged):
            sample = samples.get(one.uid or 0) if one else None
            if one and sample and opened.validity == sample[1].validity and _is_it(one, sample[0]):
                self._learn(one, sample, problems)
        # A kind that could not be read back is left as the server says it is.
        self._kept |= {k for letter, _ in samples.values() for k in _kinds(letter)}
        self._kept -= self._forgotten

    def _learn(self, one: Fetched, sample: Sent, problems: dict[str, list[Problem]]) -> None:
        letter, stored = sample
        there = {flag.lower() for flag in one.flags or ()}
        self._forgotten |= {_kind(flag) for flag in letter.flags if flag.lower() not in there}
        if self._dates_read or not _is_dated(letter):
            return
        self._dates_read = True
        moment = dates.parse(one.internal_date) if one.internal_date else None
        if moment is None or letter.received is None:
            return
        if abs(moment - letter.received) > _SAME_MOMENT:
            detail = f"{letter.received.isoformat()} became {moment.isoformat()}"
            place = self._connection.place
            problems[stored.ref.key].append(Problem(ProblemId.DATES_NOT_KEPT, place, detail))

    def _set_again(
        self, folder_key: str, lacking: Sequence[Sent], problems: dict[str, list[Problem]]
    ) -> None:
        """One STORE for each set of flags."""
        opened = self._connection.open_mailbox(folder_key, read_only=False, fresh=True)
        groups: dict[tuple[str, ...], list[Stored]] = defaultdict(list)
        for letter, stored in lacking:
            if stored.validity == opened.validity:
                groups[letter.flags].append(stored)
        commands = [
            b"UID STORE %b +FLAGS.SILENT (%b)"
            % (uid_set([int(s.key or 0) for s in group]), " ".join(flags).encode("ascii"))
            for flags, group in groups.items()
        ]
        answers = self._connection.wire.ask_all(commands)
        self._connection.leave_mailbox()
        for (flags, group), answer in zip(groups.items(), answers, strict=True):
            if not answer.ok:
                lost = " ".join(flag for flag in flags if _kind(flag) in self._forgotten)
                problem = Problem(ProblemId.FLAGS_DROPPED, self._connection.place, lost)
                for stored in group:
                    problems[stored.ref.key].append(problem)


def _kind(flag: str) -> str:
    return flag.lower() if flag.startswith("\\") else _KEYWORD


def _kinds(letter: Letter) -> set[str]:
    return {_kind(flag) for flag in letter.flags}


def _is_dated(letter: Letter) -> bool:
    """Dates that servers may well refuse or mend prove nothing."""
    moment = letter.received
    return moment is not None and _EARLIEST < moment < datetime.now(UTC) - timedelta(days=2)


def _is_it(one: Fetched, letter: Letter) -> bool:
    """Whether the number told belongs to the letter: somebody else's mail is never touched."""
    header = one.part(b"BODY[HEADER]")
    return header is not None and mail.fingerprint(whole(header)) == letter.item.fingerprint
