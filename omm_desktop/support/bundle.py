"""The support file: what a help desk needs, with nobody's name in it. It is written, never sent."""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from omm_desktop.model.account import Account
from omm_desktop.model.problem import Problem
from omm_desktop.support.public import public
from omm_desktop.support.redact import PSEUDONYM, Redactor


class PartName(StrEnum):
    """The files inside, in the order of reading."""

    SUMMARY = "summary.txt"
    REPORT = "report.json"
    LOG = "log.txt"
    ENVIRONMENT = "environment.json"
    SETTINGS = "settings.json"


@dataclass(frozen=True, slots=True)
class Part:
    name: PartName
    text: str


def write(parts: Sequence[Part], file: Path) -> None:
    """A zip archive. Raises OSError."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part.name, part.text)


def as_json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, indent=2, ensure_ascii=False)


def settings(source: Account | None, destination: Account | None) -> dict[str, Any]:
    """The servers of both ends: what leads to them, not who signs in."""
    ends = {"source": source, "destination": destination}
    return {name: _server(account) for name, account in ends.items() if account is not None}


def _server(account: Account) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": account.kind}
    if not account.kind.is_on_disk:
        server = account.server
        told |= {"host": server.host, "port": server.port, "security": server.security}
        told["another_mailbox"] = bool(account.mailbox)
    return told


class Pseudonyms:
    """Stands in a report for people, folders, rules: the same as in the log for the same person."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._others: defaultdict[str, dict[str, int]] = defaultdict(dict)

    def person(self, name: str) -> str:
        cleaned = self._redactor.clean(name)
        known = PSEUDONYM.fullmatch(cleaned) and not PSEUDONYM.fullmatch(name)
        return cleaned if known else self._numbered("name", name)

    def folder(self, name: str, role: str | None) -> str:
        return role or ("inbox" if name.upper() == "INBOX" else self._numbered("folder", name))

    def rule(self, name: str) -> str:
        return self._numbered("rule", name)

    def problem(self, problem: Problem) -> Problem:
        return public(problem)

    def _numbered(self, kind: str, name: str) -> str:
        known = self._others[kind]
        return f"{kind}{known.setdefault(name, len(known) + 1)}"


def suggested_name(word: str, day: date, copy: int | None) -> str:
    """ "omm-desktop-support-2026-03-12-12.zip": `word` in the person's language, then the copy."""
    parts = ["omm-desktop", word, day.isoformat(), *([] if copy is None else [str(copy)])]
    return "-".join(parts) + ".zip"
