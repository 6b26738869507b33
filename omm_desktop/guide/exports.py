"""How to get files out of other programs, and back, step by step (resources/exports.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from omm_desktop import paths
from omm_desktop.guide.service import Wording
from omm_desktop.guide.services_file import refuse_unknown, wording, wordings

_KEYS = {"id", "name", "gives", "steps", "source", "checked"}


@dataclass(frozen=True, slots=True)
class Export:
    """`gives` names the kinds of files that come out, or go in, as their names end. The steps were
    compared with `source` on the day `checked`.
    """

    id: str
    name: Wording
    gives: str
    steps: tuple[Wording, ...]
    source: str
    checked: date


@dataclass(frozen=True, slots=True)
class Guides:
    """Programs that files come from, the most asked for first, and such as take them."""

    programs: tuple[Export, ...]
    readers: tuple[Export, ...]


def read(path: Path) -> Guides:
    """ValueError or KeyError on what is unknown or missing."""
    with path.open("rb") as stream:
        data = tomllib.load(stream)
    refuse_unknown(data, {"program", "reader"}, path.name)
    return Guides(tuple(map(_export, data["program"])), tuple(map(_export, data["reader"])))


@cache
def guides() -> Guides:
    """Those that come with this program."""
    return read(paths.resources() / "exports.toml")


def _export(entry: Mapping[str, Any]) -> Export:
    refuse_unknown(entry, _KEYS, str(entry.get("id")))
    return Export(
        entry["id"],
        wording(entry["name"]),
        entry["gives"],
        wordings(entry["steps"]),
        entry["source"],
        entry["checked"],
    )
