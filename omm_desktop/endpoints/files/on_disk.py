"""What it means for the person who chose a folder that the disk does not do what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ...model.disk import disk_problem
from ...model.problem import OwnerNeeded, Place, Problem, ProblemId


@contextmanager
def on_disk() -> Iterator[None]:
    """Makes an OSError within an `OwnerNeeded`."""
    try:
        yield
    except OSError as error:
        raise OwnerNeeded(_problem(error)) from error
    except OwnerNeeded as error:
        if isinstance(error.__cause__, OSError):
            raise OwnerNeeded(_problem(error.__cause__)) from error
        raise


def _problem(error: OSError) -> Problem:
    problem = disk_problem(error)
    if problem.id is ProblemId.DISK_FULL:
        return replace(problem, id=ProblemId.SAVING_DISK_FULL, place=Place.DESTINATION)
    return problem
