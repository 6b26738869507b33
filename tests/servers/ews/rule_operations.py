"""Rules of the inbox: GetInboxRules, UpdateInboxRules."""

from __future__ import annotations

from copy import deepcopy

from .identity import new_id
from .intake import settle_booleans
from .request import Request, inner
from .soap import Element, EwsError, find, find_all, local, make, need, text_at
from .store import Mailbox

PEOPLE = (
    "FromAddresses",
    "SentToAddresses",
    "ForwardToRecipients",
    "ForwardAsAttachmentToRecipients",
    "RedirectToRecipients",
)
NOT_SETTABLE = ("IsNotSupported", "IsInError")


def _bare(operation: str, *content: Element) -> Element:
    """A response that is its own and only message."""
    return make(
        f"m:{operation}Response",
        make("m:ResponseCode", "NoError"),
        *content,
        ResponseClass="Success",
    )


def get_inbox_rules(request: Request, body: Element) -> Element:
    mailbox = request.mailbox(text_at(body, "m:MailboxSmtpAddress"))
    rules = [make("m:InboxRules", *map(deepcopy, mailbox.rules))] if mailbox.rules else []
    own_list = make("m:OutlookRuleBlobExists", "true" if mailbox.outlook_rules else "false")
    return _bare("GetInboxRules", own_list, *rules)


def update_inbox_rules(request: Request, body: Element) -> Element:
    """All operations or none. Without a word about it, Outlook's own list is removed."""
    mailbox = request.mailbox(text_at(body, "m:MailboxSmtpAddress"))
    if mailbox.outlook_rules and text_at(body, "m:RemoveOutlookRuleBlob") in ("false", "0"):
        raise EwsError("ErrorOutlookRuleBlobExists", "The Outlook rule blob exists.")
    rules = list(map(deepcopy, mailbox.rules))
    for number, operation in enumerate(inner(body, "m:Operations")):
        problem = _check_rule(request, rules, operation)
        if problem is not None:
            return _refused(number, *problem)
        _apply_rule(request, rules, operation)
    if mailbox.most_rules is not None and len(rules) > mailbox.most_rules:
        raise EwsError("ErrorRulesOverQuota", "The quota for rules is exceeded.")
    mailbox.outlook_rules.clear()
    mailbox.rules = sorted(rules, key=_priority)
    _number(mailbox)
    return _bare("UpdateInboxRules")


def _check_rule(
    request: Request, rules: list[Element], operation: Element
) -> tuple[str, str] | None:
    """The field and the error code of a rule that cannot be saved."""
    identifier = text_at(operation, ".//t:RuleId")
    known = {text_at(rule, "t:RuleId") for rule in rules}
    creates = local(operation) == "CreateRuleOperation"
    if not creates and identifier not in known:
        return "RuleId", "RuleNotFound"
    rule = find(operation, "t:Rule")
    if rule is None:
        return None
    if creates and identifier is not None:
        return "RuleId", "CreateWithRuleId"
    if not text_at(rule, "t:DisplayName"):
        return "DisplayName", "MissingParameter"
    if _priority(rule) < 1:
        return "Priority", "InvalidValue"
    for name in NOT_SETTABLE:
        if creates and find(rule, f"t:{name}") is not None:
            return name, "NotSettable"
    if not inner(rule, "t:Actions"):
        return "Actions", "MissingAction"
    return _check_folders(request, rule) or _check_people(rule)


def _check_folders(request: Request, rule: Element) -> tuple[str, str] | None:
    for name in ("MoveToFolder", "CopyToFolder"):
        target = find(rule, f"t:Actions/t:{name}/t:FolderId")
        if target is not None and target.get("Id", "") not in request.store.folders:
            return f"Action:{name}", "FolderDoesNotExist"
    return None


def _check_people(rule: Element) -> tuple[str, str] | None:
    for name in PEOPLE:
        for address in find_all(rule, f".//t:{name}/t:Address"):
            if "@" not in (text_at(address, "t:EmailAddress") or ""):
                return name, "InvalidAddress"
    return None


def _refused(number: int, field: str, code: str) -> Element:
    error = make(
        "t:Error",
        make("t:FieldURI", field),
        make("t:ErrorCode", code),
        make("t:ErrorMessage", "The rule cannot be saved."),
        make("t:FieldValue", ""),
    )
    problem = make(
        "t:RuleOperationError",
        make("t:OperationIndex", str(number)),
        make("t:ValidationErrors", error),
    )
    return make(
        "m:UpdateInboxRulesResponse",
        make("m:MessageText", "The rule operation has a validation error."),
        make("m:ResponseCode", "ErrorInboxRulesValidationError"),
        make("m:DescriptiveLinkKey", "0"),
        make("m:RuleOperationErrors", problem),
        ResponseClass="Error",
    )


def _apply_rule(request: Request, rules: list[Element], operation: Element) -> None:
    kind = local(operation)
    if kind == "DeleteRuleOperation":
        rules.remove(_rule(rules, text_at(operation, "t:RuleId")))
        return
    rule = deepcopy(need(operation, "t:Rule"))
    settle_booleans(rule)
    _settle_references(request, rule)
    if kind == "SetRuleOperation":
        rules[rules.index(_rule(rules, text_at(rule, "t:RuleId")))] = rule
        return
    rule.insert(0, make("t:RuleId", new_id("rule", request.store.next_change())))
    for other in rules:
        if _priority(other) >= _priority(rule):
            need(other, "t:Priority").text = str(_priority(other) + 1)
    rules.append(rule)


def _settle_references(request: Request, rule: Element) -> None:
    """Folders get their change keys, people their names: the directory's where it knows them."""
    for name in ("MoveToFolder", "CopyToFolder"):
        for target in find_all(rule, f"t:Actions/t:{name}"):
            folder = request.folder_in(target)
            target[:] = [make("t:FolderId", Id=folder.id, ChangeKey=folder.change_key)]
    for name in PEOPLE:
        for address in find_all(rule, f".//t:{name}/t:Address"):
            _settle_person(request, address)


def _settle_person(request: Request, address: Element) -> None:
    given = text_at(address, "t:EmailAddress") or ""
    known = request.store.mailboxes.get(given.casefold())
    name = text_at(address, "t:Name") or given
    address[:] = [
        make("t:Name", known.name if known else name),
        make("t:EmailAddress", known.address if known else given),
        make("t:RoutingType", "SMTP"),
        make("t:MailboxType", "Mailbox" if known else "OneOff"),
    ]


def _number(mailbox: Mailbox) -> None:
    """Priorities are places: 1, 2, 3."""
    for place, rule in enumerate(mailbox.rules, 1):
        need(rule, "t:Priority").text = str(place)


def _priority(rule: Element) -> int:
    return int(text_at(rule, "t:Priority") or 0)


def _rule(rules: list[Element], identifier: str | None) -> Element:
    return next(rule for rule in rules if text_at(rule, "t:RuleId") == identifier)


OPERATIONS = {"GetInboxRules": get_inbox_rules, "UpdateInboxRules": update_inbox_rules}
