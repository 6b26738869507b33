"""A record of every request, and of everything that would have sent something to somebody."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .soap import Element, find_all, local, text_at
from .words import words

MOST_ENTRIES = 20_000
MOST_BODIES = 500
LARGEST_KEPT = 1 << 18

NOTHING_SENT = {
    "MessageDisposition": "SaveOnly",
    "SendMeetingInvitations": "SendToNone",
    "SendMeetingInvitationsOrCancellations": "SendToNone",
    "SendMeetingCancellations": "SendToNone",
}
EXPECTED = {
    "CreateItem": ("MessageDisposition", "SendMeetingInvitations"),
    "UpdateItem": ("MessageDisposition", "SendMeetingInvitationsOrCancellations"),
    "DeleteItem": ("SendMeetingCancellations",),
}
SENDING = frozenset({"SendItem", "MarkAsJunk", "SendNotification"})
SENDING_ACTIONS = words(
    "ForwardAsAttachmentToRecipients ForwardToRecipients RedirectToRecipients "
    "SendSMSAlertToRecipients ServerReplyWithMessage"
)
REPLIES = words(
    "ReplyToItem ReplyAllToItem ForwardItem AcceptItem TentativelyAcceptItem DeclineItem "
    "CancelCalendarItem RemoveItem SuppressReadReceipt ApproveRequestItem RejectRequestItem"
)


@dataclass(slots=True)
class Entry:
    """One request. `headers` without Authorization; no `body` when it was large or is long ago."""

    number: int
    operation: str
    user: str | None
    size: int
    headers: Mapping[str, str]
    attributes: Mapping[str, str] = field(default_factory=dict)
    body: Element | None = None
    status: int = 0


Check = Callable[[Entry, Element], list[str]]
"""What is wrong with a request, in words; empty when nothing is."""


class Journal:
    """The last requests in order, the very last with their bodies; violations are all kept.

    `checks` are made of every request as it comes; what they find are violations too.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self.entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self._with_bodies: deque[Entry] = deque()
        self.checks: list[Check] = []
        self.violations: list[str] = []
        self.most_at_once = 0

    def begin(self, size: int, headers: Mapping[str, str]) -> Entry:
        shown = {name: value for name, value in headers.items() if name != "Authorization"}
        with self._lock:
            self._count += 1
            entry = Entry(self._count, "", None, size, shown)
            self.entries.append(entry)
        return entry

    def understood(self, entry: Entry, body: Element) -> None:
        """Note what the request asks for, and whether it would send anything."""
        entry.operation = local(body)
        entry.attributes = dict(body.attrib)
        found = sending(body)
        for check in self.checks:
            found += check(entry, body)
        with self._lock:
            self.violations += [f"#{entry.number} {one}" for one in found]
            if entry.size <= LARGEST_KEPT:
                entry.body = body
                self._with_bodies.append(entry)
            if len(self._with_bodies) > MOST_BODIES:
                self._with_bodies.popleft().body = None

    def crowd(self, at_once: int) -> None:
        self.most_at_once = max(self.most_at_once, at_once)

    def of(self, operation: str) -> list[Entry]:
        """The requests of that operation still remembered."""
        return [entry for entry in self.entries if entry.operation == operation]

    def operations(self) -> list[str]:
        return [entry.operation for entry in self.entries]

    def assert_nothing_sent(self) -> None:
        """AssertionError when a request could have sent something to anybody, or failed a check."""
        assert not self.violations, "\n".join(self.violations)


def sending(body: Element) -> list[str]:
    """Why the request could send something; empty when it cannot."""
    operation = local(body)
    found = [operation] if operation in SENDING else []
    for name in EXPECTED.get(operation, ()):
        value = body.get(name)
        if value != NOTHING_SENT[name] and (value is not None or _needs(body, name)):
            found.append(f"{operation} {name}={value}")
    if body.get("SuppressReadReceipts") == "false":
        found.append(f"{operation} SuppressReadReceipts=false")
    if operation == "CreateItem":
        found += [
            f"CreateItem of {local(one)}"
            for one in find_all(body, "m:Items/*")
            if local(one) in REPLIES
        ]
    return found + _begins_to_send(body)


def _begins_to_send(body: Element) -> list[str]:
    """Rules that forward and are on, a reply that is on or planned."""
    found = [
        f"a rule with {local(action)} that is on"
        for rule in body.iter("{*}Rule")
        for action in find_all(rule, "t:Actions/*")
        if local(action) in SENDING_ACTIONS and text_at(rule, "t:IsEnabled") in ("true", "1")
    ]
    state = text_at(body, "t:UserOofSettings/t:OofState")
    return found + ([f"OofState {state}"] if state not in (None, "Disabled") else [])


def _needs(body: Element, name: str) -> bool:
    """Whether Exchange wants the attribute for what is in the request."""
    if local(body) == "DeleteItem":
        return False
    kinds = {local(one) for one in body.iter("{*}Message", "{*}CalendarItem")}
    return ("CalendarItem" if "Meeting" in name else "Message") in kinds
