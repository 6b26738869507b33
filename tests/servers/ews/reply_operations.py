"""Automatic replies: GetUserOofSettings, SetUserOofSettings."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

from .moments import parse, show
from .request import Request
from .soap import Element, EwsError, children, find, make, need, text_at
from .store import Store

PARTS = ("OofState", "ExternalAudience", "Duration", "InternalReply", "ExternalReply")


def get_user_oof_settings(request: Request, body: Element) -> Element:
    """Where nothing is planned, the duration is of today."""
    mailbox = request.mailbox(text_at(body, "t:Mailbox/t:Address"))
    settings = mailbox.automatic_reply
    shown = {part: deepcopy(find(settings, f"t:{part}")) for part in PARTS if settings is not None}
    given = (shown.get(part) for part in PARTS)
    content = [
        deepcopy(usual) if one is None else one
        for one, usual in zip(given, _usual(request.store), strict=True)
    ]
    return make(
        "m:GetUserOofSettingsResponse",
        _message(),
        make("t:OofSettings", *content),
        make("m:AllowExternalOof", "All"),
    )


def _usual(store: Store) -> list[Element]:
    """What a mailbox that nobody has told anything says, part by part."""
    today = store.now().replace(minute=0, second=0, microsecond=0)
    return [
        make("t:OofState", "Disabled"),
        make("t:ExternalAudience", "All"),
        make(
            "t:Duration",
            make("t:StartTime", show(today)),
            make("t:EndTime", show(today + timedelta(days=1))),
        ),
        make("t:InternalReply", make("t:Message", "")),
        make("t:ExternalReply", make("t:Message", "")),
    ]


def _message() -> Element:
    return make("m:ResponseMessage", make("m:ResponseCode", "NoError"), ResponseClass="Success")


def set_user_oof_settings(request: Request, body: Element) -> Element:
    mailbox = request.mailbox(text_at(body, "t:Mailbox/t:Address"))
    if mailbox is not request.user:
        raise EwsError("ErrorAccessDenied", "Automatic replies are one's own.")
    settings = deepcopy(need(body, "t:UserOofSettings"))
    duration = find(settings, "t:Duration")
    if text_at(settings, "t:OofState") == "Scheduled":
        _check_duration(request.store, duration)
    elif duration is not None:
        settings.remove(duration)
    for reply in (find(settings, f"t:{name}") for name in ("InternalReply", "ExternalReply")):
        if reply is not None:
            _settle_text(reply)
    mailbox.automatic_reply = settings
    return make("m:SetUserOofSettingsResponse", _message())


def _check_duration(store: Store, duration: Element | None) -> None:
    start, end = (
        (parse(one.text or "") for one in children(duration))
        if duration is not None
        else (None, None)
    )
    if start is None or end is None or start >= end or end <= store.now():
        raise EwsError("ErrorInvalidScheduledOofDuration", "The duration is not valid.")


def _settle_text(reply: Element) -> None:
    """Plain text becomes HTML."""
    message = find(reply, "t:Message")
    if message is not None and message.text and "<" not in message.text:
        message.text = f"<html>\r\n<body>\r\n<div>{message.text}</div>\r\n</body>\r\n</html>\r\n"


OPERATIONS = {
    "GetUserOofSettingsRequest": get_user_oof_settings,
    "SetUserOofSettingsRequest": set_user_oof_settings,
}
