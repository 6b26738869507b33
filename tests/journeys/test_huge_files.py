"""Files that take long to be read: the person sees that at once, and can stop it."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from omm_desktop.model.account import EndpointKind
from tests.mail_files.huge import huge_mbox, huge_outlook_file

from .command import CommandLine, OnDisk, plan_text


@pytest.mark.parametrize("make", [huge_mbox, huge_outlook_file])
def test_counting_tells_how_far_it_is_and_ends_when_it_is_stopped(
    command: CommandLine, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    source = OnDisk(make(tmp_path / "huge"))
    saved = OnDisk(tmp_path / "saved", EndpointKind.FILES)
    child = command.start(plan_text(source, saved), source, saved)
    assert child.stderr is not None
    told = next((line for line in child.stderr if "huge: " in line), "")
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert told.startswith("Counting · huge: ")
    assert told.endswith(" of 400 GB read\n")
    assert child.returncode == 3, errors
