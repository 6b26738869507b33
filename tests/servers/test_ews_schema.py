"""The EWS server refuses what the schema refuses."""

from __future__ import annotations

import pytest
from lxml import etree

from .ews.schema import check
from .ews.soap import NAMESPACES, SoapFault

M, T = NAMESPACES["m"], NAMESPACES["t"]
EVENT = "<t:Subject>s</t:Subject><t:Start>{start}</t:Start><t:End>2024-01-01T10:00:00Z</t:End>"
START = EVENT.format(start="2024-01-01T09:00:00Z")
DAILY = "<t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>"
ENDLESS = "<t:NoEndRecurrence><t:StartDate>2024-01-01</t:StartDate></t:NoEndRecurrence>"


def create(kind: str, content: str) -> str:
    folder = '<m:SavedItemFolderId><t:FolderId Id="x"/></m:SavedItemFolderId>'
    items = f"<m:Items><t:{kind}>{content}</t:{kind}></m:Items>"
    return f'<m:CreateItem MessageDisposition="SaveOnly">{folder}{items}</m:CreateItem>'


def checked(request: str) -> None:
    whole = f'<x xmlns:m="{M}" xmlns:t="{T}">{request}</x>'
    check(etree.fromstring(whole)[0])


@pytest.mark.parametrize(
    "request_",
    [
        create("CalendarItem", START),
        create("CalendarItem", f"{START}<t:Recurrence>{DAILY}{ENDLESS}</t:Recurrence>"),
        create("Task", "<t:Subject>s</t:Subject><t:DueDate>2024-01-01T00:00:00Z</t:DueDate>"),
        create(
            "Contact",
            '<t:EmailAddresses><t:Entry Key="EmailAddress1">x</t:Entry></t:EmailAddresses>',
        ),
        "<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
        '<m:ItemIds><t:ItemId Id="x"/><t:ItemId Id="y"/></m:ItemIds></m:GetItem>',
    ],
)
def test_good_requests(request_: str) -> None:
    checked(request_)


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (create("Message", "<t:Body>x</t:Body>"), "lacks the attribute 'BodyType'"),
        (create("Message", "<t:IsRead>1</t:IsRead><t:Subject>s</t:Subject>"), "out of order"),
        (create("Message", "<t:Subject>s</t:Subject><t:Subject>s</t:Subject>"), "twice"),
        (create("Message", "<t:Start>2024-01-01T09:00:00Z</t:Start>"), "unexpected 'Start'"),
        (create("Message", "<t:IsRead>perhaps</t:IsRead>"), "not a boolean"),
        (create("Message", "<t:Importance>Urgent</t:Importance>"), "is 'Urgent'"),
        (create("CalendarItem", EVENT.format(start="2024-01-01")), "without a time"),
        (create("CalendarItem", EVENT.format(start="now")), "not an instant"),
        (create("CalendarItem", f"{START}<t:Recurrence>{DAILY}</t:Recurrence>"), "needs one of"),
        (create("CalendarItem", f"<t:Recurrence>{ENDLESS}{DAILY}</t:Recurrence>"), "out of order"),
        (
            create("Contact", '<t:PhoneNumbers><t:Entry Key="Sea">1</t:Entry></t:PhoneNumbers>'),
            "Key=",
        ),
        (create("Message", "<m:Subject>s</m:Subject>"), "wrong namespace"),
        ("<m:DeleteAttachment><m:AttachmentIds/></m:DeleteAttachment>", "is empty"),
        ('<m:GetItem><m:ItemIds><t:ItemId Id="x"/></m:ItemIds></m:GetItem>', "lacks 'ItemShape'"),
        ("<m:DeleteItem DeleteType='Soft'><m:ItemIds/></m:DeleteItem>", "has DeleteType='Soft'"),
    ],
)
def test_bad_requests(request_: str, why: str) -> None:
    with pytest.raises(SoapFault, match=why):
        checked(request_)
