"""What one request may hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

BATCH_ITEMS = 50
BATCH_BYTES = 4 << 20
"""What a request that writes may hold."""

T = TypeVar("T")


def batches(
    things: Iterable[T], size_of: Callable[[T], int], at_most: int, octets: int
) -> Iterator[list[T]]:
    """The things in order, so many and so large together; a larger one goes alone."""
    batch: list[T] = []
    size = 0
    for thing in things:
        size += size_of(thing)
        if batch and (len(batch) == at_most or size > octets):
            yield batch
            batch, size = [], size_of(thing)
        batch.append(thing)
    if batch:
        yield batch
