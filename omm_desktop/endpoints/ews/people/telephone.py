"""The nineteen places that Exchange has for telephone numbers."""

from __future__ import annotations

from collections.abc import Iterable

from exchangelib.indexed_properties import PhoneNumber

from ...convert.card.person import Typed
from ...convert.loss import Loss
from ..differences import Difference

_PLACES: dict[str, frozenset[str]] = {
    "BusinessPhone": frozenset({"work"}),
    "BusinessPhone2": frozenset({"work"}),
    "HomePhone": frozenset({"home"}),
    "HomePhone2": frozenset({"home"}),
    "MobilePhone": frozenset({"cell"}),
    "BusinessFax": frozenset({"work", "fax"}),
    "HomeFax": frozenset({"home", "fax"}),
    "OtherFax": frozenset({"fax"}),
    "Pager": frozenset({"pager"}),
    "CarPhone": frozenset({"car"}),
    "Isdn": frozenset({"isdn"}),
    "PrimaryPhone": frozenset({"main"}),
    "CompanyMainPhone": frozenset({"company"}),
    "AssistantPhone": frozenset({"assistant"}),
    "Callback": frozenset({"callback"}),
    "RadioPhone": frozenset({"radio"}),
    "Telex": frozenset({"telex"}),
    "TtyTddPhone": frozenset({"ttytdd"}),
    "OtherTelephone": frozenset(),
}
_OTHER = "OtherTelephone"


def place_numbers(phones: Iterable[Typed]) -> tuple[list[PhoneNumber], list[Loss]]:
    """The numbers in their places, those that fit first, and what found none."""
    taken: dict[str, str] = {}
    left = []
    for phone in phones:
        label = next((one for one in _fitting(phone.types, exactly=True) if one not in taken), None)
        if label is None:
            left.append(phone)
        else:
            taken[label] = phone.value
    losses = []
    for phone in left:
        label = next((one for one in _fitting(phone.types) if one not in taken), None)
        if label is None:
            losses.append(Loss(_named(phone.types), phone.value, Difference.NUMBER_PLACES))
            continue
        taken[label] = phone.value
        losses.append(Loss(_named(phone.types), phone.value, Difference.NUMBER_KIND))
    return [
        PhoneNumber(label=label, phone_number=number) for label, number in taken.items()
    ], losses


def numbers(phones: Iterable[PhoneNumber]) -> tuple[Typed, ...]:
    """The numbers of a contact with their kinds, in the order of their places."""
    given = {phone.label: phone.phone_number for phone in phones if phone.phone_number}
    return tuple(Typed(given[label], _PLACES[label]) for label in _PLACES if label in given)


def _fitting(kinds: frozenset[str], *, exactly: bool = False) -> list[str]:
    """Places by how well they fit; a fax takes no place of a telephone."""
    if exactly:
        return [label for label, has in _PLACES.items() if has == kinds]
    fitting = sorted(
        (label for label, has in _PLACES.items() if has and has <= kinds),
        key=lambda label: (-len(_PLACES[label]), _only_where(label)),
    )
    if "fax" in kinds:
        return [label for label in fitting if "fax" in _PLACES[label]]
    return [*fitting, _OTHER]


def _only_where(label: str) -> bool:
    """Work and home say where a telephone is; a place that says what it is comes first."""
    return bool(_PLACES[label] & {"work", "home"})


def _named(kinds: frozenset[str]) -> str:
    return f"TEL ({', '.join(sorted(kinds))})" if kinds else "TEL"
