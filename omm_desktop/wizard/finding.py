"""Which of the settings that were found a page may use, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from omm_desktop.guide.discovery.candidate import Candidate, Findings
from omm_desktop.guide.service import ServiceKind


class Scope(StrEnum):
    """Whose settings are looked for."""

    ANYBODY = "anybody"
    OVHCLOUD = "ovhcloud"


def usable(
    findings: Findings, scope: Scope, taken: str = "", *, by_pop: bool = False
) -> list[Candidate]:
    """Settings with an IMAP server, the best first; then, where POP will do, those without.

    `taken` is the host of the other mailbox where both have one address: the search, which knows
    one server of a domain only, must not offer it for this one.
    """
    reading = [one for one in findings.candidates if one.imap]
    if by_pop:
        reading += [one for one in findings.candidates if one.pop and not one.imap]
    return [
        candidate
        for candidate in reading
        if (candidate.imap or candidate.pop)[0].host != taken
        and (scope is Scope.ANYBODY or is_ovhcloud(candidate))
    ]


def alternatives(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The first, and the OVHcloud offers on other servers that only signing in tells apart."""
    first = candidates[0]
    if not is_ovhcloud(first):
        return (first,)
    by_server = {first.imap[0]: first}
    for candidate in candidates[1:]:
        if is_ovhcloud(candidate) and not candidate.needs_consent:
            by_server.setdefault(candidate.imap[0], candidate)
    return tuple(by_server.values())


def is_ovhcloud(candidate: Candidate) -> bool:
    return candidate.service is not None and candidate.service.kind is ServiceKind.OVH
