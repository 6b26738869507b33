"""What the codes of EWS and of HTTP mean. A code tells whether anything was done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ....model.problem import (
    ItemError,
    NotNow,
    OmmError,
    OwnerNeeded,
    Place,
    Problem,
    ProblemId,
    TryAgain,
)
from ... import translate
from .elements import Element, T

STOPPED = "ErrorBatchProcessingStopped"
"""A warning: this item was not begun, since one before it failed."""

_BUSY = ("ErrorServerBusy", "ErrorTooManyObjectsOpened", "ErrorExceededFindCountLimit", STOPPED)
_FAILING = (
    "ErrorInternalServerTransientError",
    "ErrorConnectionFailed",
    "ErrorMailboxStoreUnavailable",
    "ErrorMailboxMoveInProgress",
    "ErrorMailboxFailover",
    "ErrorTimeoutExpired",
    "ErrorADUnavailable",
    "ErrorNotEnoughMemory",
    "ErrorInsufficientResources",
    "ErrorNoRespondingCASInDestinationSite",
    "ErrorProxyCallFailed",
)
_NOT_OPENED = frozenset(
    {
        "ErrorAccessDenied",
        "ErrorNonExistentMailbox",
        "ErrorMailboxConfiguration",
        "ErrorImpersonateUserDenied",
        "ErrorImpersonationDenied",
        "ErrorImpersonationFailed",
        "ErrorInvalidUserSid",
        "ErrorInvalidUserPrincipalName",
        "ErrorMissingEmailAddress",
        "ErrorPrimarySmtpAddressNotFound",
    }
)
_OWNERS = {
    "ErrorQuotaExceeded": ProblemId.MAILBOX_FULL,
    "ErrorMailboxQuotaExceeded": ProblemId.MAILBOX_FULL,
    "ErrorAccountDisabled": ProblemId.ACCESS_TURNED_OFF,
    "ErrorPasswordExpired": ProblemId.SIGN_IN_REFUSED,
    "ErrorPasswordChangeRequired": ProblemId.SIGN_IN_REFUSED,
}
_ITEMS = {
    "ErrorItemNotFound": ProblemId.ITEM_GONE,
    "ErrorMessageSizeExceeded": ProblemId.ITEM_TOO_BIG,
    "ErrorRequestSizeExceeded": ProblemId.ITEM_TOO_BIG,
    "ErrorAttachmentSizeLimitExceeded": ProblemId.ITEM_TOO_BIG,
    "ErrorVirusDetected": ProblemId.ITEM_LOOKS_HARMFUL,
    "ErrorVirusMessageDeleted": ProblemId.ITEM_LOOKS_HARMFUL,
}
ABOUT_PROPERTIES = frozenset(
    {
        "ErrorInvalidExtendedProperty",
        "ErrorInvalidExtendedPropertyValue",
        "ErrorInvalidPropertyRequest",
        "ErrorUnsupportedPropertyDefinition",
    }
)
ABOUT_FIELDS = ABOUT_PROPERTIES | {
    "ErrorInvalidPropertySet",
    "ErrorInvalidRequest",
    "ErrorSchemaValidation",
}
"""Said by a server that lacks a field or a property of those in a request."""

_SERVER_FAILED = frozenset({"", "Server", "Receiver", "InternalServiceFault"})
"""Fault codes of SOAP and of WCF: the server failed, and does not say how far it got."""

_LOCKED = re.compile(rb"account is currently locked", re.I)
_SOAP = re.compile(rb"<([\w.-]+:)?(Envelope|Fault)\b")


@dataclass(frozen=True, slots=True)
class Fault:
    """A code such as ErrorItemNotFound, the server's words, and the seconds it asks to wait."""

    code: str
    words: str = ""
    back_off: float | None = None

    @property
    def detail(self) -> str:
        return translate.shown(f"{self.code}: {self.words}")


def back_off(answer: Element) -> float | None:
    """Seconds from BackOffMilliseconds, None where the server names none."""
    for value in answer.iter(f"{T}Value"):
        if value.get("Name") == "BackOffMilliseconds" and (value.text or "").strip().isdigit():
            return int(value.text) / 1000
    return None


class RequestRefused(ItemError):
    """The whole request was refused: nothing of it was done."""

    def __init__(self, problem: Problem, fault: Fault) -> None:
        super().__init__(problem)
        self.fault = fault


def foremost(errors: Iterable[OmmError]) -> OmmError:
    """The one to raise of several: of an item of which nobody knows, before those not there."""

    def is_sure(error: OmmError) -> bool:
        return isinstance(error, NotNow) or not isinstance(error, TryAgain)

    return min(errors, key=is_sure)


def passing_or_owners(fault: Fault, place: Place) -> OmmError | None:
    """The error when the fault concerns the pace or the mailbox; None when an item or request."""
    code = fault.code
    if code in _BUSY:
        problem = Problem(ProblemId.ASKED_TO_SLOW_DOWN, place, fault.detail)
        return NotNow(problem, fault.back_off or 0.0)
    if code == "ErrorExceededConnectionCount":
        problem = Problem(ProblemId.TOO_MANY_CONNECTIONS, place, fault.detail)
        return NotNow(problem, fault.back_off or 0.0)
    if code in _FAILING:
        return TryAgain(Problem(ProblemId.SERVER_SILENT, place, fault.detail))
    if code in _OWNERS:
        return OwnerNeeded(Problem(_OWNERS[code], place, fault.detail))
    return None


def not_opened(fault: Fault, place: Place) -> OmmError | None:
    """The error when the login has no right to the mailbox as such; of one folder it says less."""
    if fault.code in _NOT_OPENED:
        return OwnerNeeded(Problem(ProblemId.MAILBOX_NOT_OPENED, place, fault.detail))
    return None


def item_problem(fault: Fault, place: Place, otherwise: ProblemId) -> Problem:
    """What is wrong with one item."""
    return Problem(_ITEMS.get(fault.code, otherwise), place, fault.detail)


def refused(fault: Fault, place: Place, *, creates: bool = False) -> OmmError:
    """What a SOAP fault means: it is about the whole request, which `creates` items or not."""
    known = passing_or_owners(fault, place) or not_opened(fault, place)
    if known is not None:
        return known
    if fault.code == "ErrorInternalServerError" or (creates and fault.code in _SERVER_FAILED):
        # In the answer for one item it is the item's.
        return TryAgain(Problem(ProblemId.SERVER_SILENT, place, fault.detail))
    return RequestRefused(item_problem(fault, place, ProblemId.FOLDER_UNREADABLE), fault)


def _seconds(retry_after: str) -> float:
    """Of a Retry-After (RFC 9110, section 10.2.3): a number or a date; 0 when it says nothing."""
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def is_soap(body: bytes) -> bool:
    """Whether a reply that is no success still tells what is wrong in EWS' own words."""
    return _SOAP.search(body) is not None


def by_status(
    status: int,
    body: bytes,
    headers: Mapping[str, str],
    place: Place,
    host: str,
    *,
    signed_in: bool,
) -> OmmError:
    """What an HTTP status other than success means. `body` is the beginning of the reply."""
    target = headers.get("Location")
    detail = translate.shown(f"HTTP {status}: {target}" if target else f"HTTP {status}")
    wait = _seconds(headers.get("Retry-After", ""))

    def owner(id: ProblemId) -> OmmError:
        return OwnerNeeded(Problem(id, place, detail, host))

    if status == 401:
        if _LOCKED.search(body):
            return owner(ProblemId.ACCOUNT_LOCKED)
        if signed_in:
            # Exchange says so as well when it wants fewer connections.
            return TryAgain(Problem(ProblemId.ASKED_TO_SLOW_DOWN, place, detail, host), wait)
        return owner(ProblemId.SIGN_IN_REFUSED)
    if status == 403:
        return owner(ProblemId.ACCESS_TURNED_OFF)
    if status == 413:
        problem = Problem(ProblemId.ITEM_TOO_BIG, place, detail)
        return RequestRefused(problem, Fault("ErrorRequestSizeExceeded", detail))
    if status in (429, 503):
        problem = Problem(ProblemId.ASKED_TO_SLOW_DOWN, place, detail, host)
        return NotNow(problem, wait) if wait else TryAgain(problem)
    if status >= 500 or status == 400:
        return TryAgain(Problem(ProblemId.CONNECTION_LOST, place, detail, host))
    return owner(ProblemId.NOT_A_MAIL_SERVER)
