"""The plan: exactly what a run will do. Preview, run and report all render this object."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache

from .account import Account, EndpointKind, Server
from .items import Folder, FolderPath, FolderRole, ItemKind
from .settings import SettingKind

SETTLE_SECONDS = 30.0
"""How long an unknown outcome is left alone before it is judged."""

LEFT_OUT_ROLES = frozenset({FolderRole.TRASH, FolderRole.JUNK})

_MAIL_ALONE = frozenset({ItemKind.MAIL})
_EVERYTHING = frozenset(ItemKind)
_HELD = {
    EndpointKind.IMAP: _MAIL_ALONE,
    EndpointKind.POP3: _MAIL_ALONE,
    EndpointKind.EWS: _EVERYTHING,
    EndpointKind.PST: _EVERYTHING,
    EndpointKind.ICS: frozenset({ItemKind.EVENTS, ItemKind.TASKS}),
    EndpointKind.VCF: frozenset({ItemKind.CONTACTS}),
    EndpointKind.CSV: frozenset({ItemKind.CONTACTS}),
    EndpointKind.MBOX: _MAIL_ALONE,
    EndpointKind.EML: _MAIL_ALONE,
    EndpointKind.MSG: _MAIL_ALONE,
    EndpointKind.MAILDIR: _MAIL_ALONE,
    EndpointKind.FILE: _EVERYTHING,
    EndpointKind.FILES: _EVERYTHING,
}


def held(kind: EndpointKind) -> frozenset[ItemKind]:
    """What such an account can hold."""
    return _HELD[kind]


def carried(source: EndpointKind, destination: EndpointKind) -> frozenset[ItemKind]:
    """What both ends of such a copy can hold; what a server really has is seen when it is asked."""
    return held(source) & held(destination)


_WILD = re.compile(r"[*?[]")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Folder names of a plan, made ready for ten thousand folders and as many names."""

    names: frozenset[str]
    wild: tuple[str, ...]

    @staticmethod
    @lru_cache(maxsize=2)
    def of(patterns: tuple[str, ...]) -> _Patterns:
        """The same as long as they are: the window makes a plan at every stroke of a key."""
        return _Patterns(
            frozenset(_inbox_alike(one) for one in patterns if not _is_wild(one)),
            tuple(one for one in patterns if _is_wild(one)),
        )

    def match(self, name: str) -> bool:
        name = _inbox_alike(name)
        return name in self.names or any(fnmatchcase(name, pattern) for pattern in self.wild)


def _is_wild(pattern: str) -> bool:
    return _WILD.search(pattern) is not None


def _inbox_alike(name: str) -> str:
    """The inbox is one whatever its capitals (RFC 9051, 5.1)."""
    return "INBOX" if name.upper() == "INBOX" else name


@dataclass(frozen=True)
class Selection:
    """Which items and settings of the source take part.

    `kinds` are those asked for; `told` those that nobody chose to leave out, and that the other end
    does not take: what the source has of them is told. `include` holds folder names joined by "/",
    with shell wildcards; None means every folder. `left_out` are roles that do not take part unless
    named by `include`.
    `since` keeps mail received on that day or later, and events that are not over before it: a
    series whole as long as one of its occurrences may end on that day or later. Contacts and tasks
    know no such day, and always take part.
    """

    kinds: frozenset[ItemKind] = frozenset({ItemKind.MAIL})
    include: tuple[str, ...] | None = None
    left_out: frozenset[FolderRole] = frozenset()
    since: date | None = None
    settings: frozenset[SettingKind] = frozenset()
    told: frozenset[ItemKind] = frozenset()

    @cached_property
    def _patterns(self) -> _Patterns:
        return _Patterns.of(self.include or ())

    def names(self, folder: Folder) -> bool:
        """Whether `include` does."""
        return self._patterns.match(folder.name)

    def takes(self, folder: Folder) -> bool:
        if folder.kind not in self.kinds:
            return False
        if self.include is not None:
            return self.names(folder)
        return folder.role not in self.left_out

    def unmatched(self, folders: Sequence[Folder]) -> list[str]:
        """The patterns of `include` that no folder of a kind asked for has."""
        names = {_inbox_alike(folder.name) for folder in folders if folder.kind in self.kinds}
        return [
            pattern
            for pattern in self.include or ()
            if _inbox_alike(pattern) not in names
            and not any(fnmatchcase(name, pattern) for name in names if _is_wild(pattern))
        ]


class Labels(StrEnum):
    """How often mail is copied that the source shows in several folders."""

    ONCE = "once"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Options:
    """How the run goes about it. `connections` per side; None lets the engine grow them.

    `settle_seconds` is how long an unknown outcome is left alone before it is judged.
    `at_most` ends the run after that many items (a trial run); None means all. `update`: items
    that were edited at the source since they were copied are brought again, over those of ours.
    `start_at`, with a time zone, is when the run begins; None for at once.
    """

    connections: int | None = None
    settle_seconds: float = SETTLE_SECONDS
    at_most: int | None = None
    labels: Labels = Labels.ONCE
    update: bool = False
    start_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notices:
    """Short mails about the run to `address`, by an outgoing `server` of the new mailbox.

    It is signed in to as `login`, with the password of that mailbox; `sender` is its address.
    """

    address: str
    server: Server
    login: str
    sender: str


@dataclass(frozen=True, slots=True)
class DailyBytes:
    """What the providers let through in a day; None where they set no limit, or none is known."""

    source: int | None = None
    destination: int | None = None


@dataclass(frozen=True, slots=True)
class FolderRule:
    """The person's own wish for one source folder: where it goes."""

    source: FolderPath
    destination: FolderPath


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """Source, destination, selection, options. Frozen; stored with the run; holds no secret.

    `largest_known` is what the destination's provider is known to take, in bytes of one message;
    what its server tells counts more. `files` are copied in the same run, beside the source, which
    is a file itself where there is no account.
    """

    source: Account
    destination: Account
    selection: Selection = Selection()
    options: Options = Options()
    rules: tuple[FolderRule, ...] = ()
    bytes_per_day: DailyBytes = DailyBytes()
    largest_known: int | None = None
    files: tuple[Account, ...] = ()
    notices: Notices | None = None

    @property
    def sources(self) -> tuple[Account, ...]:
        return (self.source, *self.files)

    @property
    def mailboxes(self) -> tuple[Account, ...]:
        """The ends that have a password: what is on this computer has none."""
        ends = (self.source, self.destination)
        return tuple(account for account in ends if not account.kind.is_on_disk)

    @property
    def origin(self) -> str:
        """What the person calls all that is copied."""
        return ", ".join(account.name for account in self.sources)

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the folders that take part is left out."""
        return not (self.selection.since or self.options.at_most)
