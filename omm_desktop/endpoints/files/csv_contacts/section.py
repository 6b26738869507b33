"""Files of contacts in comma-separated values (CSV) of Outlook, Google, Thunderbird and others.

There is no specification of what the columns hold: they are known by the names that these programs
give them (`resources/contact_columns.toml`). Of a column that nobody knows, what it says is kept in
the notes. A remark may stand before the columns, as LinkedIn writes one. Text that is no UTF-8 is
in the encoding of Windows in which most names are known; what no Latin letters are was recognised
before (`in_one_encoding`).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ....model.items import ItemKind, Payload
from ...convert.card.write import write_card
from ...convert.payload import MemoryPayload
from ..content import Content, beginning_in_utf8
from ..section import Section
from .columns import Column, columns_of, is_contacts, plain_name
from .days import day_first
from .person import person_of
from .records import Dialect, Span, record_spans

_SEPARATORS = ",;\t"
_ENCODINGS = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp932", "gb18030")
_TRIED = 2000
"""Records whose days are looked at to see which of day and month stands first."""

_LAST_HEADER = 6
"""Records among which the one is that names the columns: LinkedIn puts a remark before it."""

_FEWEST_BELOW = 4
Header = tuple[Dialect, tuple[Column, ...]]
_ENGLISH = frozenset({"birthday", "date of birth", "anniversary"})


def is_contacts_csv(beginning: bytes) -> bool:
    """Whether a file that begins so is one of contacts."""
    lines = (line for line in beginning_in_utf8(beginning).splitlines() if line.strip())
    return _first_known(islice(lines, _LAST_HEADER), _ENCODINGS) is not None


def csv_section(content: Content, name: str) -> Section | None:
    """The contacts of a file, None when its first record names no columns of such a file."""
    spans = list(record_spans(content))
    encodings = ("utf-8",) if _is_utf8(content) else _ENCODINGS
    headers = (content.read(*span) for span in spans[:_LAST_HEADER])
    found = _first_known(headers, encodings)
    if found is None:
        return None
    place, (dialect, columns) = found
    spans = [span for span in spans[place + 1 :] if any(dialect.values(content.read(*span)))]
    days_first = _days_first(content, spans, dialect, columns)

    def read(place: int) -> Payload:
        values = dialect.values(content.read(*spans[place]))
        return MemoryPayload(write_card(person_of(columns, values, days_first=days_first)))

    sizes = [end - start for start, end in spans]
    return Section(name, ItemKind.CONTACTS, sizes, read)


def _first_known(records: Iterable[bytes], encodings: Sequence[str]) -> tuple[int, Header] | None:
    """Where the columns are named, and how; below a remark of the program they are many."""
    is_sign = False
    for place, record in enumerate(records):
        known = _known(record, encodings)
        if known is not None and (place == 0 or len(known[1]) >= _FEWEST_BELOW or is_sign):
            return place, known
        is_sign = record[:4].lower().endswith(b"sep=")
    return None


def _known(header: bytes, encodings: Sequence[str]) -> Header | None:
    """The way of writing in which most columns are known, None when it is no file of contacts."""
    best: Header | None = None
    most = 0
    for encoding in encodings:
        for separator in _SEPARATORS:
            dialect = Dialect(encoding, separator)
            columns = columns_of(dialect.values(header))
            known = sum(bool(column.group) for column in columns)
            if known > most and is_contacts(columns):
                best, most = (dialect, columns), known
    return best


def _is_utf8(content: Content) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in content.pieces():
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _days_first(
    content: Content, spans: Sequence[Span], dialect: Dialect, columns: Sequence[Column]
) -> bool:
    usual = not any(plain_name(column.title) in _ENGLISH for column in columns)
    return day_first(_days(content, spans[:_TRIED], dialect, columns), usual=usual)


def _days(
    content: Content, spans: Sequence[Span], dialect: Dialect, columns: Sequence[Column]
) -> Iterator[str]:
    places = [
        place
        for place, column in enumerate(columns)
        if (column.group == "day" and not column.field.startswith("birth_"))
        or (column.group == "event" and column.field == "value")
    ]
    for span in spans if places else ():
        values = dialect.values(content.read(*span))
        yield from (values[place] for place in places if place < len(values))
