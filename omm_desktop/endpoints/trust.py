"""Which certificates are believed."""

from __future__ import annotations

import os
import ssl

import truststore


def default_context() -> ssl.SSLContext:
    """Certificates as this computer trusts them; SSL_CERT_FILE and SSL_CERT_DIR win."""
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context()
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
