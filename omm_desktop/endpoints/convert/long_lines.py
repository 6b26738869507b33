"""Lines longer than mail allows (RFC 5322: 998 octets): the parts that hold them are re-encoded.

What is signed or encrypted is left alone: it would no longer be what was signed.
"""

from __future__ import annotations

import base64
import binascii
import re
from email import message_from_bytes
from email.message import Message

from .attaching import encoded
from .header_fields import LONGEST, folded, name_of
from .mail import split

_LONG = re.compile(rb"(?<![^\r\n])[^\r\n]{%d}" % (LONGEST + 1))
_LONG_LINE = re.compile(rb"(?<![^\r\n])[^\r\n]{%d,}" % (LONGEST + 1))
_SEALED = re.compile(
    rb"^content-type:\s*(multipart/(signed|encrypted)|application/(x-)?pkcs7-mime)", re.I | re.M
)
_DEEPEST = 50
_FIELD_START = re.compile(rb"^(?=[^ \t\r\n])", re.M)


def short_lines(message: bytes) -> bytes:
    """The mail without too long lines, every other part as it was; the same mail when it is sealed.

    `message` has CRLF line ends.
    """
    if not _LONG.search(message) or _SEALED.search(message):
        return message
    return _part(message, 0)


def _part(part: bytes, depth: int) -> bytes:
    """A header and what it describes; what is too deep within others stays as it is."""
    if depth > _DEEPEST or not _LONG.search(part):
        return part
    end, start = split(part)
    header, between, body = part[:end], part[end:start], part[start:]
    header = _LONG_LINE.sub(lambda found: folded(found[0]), header)
    if not _LONG.search(body):
        return header + between + body
    told = message_from_bytes(header)
    boundary = told.get_boundary()
    if told.get_content_maintype() == "multipart" and boundary:
        return header + between + _parts(body, boundary.encode("utf-8", "surrogateescape"), depth)
    if told.get_content_type() == "message/rfc822":
        return header + between + _part(body, depth + 1)
    return _leaf(header, between, body, told)


def _parts(body: bytes, boundary: bytes, depth: int) -> bytes:
    """Each part on its own; what stands before, between and after them is only cut."""
    delimiter = re.compile(rb"((?:\r\n|\A)--%b(?:--)?[ \t]*(?=\r\n|\Z))" % re.escape(boundary))
    before, *pieces = delimiter.split(body)
    mended = [_cut(before)]
    for line, piece in zip(pieces[::2], pieces[1::2], strict=True):
        mended.append(line)
        if line.rstrip().endswith(b"--"):
            mended.append(_cut(piece))
        else:
            mended.append(b"\r\n" + _part(piece[2:], depth + 1))
    return b"".join(mended)


def _leaf(header: bytes, between: bytes, body: bytes, told: Message) -> bytes:
    """Text as quoted-printable, anything else as base64 (RFC 2045)."""
    encoding = str(told.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding == "quoted-printable":
        body = binascii.a2b_qp(body)
    elif encoding == "base64":
        body = _decoded(body)
    is_text = told.get_content_maintype() == "text" and encoding != "base64"
    if is_text:
        name, body = b"quoted-printable", binascii.b2a_qp(body, istext=True)
    else:
        name, body = b"base64", encoded(body) + b"\r\n"
    fields = [
        field
        for field in _FIELD_START.split(header)
        if name_of(field) != b"content-transfer-encoding"
    ]
    fields.append(b"Content-Transfer-Encoding: " + name + b"\r\n")
    return b"".join(fields) + (between or b"\r\n") + body


def _decoded(body: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _cut(text: bytes) -> bytes:
    return _LONG_LINE.sub(
        lambda found: b"\r\n".join(
            found[0][at : at + LONGEST] for at in range(0, len(found[0]), LONGEST)
        ),
        text,
    )
