"""The check of one account that the wizard makes: is the server there, does it let us in?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from omm_desktop.endpoints import registry
from omm_desktop.model.account import Account
from omm_desktop.model.ports import Destination, Endpoint, Source
from omm_desktop.model.problem import OmmError, Place, ProblemId
from omm_desktop.model.secret import Secret
from omm_desktop.wizard.probe_result import ProbeResult, ProbeStep

E = TypeVar("E", bound=Endpoint)

NO_SERVER = frozenset(
    {
        ProblemId.SERVER_NOT_FOUND,
        ProblemId.SERVER_SILENT,
        ProblemId.CONNECTION_REFUSED,
        ProblemId.NO_NETWORK,
        ProblemId.NOT_A_MAIL_SERVER,
    }
)
NO_PROTECTION = frozenset(
    {
        ProblemId.CERTIFICATE_UNTRUSTED,
        ProblemId.CERTIFICATE_OTHER_NAME,
        ProblemId.CERTIFICATE_EXPIRED,
        ProblemId.ENCRYPTION_MISSING,
    }
)


def probe(
    account: Account, secret: Secret, place: Place, on_step: Callable[[ProbeStep], None]
) -> ProbeResult:
    """Sign in and read the folders. `on_step` is called for each step that passed.

    Raises `OmmError` at the step that fails; what `on_step` raises passes through.
    """
    if place is Place.SOURCE:
        return _probe(lambda: registry.open_source(account, secret), _as_source, on_step)
    return _probe(lambda: registry.open_destination(account, secret), _as_destination, on_step)


def _probe(
    open_one: Callable[[], E],
    look_at: Callable[[E], ProbeResult],
    on_step: Callable[[ProbeStep], None],
) -> ProbeResult:
    try:
        endpoint = open_one()
    except OmmError as error:
        for step in passed_before(error.problem.id):
            on_step(step)
        raise
    try:
        for step in (ProbeStep.SERVER, ProbeStep.PROTECTION, ProbeStep.SIGN_IN):
            on_step(step)
        result = look_at(endpoint)
        on_step(ProbeStep.FOLDERS)
        return result
    finally:
        endpoint.close()


def _as_source(source: Source) -> ProbeResult:
    return ProbeResult(tuple(source.folders()))


def _as_destination(destination: Destination) -> ProbeResult:
    folders = tuple(destination.folders())
    return ProbeResult(
        folders,
        destination.space(),
        largest_item=destination.limits.largest_item,
        keeps_keywords=destination.keeps_keywords(),
        # Works without the connection: it remembers how the server arranges names.
        acceptable=destination.delimiter_free,
    )


def passed_before(problem: ProblemId) -> tuple[ProbeStep, ...]:
    """The steps that went well when signing in ended with this problem."""
    if problem in NO_SERVER:
        return ()
    if problem in NO_PROTECTION:
        return (ProbeStep.SERVER,)
    return (ProbeStep.SERVER, ProbeStep.PROTECTION)
