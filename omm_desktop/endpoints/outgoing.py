"""One short mail through an outgoing server (RFC 5321, RFC 4954), protected or not at all."""

from __future__ import annotations

import base64
import contextlib
import smtplib
import ssl
from email.message import EmailMessage

from ..model.account import Security, Server
from ..model.problem import OmmError, OwnerNeeded, Place, Problem, ProblemId
from ..model.secret import Secret
from . import translate
from .trust import default_context

SECONDS = 15.0
"""How long the server may take for each of its answers."""

_SIGNED_IN, _GO_ON = 235, 334


def send(
    message: EmailMessage,
    server: Server,
    login: str,
    secret: Secret,
    *,
    ssl_context: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> None:
    """Deliver it once, to all it is addressed to. Raises `OmmError`, with the new mailbox's place.

    A server without sign-in gets the mail without; one that cannot encrypt gets it on this
    computer alone.
    """
    if server.security is Security.NONE and not server.is_loopback:
        raise OwnerNeeded(_problem(ProblemId.ENCRYPTION_MISSING, server, "not encrypted"))
    context = ssl_context or default_context()
    line: smtplib.SMTP | None = None
    try:
        line = _connected(server, context, seconds)
        _protect(line, server, context)
        _sign_in(line, server, login, secret)
        line.send_message(message)
    except (OSError, ssl.SSLError, smtplib.SMTPException, UnicodeError) as error:
        raise _told(error, server, login, secret) from error
    finally:
        if line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                line.quit()
            line.close()


def _connected(server: Server, context: ssl.SSLContext, seconds: float) -> smtplib.SMTP:
    # Named for the greeting: the computer's own name is nobody's business.
    own = "localhost"
    if server.security is Security.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, own, timeout=seconds, context=context)
    return smtplib.SMTP(server.host, server.port, own, timeout=seconds)


def _protect(line: smtplib.SMTP, server: Server, context: ssl.SSLContext) -> None:
    line.ehlo_or_helo_if_needed()
    if server.security is not Security.STARTTLS:
        return
    if not line.has_extn("starttls"):
        raise OwnerNeeded(_problem(ProblemId.ENCRYPTION_MISSING, server, "no STARTTLS"))
    line.starttls(context=context)
    line.ehlo()


def _sign_in(line: smtplib.SMTP, server: Server, login: str, secret: Secret) -> None:
    """By our own hand: smtplib knows no password beyond ASCII."""
    if not line.has_extn("auth"):
        return
    methods = line.esmtp_features["auth"].upper().split()
    if "PLAIN" in methods:
        code, text = line.docmd("AUTH", "PLAIN " + _encoded(f"\0{login}\0{secret.reveal()}"))
    elif "LOGIN" in methods:
        code, text = line.docmd("AUTH", "LOGIN")
        for word in (login, secret.reveal()):
            if code == _GO_ON:
                code, text = line.docmd(_encoded(word))
    else:
        told = translate.shown(" ".join(methods))
        raise OwnerNeeded(_problem(ProblemId.SIGN_IN_METHOD_UNAVAILABLE, server, told))
    if code != _SIGNED_IN:
        raise smtplib.SMTPAuthenticationError(code, text)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _told(error: Exception, server: Server, login: str, secret: Secret) -> OmmError:
    if isinstance(error, smtplib.SMTPServerDisconnected):
        # smtplib hides what cut the line, and a long silence is one of them.
        hidden = error.__context__
        error = hidden if isinstance(hidden, OSError) else ConnectionResetError(str(error))
    if not isinstance(error, smtplib.SMTPException):
        return translate.connection_failed(error, Place.DESTINATION, server.host)
    said = translate.shown(translate.without_secret(_words(error), login, secret))
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return translate.sign_in_refused(said, Place.DESTINATION)
    return OwnerNeeded(_problem(ProblemId.NOTICE_NOT_SENT, server, said))


def _words(error: smtplib.SMTPException) -> bytes:
    """What the server said, without the address that smtplib adds."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return b" ".join(text for _code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return text if isinstance(text, bytes) else str(text).encode()
    return str(error).encode()


def _problem(id: ProblemId, server: Server, detail: str) -> Problem:
    return Problem(id, Place.DESTINATION, detail, server.host)
