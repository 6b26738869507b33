"""The licence texts of everything that is packed, each where its owner says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import debian
import product
from commands import Failed, run

QT_NOTICE = """OMM Desktop uses Qt {version} and Qt for Python by The Qt Company and others,
under the GNU Lesser General Public License, version 3: LGPL-3.0.txt, with GPL-3.0.txt, to which it
refers.

Both are in this program as separate libraries, unchanged: you may replace them by versions of your
own that have the same interface. Their source is at https://download.qt.io/official_releases/, in
the folders qt/{short}/{version} and QtForPython/pyside6. Nothing in OMM Desktop's own licence (MIT)
forbids changing it, or taking it apart to find faults in such a version.
"""

# Where the texts of a distribution are not in its wheel, they are kept here.
_QT = ("pyside6-essentials", "shiboken6")

_LIST = """
import importlib.metadata, json, re, sys
found = {}
for one in importlib.metadata.distributions(path=sys.argv[1:] or sys.path):
    name = re.sub("[-_.]+", "-", one.metadata["Name"]).lower()
    texts = [str(one.locate_file(file)) for file in one.files or () if
             ".dist-info" in str(file) and re.search("licen[cs]e|copying|notice|authors",
             str(file).partition(".dist-info")[2], re.I)]
    found[name] = {"version": one.version, "texts": texts,
                   "licence": one.metadata.get("License-Expression") or
                   (one.metadata.get("License") or "").partition(chr(10))[0]}
print(json.dumps(found))
"""
_OF_PYTHON = "import sysconfig; print(sysconfig.get_path('stdlib'))"


def collect(python: Path, folder: Path, program: Path | None = None) -> None:
    """Write into `folder` the texts of the program, of Python, of Qt, and of all of run.txt.

    On Debian also those of the system's libraries that are copied into `program`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(product.ROOT / "LICENSE", folder / "omm-desktop.txt")
    _distributions(json.loads(run([python, "-c", _LIST])), folder)
    stdlib = Path(run([python, "-c", _OF_PYTHON]).strip())
    shutil.copy(_licence_of_python(stdlib), folder / "python.txt")
    if program is not None and shutil.which("dpkg-query"):
        _system_libraries(program, folder)


def collect_for_windows(python: Path, library: Path, folder: Path, runtime: Path) -> None:
    """The same for wheels unpacked into `library`, and the Python in `runtime`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(product.ROOT / "LICENSE", folder / "omm-desktop.txt")
    _distributions(json.loads(run([python, "-c", _LIST, library])), folder)
    text = next(runtime.glob("LICENSE*"), None)
    stdlib = Path(run([python, "-c", _OF_PYTHON]).strip())
    shutil.copy(text or _licence_of_python(stdlib), folder / "python.txt")


def _distributions(installed: dict[str, Any], folder: Path) -> None:
    """The texts of everything in run.txt. Raises `Failed` where one has none."""
    for name in sorted(wanted_names()):
        known = installed.get(name)
        if known is None or name in _QT:
            continue
        if not known["texts"]:
            raise Failed(f"{name} {known['version']} has no licence text in its wheel")
        parts = [f"{name} {known['version']}\n"]
        parts += [Path(text).read_text("utf-8", "replace") for text in sorted(known["texts"])]
        (folder / f"{name}.txt").write_text("\n".join(parts), "utf-8")
    version = installed["pyside6-essentials"]["version"]
    short = version.rpartition(".")[0]
    (folder / "qt.txt").write_text(QT_NOTICE.format(version=version, short=short), "utf-8")
    for name in ("LGPL-3.0.txt", "GPL-3.0.txt"):
        shutil.copy(product.INSTALLER / "licences" / name, folder / name)


def _licence_of_python(stdlib: Path) -> Path:
    for text in (stdlib / "LICENSE.txt", stdlib.parent / "LICENSE"):
        if text.is_file():
            return text
    raise Failed(f"Python's licence is not in {stdlib}")


def wanted_names() -> set[str]:
    """The distributions of run.txt, those of other systems among them."""
    lines = (product.REQUIREMENTS / "run.txt").read_text().splitlines()
    return {line.partition("==")[0] for line in lines if line[:1].isalpha()}


def _system_libraries(program: Path, folder: Path) -> None:
    """What PyInstaller copied from this Debian, by the package that each file came from."""
    names = {path.name for path in program.rglob("*.so*")}
    found = debian.owners("*.so*")
    packages = {
        package for path, package in found if Path(path).name in names and "-linux-gnu" in path
    }
    for package in sorted(packages):
        text = Path("/usr/share/doc") / package / "copyright"
        if text.is_file():
            shutil.copy(text, folder / f"{package}.txt")
