"""The report for programs: one JSON object, plain ASCII, the same in every language."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from omm_desktop import __version__
from omm_desktop.model.problem import Problem
from omm_desktop.model.report import (
    FailedItem,
    FolderResult,
    Note,
    Report,
    SettingResult,
    Totals,
)
from omm_desktop.report.explained import Explain


def as_json(report: Report, explain: Explain) -> str:
    """The report as JSON text. Sizes in bytes, times in seconds, instants in UTC (ISO 8601)."""
    return json.dumps(_content(report, explain), indent=2)


def _content(report: Report, explain: Explain) -> dict[str, Any]:
    stopped_by = report.stopped_by
    return {
        "program": f"omm-desktop {__version__}",
        "run": report.run,
        "grade": report.grade,
        "source": report.source,
        "destination": report.destination,
        "began": datetime.fromtimestamp(report.began, UTC).isoformat(timespec="seconds"),
        "seconds": round(report.seconds, 3),
        "bytes": report.bytes_copied,
        "totals": _numbers(report.totals),
        "kinds": {kind: _numbers(report.of_kind(kind)) for kind in report.kinds},
        "folders": [_folder(folder) for folder in report.folders],
        "failed": [_failed(item, explain) for item in report.failed],
        "unlisted": report.unlisted,
        "edited": [_failed(item, explain) for item in report.edited],
        "unlisted_edited": report.unlisted_edited,
        "notes": [_note(note, explain) for note in report.notes],
        "unlisted_notes": report.unlisted_notes,
        "settings": [_setting(setting, explain) for setting in report.settings],
        "stopped_by": _problem(stopped_by, explain) if stopped_by else None,
    }


def _numbers(totals: Totals) -> dict[str, int]:
    return {
        "listed": totals.listed,
        "copied": totals.copied,
        "present": totals.present,
        "failed": totals.failed,
        "unsure": totals.unsure,
        "not_selected": totals.not_selected,
        "edited": totals.edited,
        "updated": totals.updated,
    }


def _folder(folder: FolderResult) -> dict[str, Any]:
    return {
        "folder": folder.source,
        "destination": folder.destination,
        "role": folder.role,
        "kind": folder.kind,
        "listed": folder.listed,
        "copied": folder.copied,
        "present": folder.present,
        "failed": folder.failed,
        "unsure": folder.unsure,
        "not_selected": folder.not_selected,
        "edited": folder.edited,
        "updated": folder.updated,
        "bytes": folder.bytes_copied,
        "proof": folder.proof,
    }


def _failed(item: FailedItem, explain: Explain) -> dict[str, Any]:
    return {
        **_problem(item.problem, explain),
        "folder": item.folder,
        "key": item.key,
        "date": item.label.date,
        "sender": item.label.sender,
        "subject": item.label.subject,
        "size": item.size,
    }


def _note(note: Note, explain: Explain) -> dict[str, Any]:
    return {
        **_problem(note.problem, explain),
        "folder": note.folder,
        "count": note.count,
        "date": note.label.date,
        "sender": note.label.sender,
        "subject": note.label.subject,
    }


def _setting(setting: SettingResult, explain: Explain) -> dict[str, Any]:
    told = {"kind": setting.kind, "name": setting.name, "fate": setting.fate}
    return told | (_problem(setting.problem, explain) if setting.problem else {})


def _problem(problem: Problem, explain: Explain) -> dict[str, Any]:
    return {
        "code": explain(problem).code,
        "problem": problem.id,
        "place": problem.place,
        "concerns": problem.subject,
        "detail": problem.detail,
    }
