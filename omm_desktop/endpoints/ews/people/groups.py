"""Groups to distribution lists of Exchange and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exchangelib import DistributionList, Mailbox
from exchangelib.properties import Member

from ...convert.card.person import Group
from ...convert.loss import Loss, with_losses
from ..differences import Difference
from ..items import uids

FIELDS = ("display_name", "members", "body", "categories", uids.FIELD)
"""What has to be asked for to read a distribution list."""

_MAIL = "mailto:"
_URN = "urn:uuid:"


@dataclass(frozen=True, slots=True)
class NewList:
    """A distribution list ready to be saved."""

    item: DistributionList
    losses: tuple[Loss, ...]


def to_list(group: Group, addresses: Mapping[str, tuple[str, str]]) -> NewList:
    """The list for a group; `addresses` has the name and address of the cards by their UIDs."""
    members: dict[str, str] = {}
    called = dict(group.called)
    losses: list[Loss] = []
    for member in group.members:
        found = _address(member, addresses)
        if found is None:
            losses.append(Loss("MEMBER", member, Difference.MEMBER_ADDRESS))
        else:
            members.setdefault(found[1], called.get(member) or found[0])
    losses += [Loss(line.name, line.text, Difference.NO_FIELD) for line in group.rest]
    item = DistributionList(
        display_name=group.name or "?",
        body=with_losses(group.notes, losses) or None,
        categories=list(group.categories) or None,
        members=[_member(name, address) for address, name in members.items()] or None,
        stored_uid=group.uid or None,
    )
    return NewList(item, tuple(losses))


def _member(name: str, address: str) -> Member:
    return Member(
        mailbox=Mailbox(
            name=name or address, email_address=address, routing_type="SMTP", mailbox_type="OneOff"
        )
    )


def _address(member: str, addresses: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    if member.lower().startswith(_MAIL):
        return "", member[len(_MAIL) :]
    return addresses.get(member) or addresses.get(member.removeprefix(_URN))


def to_group(found: DistributionList) -> Group:
    """The group that a distribution list stands for."""
    reachable = [one for one in _mailboxes(found) if _is_mail(one)]
    return Group(
        uid=found.stored_uid or "",
        name=found.display_name or "",
        members=tuple(map(_uri, reachable)),
        called=tuple((_uri(one), one.name) for one in reachable if _has_name(one)),
        notes=(found.body or "").replace("\r\n", "\n"),
        categories=tuple(found.categories or ()),
    )


def unreachable(found: DistributionList) -> list[str]:
    """The members whom nobody outside their server can write to, by name or what there is."""
    strangers = (one for one in _mailboxes(found) if not _is_mail(one))
    return [one.name or one.email_address or "?" for one in strangers]


def _mailboxes(found: DistributionList) -> list[Mailbox]:
    return [member.mailbox for member in found.members or () if member.mailbox]


def _is_mail(mailbox: Mailbox) -> bool:
    """Not one of the names that Exchange has in its directory."""
    return "@" in (mailbox.email_address or "")


def _uri(mailbox: Mailbox) -> str:
    return f"{_MAIL}{mailbox.email_address}"


def _has_name(mailbox: Mailbox) -> bool:
    """Exchange gives the address where there is no name."""
    return bool(mailbox.name) and mailbox.name != mailbox.email_address
