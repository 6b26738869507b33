"""Usual names on usual ports: a server counts when it greets behind a verified certificate."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass

from omm_desktop.endpoints import translate
from omm_desktop.guide.discovery.candidate import Candidate, Origin
from omm_desktop.guide.discovery.network import Network
from omm_desktop.model.account import Security, Server
from omm_desktop.model.problem import OmmError, Place

_READ_SECONDS = 3.0
_LONGEST_LINE = 1024


@dataclass(frozen=True, slots=True)
class _Protocol:
    """How a server greets, and how it is asked for TLS."""

    greetings: tuple[bytes, ...]
    ask: bytes
    agreed: bytes


_IMAP = _Protocol((b"* OK", b"* PREAUTH"), b"a STARTTLS\r\n", b"a OK")
_POP = _Protocol((b"+OK",), b"STLS\r\n", b"+OK")
_PORTS = {
    "imap": (_IMAP, ((993, Security.TLS), (143, Security.STARTTLS))),
    "pop": (_POP, ((995, Security.TLS), (110, Security.STARTTLS))),
}
NAMES = (("imap.{domain}", "imap"), ("mail.{domain}", "imap"), ("pop.{domain}", "pop"))


def by_guess(host: str, kind: str, network: Network, place: Place) -> list[Candidate]:
    """No credential and no address is sent. Raises OmmError when the host is there but unfit."""
    protocol, ports = _PORTS[kind]
    failure: OmmError | None = None
    for port, security in ports:
        try:
            if _greets(host, port, security, protocol, network):
                found = (Server(host, port, security),)
                return [
                    Candidate(
                        Origin.GUESS,
                        imap=found if kind == "imap" else (),
                        pop=found if kind == "pop" else (),
                    )
                ]
        except socket.gaierror:
            return []
        except (OSError, ssl.CertificateError) as error:
            failure = failure or translate.connection_failed(error, place, host)
    if failure is not None:
        raise failure
    return []


def _greets(
    host: str, port: int, security: Security, protocol: _Protocol, network: Network
) -> bool:
    with network.connect(host, port) as plain:
        if security is Security.TLS:
            with network.secure(plain, host) as protected:
                return _line(protected, network).startswith(protocol.greetings)
        if not _line(plain, network).startswith(protocol.greetings):
            return False
        plain.sendall(protocol.ask)
        if not _line(plain, network).startswith(protocol.agreed):
            return False
        with network.secure(plain, host) as protected, suppress(OSError):
            protected.unwrap()
        return True


def _line(connection: socket.socket, network: Network) -> bytes:
    """Up to the end of the line; byte by byte, so that nothing after it is taken away from TLS."""
    line = b""
    while not line.endswith(b"\n") and len(line) < _LONGEST_LINE:
        connection.settimeout(min(_READ_SECONDS, network.seconds_left))
        byte = connection.recv(1)
        if not byte:
            break
        line += byte
    return line
