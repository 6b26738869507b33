"""The disk image around the macOS application, by macOS' own tools.

Nobody has run this on a Mac yet. OMM_MAC_IDENTITY names who signs; without it the signature is
nobody's, and macOS asks for a detour before it opens the program the first time.
"""

from __future__ import annotations

import os
import platform
import plistlib
import shutil
from pathlib import Path

import product
from commands import Failed, need, run


def check() -> None:
    """Raises `Failed` when a tool is missing."""
    need(("codesign", "Xcode's tools"), ("hdiutil", "macOS"))


def build(frozen: Path, work: Path, output: Path) -> Path:
    """The .dmg with the application and a link to where it belongs. Raises `Failed`."""
    application = frozen.parent / f"{product.TITLE}.app"
    check_description(application)
    shutil.copytree(frozen / "licences", application / "Contents" / "Resources" / "licences")
    identity = os.environ.get("OMM_MAC_IDENTITY", "-")
    hardened = [] if identity == "-" else ["--options", "runtime", "--timestamp"]
    run(["codesign", "--force", "--deep", "--sign", identity, *hardened, application])
    run(["codesign", "--verify", "--deep", "--strict", application])
    content = work / "image"
    shutil.rmtree(content, ignore_errors=True)
    content.mkdir(parents=True)
    shutil.copytree(application, content / application.name, symlinks=True)
    (content / "Applications").symlink_to("/Applications")
    image = output / f"{product.NAME}-{product.version()}-macos-{platform.machine()}.dmg"
    words = ["-volname", product.TITLE, "-srcfolder", content, "-format", "UDZO", "-ov"]
    run(["hdiutil", "create", *words, image])
    return image


def check_description(application: Path) -> None:
    """Raises `Failed` when the application does not say what it is."""
    with (application / "Contents" / "Info.plist").open("rb") as file:
        told = plistlib.load(file)
    expected = {
        "CFBundleDisplayName": product.TITLE,
        "CFBundleShortVersionString": product.version(),
        "CFBundleLocalizations": list(product.LANGUAGES),
        "NSHighResolutionCapable": True,
    }
    wrong = {key: told.get(key) for key, value in expected.items() if told.get(key) != value}
    if wrong:
        raise Failed(f"Info.plist says {wrong}")
