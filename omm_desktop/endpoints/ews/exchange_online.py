"""Exchange Online, where Microsoft has closed EWS."""

from __future__ import annotations

from fnmatch import fnmatchcase

_HOSTS = (
    "outlook.office365.com",
    "outlook.office.com",
    "outlook.com",
    "*.outlook.com",
    "*.outlook.office365.com",
    "*.onmicrosoft.com",
)


def is_exchange_online(host: str) -> bool:
    """Whether the host, or the domain, is Microsoft's own."""
    name = host.strip().rstrip(".").casefold()
    return any(fnmatchcase(name, pattern) for pattern in _HOSTS)
