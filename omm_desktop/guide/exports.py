"""How to get files out of other programs, step by step (resources/exports.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from omm_desktop import paths
from omm_desktop.guide.service import Wording
from omm_desktop.guide.services_file import refuse_unknown, wording, wordings

_KEYS = {"id", "name", "gives", "steps"}


@dataclass(frozen=True, slots=True)
class Export:
    """`gives` names the kinds of files that come out, as their names end."""

    id: str
    name: Wording
    gives: str
    steps: tuple[Wording, ...]


def read(path: Path) -> tuple[Export, ...]:
    """ValueError or KeyError on what is unknown or missing."""
    with path.open("rb") as stream:
        data = tomllib.load(stream)
    refuse_unknown(data, {"program"}, path.name)
    return tuple(map(_export, data["program"]))


@cache
def exports() -> tuple[Export, ...]:
    """Those that come with this program, the most asked for first."""
    return read(paths.resources() / "exports.toml")


def _export(entry: Mapping[str, Any]) -> Export:
    refuse_unknown(entry, _KEYS, str(entry.get("id")))
    return Export(entry["id"], wording(entry["name"]), entry["gives"], wordings(entry["steps"]))
