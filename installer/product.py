"""One description of the installed program, shared by what packs it for each system."""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTALLER = ROOT / "installer"
REQUIREMENTS = INSTALLER / "requirements"
START = ROOT / "omm_desktop" / "__main__.py"

NAME = "omm-desktop"
TITLE = "OMM Desktop"
PUBLISHER = "OMM Desktop contributors"
SUMMARY = "Copies a mailbox from an old provider to a new one"
COPYRIGHT = f"© {PUBLISHER}, MIT licence"

PYTHON = (3, 11)
"""The Python that the installers for Linux and macOS carry."""

WINDOWS_PYTHON = "3.13.16"
WINDOWS_PYTHON_SHA256 = "97dae5274cc54867065e8d5a3226e48c35017ed332a0fdb0e27d5b5821961297"
"""The Python that the Windows setup carries: python.org's embeddable zip for amd64.

Of 3.11 and 3.12 it packs none since 2024-04 and 2025-04, so that faults in their OpenSSL stay; from
3.14 on PySide6 6.9 does not follow. 3.13.16 is the newest that both have.
"""

LOADED_BY_NAME = (
    "dns.rdtypes",
    "exchangelib",
    "keyring.backends",
    "omm_desktop",
    "pysasl",
    "spnego",
)
"""Packages of which every module goes in: something loads them by a name made at run time."""

NEEDS_METADATA = ("keyring", "proxy-protocol", "pymap", "pysasl")
"""Distributions that look for their own parts by entry points."""

LEFT_OUT = (
    "PySide6.scripts",
    "_pytest",
    "babel.messages",
    "distutils",
    "ensurepip",
    "idlelib",
    "imapclient.interact",
    "imapclient.livetest",
    "imapclient.testable_imapclient",
    "lib2to3",
    "lxml.doctestcompare",
    "lxml.html.soupparser",
    "lxml.html.usedoctest",
    "lxml.usedoctest",
    "pip",
    "pkg_resources",
    "platformdirs.pytest_plugin",
    "platformdirs.testing",
    "pydoc_data",
    "pytest",
    "setuptools",
    "tests",
    "tkinter",
    "turtledemo",
)
"""What no installed program needs: tests, compilers, other windows than Qt's."""

QT_PLUGINS = {
    "iconengines": {"svgicon"},
    "imageformats": {"svg", "ico", "gif", "jpeg"},
    "platforminputcontexts": {
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    },
    "platforms": {"cocoa", "offscreen", "wayland-egl", "wayland-generic", "windows", "xcb"},
    "platformthemes": {"xdgdesktopportal"},
    "printsupport": {"cupsprintersupport"},
    "styles": {"macstyle", "modernwindowsstyle"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-shell-integration": {"xdg-shell"},
}
"""The plugins of Qt that are kept, by folder, without `q` or `lib` before their names."""

LANGUAGES = (
    "en",
    *sorted(path.parts[-3] for path in ROOT.glob("resources/i18n/*/LC_MESSAGES/omm.mo")),
)
"""Those whose parts of Qt and of Babel are kept."""


def version() -> str:
    """What the program says of itself, read without starting it."""
    for line in (ROOT / "omm_desktop" / "__init__.py").read_text().splitlines():
        if line.startswith("__version__"):
            return str(ast.literal_eval(line.partition("=")[2].strip()))
    raise RuntimeError("omm_desktop/__init__.py tells no version")


@cache
def qt_modules() -> frozenset[str]:
    """The modules of Qt that the program imports, such as "QtCore"."""
    return frozenset(_imported_from_qt())


def _imported_from_qt() -> Iterator[str]:
    for file in (ROOT / "omm_desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6."):
                yield (node.module or "").split(".")[1]


def say_releases_page(folder: Path) -> None:
    """Tell the program in `folder` where newer versions will be: OMM_RELEASES_PAGE, or nowhere."""
    page = os.environ.get("OMM_RELEASES_PAGE", "")
    for file in folder.rglob("resources/releases.toml"):
        if not file.is_symlink():
            file.write_text(f'page = "{page}"\n', encoding="utf-8")


def source_date() -> int:
    """Unix seconds that every packed file gets, so that two builds are the same.

    SOURCE_DATE_EPOCH, else the day of the newest commit.
    """
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told:
        return int(told)
    asked = ["git", "log", "-1", "--format=%ct"]
    try:
        answer = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise RuntimeError(
            "This is no clone, so the day of the sources is not known: "
            "set SOURCE_DATE_EPOCH to Unix seconds."
        ) from error
    return int(answer.stdout)
