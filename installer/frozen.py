"""The program in one folder, with its Python, by PyInstaller: what Linux and macOS wrap."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import environment
import licences
import product
import trimming
from commands import Failed, need, run

LIBRARY_FOLDER = "_internal"


def check() -> None:
    """Raises `Failed` when a tool, or the right Python, is missing."""
    if sys.version_info[:2] != product.PYTHON:
        wanted = ".".join(map(str, product.PYTHON))
        raise Failed(f"This installer carries Python {wanted}: run this with python{wanted}.")
    if sys.platform == "linux":
        need(("objdump", "binutils"))


def build(work: Path) -> Path:
    """The folder with the program, all licence texts inside. Raises `Failed`.

    On macOS the application beside it is what is wrapped; see `frozen.spec`.
    """
    python = environment.for_building(work)
    icon = work / f"{product.NAME}.icns"
    run([python, product.INSTALLER / "icons.py", icon], settings={"QT_QPA_PLATFORM": "offscreen"})
    output = work / "frozen"
    shutil.rmtree(output, ignore_errors=True)
    folders = ["--distpath", output, "--workpath", work / "pyinstaller"]
    settings = {
        "OMM_ICON": str(icon),
        # Its own is shared, and two builds at once spoil it.
        "PYINSTALLER_CONFIG_DIR": str(work / "pyinstaller-cache"),
        "PYTHONHASHSEED": "1",
        "SOURCE_DATE_EPOCH": str(product.source_date()),
    }
    spec = product.INSTALLER / "frozen.spec"
    options = ["--noconfirm", "--clean", "--log-level", "WARN"]
    run([python, "-m", "PyInstaller", *options, *folders, spec], settings=settings)
    product.say_releases_page(output)
    folder = output / product.NAME
    if sys.platform == "linux":
        _drop_idle_libraries(folder)
    licences.collect(python, folder / "licences", folder)
    return folder


def _drop_idle_libraries(folder: Path) -> None:
    """Those that only plugins wanted which were left out, as GTK."""
    internal = folder / LIBRARY_FOLDER
    roots = [folder / product.NAME]
    for path in internal.rglob("*.so*"):
        is_module = "lib-dynload" in path.parts or ".cpython-" in path.name or ".abi3." in path.name
        if is_module or "plugins" in path.parts or path.name.startswith("libpython"):
            roots.append(path)
    for path in trimming.unreached(internal, roots, "objdump"):
        path.unlink()
    for link in internal.rglob("*"):
        if link.is_symlink() and not link.exists():
            link.unlink()
