"""Which files of Qt and of libraries go into the installed program, and which would be idle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import product
from commands import run

_PLUGIN = re.compile(r"(?:lib)?q?(?P<name>.+)\.(?:so|dll|dylib)")
_BINDING = re.compile(r"(?P<module>Qt\w+)\.(?:abi3\.so|pyd)")
_TRANSLATION = re.compile(r"(?P<catalogue>[a-z]+)_(?P<language>[a-z]{2,3}).*\.qm")
_LOCALE = re.compile(r"(?P<language>[a-z]{2,3})(?:_.*)?\.dat")
_NEEDED = re.compile(r"^\s*(?:NEEDED|DLL Name:)\s+(\S+)", re.MULTILINE)
_IDLE_QT_FOLDERS = frozenset(
    {"doc", "glue", "include", "metatypes", "qml", "resources", "scripts", "typesystems"}
)
# Where libraries find their own versions and entry points.
_LOOKED_UP = frozenset({"METADATA", "entry_points.txt"})
_TEST_FOLDERS = frozenset({"test", "tests", "testing"})


def is_wanted(name: str) -> bool:
    """Whether a file goes in; `name` is its path inside the program, of any system."""
    path = PurePosixPath(name.replace("\\", "/"))
    if "plugins" in path.parts and "PySide6" in path.parts:
        return _is_wanted_plugin(path)
    binding = _BINDING.fullmatch(path.name)
    if binding:
        return binding["module"] in product.qt_modules()
    if any(part.endswith(".dist-info") for part in path.parts):
        # What else is there names the folder that it was installed into.
        return path.name in _LOOKED_UP
    if path.suffix == ".po":
        return False
    if path.suffix == ".qm":
        found = _TRANSLATION.fullmatch(path.name)
        return bool(found and found["catalogue"] == "qtbase" and _is_ours(found["language"]))
    if path.suffix == ".dat" and "locale-data" in path.parts:
        found = _LOCALE.fullmatch(path.name)
        return path.name == "root.dat" or bool(found and _is_ours(found["language"]))
    if "omm_desktop" not in path.parts and _TEST_FOLDERS & set(path.parts[:-1]):
        return False
    return "PySide6" not in path.parts or not _IDLE_QT_FOLDERS & set(path.parts[:-1])


def _is_ours(language: str) -> bool:
    return language in product.LANGUAGES


def _is_wanted_plugin(path: PurePosixPath) -> bool:
    found = _PLUGIN.fullmatch(path.name)
    wanted = product.QT_PLUGINS.get(path.parent.name, set())
    return found is not None and found["name"] in wanted


def unreached(folder: Path, roots: Iterable[Path], objdump: str) -> list[Path]:
    """The libraries in `folder` that nothing among `roots` needs, directly or through others."""
    libraries = _libraries(folder)
    waiting, reached = list(roots), set[Path]()
    while waiting:
        file = waiting.pop().resolve()
        if file in reached:
            continue
        reached.add(file)
        for name in needed(file, objdump):
            waiting.extend(libraries.get(name.lower(), ()))
    found = {path for paths in libraries.values() for path in paths}
    return sorted(path for path in found if path.resolve() not in reached)


def needed(file: Path, objdump: str) -> list[str]:
    """The names of the libraries that a program or library asks for."""
    return _NEEDED.findall(run([objdump, "-p", file]))


def _libraries(folder: Path) -> Mapping[str, list[Path]]:
    named: dict[str, list[Path]] = {}
    for path in folder.rglob("*"):
        if path.is_file() and re.search(r"\.(so(\.[\d.]+)?|dll)$", path.name):
            named.setdefault(path.name.lower(), []).append(path)
    return named
