"""The sockets of TLS: what is gone before the handshake is told, and left to nobody."""

from __future__ import annotations

import socket
import ssl
import struct
import warnings

import pytest

from omm_desktop.endpoints.trust import default_context
from tests.servers.certificates import Authority
from tests.servers.process import LOOPBACK


@pytest.fixture
def context(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    return default_context()


def gone(reset: bool) -> socket.socket:
    """A connection that the other side has ended, and this side has seen it."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        ours = socket.create_connection(listener.getsockname(), timeout=5)
        theirs, _ = listener.accept()
        if reset:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            ours.shutdown(socket.SHUT_RDWR)
        theirs.close()
    while not _is_over(ours):
        pass
    return ours


def _is_over(connection: socket.socket) -> bool:
    try:
        connection.getpeername()
    except OSError:
        return True
    return False


@pytest.mark.parametrize("reset", [True, False])
def test_no_socket_is_left_by_what_was_gone_before_the_handshake(
    context: ssl.SSLContext, reset: bool
) -> None:
    connection = gone(reset)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with pytest.raises(ConnectionResetError) as caught:
            context.wrap_socket(connection, server_hostname="localhost")
        del caught
    assert connection.fileno() == -1
    assert told == []
