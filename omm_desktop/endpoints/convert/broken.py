"""What servers deliver in place of a mail they cannot give."""

from __future__ import annotations

from ...model.items import Payload
from . import mail
from .payload import whole

# What Exchange delivers, inside a mail of its own making, for one it cannot convert.
_PLACEHOLDERS = tuple(
    b"Retrieval using the %b protocol failed for the following message" % protocol
    for protocol in (b"IMAP4", b"POP3")
)
_PLACEHOLDER_AT_MOST = 16 << 10


def is_mail(body: Payload) -> bool:
    """False for an empty body and for the note that Exchange puts in place of a broken mail."""
    if body.size == 0:
        return False
    if body.size > _PLACEHOLDER_AT_MOST:
        return True
    message = whole(body)
    end, start = mail.split(message)
    return not any(
        message.startswith(note, start) or b"\nSubject: " + note in b"\n" + message[:end]
        for note in _PLACEHOLDERS
    )
