"""What it means for the person when this computer does not take a file."""

from __future__ import annotations

import errno
from dataclasses import replace

from .problem import Place, Problem, ProblemId

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR})


def disk_problem(error: OSError) -> Problem:
    """By the cause that the system tells; `subject` is the file or folder concerned."""
    if error.errno in _FULL:
        id = ProblemId.DISK_FULL
    elif error.errno in _MISSING:
        id = ProblemId.PLACE_MISSING
    else:
        id = ProblemId.PLACE_REFUSED
    detail = error.strerror or type(error).__name__
    return Problem(id, Place.COMPUTER, detail, str(error.filename or ""))


def records_problem(error: OSError) -> Problem:
    """The same of what the program keeps for itself, in a folder that nobody chose."""
    problem = disk_problem(error)
    if problem.id is ProblemId.DISK_FULL:
        return problem
    return replace(problem, id=ProblemId.RECORDS_REFUSED)
