"""Settings of a mailbox that are no items: rules of the inbox, and the out-of-office reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from html.parser import HTMLParser

from .account import EndpointKind
from .problem import Problem

Identity = bytes
"""16 bytes over what a setting does, by which it is known again."""

_HIDDEN = frozenset({"script", "style", "title"})


class SettingKind(StrEnum):
    """Words of `kinds` in a plan file, beside those of items."""

    RULES = "rules"
    OUT_OF_OFFICE = "out-of-office"


def carried_settings(source: EndpointKind, destination: EndpointKind) -> frozenset[SettingKind]:
    """What can be brought from the one to the other: everything between two Exchange accounts."""
    both = {source, destination} == {EndpointKind.EWS}
    return frozenset(SettingKind) if both else frozenset()


@dataclass(frozen=True, slots=True)
class InboxRule:
    """A rule as a mailbox gives it, or as it is to be.

    `content` is what it does, in the adapter's words, always the same for the same; it speaks of
    folders by their place in `folders`, which holds their keys. `sends`: it forwards or redirects.
    `obstacle` is why no other mailbox can have it.
    """

    name: str
    content: bytes
    folders: tuple[str, ...] = ()
    enabled: bool = True
    sends: bool = False
    obstacle: Problem | None = None

    @property
    def identity(self) -> Identity:
        """Of what it does; neither its name nor whether it is switched on."""
        return _hash(self.content, *(key.encode() for key in self.folders))

    @property
    def arrives_enabled(self) -> bool:
        """A rule of ours sends nothing before its owner has switched it on."""
        return self.enabled and not self.sends


@dataclass(frozen=True, slots=True)
class RuleList:
    """The rules of a mailbox in their order.

    `outlook_has_more`: Outlook keeps rules there by itself, of which the server shows only some.
    """

    rules: tuple[InboxRule, ...]
    outlook_has_more: bool = False


class ReplyState(StrEnum):
    OFF = "off"
    ON = "on"
    SCHEDULED = "scheduled"


class Audience(StrEnum):
    """Who outside the organisation is answered."""

    NOBODY = "nobody"
    KNOWN = "known"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class OutOfOffice:
    """The automatic reply of a mailbox. The texts are HTML; the times matter when SCHEDULED."""

    state: ReplyState
    internal: str = ""
    external: str = ""
    audience: Audience = Audience.NOBODY
    start: datetime | None = None
    end: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not (_plain(self.internal) or _plain(self.external))

    @property
    def identity(self) -> Identity:
        """Of the words: servers put them into markup of their own."""
        return _hash(_plain(self.internal).encode(), _plain(self.external).encode())

    def answers_from(self, now: datetime) -> bool:
        """Whether it answers now or will by itself."""
        if self.state is ReplyState.SCHEDULED:
            return self.end is None or self.end > now
        return self.state is ReplyState.ON


class _Words(HTMLParser):
    """The words that a piece of HTML shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._tag = ""
        self.feed(text.replace("\ufeff", ""))
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._tag = tag

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._tag not in _HIDDEN:
            self.found += data.split()


def _plain(text: str) -> str:
    """One blank between the words."""
    return " ".join(_Words(text).found)


def _hash(*parts: bytes) -> Identity:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()
