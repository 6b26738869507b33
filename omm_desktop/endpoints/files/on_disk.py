"""What it means for the person who chose a folder that the disk does not do what is asked."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ...model.disk import disk_problem
from ...model.items import FolderPath
from ...model.problem import OwnerNeeded, Place, Problem, ProblemId

_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


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


def not_made(error: OSError, path: FolderPath) -> Problem:
    """Why one folder cannot be saved. Raises `OwnerNeeded` when the disk is full: none can then."""
    problem = _problem(error)
    if problem.id is ProblemId.SAVING_DISK_FULL:
        raise OwnerNeeded(problem) from error
    if problem.id is ProblemId.PLACE_REFUSED and error.errno in _NOT_ALLOWED:
        return problem
    name = "/".join(path)
    return Problem(ProblemId.FOLDER_NOT_CREATED, Place.DESTINATION, problem.detail, name)


def _problem(error: OSError) -> Problem:
    problem = disk_problem(error)
    if problem.id is ProblemId.DISK_FULL:
        return replace(problem, id=ProblemId.SAVING_DISK_FULL, place=Place.DESTINATION)
    return problem
