"""Rules of the inbox: GetInboxRules, and UpdateInboxRules that does nothing but add.

Outlook keeps the rules a second time, in one hidden item of its own, and there alone those that it
carries out by itself and those that are switched off. While that item exists, Exchange changes no
rule unless it may remove it (RemoveOutlookRuleBlob), and such rules are lost then. Hence it is
never removed: a mailbox that has one gets no rules from us.
"""

from __future__ import annotations

from collections.abc import Sequence

from ....model.account import Access
from ....model.problem import ItemError, Place, Problem, ProblemId
from ....model.settings import InboxRule, RuleList
from ..folders.finding import distinguished, folder_id
from ..transport.connection import Connection
from ..transport.elements import Element, M, T, children, local, make, shape, text_of
from ..transport.faults import RequestRefused
from .rule_content import folders_of, read_rule, write_rule
from .setting_request import ask_setting

_BLOCKED = "ErrorOutlookRuleBlobExists"


class InboxRules:
    """Over one session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._addresses: dict[str, str] = {}

    def read(self) -> RuleList:
        """Raises `ItemError` (SETTING_UNREADABLE)."""
        reply = self._ask()
        rules = reply.find(f"{M}InboxRules")
        if rules is None:
            return RuleList((), _outlook_has_more(reply))
        keys = self._keys(folders_of(rules))

        def key_of(identifier: Element) -> str:
            told = str(identifier.get("Id"))
            return keys.get(told, told)

        place = self._connection.place
        in_order = sorted(children(rules), key=_priority)
        return RuleList(
            tuple(read_rule(rule, place, self._address_of, key_of) for rule in in_order),
            _outlook_has_more(reply),
        )

    def folders(self) -> frozenset[str]:
        """Keys of those that the rules use, whatever else they do. Raises as `read` does."""
        rules = self._ask().find(f"{M}InboxRules")
        return frozenset() if rules is None else frozenset(self._keys(folders_of(rules)).values())

    def add(self, rule: InboxRule) -> None:
        """Behind all others. Raises `ItemError` (SETTING_REFUSED, RULES_BLOCKED)."""
        there = self._ask().find(f"{M}InboxRules")
        last = max(map(_priority, children(there)), default=0)
        request = make(
            "m:UpdateInboxRules",
            *self._whose(),
            make("m:RemoveOutlookRuleBlob", text="false"),
            make("m:Operations", make("t:CreateRuleOperation", write_rule(rule, last + 1))),
        )
        reply, fault = ask_setting(self._connection, request)
        if fault is None:
            return
        blocked = fault.code == _BLOCKED
        id = ProblemId.RULES_BLOCKED if blocked else ProblemId.SETTING_REFUSED
        said = [] if reply is None else [_said(one) for one in reply.iter(f"{T}Error")]
        detail = "; ".join((fault.detail, *said))
        raise ItemError(Problem(id, Place.DESTINATION, detail))

    def _ask(self) -> Element:
        request = make("m:GetInboxRules", *self._whose())
        reply, fault = ask_setting(self._connection, request)
        if reply is None or fault is not None:
            detail = fault.detail if fault else ""
            problem = Problem(ProblemId.SETTING_UNREADABLE, self._connection.place, detail)
            raise ItemError(problem)
        return reply

    def _whose(self) -> Sequence[Element]:
        account = self._connection.account
        if account.mailbox and account.access is Access.DELEGATE:
            return [make("m:MailboxSmtpAddress", text=account.mailbox)]
        return []

    def _keys(self, identifiers: Sequence[Element]) -> dict[str, str]:
        """How the list of folders spells what rules call folders; what is gone has no key."""
        wanted = {str(one.get("Id")): local(one) for one in identifiers}
        if not wanted:
            return {}
        ids = make("m:FolderIds", *(self._folder(*one) for one in wanted.items()))
        try:
            reply = self._connection.ask(make("m:GetFolder", shape("m:FolderShape"), ids))
        except RequestRefused:
            return {}
        found = {}
        for name, message in zip(wanted, reply.messages, strict=False):
            identifier = message.find(f"{M}Folders/*/{T}FolderId")
            if self._connection.fault_of(message) is None and identifier is not None:
                found[name] = str(identifier.get("Id"))
        return found

    def _folder(self, identifier: str, kind: str) -> Element:
        if kind == "DistinguishedFolderId":
            return distinguished(self._connection, identifier)
        return folder_id(identifier)

    def _address_of(self, address: Element) -> str:
        told = text_of(address, "EmailAddress").strip()
        if "@" in told:
            return told
        if told and told not in self._addresses:
            self._addresses[told] = self._resolved(told)
        return self._addresses.get(told, "")

    def _resolved(self, name: str) -> str:
        """The SMTP address of somebody whom the server calls by a name of its own."""
        request = make(
            "m:ResolveNames",
            make("m:UnresolvedEntry", text=name),
            ReturnFullContactData="false",
        )
        reply, fault = ask_setting(self._connection, request)
        if reply is None or fault is not None:
            return ""
        found = {text_of(one, "EmailAddress") for one in reply.iter(f"{T}Mailbox")}
        only = found.pop() if len(found) == 1 else ""
        return only if "@" in only else ""


def _priority(rule: Element) -> int:
    text = text_of(rule, "Priority").strip()
    return int(text) if text.isdecimal() else 0


def _outlook_has_more(reply: Element) -> bool:
    return (reply.findtext(f"{M}OutlookRuleBlobExists") or "").strip() in ("true", "1")


def _said(error: Element) -> str:
    """What a validation error names: a field, a code, the server's words."""
    parts = (text_of(error, name) for name in ("FieldURI", "ErrorCode", "ErrorMessage"))
    return " ".join(filter(None, parts))
