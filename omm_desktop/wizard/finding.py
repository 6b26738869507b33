"""Which of the settings that were found a page may use, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from omm_desktop.endpoints.ews.exchange_online import is_exchange_online
from omm_desktop.guide.discovery.candidate import Candidate, Findings
from omm_desktop.guide.service import ServiceKind
from omm_desktop.model.ews_url import server_at


class Scope(StrEnum):
    """Whose settings are looked for."""

    ANYBODY = "anybody"
    OVHCLOUD = "ovhcloud"
    EXCHANGE = "exchange"


def usable(
    findings: Findings, scope: Scope, taken: str = "", *, by_pop: bool = False
) -> list[Candidate]:
    """Settings with an Exchange or IMAP server, the best first; then, where POP will do, others.

    `taken` is the host of the other mailbox where both have one address: the search, which knows
    one server of a domain only, must not offer it for this one.
    """
    if scope is Scope.EXCHANGE:
        # Exchange Online comes last: its EWS is closed, which is to be told.
        found = sorted((one for one in findings.candidates if one.ews), key=_is_online)
    else:
        found = [one for one in findings.candidates if one.imap or one.by_exchange]
        if by_pop:
            found += [one for one in findings.candidates if one.pop and one not in found]
    return [
        candidate
        for candidate in found
        if candidate.host != taken and (scope is not Scope.OVHCLOUD or is_ovhcloud(candidate))
    ]


def _is_online(candidate: Candidate) -> bool:
    return is_exchange_online(server_at(candidate.ews).host)


def alternatives(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The first, and the OVHcloud offers on other servers that only signing in tells apart."""
    first = candidates[0]
    if not is_ovhcloud(first):
        return (first,)
    by_host = {first.host: first}
    for candidate in candidates[1:]:
        if is_ovhcloud(candidate) and not candidate.needs_consent:
            by_host.setdefault(candidate.host, candidate)
    return tuple(by_host.values())


def is_ovhcloud(candidate: Candidate) -> bool:
    return candidate.service is not None and candidate.service.kind is ServiceKind.OVH
