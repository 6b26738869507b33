"""Virtual environments, filled once and again only when their parts change."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import product
from commands import Failed, run
from product import REQUIREMENTS, ROOT

FOLDER = ROOT / ".venv"
PROGRAMS = FOLDER / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")


def for_building(work: Path) -> Path:
    """The Python that installers are made with, and of, in `work`.

    Raises `Failed`, also when this is another Python than the one they carry.
    """
    if sys.version_info[:2] != product.PYTHON:
        carried = ".".join(map(str, product.PYTHON))
        raise Failed(f"Installers carry Python {carried}: run this with python{carried}.")
    folder = work / "environment"
    python = folder / PROGRAMS.name / PYTHON.name
    stamp = folder / "filled.stamp"
    files = [REQUIREMENTS / f"{name}.txt" for name in ("run", "freeze")]
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    run([sys.executable, "-m", "venv", folder])
    pip(python, "install", *proven(*files))
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
        run([sys.executable, "-m", "venv", FOLDER])
    print("Installing the parts of the program (once, about 100 MB)", flush=True)
    pip(PYTHON, "install", *proven(*_files(kind)))
    ourselves = ["--no-deps", "--no-index", "--no-build-isolation", "--editable", ROOT]
    pip(PYTHON, "install", *ourselves)
    stamp.write_text(wanted)


def pip(python: Path, verb: str, *words: object) -> None:
    """Have the pip of this Python "install" or "download". Raises `Failed`."""
    run([python, "-m", "pip", "--disable-pip-version-check", verb, "--quiet", *words])


def proven(*files: Path) -> list[str]:
    """What has pip take the wheels that these requirement files name, each proven by its hash."""
    return ["--require-hashes", "--only-binary=:all:", *(f"--requirement={file}" for file in files)]


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
