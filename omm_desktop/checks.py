"""The check of one account that the wizard makes: is the server there, does it let us in?"""

from __future__ import annotations

from collections.abc import Callable

from omm_desktop.endpoints import registry
from omm_desktop.model.account import Account
from omm_desktop.model.ports import Destination, Source, Space
from omm_desktop.model.problem import OmmError, Place, ProblemId
from omm_desktop.model.secret import Secret
from omm_desktop.wizard.probe_result import ProbeResult, ProbeStep

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
    try:
        endpoint: Source | Destination = (
            registry.open_source(account, secret)
            if place is Place.SOURCE
            else registry.open_destination(account, secret)
        )
    except OmmError as error:
        for step in passed_before(error.problem.id):
            on_step(step)
        raise
    try:
        for step in (ProbeStep.SERVER, ProbeStep.PROTECTION, ProbeStep.SIGN_IN):
            on_step(step)
        folders = tuple(endpoint.folders())
        space: Space | None = None
        if place is Place.DESTINATION:
            space = endpoint.space()  # type: ignore[union-attr]
        on_step(ProbeStep.FOLDERS)
        return ProbeResult(folders, space)
    finally:
        endpoint.close()


def passed_before(problem: ProblemId) -> tuple[ProbeStep, ...]:
    """The steps that went well when signing in ended with this problem."""
    if problem in NO_SERVER:
        return ()
    if problem in NO_PROTECTION:
        return (ProbeStep.SERVER,)
    return (ProbeStep.SERVER, ProbeStep.PROTECTION)
