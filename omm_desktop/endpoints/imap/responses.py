"""Reading the responses that copying needs: FETCH, LIST, STATUS, QUOTA and response codes.

A scanner of a few regular expressions; imapclient's parser costs thirty times as much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...model.items import Payload
from ..convert.payload import MemoryPayload, whole
from .wire import Response

_FETCH = re.compile(rb"\* (\d+) FETCH \(", re.I)
_ATTRIBUTE = re.compile(
    rb" *(?:UID (\d+)"
    rb"|FLAGS \(([^)]*)\)"
    rb'|INTERNALDATE (?:"([^"]*)"|NIL)'
    rb"|RFC822\.SIZE (\d+)"
    rb"|MODSEQ \(\d+\)"
    rb'|(BODY\[[^\]]*\])(?:<\d+>)? (?:(\{\d+\})|"((?:[^"\\]|\\.)*)"|NIL)'
    rb'|X-GM-LABELS \(((?:"(?:[^"\\]|\\.)*"|[^()"])*)\)'
    rb"|X-GM-MSGID (\d+))",
    re.I | re.S,
)
_UNKNOWN = re.compile(rb' *[^ ()]+ (?:\([^()]*\)|"(?:[^"\\]|\\.)*"|(\{\d+\})|[^ ()]+)', re.S)
_TOKEN = re.compile(rb' *(?:"((?:[^"\\]|\\.)*)"|(\{\d+\})|(\()|(\))|([^ ()"]+))', re.S)
_ESCAPE = re.compile(rb"\\(.)", re.S)
_CODE = re.compile(rb"\s*\[([A-Z0-9=-]+)(?: ([^\]]*))?\]", re.I)

Token = bytes | None | list["Token"]


@dataclass(slots=True)
class Fetched:
    """One message of a FETCH answer; what was not given is None or empty."""

    sequence: int
    uid: int | None = None
    flags: frozenset[str] | None = None
    internal_date: str | None = None
    size: int | None = None
    parts: dict[bytes, Payload] | None = None
    labels: tuple[bytes, ...] | None = None
    object_id: str | None = None

    def part(self, name: bytes) -> Payload | None:
        """A body section by its name in upper case, for example `BODY[]`."""
        return self.parts.get(name) if self.parts else None


def fetched(response: Response) -> Fetched | None:
    """The message of a FETCH response, None for any other response."""
    text = response.text
    head = _FETCH.match(text)
    if head is None:
        return None
    found = Fetched(int(head[1]))
    literals = iter(response.literals)
    position = head.end()
    while True:
        match = _ATTRIBUTE.match(text, position)
        if match is None:
            match = _UNKNOWN.match(text, position)
            if match is None:
                return found
            if match[1]:
                next(literals, None)
        else:
            _take(found, match, literals)
        position = match.end()


def _take(found: Fetched, match: re.Match[bytes], literals: Iterator[Payload]) -> None:
    kind = match.lastindex
    if kind == 1:
        found.uid = int(match[1])
    elif kind == 2:
        found.flags = frozenset(match[2].decode("latin-1").split())
    elif kind == 3:
        found.internal_date = match[3].decode("latin-1")
    elif kind == 4:
        found.size = int(match[4])
    elif kind == 8:
        atoms = (_atom(one, literals) for one in _TOKEN.finditer(match[8]))
        found.labels = tuple(label for label in atoms if label is not None)
    elif kind == 9:
        found.object_id = match[9].decode("ascii")
    elif match[5]:
        part = _part(match, literals)
        if part is not None:
            found.parts = found.parts or {}
            found.parts[match[5].upper()] = part


def _part(match: re.Match[bytes], literals: Iterator[Payload]) -> Payload | None:
    if match[6]:
        return next(literals, None)
    if match[7] is not None:
        return MemoryPayload(_ESCAPE.sub(rb"\1", match[7]))
    return None


def tokens(response: Response, start: int = 0) -> list[Token]:
    """A response cut into atoms, strings, NIL as None, and lists."""
    literals = iter(response.literals)
    stack: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(response.text, start):
        if match[3]:
            stack.append([])
        elif match[4]:
            if len(stack) > 1:
                inner = stack.pop()
                stack[-1].append(inner)
        else:
            stack[-1].append(_atom(match, literals))
    return stack[0]


def _atom(match: re.Match[bytes], literals: Iterator[Payload]) -> bytes | None:
    if match[1] is not None:
        return _ESCAPE.sub(rb"\1", match[1])
    if match[2]:
        literal = next(literals, None)
        return whole(literal) if literal else b""
    return None if match[5].upper() == b"NIL" else match[5]


@dataclass(frozen=True, slots=True)
class Listed:
    """A mailbox of a LIST or LSUB answer."""

    verb: bytes
    name: bytes
    delimiter: bytes | None
    attributes: frozenset[str]


def listed(response: Response) -> Listed | None:
    """The mailbox of a LIST or LSUB response, None for any other response."""
    if response.text[2:7].upper() not in (b"LIST ", b"LSUB "):
        return None
    match tokens(response, 7):
        case [list() as attributes, (bytes() | None) as delimiter, bytes() as name, *_]:
            words = (a.decode("latin-1").lower() for a in attributes if isinstance(a, bytes))
            verb = response.text[2:6].upper()
            return Listed(verb, name, delimiter or None, frozenset(words))
    return None


def status(response: Response) -> tuple[bytes, dict[bytes, int]] | None:
    """Name and numbers of a STATUS response, None for any other response."""
    if response.text[2:9].upper() != b"STATUS ":
        return None
    match tokens(response, 9):
        case [bytes() as name, list() as pairs, *_]:
            return name, dict(_numbers(pairs))
    return None


def _numbers(tokens_: list[Token]) -> Iterator[tuple[bytes, int]]:
    for key, value in zip(tokens_[::2], tokens_[1::2], strict=False):
        if isinstance(key, bytes) and isinstance(value, bytes) and value.isdigit():
            yield key.upper(), int(value)


def quotas(response: Response) -> list[tuple[bytes, int, int]] | None:
    """Resource, usage and limit of a QUOTA response (RFC 9208), None for any other response."""
    if response.text[2:8].upper() != b"QUOTA ":
        return None
    match tokens(response, 8):
        case [_, list() as triples, *_]:
            return [
                (name.upper(), int(used), int(limit))
                for name, used, limit in zip(
                    triples[::3], triples[1::3], triples[2::3], strict=False
                )
                if isinstance(name, bytes) and isinstance(used, bytes) and isinstance(limit, bytes)
            ]
    return None


def code(text: bytes) -> tuple[bytes, bytes]:
    """The bracketed response code of a status text, and its argument: both empty without one."""
    found = _CODE.match(text)
    return (found[1].upper(), found[2] or b"") if found else (b"", b"")


def uids(text: bytes) -> list[int]:
    """The numbers of a UID set in the order written (RFC 4315: `304,319:320`).

    Raises `ValueError` for anything else, and for sets of absurd size.
    """
    numbers: list[int] = []
    for part in text.split(b","):
        first, _, last = part.partition(b":")
        low, high = int(first), int(last or first)
        if abs(high - low) > 1_000_000:
            raise ValueError("a range nobody asked for")
        step = 1 if high >= low else -1
        numbers.extend(range(low, high + step, step))
    return numbers


def uid_set(numbers: list[int]) -> bytes:
    """A UID set for a command, neighbours joined into ranges."""
    parts: list[bytes] = []
    ordered = sorted(numbers)
    start = 0
    for index in range(1, len(ordered) + 1):
        if index < len(ordered) and ordered[index] == ordered[index - 1] + 1:
            continue
        first, last = ordered[start], ordered[index - 1]
        parts.append(b"%d" % first if first == last else b"%d:%d" % (first, last))
        start = index
    return b",".join(parts)
