"""What is known of the providers of a plan, by the hosts it names."""

from __future__ import annotations

from omm_desktop.model.account import Account, EndpointKind
from omm_desktop.model.plan import DailyBytes

from .providers import Providers
from .service import ServiceLimits


def daily_limits(source: Account, destination: Account, known: Providers) -> DailyBytes:
    """Bytes read from the one and added to the other; None for a host nothing is known of."""
    there = _limits(source, known)
    by_pop = source.kind is EndpointKind.POP3
    return DailyBytes(
        there.pop_download_bytes_per_day if by_pop else there.imap_download_bytes_per_day,
        _limits(destination, known).imap_upload_bytes_per_day,
    )


def largest_message(destination: Account, known: Providers) -> int | None:
    """Bytes of the largest message the destination takes; None for a host nothing is known of."""
    return _limits(destination, known).message_bytes


def _limits(account: Account, known: Providers) -> ServiceLimits:
    service = known.by_host(account.server.host)
    return ServiceLimits() if service is None else service.limits
