"""A mail that is refused whatever is mended travels as the attachment of a small mail of ours.

The same mail always gives the same bytes, so that it is recognised when it is copied again.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
from functools import cache

from ... import paths
from .header_fields import LONGEST, folded, lines_of, name_of, valid_field

_CARRIED = (b"from", b"to", b"cc", b"subject", b"date", b"message-id")
_LINE = 76


def as_message(message: bytes) -> bytes:
    """The mail attached as what it is (RFC 2046, message/rfc822)."""
    encoding = b"7bit" if message.isascii() else b"8bit"
    kind = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: " + encoding
    return _cover(message, kind, message)


def as_file(message: bytes) -> bytes:
    """The mail attached as a file that no server looks into."""
    kind = (
        b'Content-Type: application/octet-stream; name="message.eml"\r\n'
        b"Content-Transfer-Encoding: base64"
    )
    return _cover(message, kind, encoded(message))


def encoded(data: bytes) -> bytes:
    """Base64 in lines of 76 (RFC 2045)."""
    text = base64.b64encode(data)
    return b"\r\n".join(text[at : at + _LINE] for at in range(0, len(text), _LINE))


def _cover(message: bytes, kind: bytes, attachment: bytes) -> bytes:
    boundary = b"omm-" + hashlib.sha256(message).hexdigest()[:32].encode()
    return b"\r\n".join(
        (
            *_carried(message),
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/mixed; boundary="' + boundary + b'"',
            b"",
            b"--" + boundary,
            b"Content-Type: text/plain; charset=utf-8",
            b"Content-Transfer-Encoding: base64",
            b"",
            encoded(_text().encode()),
            b"--" + boundary,
            kind,
            b'Content-Disposition: attachment; filename="message.eml"',
            b"",
            attachment,
            b"--" + boundary + b"--",
            b"",
        )
    )


def _carried(message: bytes) -> list[bytes]:
    """The fields by which a person knows the mail, the first of each."""
    found: dict[bytes, bytes] = {}
    for line in lines_of(message):
        name = name_of(line)
        field = folded(valid_field(b" ".join(line.replace(b"\0", b"").split())))
        if name in _CARRIED and all(len(one) <= LONGEST for one in field.split(b"\r\n")):
            found.setdefault(name, field)
    return [found[name] for name in _CARRIED if name in found] or [b"Subject: "]


@cache
def _text() -> str:
    with (paths.resources() / "attached_mail.toml").open("rb") as stream:
        words = tomllib.load(stream)
    return "\r\n\r\n".join(words[language]["text"] for language in ("fr", "en")) + "\r\n"
