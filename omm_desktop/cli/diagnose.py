"""`omm-desktop diagnose`: what the zone of a domain should hold, in a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from omm_desktop.cli.migrate import Console, Status
from omm_desktop.cli.say import say_in_full
from omm_desktop.guide.diagnosis import diagnose, read_code, read_domain
from omm_desktop.guide.dns_offers import DnsOffer, dns_offers
from omm_desktop.guide.findings import Diagnosis, Finding
from omm_desktop.guide.providers import providers
from omm_desktop.guide.resolver import NameServer, Resolver, system_name_servers
from omm_desktop.language import translate as _
from omm_desktop.model.problem import OmmError, Problem
from omm_desktop.support.catalogue import catalogue
from omm_desktop.wizard.present import domain as words

_INDENT = 4


@dataclass(frozen=True, slots=True)
class Order:
    """The arguments, as they were typed. Without `resolvers`, those of the system."""

    domain: str
    offer: str
    server: str = ""
    code: str = ""
    resolvers: Sequence[str] = ()
    as_json: bool = False


class _Refused(Exception):
    """An argument cannot be understood; the text says which."""


@dataclass(frozen=True, slots=True)
class _Read:
    """The same order, understood."""

    domain: str
    offer: DnsOffer
    server: str
    code: str
    name_servers: tuple[NameServer, ...]


def diagnose_domain(order: Order, console: Console) -> Status:
    """COMPLETE when nothing is to change, SOME_FAILED when something is, NOT_STARTED when the
    name servers do not answer or the domain does not exist."""
    try:
        read = _read(order)
    except _Refused as error:
        console.complain(str(error))
        return Status.USAGE
    try:
        found = diagnose(
            Resolver(read.name_servers),
            read.domain,
            read.offer.id,
            server=read.server,
            ownership_code=read.code,
        )
    except OmmError as error:
        return _failed(error.problem, order, console)
    text = _as_json(found) if order.as_json else "\n".join(_lines(found))
    print(text, file=console.stdout, flush=True)
    if found.to_change:
        return Status.SOME_FAILED
    if found.unanswered:
        console.complain(say_in_full(found.unanswered))
        return Status.NOT_STARTED
    return Status.COMPLETE


def _read(order: Order) -> _Read:
    offers = dns_offers()
    if order.offer not in offers:
        raise _Refused(
            _("No offer has the id {id}. Known: {known}").format(
                id=order.offer, known=", ".join(offers)
            )
        )
    offer = offers[order.offer]
    try:
        domain = read_domain(order.domain)
    except ValueError:
        raise _Refused(_("This is not a domain: {}").format(order.domain)) from None
    try:
        server = offer.read_server(order.server)
    except ValueError:
        raise _Refused(_("This offer has no such server: {}").format(order.server)) from None
    try:
        code = read_code(order.code)
    except ValueError:
        raise _Refused(_("This is not a code of ownership: {}").format(order.code)) from None
    return _Read(domain, offer, server, code, _name_servers(order))


def _name_servers(order: Order) -> tuple[NameServer, ...]:
    found = []
    for text in order.resolvers:
        try:
            found.append(NameServer.parse(text))
        except ValueError:
            raise _Refused(_("This is not a name server: {}").format(text)) from None
    return tuple(found) or system_name_servers()


def _failed(problem: Problem, order: Order, console: Console) -> Status:
    if order.as_json:
        told = {"domain": order.domain, "offer": order.offer, "problem": _problem(problem)}
        print(json.dumps(told, ensure_ascii=False, indent=2), file=console.stdout, flush=True)
    console.complain(say_in_full(problem))
    return Status.NOT_STARTED


def _lines(found: Diagnosis) -> Iterator[str]:
    offer = providers().by_id(found.service).name.text()
    yield " · ".join(filter(None, (found.domain, offer, found.server)))
    if told := words.name_servers(found):
        yield told
    for finding in found.findings:
        yield ""
        yield from _finding_lines(finding)
    yield ""
    yield words.headline(found)
    if found.to_change:
        yield words.patience()


def _finding_lines(finding: Finding) -> Iterator[str]:
    text = words.line(finding)
    yield f"{text.icon} {text.badge} · {text.title} · {finding.name}"
    for sentence in (text.explanation, *text.remarks, text.remedy):
        if sentence:
            yield f"{'':{_INDENT}}{sentence}"
    values = ((_("found"), text.found), (_("expected"), text.expected))
    width = max(len(name) for name, _values in values)
    for name, records in values:
        for number, record in enumerate(records):
            yield f"{'':{_INDENT}}{'' if number else name:<{width}}  {record}"


def _as_json(found: Diagnosis) -> str:
    return json.dumps(
        {
            "domain": found.domain,
            "offer": found.service,
            "server": found.server,
            "name_servers": found.name_servers,
            "to_change": found.to_change,
            "patience_hours": words.PATIENCE_HOURS,
            "records": [_record(finding) for finding in found.findings],
            "problem": _problem(found.unanswered) if found.unanswered else None,
        },
        ensure_ascii=False,
        indent=2,
    )


def _record(finding: Finding) -> dict[str, Any]:
    text = words.line(finding)
    return {
        "part": finding.part,
        "name": finding.name,
        "type": finding.type,
        "badge": finding.badge,
        "reason": finding.reason,
        "found": finding.found,
        "expected": finding.expected,
        "explanation": text.explanation,
        "remarks": [
            {"reason": reason, "text": said}
            for reason, said in zip(finding.remarks, text.remarks, strict=True)
        ],
        "remedy": text.remedy,
        "problem": _problem(finding.problem) if finding.problem else None,
    }


def _problem(problem: Problem) -> dict[str, str]:
    entry = catalogue().entry(problem)
    return {"id": problem.id, "code": entry.code, "title": entry.title, "detail": problem.detail}
