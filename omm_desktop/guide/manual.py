"""The manual (resources/manual): read once, for the window as for the pages of `manual_page`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from omm_desktop import paths
from omm_desktop.guide.service import Wording
from omm_desktop.guide.services_file import refuse_unknown, wording
from omm_desktop.language import DATA_LANGUAGES, Language, current
from omm_desktop.language import translate as _

CONTENTS = "contents.toml"


class Shape(StrEnum):
    """How a text is shown: by itself, in a numbered list, or in a list."""

    TEXT = "text"
    STEP = "step"
    POINT = "point"


class Other(StrEnum):
    """Another window of the program, to which a section leads."""

    EXPORTS = "exports"
    READERS = "readers"
    REFERENCE = "reference"
    DOMAIN = "domain"
    DIFFERENCES = "differences"
    CARD = "card"
    CODES = "codes"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Block:
    """`words` have between backticks what is to be typed as it stands."""

    words: Wording
    shape: Shape = Shape.TEXT

    def pieces(self, language: Language | None = None) -> Iterator[tuple[str, bool]]:
        """The text in its parts, each with whether it is to be typed as it stands."""
        for place, piece in enumerate(self.words.text(language).split("`")):
            if piece:
                yield piece, place % 2 == 1


@dataclass(frozen=True, slots=True)
class Section:
    """`picture` is the name of one that the demo takes; empty where there is none."""

    title: Wording
    blocks: tuple[Block, ...]
    picture: str = ""
    opens: Other | None = None

    def runs(self) -> Iterator[tuple[Shape, list[Block]]]:
        """Neighbours of one shape together, so that a list is one list."""
        for shape, blocks in groupby(self.blocks, key=lambda block: block.shape):
            yield shape, list(blocks)


@dataclass(frozen=True, slots=True)
class Chapter:
    """`summary` is one sentence for the table of contents."""

    id: str
    title: Wording
    summary: Wording
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Chapters for one kind of reader."""

    title: Wording
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Manual:
    title: Wording
    promise: Wording
    parts: tuple[Part, ...]

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """All of them, in the order of reading."""
        return tuple(chapter for part in self.parts for chapter in part.chapters)

    def chapter(self, id: str) -> Chapter:
        """KeyError when there is none of this id."""
        return {chapter.id: chapter for chapter in self.chapters}[id]


def read(folder: Path) -> Manual:
    """ValueError or KeyError on what is unknown or missing."""
    data = _load(folder / CONTENTS)
    refuse_unknown(data, {"title", "promise", "part"}, CONTENTS)
    return Manual(
        wording(data["title"]),
        wording(data["promise"]),
        tuple(_part(entry, folder) for entry in data["part"]),
    )


@cache
def manual() -> Manual:
    """The one that comes with this program."""
    return read(paths.resources() / "manual")


def picture(name: str, language: Language | None = None) -> Path:
    """Where installer/manual.py puts a picture; the English one where the text is English."""
    shown = language or current()
    folder = shown if shown in DATA_LANGUAGES else "en"
    return paths.resources() / "manual" / "pictures" / folder / f"{name}.png"


def other_words(other: Other) -> str:
    """What its link says."""
    return {
        Other.EXPORTS: _("How to get these files"),
        Other.READERS: _("How to read these files again"),
        Other.REFERENCE: _("Open the e-mail settings"),
        Other.DOMAIN: _("Check the domain"),
        Other.DIFFERENCES: _("What Exchange changes"),
        Other.CARD: _("Read out to the help desk"),
        Other.CODES: _("Look up a code"),
        Other.SUPPORT: _("Prepare a support file"),
    }[other]


def _load(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        return tomllib.load(stream)


def _part(entry: Mapping[str, Any], folder: Path) -> Part:
    refuse_unknown(entry, {"title", "chapters"}, CONTENTS)
    return Part(wording(entry["title"]), tuple(_chapter(id, folder) for id in entry["chapters"]))


def _chapter(id: str, folder: Path) -> Chapter:
    data = _load(folder / f"{id}.toml")
    refuse_unknown(data, {"title", "summary", "section"}, id)
    sections = tuple(_section(entry, id) for entry in data["section"])
    return Chapter(id, wording(data["title"]), wording(data["summary"]), sections)


def _section(entry: Mapping[str, Any], chapter: str) -> Section:
    refuse_unknown(entry, {"title", "text", "picture", "opens"}, chapter)
    return Section(
        wording(entry["title"]),
        tuple(map(_block, entry["text"])),
        entry.get("picture", ""),
        Other(entry["opens"]) if "opens" in entry else None,
    )


def _block(entry: Mapping[str, Any]) -> Block:
    words = {key: text for key, text in entry.items() if key != "as"}
    return Block(wording(words), Shape(entry.get("as", Shape.TEXT)))
