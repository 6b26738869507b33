"""What a file holds of one kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...model.items import ItemKind, Payload
from ...model.problem import Problem


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one kind and name in a file, in their order there.

    `sizes` are in bytes, as they take in the file. `read` gives one by its place from 0: canonical
    bytes, as `model.items.Item` has them, None where nothing can be made of it. `named`: the file
    itself tells the name.
    """

    name: str
    kind: ItemKind
    sizes: Sequence[int]
    read: Callable[[int], Payload | None]
    named: bool = False
    remarks: tuple[Problem, ...] = ()


def of_each(name: str, sections: Sequence[Section]) -> Section:
    """Several sections of one item each as one."""
    sizes = [section.sizes[0] for section in sections]
    remarks = tuple(remark for section in sections for remark in section.remarks)
    return Section(
        name, sections[0].kind, sizes, lambda place: sections[place].read(0), remarks=remarks
    )
