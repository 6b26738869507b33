"""Who sits at the other end of a connection: Basic, Digest (RFC 7616) and NTLM, as IIS does them.

NTLM is proven once for a connection. Its passwords are those of the file NTLM_USER_FILE names, a
line `:address:password` for each.
"""

from __future__ import annotations

import re
import secrets
import ssl
from base64 import b64decode, b64encode
from hashlib import md5, sha256
from typing import TYPE_CHECKING

import spnego
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import SpnegoError

from ..certificates import ServerCertificate
from .store import Mailbox

if TYPE_CHECKING:
    from .server import EwsServer

REALM = "exchange.test"
_PAIR = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')


class Doorkeeper:
    """Of one connection. `challenges` are the words of WWW-Authenticate for who is not let in."""

    def __init__(self, exchange: EwsServer) -> None:
        self._exchange = exchange
        self._handshake: spnego.ContextProxy | None = None
        self._known: Mailbox | None = None
        self._nonce = secrets.token_hex(8)
        self.challenges: list[str] = []

    def admit(self, authorization: str | None, method: str) -> Mailbox | None:
        """Whose request this is, None when nobody is let in."""
        self.challenges = [self._challenge(scheme) for scheme in self._exchange.schemes]
        scheme, _, given = (authorization or "").partition(" ")
        offered = {one.partition(" ")[0].lower() for one in self._exchange.schemes}
        if not authorization:
            return self._known
        match scheme.lower() if scheme.lower() in offered else "":
            case "basic":
                return self._basic(given)
            case "digest":
                return self._digest(given, method)
            case "ntlm":
                return self._ntlm(given)
        return None

    def _challenge(self, scheme: str) -> str:
        if scheme != "Digest":
            return scheme
        return f'Digest qop="auth",algorithm=MD5-sess,nonce="{self._nonce}",realm="{REALM}"'

    def _mailbox(self, login: str) -> Mailbox | None:
        domain, _, name = login.casefold().rpartition("\\")
        for address, mailbox in self._exchange.store.mailboxes.items():
            if name in ((address, address.partition("@")[0]) if domain else (address,)):
                return mailbox
        return None

    def _basic(self, given: str) -> Mailbox | None:
        try:
            login, _, password = b64decode(given).decode().partition(":")
        except ValueError:
            return None
        mailbox = self._mailbox(login)
        return mailbox if mailbox is not None and mailbox.password == password else None

    def _digest(self, given: str, method: str) -> Mailbox | None:
        told = {name: quoted or plain for name, quoted, plain in _PAIR.findall(given)}
        mailbox = self._mailbox(told["username"])
        if mailbox is None or told["nonce"] != self._nonce:
            return None
        secret = _hashed(told["username"], REALM, mailbox.password)
        secret = _hashed(secret, told["nonce"], told["cnonce"])
        said = (told["nonce"], told["nc"], told["cnonce"], told["qop"])
        right = _hashed(secret, *said, _hashed(method, told["uri"]))
        if self._exchange.forgets:
            self._nonce = secrets.token_hex(8)
        return mailbox if told["response"] == right else None

    def _ntlm(self, given: str) -> Mailbox | None:
        self._known = None
        context = self._handshake or spnego.server(
            protocol="ntlm",
            options=spnego.NegotiateOptions.use_ntlm,
            channel_bindings=self._exchange.bindings,
        )
        self._handshake = None
        try:
            answer = context.step(b64decode(given))
        except (SpnegoError, ValueError):
            return None
        if context.complete:
            self._known = self._mailbox(context.client_principal or "")
        else:
            self._handshake = context
            self.challenges = [f"NTLM {b64encode(answer or b'').decode()}"]
        return self._known


def bindings_of(certificate: ServerCertificate) -> GssChannelBindings:
    """What ties a sign-in to this end of TLS (RFC 5929, section 4): Exchange insists on it."""
    der = ssl.PEM_cert_to_DER_cert(certificate.chain.read_text())
    return GssChannelBindings(application_data=b"tls-server-end-point:" + sha256(der).digest())


def _hashed(*parts: str) -> str:
    return md5(":".join(parts).encode()).hexdigest()
