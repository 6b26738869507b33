"""An item after the next rung of the repair ladder."""

from __future__ import annotations

from dataclasses import replace

from ...model.items import Item
from ...model.problem import Place, Problem, ProblemId
from .. import translate
from . import mail, repair
from .payload import IN_MEMORY, MemoryPayload, whole

_REASON = "; the server said: "


def repaired(item: Item, refusal: bytes | str, place: Place) -> Item | None:
    """The item that may be stored instead of a refused one; None when no rung is left."""
    original = item.original or item.payload
    if original.size > IN_MEMORY:
        return None
    done = [problem.detail.partition(";")[0] for problem in item.repairs]
    step = repair.next_rung(whole(item.payload), whole(original), done)
    if step is None:
        return None
    rung, message = step
    return changed(item, rung, message, _REASON + translate.shown(refusal), place)


def changed(item: Item, rung: repair.Rung, message: bytes, reason: str, place: Place) -> Item:
    """The item after a repair, told with the reason for it."""
    id = ProblemId.ITEM_ATTACHED if rung.attaches else ProblemId.ITEM_REPAIRED
    problem = Problem(id, place, rung.name + reason)
    payload = MemoryPayload(message)
    return replace(
        item,
        payload=payload,
        fingerprint=mail.fingerprint(mail.header_of(payload)),
        content=mail.content_hash(payload),
        repairs=(problem,) if rung.afresh else (*item.repairs, problem),
        original=item.original or item.payload,
    )
