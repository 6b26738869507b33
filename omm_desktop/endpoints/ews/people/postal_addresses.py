"""The three places that Exchange has for postal addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from exchangelib.indexed_properties import PhysicalAddress

from ...convert.card.person import PostalAddress
from ...convert.loss import Loss
from ..differences import Difference

_KINDS = {"Home": "home", "Business": "work", "Other": ""}
BOXES = {"Home": "home_box", "Business": "business_box", "Other": "other_box"}
_PREFERRED = "pref"


class PostalPlaces:
    """Where each address of a person goes, and what found no place."""

    def __init__(self, addresses: Iterable[PostalAddress]) -> None:
        self.entries: list[PhysicalAddress] = []
        self.boxes: dict[str, str] = {}
        self.preferred = "None"
        self.losses: list[Loss] = []
        self._taken: set[str] = set()
        for address in sorted(addresses, key=lambda one: _PREFERRED not in one.types):
            self._place(address)

    def _place(self, address: PostalAddress) -> None:
        kinds = address.types - {_PREFERRED}
        wanted = [label for label, kind in _KINDS.items() if kind in kinds] + ["Other"]
        label = next((one for one in wanted if one not in self._taken), None)
        named = f"ADR ({', '.join(sorted(kinds))})" if kinds else "ADR"
        written = ", ".join(filter(None, address.parts)).replace("\n", ", ")
        if label is None:
            self.losses.append(Loss(named, written, Difference.THREE_POSTAL_ADDRESSES))
            return
        if missing := kinds - {_KINDS[label]}:
            named = f"ADR ({', '.join(sorted(missing))})"
            self.losses.append(Loss(named, written, Difference.POSTAL_KIND))
        if address.extended:
            self.losses.append(Loss("ADR", address.extended, Difference.POSTAL_LINES, kept=False))
        if _PREFERRED in address.types and self.preferred == "None":
            self.preferred = label
        if address.box:
            self.boxes[BOXES[label]] = address.box
        self._taken.add(label)
        entry = _entry(label, address)
        if any((entry.street, entry.city, entry.state, entry.zipcode, entry.country)):
            self.entries.append(entry)


def _entry(label: str, address: PostalAddress) -> PhysicalAddress:
    street = "\n".join(part for part in (address.extended, address.street) if part)
    return PhysicalAddress(
        label=label,
        street=street or None,
        city=address.city or None,
        state=address.region or None,
        zipcode=address.code or None,
        country=address.country or None,
    )


def postal_addresses(
    entries: Iterable[PhysicalAddress], boxes: Mapping[str, str], preferred: str | None
) -> tuple[PostalAddress, ...]:
    """The addresses of a contact; `boxes` are the post office boxes by the names of `BOXES`."""
    given = {entry.label: entry for entry in entries}
    found = []
    for label, kind in _KINDS.items():
        entry = given.get(label) or PhysicalAddress(label=label)
        kinds = {kind, _PREFERRED if preferred == label else ""}
        address = PostalAddress(
            box=boxes.get(BOXES[label]) or "",
            street=(entry.street or "").replace("\r\n", "\n"),
            city=entry.city or "",
            region=entry.state or "",
            code=entry.zipcode or "",
            country=entry.country or "",
            types=frozenset(filter(None, kinds)),
        )
        if any(address.parts):
            found.append(address)
    return tuple(found)
