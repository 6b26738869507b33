"""The out-of-office reply: GetUserOofSettings and SetUserOofSettings."""

from __future__ import annotations

from datetime import datetime

from ....model.problem import ItemError, Place, Problem, ProblemId
from ....model.settings import Audience, OutOfOffice, ReplyState
from ..transport.connection import Connection
from ..transport.elements import Element, T, make, text_of
from ..transport.timestamps import instant
from .setting_request import ask_setting

_STATES = {
    "Disabled": ReplyState.OFF,
    "Enabled": ReplyState.ON,
    "Scheduled": ReplyState.SCHEDULED,
}
_AUDIENCES = {"None": Audience.NOBODY, "Known": Audience.KNOWN, "All": Audience.EVERYBODY}


def read_reply(connection: Connection) -> OutOfOffice:
    """Raises `ItemError` (SETTING_UNREADABLE)."""
    request = make("m:GetUserOofSettingsRequest", _whose(connection))
    reply, fault = ask_setting(connection, request)
    settings = reply.find(f"{T}OofSettings") if reply is not None else None
    state = _STATES.get(text_of(settings, "OofState")) if settings is not None else None
    if fault is not None or settings is None or state is None:
        detail = fault.detail if fault else "no state in the answer"
        raise ItemError(Problem(ProblemId.SETTING_UNREADABLE, connection.place, detail))
    return OutOfOffice(
        state,
        settings.findtext(f"{T}InternalReply/{T}Message") or "",
        settings.findtext(f"{T}ExternalReply/{T}Message") or "",
        _AUDIENCES.get(text_of(settings, "ExternalAudience"), Audience.NOBODY),
        _moment(settings, "StartTime"),
        _moment(settings, "EndTime"),
    )


def keep_reply(connection: Connection, reply: OutOfOffice) -> None:
    """Set its texts, switched off whatever `reply` says: from here nothing begins to answer.

    Raises `ItemError` (SETTING_REFUSED).
    """
    audience = next(word for word in _AUDIENCES if _AUDIENCES[word] is reply.audience)
    settings = make(
        "t:UserOofSettings",
        make("t:OofState", text="Disabled"),
        make("t:ExternalAudience", text=audience),
        make("t:InternalReply", make("t:Message", text=reply.internal)),
        make("t:ExternalReply", make("t:Message", text=reply.external)),
    )
    request = make("m:SetUserOofSettingsRequest", _whose(connection), settings)
    _, fault = ask_setting(connection, request)
    if fault is not None:
        raise ItemError(Problem(ProblemId.SETTING_REFUSED, Place.DESTINATION, fault.detail))


def _whose(connection: Connection) -> Element:
    """The mailbox by its address: these two operations know no other name."""
    account = connection.account
    named = (account.mailbox, account.address, account.login)
    address = next((name for name in named if "@" in name), account.login)
    return make("t:Mailbox", make("t:Address", text=address))


def _moment(settings: Element, name: str) -> datetime | None:
    return instant(settings.findtext(f"{T}Duration/{T}{name}") or "")
