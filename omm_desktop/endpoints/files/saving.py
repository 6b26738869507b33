"""What all that is saved in a folder on the disk has in common."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from ...model.items import FolderPath
from ...model.ports import Space
from ...model.progress import Reading
from . import layout
from .content import Brake
from .few_open import Closes, FewOpen
from .on_disk import on_disk

T = TypeVar("T", bound=Closes)


class Saving(Generic[T]):
    """The part of a `Destination` that asks nothing of what a file holds; `T` saves one folder."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._brake = Brake()
        self._open: FewOpen[T] = FewOpen()

    def space(self) -> Space:
        with on_disk():
            return Space(0, shutil.disk_usage(layout.existing(self._top)).free)

    def idle(self) -> None:
        """A disk waits as long as it likes."""

    def abort(self) -> None:
        self._brake.pull()

    def tell_reading(self, tell: Callable[[Reading], None]) -> None:
        self._brake.tell = tell

    def close(self) -> None:
        self._open.close()

    def delimiter_free(self, path: FolderPath) -> FolderPath:
        return layout.acceptable(path)
