"""The problem catalogue: from a `Problem` to its code and its words (resources/problems.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from omm_desktop import paths
from omm_desktop.language import DATA_LANGUAGES, LANGUAGES, Language, current, translate_data
from omm_desktop.model.problem import Place, Problem, ProblemId

_NEAR_AT_MOST = 6


class Reaction(StrEnum):
    """What the program does: ask on a page, stop, wait and retry, skip the item, or only note."""

    ASK = "ask"
    STOP = "stop"
    WAIT = "wait"
    SKIP = "skip"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Words:
    """What happened, why it may have, and what to do."""

    title: str
    cause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One problem as a person meets it: the code of its place, the words of one language."""

    id: ProblemId
    code: str
    reactions: tuple[Reaction, ...]
    title: str
    cause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Description:
    """All that the catalogue holds about one problem id."""

    codes: Mapping[Place, str]
    reactions: tuple[Reaction, ...]
    words: Mapping[Language, Words]


class Catalogue:
    """Every `ProblemId` with its description."""

    def __init__(self, descriptions: Mapping[ProblemId, Description]) -> None:
        self._descriptions = descriptions

    @classmethod
    def load(cls, path: Path) -> Catalogue:
        """Reads the file. ValueError or KeyError when an entry is incomplete or unknown."""
        with path.open("rb") as stream:
            entries = tomllib.load(stream)
        return cls({ProblemId(name): _description(entry) for name, entry in entries.items()})

    def ids(self) -> frozenset[ProblemId]:
        return frozenset(self._descriptions)

    def describe(self, problem: ProblemId) -> Description:
        return self._descriptions[problem]

    def entry(self, problem: Problem, language: Language | None = None) -> Entry:
        """The code for the place and the words, in the current language when none is named.

        A problem that arose at a place without a code of its own takes its first code.
        """
        described = self._descriptions[problem.id]
        code = described.codes.get(problem.place) or next(iter(described.codes.values()))
        return _entry(problem.id, described, code, language)

    def find(self, code: str, language: Language | None = None) -> Entry | None:
        """The entry a caller reads out, "11-01", "11 01" or "1101"; None when there is none."""
        digits = _digits(code)
        for problem, described in self._descriptions.items():
            for known in described.codes.values():
                if _digits(known) == digits:
                    return _entry(problem, described, known, language)
        return None

    def near(self, code: str) -> list[str]:
        """Codes that somebody who typed or heard `code` may have meant, the nearest first."""
        digits = _digits(code)
        if not digits:
            return []
        known = [one for held in self._descriptions.values() for one in held.codes.values()]
        begun = sorted(one for one in known if _digits(one).startswith(digits))
        alike = sorted(one for one in known if _wrong_digits(_digits(one), digits) == 1)
        swapped = sorted(one for one in known if sorted(_digits(one)) == sorted(digits))
        return list(dict.fromkeys([*begun, *swapped, *alike]))[:_NEAR_AT_MOST]


@cache
def catalogue() -> Catalogue:
    """The catalogue that comes with the program."""
    return Catalogue.load(paths.resources() / "problems.toml")


def _digits(code: str) -> str:
    return "".join(sign for sign in code if sign.isdecimal())


def _wrong_digits(known: str, typed: str) -> int:
    if len(known) != len(typed):
        return len(known)
    return sum(one != other for one, other in zip(known, typed, strict=True))


def _entry(
    problem: ProblemId, described: Description, code: str, language: Language | None
) -> Entry:
    words = described.words[language or current()]
    return Entry(problem, code, described.reactions, words.title, words.cause, words.remedy)


def _description(entry: dict[str, Any]) -> Description:
    unknown = set(entry) - {"codes", "reactions", *DATA_LANGUAGES}
    if unknown:
        raise ValueError(f"unknown keys in the catalogue: {sorted(unknown)}")
    return Description(
        codes={Place(place): code for place, code in entry["codes"].items()},
        reactions=tuple(Reaction(name) for name in entry["reactions"]),
        words={language: _words(entry, language) for language in LANGUAGES},
    )


def _words(entry: Mapping[str, Any], language: Language) -> Words:
    if language in DATA_LANGUAGES:
        return Words(**entry[language])
    english = Words(**entry["en"])
    title, cause, remedy = (
        translate_data(text, "problems", language)
        for text in (english.title, english.cause, english.remedy)
    )
    return Words(title, cause, remedy)
