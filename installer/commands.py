"""Running other programs, and saying plainly which one is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class Failed(RuntimeError):
    """A step of building or trying did not succeed; the text says which, and why."""


def need(*programs: tuple[str, str]) -> None:
    """Each program with the Debian package that has it. Raises `Failed` naming all missing."""
    missing = [(name, package) for name, package in programs if shutil.which(name) is None]
    if missing:
        names = ", ".join(name for name, _ in missing)
        packages = " ".join(dict.fromkeys(" ".join(package for _, package in missing).split()))
        raise Failed(f"Missing here: {names}. On Debian: apt-get install {packages}")


def run(
    command: Sequence[object],
    *,
    folder: Path | None = None,
    settings: Mapping[str, str] | None = None,
    told: str | None = None,
    seconds: float | None = None,
) -> str:
    """What the command, of strings and paths, says; `told` is given on its standard input.

    Raises `Failed` with all it said when its status is not 0, or after `seconds`.
    """
    words = [str(word) for word in command]
    environment = {**os.environ, **(settings or {})}
    try:
        ended = subprocess.run(
            words,
            cwd=folder,
            env=environment,
            input=told,
            stdin=subprocess.DEVNULL if told is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
        )
    except FileNotFoundError as error:
        raise Failed(f"Missing here: {words[0]}") from error
    except subprocess.TimeoutExpired as error:
        raise Failed(f"Not done within {seconds:.0f} s: {' '.join(words)}") from error
    if ended.returncode:
        raise Failed(f"{ended.stdout}\nStatus {ended.returncode}: {' '.join(words)}")
    return ended.stdout
