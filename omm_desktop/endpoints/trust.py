"""Which certificates are believed."""

from __future__ import annotations

import os
import re
import ssl
import sys
from typing import Any

import truststore

OPENSSL_VERSION = ssl.OPENSSL_VERSION

_IN_A_FOLDER = re.compile(r"[0-9a-f]{8}\.[0-9]+", re.IGNORECASE)


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


def roots(context: ssl.SSLContext) -> int | None:
    """How many authorities a context believes; None on macOS, which does not tell."""
    if sys.platform == "win32":
        return len(ssl.enum_certificates("ROOT"))
    if sys.platform == "darwin":
        return None
    # truststore looks for them when it wraps a connection.
    wrapped = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
    return wrapped.context.cert_store_stats()["x509_ca"] or _roots_in_folder()


def _roots_in_folder() -> int:
    """Those in OpenSSL's folder, which it opens one by one when it needs them."""
    folder = ssl.get_default_verify_paths().capath
    if folder is None:
        return 0
    return sum(bool(_IN_A_FOLDER.fullmatch(name)) for name in os.listdir(folder))
