"""What the trials of the installers share: a screen nobody sees, and what a self-test found."""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from commands import Failed


@contextlib.contextmanager
def screen(name: str) -> Iterator[None]:
    """An X11 screen, such as ":93", as long as this lasts."""
    command = ["Xvfb", name, "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-ac"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            yield
        finally:
            server.terminate()


def installer(word: str) -> Path:
    """The file that a command line names. Raises `ArgumentTypeError` when there is none."""
    if not Path(word).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {word}")
    return Path(word)


def found(result: Path) -> dict[str, object]:
    """What a self-test wrote into this file, flat."""
    told = json.loads(result.read_text())
    return {key: value for check in told["checks"].values() for key, value in check.items()}


def expect(wanted: Mapping[str, object], told: Mapping[str, object]) -> None:
    """Say what was told of what is wanted. Raises `Failed` when anything is otherwise."""
    shown = {name: told.get(name) for name in wanted}
    if shown != wanted:
        raise Failed(f"Expected {wanted}, found {shown}")
    print(f"  {shown}", flush=True)
