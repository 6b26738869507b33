"""The manual's page on Exchange: what comes out otherwise than it went in, and why."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from omm_desktop import paths
from omm_desktop.language import Language, data_text
from omm_desktop.model.items import ItemKind

_NAMED = re.compile(r" \[([a-z-]+)\]$")


@dataclass(frozen=True, slots=True)
class ManualEntry:
    """One entry of the manual.

    `exchange` is the property or rule of Exchange that forbids more; `told` when a report names
    each item that it concerns.
    """

    name: str
    kinds: tuple[ItemKind, ...]
    exchange: str
    fr: str
    en: str
    told: bool

    def text(self, language: Language | None = None) -> str:
        return data_text(self.fr, self.en, language)


@cache
def differences() -> tuple[ManualEntry, ...]:
    """Those that come with the program, in the order of the file."""
    return load(paths.resources() / "exchange_differences.toml")


def load(path: Path) -> tuple[ManualEntry, ...]:
    """KeyError, TypeError or ValueError when an entry is incomplete or unknown."""
    with path.open("rb") as stream:
        sections = tomllib.load(stream)
    return tuple(
        ManualEntry(
            name=name,
            kinds=tuple(ItemKind(kind) for kind in entry.pop("kinds")),
            told=section == "losses",
            **entry,
        )
        for section in ("losses", "always")
        for name, entry in sections[section].items()
    )


def of_kind(kind: ItemKind) -> tuple[ManualEntry, ...]:
    return tuple(one for one in differences() if kind in one.kinds)


def read(detail: str) -> tuple[str, ManualEntry | None]:
    """What a remark is about, and the entry of the manual that its last word names."""
    named = _NAMED.search(detail)
    found = next((one for one in differences() if named and one.name == named[1]), None)
    return (detail[: named.start()], found) if named and found else (detail, None)
