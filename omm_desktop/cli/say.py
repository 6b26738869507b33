"""A problem in words on a terminal."""

from __future__ import annotations

from omm_desktop.language import translate as _
from omm_desktop.model.problem import Problem
from omm_desktop.support.catalogue import Entry, catalogue


def say_briefly(problem: Problem) -> str:
    """What happened and the code, in one line."""
    entry = catalogue().entry(problem)
    return f"{entry.title} {_code(entry)}"


def say_in_full(problem: Problem) -> str:
    """Code, what happened, what it concerns, why, what to do; one line each."""
    entry = catalogue().entry(problem)
    lines = [f"{_code(entry)} · {entry.title}"]
    concerns = ": ".join(part for part in (problem.subject, problem.detail) if part)
    if concerns:
        lines.append(concerns)
    lines += [entry.cause, entry.remedy]
    return "\n".join(lines)


def _code(entry: Entry) -> str:
    return _("Code {}").format(entry.code)
