"""What belongs to a mailbox as a whole: names, time zones, rules, automatic replies."""

from __future__ import annotations

from copy import deepcopy

from .identity import new_id
from .intake import settle_booleans
from .moments import known_zones, zone
from .request import Request, for_each, inner
from .soap import (
    Element,
    EwsError,
    children,
    find,
    find_all,
    local,
    make,
    need,
    response,
    success,
    text_at,
)
from .store import Mailbox


def convert_id(request: Request, body: Element) -> Element:
    """Ids are what they are, in every format; those of nothing are malformed."""
    target = body.get("DestinationFormat", "")

    def answer(one: Element) -> list[Element]:
        identifier = one.get("Id", "")
        known = identifier in request.store.items or identifier in request.store.folders
        if not known:
            raise EwsError("ErrorInvalidIdMalformed", "Id is malformed.")
        return [make("m:AlternateId", Format=target, Id=identifier, Mailbox=request.user.address)]

    answered = for_each("ConvertId", inner(body, "m:SourceIds"), answer)
    for converted in answered.iter("{*}AlternateId"):
        converted.set(
            "{http://www.w3.org/2001/XMLSchema-instance}type",
            "t:AlternateIdType",
        )
    return answered


def resolve_names(request: Request, body: Element) -> Element:
    wanted = (text_at(body, "m:UnresolvedEntry") or "").casefold().removeprefix("smtp:")
    found = [
        one
        for one in request.store.mailboxes.values()
        if wanted in one.address.casefold() or wanted in one.name.casefold()
    ]
    if not found:
        raise EwsError("ErrorNameResolutionNoResults", "No results were found.")
    resolutions = [make("t:Resolution", _person(one)) for one in found[:100]]
    message = success(
        "ResolveNames",
        make(
            "m:ResolutionSet",
            *resolutions,
            TotalItemsInView=len(resolutions),
            IncludesLastItemInRange=True,
        ),
    )
    if len(found) > 1:
        message.set("ResponseClass", "Warning")
        need(message, "m:ResponseCode").text = "ErrorNameResolutionMultipleResults"
        message.insert(0, make("m:MessageText", "Multiple results were found."))
    return response("ResolveNames", [message])


def _person(mailbox: Mailbox) -> Element:
    return make(
        "t:Mailbox",
        make("t:Name", mailbox.name),
        make("t:EmailAddress", mailbox.address),
        make("t:RoutingType", "SMTP"),
        make("t:MailboxType", "Mailbox"),
    )


def get_server_time_zones(request: Request, body: Element) -> Element:
    asked = [one.text or "" for one in inner(body, "m:Ids")]
    for name in asked:
        zone(name)
    definitions = [
        make("t:TimeZoneDefinition", Id=name, Name=name) for name in asked or known_zones()
    ]
    message = success("GetServerTimeZones", make("m:TimeZoneDefinitions", *definitions))
    return response("GetServerTimeZones", [message])


def _whose(request: Request, address: str | None) -> Mailbox:
    mailbox = request.user if not address else request.store.mailbox(address)
    request.check_access(mailbox)
    return mailbox


def _bare(operation: str, *content: Element) -> Element:
    """A response that is its own and only message."""
    return make(
        f"m:{operation}Response",
        make("m:ResponseCode", "NoError"),
        *content,
        ResponseClass="Success",
    )


def get_inbox_rules(request: Request, body: Element) -> Element:
    mailbox = _whose(request, text_at(body, "m:MailboxSmtpAddress"))
    rules = [make("m:InboxRules", *map(deepcopy, mailbox.rules))] if mailbox.rules else []
    return _bare("GetInboxRules", make("m:OutlookRuleBlobExists", "false"), *rules)


def update_inbox_rules(request: Request, body: Element) -> Element:
    mailbox = _whose(request, text_at(body, "m:MailboxSmtpAddress"))
    rules = list(map(deepcopy, mailbox.rules))
    for number, operation in enumerate(inner(body, "m:Operations")):
        problem = _check_rule(request, rules, operation)
        if problem is not None:
            return _rule_refused(number, *problem)
        _apply_rule(request, rules, operation)
    mailbox.rules = sorted(rules, key=lambda rule: int(text_at(rule, "t:Priority") or 0))
    return _bare("UpdateInboxRules")


def _check_rule(
    request: Request, rules: list[Element], operation: Element
) -> tuple[str, str] | None:
    """The field and the error code of a rule that cannot be saved."""
    identifier = text_at(operation, ".//t:RuleId")
    known = {text_at(rule, "t:RuleId") for rule in rules}
    if local(operation) != "CreateRuleOperation" and identifier not in known:
        return "RuleId", "RuleNotFound"
    rule = find(operation, "t:Rule")
    if rule is None:
        return None
    if not text_at(rule, "t:DisplayName"):
        return "DisplayName", "MissingParameter"
    if not inner(rule, "t:Actions"):
        return "Actions", "MissingAction"
    for name in ("MoveToFolder", "CopyToFolder"):
        target = find(rule, f"t:Actions/t:{name}/t:FolderId")
        if target is not None and target.get("Id", "") not in request.store.folders:
            return f"Action:{name}", "FolderDoesNotExist"
    return None


def _rule_refused(number: int, field: str, code: str) -> Element:
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
    if kind == "SetRuleOperation":
        rules[rules.index(_rule(rules, text_at(rule, "t:RuleId")))] = rule
        return
    for given in find_all(rule, "t:RuleId"):
        rule.remove(given)
    rule.insert(0, make("t:RuleId", new_id("rule", request.store.next_change())))
    rules.append(rule)


def _rule(rules: list[Element], identifier: str | None) -> Element:
    return next(rule for rule in rules if text_at(rule, "t:RuleId") == identifier)


def get_user_oof_settings(request: Request, body: Element) -> Element:
    mailbox = _whose(request, text_at(body, "t:Mailbox/t:Address"))
    settings = mailbox.automatic_reply
    shown = make("t:OofSettings", *children(deepcopy(settings))) if settings is not None else _off()
    return make(
        "m:GetUserOofSettingsResponse",
        _oof_message(),
        shown,
        make("m:AllowExternalOof", "All"),
    )


def _off() -> Element:
    return make(
        "t:OofSettings",
        make("t:OofState", "Disabled"),
        make("t:ExternalAudience", "All"),
        make("t:InternalReply", make("t:Message", "")),
        make("t:ExternalReply", make("t:Message", "")),
    )


def _oof_message() -> Element:
    return make("m:ResponseMessage", make("m:ResponseCode", "NoError"), ResponseClass="Success")


def set_user_oof_settings(request: Request, body: Element) -> Element:
    mailbox = _whose(request, text_at(body, "t:Mailbox/t:Address"))
    if mailbox is not request.user:
        raise EwsError("ErrorAccessDenied", "Automatic replies are one's own.")
    mailbox.automatic_reply = deepcopy(need(body, "t:UserOofSettings"))
    return make("m:SetUserOofSettingsResponse", _oof_message())


def get_user_configuration(request: Request, body: Element) -> Element:
    raise EwsError("ErrorItemNotFound", "The configuration object was not found.")


OPERATIONS = {
    "ConvertId": convert_id,
    "ResolveNames": resolve_names,
    "GetServerTimeZones": get_server_time_zones,
    "GetInboxRules": get_inbox_rules,
    "UpdateInboxRules": update_inbox_rules,
    "GetUserOofSettingsRequest": get_user_oof_settings,
    "SetUserOofSettingsRequest": set_user_oof_settings,
    "GetUserConfiguration": get_user_configuration,
}
