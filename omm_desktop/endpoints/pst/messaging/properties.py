"""Properties as Python values, whether they lie in a context or in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, TypeVar

from ..damage import Damaged
from ..ltp import values

_LARGEST_VALUE = 16 << 20
_Value = TypeVar("_Value")


class PropertyHolder(Protocol):
    """What a property context and a table's row have in common."""

    def type_of(self, prop: int) -> int | None: ...

    def raw(self, prop: int, at_most: int) -> bytes: ...


class Properties:
    """The properties of one object.

    Each question is answered with None when the object does not have the property or has it with
    another type; each raises `Damaged` when the value cannot be read or exceeds `at_most` bytes.
    `codec` is that of 8-bit strings.
    """

    def __init__(self, holder: PropertyHolder, codec: str) -> None:
        self._holder = holder
        self._forgiven: list[Damaged] | None = None
        self.codec = codec

    @contextmanager
    def forgiving(self) -> Iterator[list[Damaged]]:
        """Within it, what cannot be read counts as absent; the list tells what that was."""
        self._forgiven = []
        try:
            yield self._forgiven
        finally:
            self._forgiven = None

    def has(self, prop: int) -> bool:
        """Whether the object has the property."""
        return self._holder.type_of(prop) is not None

    def integer(self, prop: int) -> int | None:
        """A whole number."""
        return self._read(prop, values.integer, 8)

    def real(self, prop: int) -> float | None:
        """A number with a fraction."""
        return self._read(prop, values.real, 8)

    def flag(self, prop: int) -> bool:
        """Whether a boolean is there and true."""
        return bool(self.integer(prop))

    def time(self, prop: int) -> datetime | None:
        """An instant in UTC, to the second."""
        return self._read(prop, values.instant, 8)

    def text(self, prop: int, at_most: int = _LARGEST_VALUE) -> str | None:
        """A string, decoded."""
        return self._read(prop, self._decoded, at_most)

    def texts(self, prop: int) -> list[str]:
        """The strings of a property with several values."""
        found = self._read(
            prop, lambda kind, data: values.texts(kind, data, self.codec), _LARGEST_VALUE
        )
        return found or []

    def binary(self, prop: int, at_most: int = _LARGEST_VALUE) -> bytes | None:
        """Bytes."""
        return self._read(
            prop,
            lambda kind, data: data if kind == values.PropertyType.BINARY else None,
            at_most,
        )

    def binaries(self, prop: int) -> list[bytes]:
        """The bytes of a property with several values."""
        found = self._read(
            prop,
            lambda kind, data: values.parts(data) if kind == values.MULTIPLE_BINARY else None,
            _LARGEST_VALUE,
        )
        return found or []

    def _decoded(self, kind: int, data: bytes) -> str | None:
        return values.text(kind, data, self.codec)

    def _read(
        self, prop: int, meaning: Callable[[int, bytes], _Value | None], at_most: int
    ) -> _Value | None:
        kind = self._holder.type_of(prop)
        if kind is None:
            return None
        try:
            return meaning(kind, self._holder.raw(prop, at_most))
        except Damaged as damage:
            if self._forgiven is None:
                raise
            self._forgiven.append(damage)
            return None
