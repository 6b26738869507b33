"""From a stored plan back to a draft: to resume a copy, or to copy what is new."""

from __future__ import annotations

import time

from omm_desktop.model.account import USUAL_PORT, Account
from omm_desktop.model.plan import LEFT_OUT_ROLES, Labels, MigrationPlan
from omm_desktop.model.secret import Secret, Secrets
from omm_desktop.wizard.carrying import CONTENTS
from omm_desktop.wizard.chosen_file import ChosenFile
from omm_desktop.wizard.draft import (
    CONNECTIONS,
    AccountDraft,
    Draft,
    FolderChoice,
    Pace,
    literal,
)


def restore(draft: Draft, plan: MigrationPlan, secrets: Secrets) -> None:
    """Fills the draft in place; a forgotten password is an empty one.

    A trial becomes a whole copy: what it brought is there already.
    """
    draft.from_files = plan.source.kind.is_on_disk
    draft.files[:] = [ChosenFile(one) for one in plan.sources if one.kind.is_on_disk]
    if not draft.from_files:
        _restore_account(draft.source, plan.source, secrets.source)
    _restore_account(draft.destination, plan.destination, secrets.destination)
    options, selection = draft.options, plan.selection
    options.unticked = frozenset(CONTENTS) - selection.kinds - selection.settings
    options.update = plan.options.update
    options.since, options.trial = selection.since, False
    options.chosen, options.patterns = frozenset(), ()
    if selection.include is not None:
        options.folders = FolderChoice.CHOSEN
        options.chosen = frozenset(plain(one) for one in selection.include if _is_one_folder(one))
        options.patterns = tuple(one for one in selection.include if not _is_one_folder(one))
    else:
        left_out = selection.left_out == LEFT_OUT_ROLES
        options.folders = FolderChoice.USUAL if left_out else FolderChoice.ALL
    paces = {connections: pace for pace, connections in CONNECTIONS.items()}
    planned = plan.options.start_at
    options.start_at = planned if planned and planned.timestamp() > time.time() else None
    options.notice.take(plan.notices)
    options.each_label = plan.options.labels is Labels.EACH
    options.pace = paces.get(plan.options.connections, Pace.NORMAL)


def _is_one_folder(pattern: str) -> bool:
    """The inbox may be spelt otherwise than its server does (RFC 9051, 5.1)."""
    name = plain(pattern)
    return literal(name) == pattern and (name == "INBOX" or name.upper() != "INBOX")


def plain(pattern: str) -> str:
    """The folder name behind a pattern made by `draft.literal`."""
    for sign in "*?[":
        pattern = pattern.replace(f"[{sign}]", sign)
    return pattern


def _restore_account(draft: AccountDraft, account: Account, password: Secret) -> None:
    draft.take(account)
    draft.check = None
    draft.password = password
    if not account.kind.is_on_disk:
        draft.port_typed = draft.port != USUAL_PORT[draft.kind][draft.security]
        draft.login_typed = draft.login != draft.address
