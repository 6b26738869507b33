"""Signing in to Exchange: what a server offers, and what a refusal may mean."""

from __future__ import annotations

import logging
import struct
import time

import requests
from exchangelib import BASIC, DIGEST, NTLM
from spnego.exceptions import SpnegoError

from ....model.account import Account
from ....model.problem import OmmError, OwnerNeeded, Place, Problem, ProblemId
from ....model.secret import Secret
from ... import translate

# It tells all that passes, and from that a password can be guessed at leisure.
logging.getLogger("spnego._ntlm").disabled = True

# Over TLS the plainest one is as safe as any, and takes one request.
_SCHEMES = {"basic": BASIC, "ntlm": NTLM, "digest": DIGEST}

_GARBLED = (SpnegoError, struct.error)
STUMBLES = (*_GARBLED, LookupError)
"""What the libraries raise when a server breaks off, or answers with something else."""

_proven: set[int] = set()
_doubted: dict[int, float] = {}


def scheme_of(challenge: requests.Response, place: Place, host: str) -> str:
    """The scheme to sign in by, of those that a 401 offers. Raises `OwnerNeeded`."""
    told = challenge.raw.headers.getlist("WWW-Authenticate")
    if not told:
        # Against RFC 9110, but done.
        return str(BASIC)
    words = [one.strip().partition(" ")[0].lower() for value in told for one in value.split(",")]
    offered = {word for word in words if "=" not in word}
    scheme: str | None = next((_SCHEMES[name] for name in _SCHEMES if name in offered), None)
    if scheme is None:
        detail = f"offered: {', '.join(sorted(offered))}"
        raise OwnerNeeded(Problem(ProblemId.SIGN_IN_METHOD_UNAVAILABLE, place, detail, host))
    return scheme


def broken_off(error: Exception, place: Place, host: str) -> OmmError | None:
    """What it means that the exchange of NTLM came to no end; None for any other error."""
    no_challenge = isinstance(error, PermissionError) and error.errno is None
    if not no_challenge and not isinstance(error, _GARBLED):
        return None
    detail = translate.shown(f"NTLM: {error}")
    return OwnerNeeded(Problem(ProblemId.SIGN_IN_METHOD_UNAVAILABLE, place, detail, host))


class Proof:
    """What this process knows of one login with one password at one server.

    Exchange refuses sign-ins as well when it wants to be left in peace. Hence one refusal after a
    good sign-in may pass, and with it those of the requests that were already on their way.
    """

    def __init__(self, account: Account, secret: Secret) -> None:
        self._key = hash((account.url, account.login, secret))

    def given(self) -> None:
        """It was let in."""
        _proven.add(self._key)

    def may_pass(self, asked: float) -> bool:
        """Whether the refusal of a request sent then (`time.monotonic`) may be about pace."""
        if self._key in _proven:
            _proven.discard(self._key)
            _doubted[self._key] = time.monotonic()
            return True
        return asked < _doubted.get(self._key, 0.0)
