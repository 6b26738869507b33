"""Transfer encodings (RFC 2045 section 6), for text at once and for files piece by piece."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from struct import Struct

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LINE_OF_76 = re.compile(rb".{1,76}")
_LONGEST_LINE = 998
_PRINTABLE = bytes({*range(32, 127), *b"\t\r\n"} - {ord("=")})
_BASE64_LINE = 57
_BASE64_LINES = 1024
_WHOLE_LINES = Struct("76s" * _BASE64_LINES)


def canonical(text: bytes) -> bytes:
    """Text with every line end as CRLF, which MIME requires (RFC 2045 6.5)."""
    return _LINE_END.sub(b"\r\n", text)


def encoded_text(text: bytes) -> tuple[str, bytes]:
    """The name of the encoding that suits a text with CRLF line ends, and the text in it."""
    if text.isascii() and b"\0" not in text and _longest_line(text) <= _LONGEST_LINE:
        return "7bit", text
    # Quoted-printable takes two bytes more for each byte it has to quote, base64 a third of all.
    if 6 * len(text.translate(None, _PRINTABLE)) > len(text):
        return "base64", b"".join(base64_lines([text]))
    quoted = binascii.b2a_qp(text, istext=True)
    return "quoted-printable", canonical(quoted)


def base64_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Base64 in lines of 76, each ended by CRLF, without keeping more than a piece."""
    chunk = _BASE64_LINE * _BASE64_LINES
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= chunk:
            data = b"".join(waiting)
            whole = size // chunk * chunk
            for start in range(0, whole, chunk):
                yield _wrapped(data[start : start + chunk])
            waiting, size = [data[whole:]], size - whole
    if size:
        yield _wrapped(b"".join(waiting))


def _wrapped(data: bytes) -> bytes:
    encoded = binascii.b2a_base64(data, newline=False)
    whole = len(encoded) == _WHOLE_LINES.size
    lines = _WHOLE_LINES.unpack(encoded) if whole else _LINE_OF_76.findall(encoded)
    return b"\r\n".join([*lines, b""])


def _longest_line(text: bytes) -> int:
    return max(map(len, text.split(b"\r\n")))
