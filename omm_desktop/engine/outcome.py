"""What a run comes to: its grade, and the result of each folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from omm_desktop.model.report import Fate, FolderResult, Grade, Proof

from .board import Tally
from .jobs import Job
from .recorder import Recorder


def grade(recorder: Recorder, *, stopped: bool, started: bool) -> Grade:
    """`started`: it had begun to copy before it was stopped."""
    if stopped:
        return Grade.INTERRUPTED if started else Grade.NOT_STARTED
    if recorder.failed or any(one.fate is Fate.MISSING for one in recorder.settings):
        return Grade.INCOMPLETE
    if recorder.notes or any(one.problem for one in recorder.settings):
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
