"""A rule as Exchange writes it <-> what of it another mailbox can have, in one spelling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from ....model.problem import Place, Problem, ProblemId
from ....model.settings import InboxRule
from ..transport.elements import Element, T, children, local, make, text_of
from ..transport.timestamps import instant

_TEXTS = frozenset(
    {
        "AssignCategories",
        "Categories",
        "ContainsBodyStrings",
        "ContainsHeaderStrings",
        "ContainsRecipientStrings",
        "ContainsSenderStrings",
        "ContainsSubjectOrBodyStrings",
        "ContainsSubjectStrings",
        "ItemClasses",
    }
)
_SENDING = frozenset(
    {"ForwardAsAttachmentToRecipients", "ForwardToRecipients", "RedirectToRecipients"}
)
_PEOPLE = _SENDING | {"FromAddresses", "SentToAddresses"}
_FOLDERS = frozenset({"CopyToFolder", "MoveToFolder"})
_TRUTHS = frozenset(
    {
        "Delete",
        "HasAttachments",
        "IsApprovalRequest",
        "IsAutomaticForward",
        "IsAutomaticReply",
        "IsEncrypted",
        "IsMeetingRequest",
        "IsMeetingResponse",
        "IsNDR",
        "IsPermissionControlled",
        "IsReadReceipt",
        "IsSigned",
        "IsVoicemail",
        "MarkAsRead",
        "NotSentToMe",
        "PermanentDelete",
        "SentCcMe",
        "SentOnlyToMe",
        "SentToMe",
        "SentToOrCcMe",
        "StopProcessingRules",
    }
)
_WORDS = frozenset({"FlaggedForAction", "Importance", "MarkImportance", "Sensitivity"})
_RANGES = frozenset({"WithinDateRange", "WithinSizeRange"})
_PARTS = ("Conditions", "Exceptions", "Actions")

AddressOf = Callable[[Element], str]
"""The SMTP address of an Address element, empty when nobody knows it."""

KeyOf = Callable[[Element], str]
"""The key of the folder that a FolderId or DistinguishedFolderId means."""


class _Untold(Exception):
    """The rule cannot be told elsewhere."""

    def __init__(self, id: ProblemId, detail: str = "", subject: str = "") -> None:
        super().__init__(id)
        self.id = id
        self.detail = detail
        self.subject = subject


@dataclass(slots=True)
class _Reading:
    address_of: AddressOf
    key_of: KeyOf
    folders: list[str]
    sends: bool = False

    def part(self, element: Element) -> Element:
        """Conditions, Exceptions or Actions with nothing but what is known to mean the same."""
        made = make(f"t:{local(element)}")
        for one in children(element):
            kept = self._predicate(one)
            if kept is not None:
                made.append(kept)
        return made

    def _predicate(self, element: Element) -> Element | None:
        """None for what says nothing."""
        name, text = local(element), (element.text or "").strip()
        if name in _TRUTHS:
            return make(f"t:{name}", text="true") if text in ("true", "1") else None
        if name in _WORDS:
            return make(f"t:{name}", text=text) if text else None
        if name in _FOLDERS:
            return self._folder(element)
        if name in _PEOPLE:
            return self._people(element)
        if name in _TEXTS or name in _RANGES:
            parts = [make(f"t:{local(one)}", text=_value(one)) for one in children(element)]
            return make(f"t:{name}", *parts) if parts else None
        raise _Untold(ProblemId.RULE_BOUND, name)

    def _folder(self, element: Element) -> Element:
        identifier = next(children(element), None)
        if identifier is None:
            raise _Untold(ProblemId.RULE_IN_ERROR, local(element))
        self.folders.append(self.key_of(identifier))
        return make(f"t:{local(element)}")

    def _people(self, element: Element) -> Element | None:
        """By their addresses alone: names are those of the address book of where they are."""
        addresses = []
        for one in children(element):
            address = self.address_of(one)
            if not address:
                who = text_of(one, "Name") or text_of(one, "EmailAddress")
                raise _Untold(ProblemId.RULE_PERSON_UNKNOWN, subject=who)
            addresses.append(make("t:Address", make("t:EmailAddress", text=address.lower())))
        if not addresses:
            return None
        self.sends = self.sends or local(element) in _SENDING
        return make(f"t:{local(element)}", *addresses)


def read_rule(rule: Element, place: Place, address_of: AddressOf, key_of: KeyOf) -> InboxRule:
    """The rule of a reply; with an obstacle when it cannot be the same in another mailbox."""
    name = text_of(rule, "DisplayName")
    enabled = _is_true(rule, "IsEnabled")
    reading = _Reading(address_of, key_of, [])

    def obstructed(id: ProblemId, detail: str = "", subject: str = "") -> InboxRule:
        return InboxRule(name, b"", enabled=enabled, obstacle=Problem(id, place, detail, subject))

    if _is_true(rule, "IsNotSupported"):
        return obstructed(ProblemId.RULE_NOT_SHOWN)
    if _is_true(rule, "IsInError"):
        return obstructed(ProblemId.RULE_IN_ERROR)
    whole = make("t:Rule")
    try:
        for part in _PARTS:
            found = rule.find(f"{T}{part}")
            made = reading.part(found) if found is not None else make(f"t:{part}")
            if len(made):
                whole.append(made)
    except _Untold as untold:
        return obstructed(untold.id, untold.detail, untold.subject)
    if whole.find(f"{T}Actions") is None:
        return obstructed(ProblemId.RULE_NOT_SHOWN)
    content = etree.tostring(whole, method="c14n")
    return InboxRule(name, content, tuple(reading.folders), enabled, reading.sends)


def write_rule(rule: InboxRule, priority: int) -> Element:
    """The Rule element that makes it; `rule.folders` are keys of the mailbox it is made in."""
    whole = etree.fromstring(rule.content)
    keys = iter(rule.folders)
    for element in whole.iter():
        if local(element) in _FOLDERS:
            element.append(make("t:FolderId", Id=next(keys)))
    return make(
        "t:Rule",
        make("t:DisplayName", text=rule.name),
        make("t:Priority", text=str(priority)),
        make("t:IsEnabled", text="true" if rule.arrives_enabled else "false"),
        *list(whole),
    )


def folders_of(rules: Element) -> list[Element]:
    """The FolderId and DistinguishedFolderId elements of all rules in a reply."""
    return [
        identifier
        for name in sorted(_FOLDERS)
        for action in rules.iter(f"{T}{name}")
        for identifier in children(action)
    ]


def _value(element: Element) -> str:
    """A text or a number; a moment always in one spelling."""
    text = str(element.text or "")
    moment = instant(text) if local(element).endswith("DateTime") else None
    return text if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _is_true(rule: Element, name: str) -> bool:
    return text_of(rule, name).strip() in ("true", "1")
