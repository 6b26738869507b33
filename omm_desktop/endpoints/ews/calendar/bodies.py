"""Notes of events and tasks as bodies of Exchange, plain or HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from exchangelib import Body, HTMLBody

from ...convert.loss import Loss, with_losses


def to_body(description: str, html: str, losses: Iterable[Loss]) -> Body | HTMLBody | None:
    """The HTML form where there is one, else the text; with what found no place."""
    if not html:
        text = with_losses(description, losses)
        return Body(text) if text else None
    lost = with_losses("", losses)
    return HTMLBody(f"{html}<pre>{escape(lost)}</pre>" if lost else html)


def from_body(item: Any) -> tuple[str, str]:
    """Description and HTML of an item read with `body` and `text_body`."""
    body = str(item.body or "").replace("\r\n", "\n")
    if isinstance(item.body, HTMLBody):
        return (item.text_body or "").replace("\r\n", "\n").strip(), body
    return body, ""
