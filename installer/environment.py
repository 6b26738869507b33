"""The checkout's own virtual environment, filled once and again only when its parts change."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "installer" / "requirements"
FOLDER = ROOT / ".venv"
PROGRAMS = FOLDER / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")


class Failed(RuntimeError):
    """The environment could not be made; the text says why."""


def fill(folder: Path, names: Sequence[str]) -> Path:
    """A virtual environment with the parts of these requirement files; its Python.

    Raises `Failed`.
    """
    python = folder / PROGRAMS.name / PYTHON.name
    stamp = folder / "filled.stamp"
    files = [REQUIREMENTS / f"{name}.txt" for name in names]
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)])
    _run([*_pip(python), *_hashed(files)])
    stamp.write_text(wanted)
    return python


def prepare(kind: str) -> None:
    """Have .venv hold the parts of `kind`, "run" or "develop". Raises `Failed`."""
    stamp = FOLDER / f"{kind}.stamp"
    wanted = _fingerprint(kind)
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not _is_usable():
        print("Making a Python environment in .venv", flush=True)
        shutil.rmtree(FOLDER, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(FOLDER)])
    print("Installing the parts of the program (once, about 100 MB)", flush=True)
    pip = _pip(PYTHON)
    _run([*pip, *_hashed(_files(kind))])
    _run([*pip, "--no-deps", "--no-index", "--no-build-isolation", "--editable", str(ROOT)])
    stamp.write_text(wanted)


def _pip(python: Path) -> list[str]:
    return [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]


def _hashed(files: Sequence[Path]) -> list[str]:
    wanted = [f"--requirement={path}" for path in files]
    return ["--require-hashes", "--only-binary=:all:", *wanted]


def _files(kind: str) -> list[Path]:
    names = ["develop"] if kind == "develop" else ["run", "build"]
    return [REQUIREMENTS / f"{name}.txt" for name in names]


def _fingerprint(kind: str) -> str:
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for path in [*_files(kind), ROOT / "pyproject.toml"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _is_usable() -> bool:
    """False when .venv is absent, belongs to another Python or was left half made."""
    if not PYTHON.exists():
        return False
    question = "import pip, sys; print(sys.version)"
    answer = subprocess.run([str(PYTHON), "-c", question], capture_output=True, text=True)
    return answer.returncode == 0 and answer.stdout.strip() == sys.version.strip()


def _run(command: list[str]) -> None:
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ended.returncode:
        raise Failed(f"{ended.stdout}\nThis step did not succeed: {' '.join(command)}")
