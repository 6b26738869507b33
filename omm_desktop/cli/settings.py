"""`omm-desktop settings`: the settings reference in a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from omm_desktop.cli.migrate import Console, Status
from omm_desktop.guide import labels
from omm_desktop.guide.providers import Providers, providers
from omm_desktop.guide.reference import Sheet, near, sheet
from omm_desktop.guide.service import Guide, Service, Wording
from omm_desktop.guide.steps import MailProgram
from omm_desktop.language import translate as _
from omm_desktop.model.protocol import Protocol

_INDENT = "  "


def settings(id: str | None, want_json: bool, console: Console) -> Status:
    """A table of all services, or all about one; near ids when there is none of that id."""
    known = providers()
    if id is None:
        text = _table_json(known) if want_json else _table(known)
    else:
        try:
            service = known.by_id(id)
        except KeyError:
            console.complain(_unknown(known, id))
            return Status.USAGE
        text = _as_json(service) if want_json else "\n".join(_lines(service))
    print(text, file=console.stdout, flush=True)
    return Status.COMPLETE


def _table(known: Providers) -> str:
    widest = max(len(service.id) for service in known.services)
    return "\n".join(f"{one.id:<{widest}}  {one.name.text()}" for one in known.services)


def _table_json(known: Providers) -> str:
    return _dump([{"id": one.id, "name": asdict(one.name)} for one in known.services])


def _unknown(known: Providers, id: str) -> str:
    lines = [_("No service is called {}.").format(id)]
    if found := near(known, id):
        lines.append(_("Did you mean: {}").format(", ".join(found)))
    lines.append(_("All of them: omm-desktop settings"))
    return "\n".join(lines)


def _lines(service: Service) -> Iterator[str]:
    yield f"{service.name.text()}  [{service.id}]"
    yield labels.checked(service.checked)
    if service.ask is not None:
        yield f"{{{service.ask.name}}} = {service.ask.words.text()}"
    yield labels.sign_in(service)
    if service.webmail:
        yield _("Webmail: {}").format(service.webmail)
    yield from (note.text() for note in service.notes)
    for protocol in Protocol:
        one = sheet(service, protocol)
        if one.parts and protocol is not Protocol.SMTP:
            yield from _sheet_lines(one)
    if service.guide is not None:
        yield from ("", labels.guide_title(service))
        yield from _numbered([step.text() for step in service.guide.steps])
        yield labels.source(service.guide.citation)
    if allowed := labels.limits(service):
        yield from ("", *allowed)


def _sheet_lines(one: Sheet) -> Iterator[str]:
    yield from ("", labels.PROTOCOLS[one.protocol])
    for part in one.parts:
        yield f"{_INDENT}{labels.part_name(part.name)}"
        yield from (f"{_INDENT * 2}{labels.value_line(value)}" for value in part.values)
        yield f"{_INDENT * 2}{labels.login_line(part.login)}"
        if part.asks_spa:
            yield f"{_INDENT * 2}{labels.spa_line()}"
    yield from (f"{_INDENT}{labels.source(citation)}" for citation in one.citations())
    for program in one.programs():
        for title, steps in ((labels.adding(program), program.add),
                             (labels.changing(program), program.change)):  # fmt: skip
            yield f"{_INDENT}{title}"
            yield from (f"{_INDENT}{line}" for line in _numbered(labels.steps(steps, one)))


def _numbered(steps: list[str]) -> list[str]:
    return [f"{number:>3}. {step}" for number, step in enumerate(steps, start=1)]


def _as_json(service: Service) -> str:
    return _dump(
        {
            "id": service.id,
            "name": asdict(service.name),
            "kind": service.kind,
            "region": service.region,
            "checked": service.checked.isoformat(),
            "confidence": service.confidence,
            "domains": sorted(service.domains),
            "mx": service.mx,
            "login": service.login,
            "smtp_login": service.smtp_login,
            "spa": False,
            "sign_in": service.sign_in,
            "advice": asdict(service.advice) if service.advice else None,
            "help": service.help,
            "guide": _guide(service.guide) if service.guide else None,
            "ask": asdict(service.ask) if service.ask else None,
            "imap": [asdict(server) for server in service.imap],
            "pop": [asdict(server) for server in service.pop],
            "smtp": [asdict(server) for server in service.smtp],
            "ews": service.ews,
            "activesync": service.activesync,
            "caldav": service.caldav,
            "webmail": service.webmail,
            "limits": {k: v for k, v in asdict(service.limits).items() if v is not None},
            "origins": _origins(service),
            "notes": _both(service.notes),
            "programs": [_program(program) for program in _programs(service)],
        }
    )


def _origins(service: Service) -> dict[str, Any]:
    """Of the values that the service has."""
    has = {name for name, limit in asdict(service.limits).items() if limit is not None}
    has |= {name for name in service.origins if getattr(service, name, None)}
    return {
        name: {"source": asdict(origin.citation), "inferred": sorted(origin.inferred)}
        for name, origin in service.origins.items()
        if name in has
    }


def _programs(service: Service) -> list[MailProgram]:
    sheets = [sheet(service, protocol) for protocol in Protocol]
    return list(dict.fromkeys(program for one in sheets for program in one.programs()))


def _guide(guide: Guide) -> dict[str, Any]:
    return {
        "checked": guide.checked.isoformat(),
        "source": asdict(guide.citation),
        "steps": _both(guide.steps),
    }


def _program(program: MailProgram) -> dict[str, Any]:
    return {
        "id": program.id,
        "name": asdict(program.name),
        "protocols": sorted(program.protocols),
        "add": _both(program.add),
        "change": _both(program.change),
        "source": asdict(program.citation),
    }


def _both(steps: tuple[Wording, ...]) -> list[dict[str, str]]:
    return [asdict(step) for step in steps]


def _dump(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
