"""A structure read from its start, field by field."""

from __future__ import annotations

from struct import Struct

from ..damage import Damaged, unpack


class Blob:
    """Little-endian numbers and bytes; raises `Damaged` where they end too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def short(self) -> int:
        """A number of 16 bits."""
        return self.shorts(1)[0]

    def shorts(self, count: int) -> tuple[int, ...]:
        """Numbers of 16 bits."""
        return self._numbers(f"<{count}H")

    def long(self) -> int:
        """A number of 32 bits."""
        return self.longs(1)[0]

    def longs(self, count: int) -> tuple[int, ...]:
        """Numbers of 32 bits."""
        return self._numbers(f"<{count}I")

    def signed_longs(self, count: int) -> tuple[int, ...]:
        """Numbers of 32 bits that may be negative."""
        return self._numbers(f"<{count}i")

    def long_list(self, most: int) -> tuple[int, ...]:
        """Numbers of 32 bits after their count."""
        count = self.long()
        if count > most:
            raise Damaged(f"a list of {count} is longer than {most}")
        return self.longs(count)

    def take(self, size: int) -> bytes:
        """The next bytes."""
        end = self._position + size
        if end > len(self._data):
            raise Damaged(f"{size} bytes wanted at {self._position} of {len(self._data)}")
        found = self._data[self._position : end]
        self._position = end
        return found

    def skip(self, size: int) -> None:
        """Go past bytes that mean nothing."""
        self.take(size)

    def _numbers(self, form: str) -> tuple[int, ...]:
        layout = Struct(form)
        found = unpack(layout, self._data, self._position)
        self._position += layout.size
        return found
