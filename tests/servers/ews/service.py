"""From a SOAP request to its reply: version, identity, schema, operation."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from . import (
    attachment_operations,
    folder_operations,
    item_operations,
    mailbox_operations,
    reply_operations,
    rule_operations,
    sync_operations,
)
from .finding import find_item
from .published import violations
from .request import Request
from .schema import check
from .soap import (
    PARSER,
    Element,
    EwsError,
    SoapFault,
    children,
    envelope,
    failure,
    fault,
    find,
    local,
    make,
    response,
    text_at,
)
from .store import Mailbox, Store
from .versions import ExchangeVersion

OPERATIONS = (
    folder_operations.OPERATIONS
    | item_operations.OPERATIONS
    | sync_operations.OPERATIONS
    | attachment_operations.OPERATIONS
    | mailbox_operations.OPERATIONS
    | rule_operations.OPERATIONS
    | reply_operations.OPERATIONS
)
WITHOUT_OWN_MESSAGE = ("GetInboxRules", "UpdateInboxRules")
REQUIRED = {
    ("CreateItem", "Message", "MessageDisposition"): "ErrorMessageDispositionRequired",
    ("UpdateItem", "Message", "MessageDisposition"): "ErrorMessageDispositionRequired",
    ("CreateItem", "CalendarItem", "SendMeetingInvitations"): "ErrorSendMeetingInvitationsRequired",
    (
        "UpdateItem",
        "CalendarItem",
        "SendMeetingInvitationsOrCancellations",
    ): "ErrorSendMeetingInvitationsOrCancellationsRequired",
}
MOST_FOUND = 1000


def parse_request(data: bytes) -> tuple[Element | None, Element]:
    """The SOAP header, if any, and the operation; ValueError for anything else."""
    try:
        whole = etree.fromstring(data, PARSER)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    body = find(whole, "s:Body")
    if body is None or len(children(body)) != 1:
        raise ValueError("no operation")
    return find(whole, "s:Header"), children(body)[0]


class Service:
    """Carries out operations on the store, one at a time.

    `most_found`: entries of a page. `sorts`: whether it gives items in an order asked for;
    `restricts`: whether it looks for some of them; `lacks`: fields it has never heard of.
    `hears` may refuse a request, or change what is understood of it.
    """

    def __init__(self, store: Store, version: ExchangeVersion) -> None:
        self.store = store
        self.version = version
        self.most_found = MOST_FOUND
        self.sorts = True
        self.restricts = True
        self.lacks: frozenset[str | None] = frozenset()
        self.hears: Callable[[Element], None] = lambda body: None
        self.invalid: list[str] = []
        """What Microsoft's own schema says against requests and replies, where it is at hand."""

    def answer(
        self, signed_in: Mailbox, header: Element | None, body: Element
    ) -> tuple[int, bytes]:
        """HTTP status and reply."""
        try:
            request = self._request(signed_in, header)
            check(body)
            self.invalid += [f"request {local(body)} {one}" for one in violations(body)]
            reply = self._perform(request, body)
            self.invalid += [f"reply {local(reply)} {one}" for one in violations(reply)]
            return 200, envelope(reply, self.version)
        except SoapFault as error:
            return 500, self.fault(error)

    def fault(self, error: EwsError) -> bytes:
        return envelope(fault(error), self.version)

    def _request(self, signed_in: Mailbox, header: Element | None) -> Request:
        zone, user = None, signed_in
        if header is not None:
            version = find(header, "t:RequestServerVersion")
            if version is not None and not self.version.accepts(version.get("Version", "")):
                raise SoapFault(
                    "ErrorInvalidServerVersion", "The specified server version is invalid."
                )
            definition = find(header, "t:TimeZoneContext/t:TimeZoneDefinition")
            zone = definition.get("Id") if definition is not None else None
            impersonated = find(header, "t:ExchangeImpersonation/t:ConnectingSID")
            if impersonated is not None:
                user = self._impersonated(signed_in, impersonated)
        return Request(self.store, user, self.version, zone)

    def _impersonated(self, signed_in: Mailbox, whom: Element) -> Mailbox:
        addresses = (
            text_at(whom, f"t:{name}")
            for name in ("PrimarySmtpAddress", "SmtpAddress", "PrincipalName")
        )
        address = next(filter(None, addresses), "")
        if signed_in.address.casefold() not in self.store.impersonators:
            raise SoapFault(
                "ErrorImpersonateUserDenied",
                "The account does not have permission to impersonate the requested user.",
            )
        try:
            return self.store.mailbox(address)
        except EwsError as error:
            raise SoapFault(error.code, error.message) from None

    def _perform(self, request: Request, body: Element) -> Element:
        operation = local(body)
        try:
            _check_dispositions(body)
            self.hears(body)
            if not self.sorts and find(body, "m:SortOrder") is not None:
                raise SoapFault("ErrorUnsupportedPathForSortGroup", "No order here.")
            if not self.restricts and find(body, "m:Restriction") is not None:
                raise EwsError("ErrorInvalidRestriction", "The restriction is invalid.")
            if self.lacks & {one.get("FieldURI") for one in body.iter("{*}FieldURI")}:
                raise EwsError("ErrorInvalidPropertyRequest", "The property is not valid.")
            if operation == "FindItem":
                return find_item(request, body, self.most_found)
            if operation not in OPERATIONS:
                raise SoapFault("ErrorSchemaValidation", f"unknown operation {operation}")
            return OPERATIONS[operation](request, body)
        except SoapFault:
            raise
        except EwsError as error:
            return _whole_failure(operation, body, error)


def _check_dispositions(body: Element) -> None:
    for (operation, kind, attribute), code in REQUIRED.items():
        if (
            local(body) == operation
            and body.get(attribute) is None
            and next(body.iter(f"{{*}}{kind}"), None) is not None
        ):
            raise EwsError(code, f"{attribute} is required.")


def _whole_failure(operation: str, body: Element, error: EwsError) -> Element:
    """The same error for each thing the request is about."""
    name = operation.removesuffix("Request")
    if name in WITHOUT_OWN_MESSAGE:
        message = failure(name, error)
        message.tag = message.tag.replace("ResponseMessage", "Response")
        return message
    if operation.endswith("OofSettingsRequest"):
        message = failure(name, error)
        message.tag = message.tag.replace(f"{name}ResponseMessage", "ResponseMessage")
        return make(f"m:{name}Response", message)
    extra = []
    if operation.startswith("Sync"):
        last = (
            "m:IncludesLastItemInRange" if "Items" in operation else "m:IncludesLastFolderInRange"
        )
        extra = [make("m:SyncState", ""), make(last, "true")]
    return response(name, [failure(name, error, *extra) for _ in range(_count(operation, body))])


def _count(operation: str, body: Element) -> int:
    paths = {
        "CreateItem": "m:Items",
        "UpdateItem": "m:ItemChanges",
        "CreateFolder": "m:Folders",
        "FindItem": "m:ParentFolderIds",
        "FindFolder": "m:ParentFolderIds",
        "GetFolder": "m:FolderIds",
        "CreateAttachment": "m:Attachments",
        "GetAttachment": "m:AttachmentIds",
    }
    holder = find(body, paths.get(operation, "m:ItemIds"))
    return len(children(holder)) if holder is not None else 1
