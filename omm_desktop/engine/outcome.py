"""What a run comes to: its grade, and the result of each folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from omm_desktop.model.report import FolderResult, Grade, Proof

from .board import Tally
from .jobs import Job
from .recorder import Recorder


def grade(recorder: Recorder) -> Grade:
    """Of a run that was not interrupted."""
    if recorder.failed:
        return Grade.INCOMPLETE
    if recorder.notes:
        return Grade.COMPLETE_WITH_NOTES
    return Grade.COMPLETE


def folder_results(
    tallies: Sequence[Tally], jobs: Sequence[Job], proofs: Mapping[int, Proof]
) -> tuple[FolderResult, ...]:
    """In the order of the tallies; a folder without a job was never reached."""
    numbers = {id(job.tally): job.number for job in jobs}
    return tuple(
        FolderResult(
            source=tally.source,
            destination=tally.destination,
            role=tally.role,
            listed=tally.listed,
            copied=tally.copied,
            present=tally.present,
            failed=tally.failed,
            not_selected=tally.not_selected,
            unsure=tally.unsure,
            bytes_copied=tally.bytes_copied,
            proof=proofs.get(numbers.get(id(tally), -1), Proof.NONE),
            kind=tally.kind,
            edited=tally.edited,
            updated=tally.updated,
        )
        for tally in tallies
    )
