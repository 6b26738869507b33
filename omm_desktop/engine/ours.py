"""Is an item of the new mailbox what we put there, and still as we put it?

The ledger holds its address, which no other item ever gets as long as the folder keeps its
validity. That is not taken on trust: what stands there must be known by the same fingerprint, and
by the same content where it is no mail. A mail that was merely read is still ours; one that was
answered, forwarded or starred has become the person's own, and stays.
"""

from __future__ import annotations

from collections.abc import Callable

from omm_desktop.model.items import ContentHash, ItemKind
from omm_desktop.model.ports import Fidelity
from omm_desktop.model.problem import ProblemId
from omm_desktop.model.removing import Standing
from omm_desktop.store.removals import PutThere
from omm_desktop.store.survey import number


def kept_because(
    row: PutThere,
    there: Standing,
    kind: ItemKind,
    fidelity: Fidelity,
    read_content: Callable[[str], ContentHash | None],
) -> ProblemId | None:
    """Why undo leaves the item where it is; None when it may go.

    `read_content` reads the body of the item of a key, which is asked for only where the server
    rewrites headers.
    """
    if row.is_shared:
        return ProblemId.KEPT_SHARED
    if row.quiet is not None and 0 < number(there.key) < row.quiet:
        return ProblemId.KEPT_NOT_OURS
    if there.is_changed:
        return ProblemId.KEPT_CHANGED
    if kind is not ItemKind.MAIL:
        if there.fingerprint != row.fingerprint:
            return ProblemId.KEPT_NOT_OURS
        return None if there.content == row.content else ProblemId.KEPT_CHANGED
    if there.fingerprint != row.fingerprint and not (
        fidelity is Fidelity.BODY and read_content(there.key) == row.content
    ):
        return ProblemId.KEPT_NOT_OURS
    return ProblemId.KEPT_CHANGED if there.handled - (row.handled or frozenset()) else None
