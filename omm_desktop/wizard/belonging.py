"""Which known service a mailbox belongs to, and whether its domain is the person's own."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from omm_desktop.guide.providers import Providers
from omm_desktop.guide.service import Service
from omm_desktop.wizard.draft import AccountDraft

_ANSWER = re.compile(r"\{\w+\}")


def service_of(account: AccountDraft, providers: Providers) -> Service | None:
    """The service chosen on the page, or the one of its address or server; None: of no known one.

    A mailbox brought back from an earlier copy has no choice any more, only its settings; a choice
    without servers of its own only says how they are found.
    """
    chosen = providers.by_id(account.service) if account.service else None
    if chosen is not None and chosen.imap:
        return chosen
    by_address = providers.for_address(account.address)
    if by_address is not None:
        return by_address
    host = account.server.host.casefold()
    return next(
        (
            service
            for service in providers.services
            if any(_is_host(host, server.host) for server in service.imap)
        ),
        None,
    )


def imap_beside(account: AccountDraft, providers: Providers) -> Service | None:
    """The known service whose mailboxes on this Exchange are also reached by IMAP.

    None where IMAP takes no password either: at Microsoft, it would only be refused later.
    """
    chosen = providers.by_id(account.service) if account.service else None
    host = account.server.host.casefold()
    told = (one for one in providers.services if one.imap and _is_host(host, _ews_host(one)))
    found = chosen or next(told, None)
    return found if found is not None and found.imap and found.takes_password else None


def _ews_host(service: Service) -> str:
    return (service.ews or "").removeprefix("https://").partition("/")[0]


def _is_host(host: str, known: str) -> bool:
    """`known` may leave a part to the person (`pro{n}.mail.ovh.net`), though not all of it."""
    pattern = _ANSWER.sub("*", known.casefold())
    return pattern != "*" and fnmatchcase(host, pattern)


def own_domain(account: AccountDraft, providers: Providers) -> str | None:
    """The domain of the address, unless a provider gives addresses in it to everybody."""
    _name, at, domain = account.account().address.casefold().rpartition("@")
    if not at or "." not in domain or providers.by_domain(domain) is not None:
        return None
    return domain
