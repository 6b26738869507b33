"""Which certificates are believed."""

from __future__ import annotations

import os
import ssl
from typing import Any

import truststore


class _Protected(ssl.SSLSocket):
    """Closed at once when the other side had gone before the handshake began.

    The standard library returns such a socket without TLS, or raises and leaves it open to the
    garbage collector.
    """

    def getpeername(self) -> Any:
        try:
            return super().getpeername()
        except OSError as error:
            self.close()
            raise ConnectionResetError("gone before the handshake") from error


def default_context() -> ssl.SSLContext:
    """Certificates as this computer trusts them; SSL_CERT_FILE and SSL_CERT_DIR win."""
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        context = ssl.create_default_context()
        context.sslsocket_class = _Protected
        return context
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
