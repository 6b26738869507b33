"""Where EWS answers: a URL, or the usual one of a host."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .account import USUAL_EWS_PORT, Security, Server


def usual_url(host: str) -> str:
    """Where EWS answers on most servers."""
    return f"https://{f'[{host}]' if ':' in host else host}/EWS/Exchange.asmx"


def server_at(url: str) -> Server:
    """The server of a URL; ValueError unless it is one of http(s) without a login in it."""
    parts = urlsplit(url)
    usable = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    if not usable or re.search(r"\s|\\", url):
        raise ValueError(url)
    security = Security.TLS if parts.scheme == "https" else Security.NONE
    return Server(parts.hostname or "", parts.port or USUAL_EWS_PORT[security], security)
