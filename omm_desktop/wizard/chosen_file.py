"""A file or folder that the person chose as a source, and what is known of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from omm_desktop.model.account import Account, EndpointKind, on_disk
from omm_desktop.model.problem import Problem
from omm_desktop.model.progress import Reading
from omm_desktop.wizard.probe_result import ProbeResult

if TYPE_CHECKING:
    from omm_desktop.endpoints.files.survey import Survey


@dataclass
class ChosenFile:
    """`survey` is known at once, `found` when its items are counted; or `problem` says why not.

    `reading` tells how far the counting has come.
    """

    account: Account
    survey: Survey | None = None
    found: ProbeResult | None = None
    problem: Problem | None = None
    reading: Reading | None = None

    @property
    def is_looked_into(self) -> bool:
        return self.found is not None or self.problem is not None


def chosen_file(path: Path) -> ChosenFile:
    """Its kind is found out by its content."""
    return ChosenFile(on_disk(EndpointKind.FILE, Path(os.path.realpath(path))))
