"""Small files for the demo's messages: real enough for any program to open them."""

from __future__ import annotations

import random
import struct
import zlib

_WIDTH, _HEIGHT = 160, 96
_HORIZON = _HEIGHT // 2
_ROWS = [
    bytes(250 - abs(y - _HORIZON) * 5 - (grain & 7) for grain in range(256)) for y in range(_HEIGHT)
]
"""For each row, the brightness around its own that a random byte stands for."""


def picture(chance: random.Random) -> bytes:
    """A PNG of about 13 kB: a sunset over the sea, in a colour drawn by `chance`."""
    tint = [chance.randrange(60, 256) for _ in range(3)]
    palette = bytes(level * colour // 255 for level in range(256) for colour in tint)
    rows = b"".join(b"\0" + chance.randbytes(_WIDTH).translate(row) for row in _ROWS)
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 3, 0, 0, 0)
    chunks = [
        (b"IHDR", header),
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def document(title: str) -> bytes:
    """A PDF of one page that shows `title`."""
    shown = title.encode("cp1252", "replace").replace(b"(", b"[").replace(b")", b"]")
    drawing = b"BT /F1 18 Tf 72 760 Td (" + shown + b") Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    pdf = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(pdf)
    pdf += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    pdf += b"".join(b"%010d 00000 n \n" % place for place in places)
    pdf += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    pdf += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(pdf)
