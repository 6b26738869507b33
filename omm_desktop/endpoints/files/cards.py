"""Files of contacts (VCF): versit 2.1, RFC 2426 and RFC 6350, any number of cards in one file.

Other than these specifications want, for the sake of files as programs write them: a card may lack
its end or its version; lines may end in any way and stand within blanks; what is no UTF-8 and names
no charset is Windows-1252. A card is given in the version it has, in UTF-8, its lines ended by
CRLF; the cards within others (AGENT) are given after these, as cards of their own.

Other than vobject reads: a comma ends no text; charsets and UTF-16 without a mark are understood;
`\\:` is a colon, `tel:` and `mailto:` are no part of the value; several names in one part of N stay
apart by their comma; notes are one note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...model.items import ItemKind, Payload
from ..convert.card.split import EDGE, CardEdge, Span, card_spans, is_beginning
from ..convert.content_lines import in_utf8
from ..convert.payload import MemoryPayload, gathered
from .content import PIECE, Content
from .edges import find_edges, line_pattern
from .section import Section

_EDGE = line_pattern(EDGE, indented=True)
_LINE_END = re.compile(rb"\r\n|\r|\n")


def card_section(content: Content, name: str) -> Section | None:
    """The cards of a file, None when there is none."""
    found = find_edges(content, _EDGE, indented=True)
    # What was found would keep the text around it in memory.
    edges = [CardEdge(edge.start, edge.end, is_beginning(edge.found)) for edge in found]
    cards = list(card_spans(edges, content.size))
    if not cards:
        return None
    sizes = [sum(end - start for start, end in spans) for spans in cards]

    def read(place: int) -> Payload:
        pieces = _pieces(content, cards[place])
        if sizes[place] > PIECE:
            return gathered(_large_card(pieces))
        return MemoryPayload(whole_card(b"".join(pieces)))

    return Section(name, ItemKind.CONTACTS, sizes, read)


def whole_card(inner: bytes) -> bytes:
    """A card with its first and its last line, in UTF-8, its lines ended by CRLF."""
    lines = _LINE_END.sub(b"\r\n", in_utf8(inner).strip(b"\r\n"))
    return b"BEGIN:VCARD\r\n" + lines + b"\r\nEND:VCARD\r\n"


def _pieces(content: Content, spans: tuple[Span, ...]) -> Iterator[bytes]:
    for span in spans:
        yield from content.between(*span)


def _large_card(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """As `whole_card`, some lines at a time."""
    yield b"BEGIN:VCARD"
    held = b""
    for piece in pieces:
        held += piece
        cut = max(held.rfind(b"\r"), held.rfind(b"\n"))
        if cut < 0:
            # A line may go on for long, but a sign of several octets must stay whole.
            cut = len(held) if held.isascii() else 0
        elif held[cut - 1 : cut + 1] == b"\r\n":
            cut -= 1
        # The line end is kept: it may be the last one of the card.
        yield _LINE_END.sub(b"\r\n", in_utf8(held[:cut]))
        held = held[cut:]
    yield _LINE_END.sub(b"\r\n", in_utf8(held)).rstrip(b"\r\n")
    yield b"\r\nEND:VCARD\r\n"
