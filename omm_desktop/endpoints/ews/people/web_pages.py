"""The three places that Exchange has for web pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...convert.card.person import Typed
from ...convert.loss import Loss
from ..differences import Difference

_BUSINESS, _PERSONAL, _SHOWN = "business_homepage", "personal_page", "web_page"
PLACES = (_BUSINESS, _PERSONAL, _SHOWN)
_KINDS = {_BUSINESS: "work", _PERSONAL: "home"}


def place_pages(pages: Iterable[Typed]) -> tuple[dict[str, str], list[Loss]]:
    """Pages by the contact's field; one of no kind is also the one that webmail shows."""
    fields: dict[str, str] = {}
    losses = []
    for page in pages:
        place = next((one for one, kind in _KINDS.items() if kind in page.types), _SHOWN)
        unsaid = page.types - {_KINDS.get(place, "")}
        if place in fields or unsaid:
            losses.append(Loss(_named(page.types), page.value, Difference.THREE_PAGES))
        fields.setdefault(place, page.value)
    if _SHOWN in fields:
        fields.setdefault(_BUSINESS, fields[_SHOWN])
    return fields, losses


def pages(fields: Mapping[str, str | None]) -> tuple[Typed, ...]:
    """The pages of a contact, the same one in two places once."""
    business, shown = fields[_BUSINESS], fields[_SHOWN]
    found = [
        (business if business != shown else None, "work"),
        (fields[_PERSONAL], "home"),
        (shown, ""),
    ]
    return tuple(Typed(page, frozenset({kind} - {""})) for page, kind in found if page)


def _named(kinds: frozenset[str]) -> str:
    return f"URL ({', '.join(sorted(kinds))})" if kinds else "URL"
