"""What belongs to a mailbox as a whole: ids, names, time zones."""

from __future__ import annotations

from .moments import known_zones, zone
from .request import Request, for_each, inner
from .soap import Element, EwsError, make, need, response, success, text_at
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
        if wanted in one.address.casefold()
        or wanted in one.name.casefold()
        or wanted == one.directory_name.casefold()
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


def get_user_configuration(request: Request, body: Element) -> Element:
    raise EwsError("ErrorItemNotFound", "The configuration object was not found.")


OPERATIONS = {
    "ConvertId": convert_id,
    "ResolveNames": resolve_names,
    "GetServerTimeZones": get_server_time_zones,
    "GetUserConfiguration": get_user_configuration,
}
