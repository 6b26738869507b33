"""A run that went through everything, as tests of reports need it."""

from __future__ import annotations

from dataclasses import replace

from omm_desktop.model.items import ItemKind, ItemLabel
from omm_desktop.model.problem import Place, Problem, ProblemId
from omm_desktop.model.report import FailedItem, FolderResult, Grade, Note, Proof, Report


def folder(source: str, copied: int = 0, present: int = 0, failed: int = 0) -> FolderResult:
    return FolderResult(
        source=source,
        destination=source,
        role=None,
        listed=copied + present + failed,
        copied=copied,
        present=present,
        failed=failed,
        not_selected=0,
        unsure=0,
        bytes_copied=copied * 60_000,
        proof=Proof.KEYS,
    )


def failed_item(subject: str, problem: ProblemId = ProblemId.ITEM_TOO_BIG) -> FailedItem:
    return FailedItem(
        folder="Archives/2019",
        key="17",
        problem=Problem(problem, Place.DESTINATION, "NO too large"),
        label=ItemLabel("2019-03-02", "Zoé <zoe@exemple.fr>", subject),
        size=70_000_000,
    )


def report(
    grade: Grade = Grade.INCOMPLETE,
    failed: tuple[FailedItem, ...] = (failed_item("Vacances à la mer"),),
    stopped_by: Problem | None = None,
) -> Report:
    return Report(
        run=12,
        grade=grade,
        source="moi@exemple.fr",
        destination="moi@exemple.com",
        began=1_773_321_600.0,
        seconds=192.4,
        folders=(
            folder("INBOX", copied=8_000, present=293),
            folder("Archives/2019", copied=1, failed=len(failed)),
        ),
        failed=failed,
        notes=(
            Note("INBOX", Problem(ProblemId.FLAGS_DROPPED, Place.DESTINATION), count=3),
            Note(
                "INBOX",
                Problem(ProblemId.ITEM_REPAIRED, Place.DESTINATION),
                ItemLabel("2003-01-01", "a@exemple.fr", "NUL"),
            ),
        ),
        stopped_by=stopped_by,
    )


def with_contacts() -> Report:
    """Mail and contacts, one of which was edited in the old mailbox since."""
    edited = Problem(ProblemId.ITEM_EDITED, Place.SOURCE)
    contacts = replace(folder("Contacts", copied=9, present=3), kind=ItemKind.CONTACTS, edited=1)
    return replace(
        report(Grade.COMPLETE_WITH_NOTES, failed=()),
        folders=(folder("INBOX", copied=8_000, present=293), contacts),
        notes=(Note("Contacts", edited, count=3),),
        edited=(FailedItem("Contacts", "c1", edited, ItemLabel("2026-01-02")),),
    )
