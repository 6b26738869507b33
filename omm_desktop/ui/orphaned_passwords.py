"""Passwords kept for a copy that came to nothing, or was called off: nobody could forget them."""

from __future__ import annotations

from omm_desktop.model.account import Account, EndpointKind, Server
from omm_desktop.model.plan import MigrationPlan
from omm_desktop.model.problem import OmmError
from omm_desktop.ui.services import Credentials, History


def forget_orphaned(plan: MigrationPlan, history: History, credentials: Credentials) -> bool:
    """Forget what opens the mailboxes of the plan, unless a copy that is listed needs it.

    Whether nothing is left of it. Not for Qt: a keyring may wait for the person.
    """
    try:
        needed = {_door(account) for run in history.listed() for account in run.plan.mailboxes}
    except OmmError:
        return False
    return credentials.forget_all(
        account for account in plan.mailboxes if _door(account) not in needed
    )


def _door(account: Account) -> tuple[EndpointKind, str, Server]:
    """What a password belongs to."""
    return account.kind, account.login, account.server
