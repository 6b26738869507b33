"""Requests about the mailbox as such, whose replies are of another form than those about items."""

from __future__ import annotations

from ....model.problem import OwnerNeeded, ProblemId
from ..transport.connection import Connection
from ..transport.elements import Element, M
from ..transport.faults import Fault, RequestRefused


def ask_setting(connection: Connection, request: Element) -> tuple[Element | None, Fault | None]:
    """The reply, and why it was refused; one of them at least.

    A server without the operation, and a mailbox whose settings are nobody else's, refuse as well:
    that costs the settings, not the copy. Raises `OmmError` as `Connection.ask`.
    """
    try:
        messages = connection.ask(request).messages
    except RequestRefused as error:
        return None, error.fault
    except OwnerNeeded as error:
        if error.problem.id is not ProblemId.MAILBOX_NOT_OPENED:
            raise
        return None, Fault("ErrorAccessDenied", error.problem.detail)
    if not messages:
        return None, Fault("", "no answer")
    inner = messages[0].find(f"{M}ResponseMessage")
    told = messages[0] if inner is None else inner
    fault = connection.fault_of(told)
    if fault is None and told.get("ResponseClass") == "Warning":
        fault = Fault(told.findtext(f"{M}ResponseCode") or "", "not carried out")
    return messages[0], fault
