"""A plan as text, for the ledger. It never holds a secret."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from omm_desktop.model.account import Access, Account, EndpointKind, MailFormat, Security, Server
from omm_desktop.model.items import FolderRole, ItemKind
from omm_desktop.model.plan import (
    DailyBytes,
    FolderRule,
    Labels,
    MigrationPlan,
    Notices,
    Options,
    Selection,
)
from omm_desktop.model.settings import SettingKind


def to_json(plan: MigrationPlan) -> str:
    selection = plan.selection
    return json.dumps(
        {
            "source": _account_out(plan.source),
            "destination": _account_out(plan.destination),
            "kinds": sorted(selection.kinds),
            "settings": sorted(selection.settings),
            "include": selection.include,
            "left_out": sorted(selection.left_out),
            "since": selection.since.isoformat() if selection.since else None,
            "connections": plan.options.connections,
            "settle_seconds": plan.options.settle_seconds,
            "at_most": plan.options.at_most,
            "labels": plan.options.labels,
            "update": plan.options.update,
            "start_at": _moment_out(plan.options.start_at),
            "rules": [[rule.source, rule.destination] for rule in plan.rules],
            "bytes_per_day": [plan.bytes_per_day.source, plan.bytes_per_day.destination],
            "largest_known": plan.largest_known,
            "files": [_account_out(account) for account in plan.files],
            "notices": _notices_out(plan.notices) if plan.notices else None,
        },
        ensure_ascii=False,
    )


def from_json(text: str) -> MigrationPlan:
    data = json.loads(text)
    return MigrationPlan(
        source=_account_in(data["source"]),
        destination=_account_in(data["destination"]),
        selection=Selection(
            kinds=frozenset(map(ItemKind, data["kinds"])),
            include=None if data["include"] is None else tuple(data["include"]),
            left_out=frozenset(map(FolderRole, data["left_out"])),
            since=date.fromisoformat(data["since"]) if data["since"] else None,
            settings=frozenset(map(SettingKind, data.get("settings", ()))),
        ),
        options=Options(
            data["connections"],
            data["settle_seconds"],
            data["at_most"],
            Labels(data.get("labels", Labels.ONCE)),
            data.get("update", False),
            _moment_in(data.get("start_at")),
        ),
        rules=tuple(FolderRule(tuple(a), tuple(b)) for a, b in data["rules"]),
        bytes_per_day=DailyBytes(*data.get("bytes_per_day", (None, None))),
        largest_known=data.get("largest_known"),
        files=tuple(map(_account_in, data.get("files", ()))),
        notices=_notices_in(data["notices"]) if data.get("notices") else None,
    )


def _moment_out(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment_in(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _notices_out(notices: Notices) -> dict[str, Any]:
    return {
        "address": notices.address,
        "login": notices.login,
        "sender": notices.sender,
        "host": notices.server.host,
        "port": notices.server.port,
        "security": notices.server.security,
    }


def _notices_in(data: dict[str, Any]) -> Notices:
    server = Server(data["host"], data["port"], Security(data["security"]))
    return Notices(data["address"], server, data["login"], data["sender"])


def _account_out(account: Account) -> dict[str, Any]:
    return {
        "kind": account.kind,
        "login": account.login,
        "address": account.address,
        "host": account.server.host,
        "port": account.server.port,
        "security": account.server.security,
        "url": account.url,
        "mailbox": account.mailbox,
        "access": account.access,
        "path": None if account.path is None else str(account.path),
        "mail_format": account.mail_format,
    }


def _account_in(data: dict[str, Any]) -> Account:
    server = Server(data["host"], data["port"], Security(data["security"]))
    path = data.get("path")
    return Account(
        EndpointKind(data["kind"]),
        data["login"],
        server,
        data["address"],
        data.get("url", ""),
        data.get("mailbox", ""),
        Access(data.get("access", Access.DELEGATE)),
        None if path is None else Path(path),
        MailFormat(data.get("mail_format", MailFormat.MBOX)),
    )
