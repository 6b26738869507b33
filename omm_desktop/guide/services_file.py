"""Reads resources/services.toml; refuses whatever it does not know."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from omm_desktop.guide.service import (
    Citation,
    Confidence,
    Guide,
    LoginForm,
    Origin,
    Question,
    Service,
    ServiceKind,
    ServiceLimits,
    SignIn,
    Wording,
)
from omm_desktop.language import DATA_LANGUAGES
from omm_desktop.model.account import Security, Server

_KEYS = {field.name for field in fields(Service)}
_LIMITS = [field.name for field in fields(ServiceLimits)]
_VALUES = ("imap", "pop", "smtp", "ews", "activesync", "caldav", "webmail", *_LIMITS)
_PARTS = {"host", "port", "security", "url"}
_ISO_DATE = re.compile(r"\d{4}(-\d\d){0,2}")


def read(path: Path) -> tuple[list[Service], list[Citation]]:
    """All services and sources. ValueError, KeyError or TypeError where the file is wrong."""
    with path.open("rb") as stream:
        data = tomllib.load(stream)
    refuse_unknown(data, {"sources", "service"}, "file")
    citations = {id: _citation(id, entry) for id, entry in data["sources"].items()}
    services = [_service(entry, citations) for entry in data["service"]]
    return services, list(citations.values())


def _service(entry: Mapping[str, Any], citations: Mapping[str, Citation]) -> Service:
    refuse_unknown(entry, _KEYS, str(entry.get("id")))
    login = LoginForm(entry["login"])
    return Service(
        id=entry["id"],
        name=wording(entry["name"]),
        kind=ServiceKind(entry["kind"]),
        region=entry["region"],
        checked=entry["checked"],
        confidence=Confidence(entry["confidence"]),
        sources=tuple(citations[id].id for id in entry["sources"]),
        domains=frozenset(entry.get("domains", ())),
        mx=tuple(entry.get("mx", ())),
        login=login,
        smtp_login=LoginForm(entry.get("smtp_login", login)),
        sign_in=tuple(SignIn(name) for name in entry["sign_in"]),
        advice=wording(entry["advice"]) if "advice" in entry else None,
        help=entry.get("help"),
        webmail=entry.get("webmail"),
        ask=_question(entry["ask"]) if "ask" in entry else None,
        imap=_servers(entry, "imap"),
        pop=_servers(entry, "pop"),
        smtp=_servers(entry, "smtp"),
        ews=entry.get("ews"),
        limits=ServiceLimits(**entry.get("limits", {})),
        origins=_origins(entry, citations),
        notes=wordings(entry.get("notes", ())),
        guide=_guide(entry["guide"], citations) if "guide" in entry else None,
        activesync=entry.get("activesync"),
        caldav=entry.get("caldav"),
        exchange=entry.get("exchange", False),
    )


def _servers(entry: Mapping[str, Any], key: str) -> tuple[Server, ...]:
    servers = []
    for server in entry.get(key, ()):
        refuse_unknown(server, {"host", "port", "security"}, f"{entry['id']}.{key}")
        servers.append(Server(server["host"], server["port"], Security(server["security"])))
    return tuple(servers)


def _origins(entry: Mapping[str, Any], citations: Mapping[str, Citation]) -> dict[str, Origin]:
    """A value without an origin of its own takes that of the limits, or the first source."""
    named = entry.get("origins", {})
    refuse_unknown(named, {*_VALUES, "limits"}, f"{entry['id']}.origins")
    told = {name: _origin(origin, citations) for name, origin in named.items()}
    usual = Origin(citations[entry["sources"][0]])
    of_limits = told.pop("limits", usual)
    return {name: of_limits if name in _LIMITS else usual for name in _VALUES} | told


def _origin(entry: Mapping[str, Any], citations: Mapping[str, Citation]) -> Origin:
    refuse_unknown(entry, {"source", "inferred"}, "origin")
    inferred = dict.fromkeys(entry.get("inferred", ()))
    refuse_unknown(inferred, _PARTS, "inferred")
    return Origin(citations[entry["source"]], frozenset(inferred))


def _citation(id: str, entry: Mapping[str, str]) -> Citation:
    refuse_unknown(entry, {*DATA_LANGUAGES, "published", "page"}, f"sources.{id}")
    published = entry.get("published", "")
    if published and not _ISO_DATE.fullmatch(published):
        raise ValueError(f"no date: {published}")
    return Citation(id, Wording(entry["fr"], entry["en"]), published, entry.get("page", ""))


def _guide(entry: Mapping[str, Any], citations: Mapping[str, Citation]) -> Guide:
    refuse_unknown(entry, {"checked", "source", "steps"}, "guide")
    return Guide(entry["checked"], citations[entry["source"]], wordings(entry["steps"]))


def _question(entry: Mapping[str, str]) -> Question:
    refuse_unknown(entry, {"name", *DATA_LANGUAGES}, "ask")
    return Question(entry["name"], Wording(entry["fr"], entry["en"]))


def wordings(entries: Sequence[Mapping[str, str]]) -> tuple[Wording, ...]:
    return tuple(wording(entry) for entry in entries)


def wording(entry: Mapping[str, str]) -> Wording:
    refuse_unknown(entry, set(DATA_LANGUAGES), "wording")
    return Wording(entry["fr"], entry["en"])


def refuse_unknown(entry: Mapping[str, Any], known: set[str], where: str) -> None:
    """ValueError that names what is not known."""
    unknown = set(entry) - known
    if unknown:
        raise ValueError(f"unknown in {where}: {', '.join(sorted(unknown))}")
