"""Compressed RTF ([MS-OXRTFCP])."""

from __future__ import annotations

from struct import Struct

from ..damage import Damaged, unpack

_HEADER = Struct("<IIII")
_COMPRESSED, _UNCOMPRESSED = 0x75465A4C, 0x414C454D
_WINDOW = 4096
# The text every window begins with (2.1.2.1).
_PRELOADED = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompress(data: bytes, at_most: int) -> bytes:
    """The RTF within the value of PidTagRtfCompressed.

    Sizes and checksum of the header are wrong in real files and are not asked; data that end
    before their mark give what was there. Raises `Damaged` for what is no compressed RTF and for
    more than `at_most` bytes.
    """
    _, _, method, _ = unpack(_HEADER, data)
    content = data[_HEADER.size :]
    if method not in (_COMPRESSED, _UNCOMPRESSED):
        raise Damaged("the rich text is compressed in an unknown way")
    rtf = content if method == _UNCOMPRESSED else _inflate(content, at_most)
    if len(rtf) > at_most:
        raise Damaged(f"the rich text is larger than {at_most} bytes")
    return rtf


def _inflate(content: bytes, at_most: int) -> bytes:
    output = bytearray(_PRELOADED)
    shift = len(_PRELOADED)
    position, end = 0, len(content)
    while position < end:
        control = content[position]
        position += 1
        for bit in range(8):
            if control >> bit & 1:
                if position + 2 > end:
                    return bytes(output[shift:])
                offset = content[position] << 4 | content[position + 1] >> 4
                length = (content[position + 1] & 0xF) + 2
                position += 2
                back = (len(output) - offset) % _WINDOW
                if not back:
                    return bytes(output[shift:])
                _repeat(output, back, length)
            elif position < end:
                output.append(content[position])
                position += 1
        if len(output) - shift > at_most:
            break
    return bytes(output[shift:])


def _repeat(output: bytearray, back: int, length: int) -> None:
    """Append `length` bytes of what was written `back` bytes before; zeros before the start."""
    start = len(output) - back
    if start < 0:
        output += bytes(length)
    elif back >= length:
        output += output[start : start + length]
    else:
        pattern = output[start:]
        output += (pattern * (length // back + 1))[:length]
