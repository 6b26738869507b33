"""How to enter settings in mail programs, step by step (resources/steps.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from omm_desktop import paths
from omm_desktop.guide.providers import providers
from omm_desktop.guide.service import Citation, ServiceKind, Wording
from omm_desktop.guide.services_file import refuse_unknown, wording, wordings

_KEYS = {"id", "name", "protocols", "kinds", "source", "add", "change"}
PROTOCOLS = {"imap", "pop", "ews", "activesync"}


@dataclass(frozen=True, slots=True)
class MailProgram:
    """The steps to add an account and to change one; values stand in braces."""

    id: str
    name: Wording
    protocols: frozenset[str]
    kinds: frozenset[ServiceKind]
    citation: Citation
    add: tuple[Wording, ...]
    change: tuple[Wording, ...]


def read(path: Path, citations: Mapping[str, Citation]) -> tuple[MailProgram, ...]:
    """ValueError or KeyError on what is unknown or missing."""
    with path.open("rb") as stream:
        data = tomllib.load(stream)
    refuse_unknown(data, {"program"}, path.name)
    return tuple(_program(entry, citations) for entry in data["program"])


@cache
def mail_programs() -> tuple[MailProgram, ...]:
    """The mail programs that come with this one, the most asked for first."""
    return read(paths.resources() / "steps.toml", providers().citations)


def _program(entry: Mapping[str, Any], citations: Mapping[str, Citation]) -> MailProgram:
    refuse_unknown(entry, _KEYS, str(entry.get("id")))
    protocols = dict.fromkeys(entry["protocols"])
    refuse_unknown(protocols, PROTOCOLS, entry["id"])
    return MailProgram(
        id=entry["id"],
        name=wording(entry["name"]),
        protocols=frozenset(protocols),
        kinds=frozenset(ServiceKind(kind) for kind in entry.get("kinds", ServiceKind)),
        citation=citations[entry["source"]],
        add=wordings(entry["add"]),
        change=wordings(entry["change"]),
    )
