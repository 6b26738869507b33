"""A report as text, for the ledger: what the history shows again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from omm_desktop.model.items import ItemKind, ItemLabel
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.report import (
    FailedItem,
    Fate,
    FolderResult,
    Grade,
    Note,
    Proof,
    Report,
    SettingResult,
)
from omm_desktop.model.settings import SettingKind


def to_json(report: Report) -> str:
    return json.dumps(asdict(report), ensure_ascii=False)


def from_json(text: str) -> Report:
    data = json.loads(text)
    stopped_by = data["stopped_by"]
    return Report(
        **{
            **data,
            "grade": Grade(data["grade"]),
            "folders": tuple(map(_folder, data["folders"])),
            "edited": tuple(FailedItem(**_with_words(item)) for item in data.get("edited", ())),
            "failed": tuple(FailedItem(**_with_words(item)) for item in data["failed"]),
            "notes": tuple(Note(**_with_words(note)) for note in data["notes"]),
            "stopped_by": _problem(stopped_by) if stopped_by else None,
            "settings": tuple(map(_setting, data.get("settings", ()))),
        }
    )


def _folder(data: dict[str, Any]) -> FolderResult:
    kind = ItemKind(data.get("kind", ItemKind.MAIL))
    return FolderResult(**{**data, "proof": Proof(data["proof"]), "kind": kind})


def _with_words(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "problem": _problem(data["problem"]), "label": ItemLabel(**data["label"])}


def _setting(data: dict[str, Any]) -> SettingResult:
    problem = data["problem"]
    return SettingResult(
        SettingKind(data["kind"]),
        data["name"],
        Fate(data["fate"]),
        _problem(problem) if problem else None,
    )


def _problem(data: dict[str, str]) -> Problem:
    return Problem(ProblemId(data["id"]), Place(data["place"]), data["detail"], data["subject"])
