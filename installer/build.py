"""Builds the installers that this system can build, or those that are named.

python3 installer/build.py [deb] [portable] [windows] [macos]
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import debian
import environment
import frozen
import linux_packages
import mac_image
import product
import windows_setup
from commands import run

KINDS = ("deb", "portable", "windows", "macos")
HERE = {"linux": ("deb", "portable", "windows"), "darwin": ("macos",), "win32": ()}


def main(arguments: Sequence[str]) -> int:
    """Build, print each file with its size, seconds and SHA-256; 0 when all were built."""
    options = _parser().parse_args(arguments)
    kinds = options.kind or HERE[sys.platform]
    if not kinds:
        print("Nothing is built here: the Windows setup is built on Debian.", file=sys.stderr)
        return 1
    try:
        _check(kinds, options.windows_runtime)
        options.work.mkdir(parents=True, exist_ok=True)
        options.output.mkdir(parents=True, exist_ok=True)
        work, output = options.work.resolve(), options.output.resolve()
        if not options.keep_pictures:
            _picture_the_manual(work)
        if "windows" in kinds:
            runtime = options.windows_runtime
            setup = windows_setup.build(work, output, runtime, fast=options.fast)
            _tell(setup, options.began)
        if set(kinds) - {"windows"}:
            folder = frozen.build(work)
            if "deb" in kinds:
                package = linux_packages.debian_package(folder, work, output, fast=options.fast)
                _tell(package, options.began)
            if "portable" in kinds:
                archive = linux_packages.portable_archive(folder, work, output, fast=options.fast)
                _tell(archive, options.began)
            if "macos" in kinds:
                _tell(mac_image.build(folder, work, output), options.began)
    except RuntimeError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _check(kinds: Sequence[str], windows_runtime: Path | None) -> None:
    """What is missing is told before anything is made, which takes minutes."""
    if "windows" in kinds:
        windows_setup.check(windows_runtime)
    if set(kinds) - {"windows"}:
        frozen.check()
    if {"deb", "portable"} & set(kinds):
        linux_packages.check()
    if "macos" in kinds:
        mac_image.check()
    libraries = {**debian.FOR_PYTHON, **debian.FOR_QT}
    if {"deb", "portable"} & set(kinds):
        libraries |= {**debian.FOR_X11, **debian.FOR_FREEZING}
    debian.provide(libraries, as_root=False)
    product.source_date()


def _picture_the_manual(work: Path) -> None:
    """With the program as it is now; every installer carries what lies in resources."""
    python = environment.for_building(work)
    run([python, product.INSTALLER / "manual.py"])


def _tell(file: Path, began: float) -> None:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    size = file.stat().st_size / 1e6
    print(
        f"{file.name}  {size:.1f} MB  after {time.monotonic() - began:.0f} s  {digest}", flush=True
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    # Python 3.11 takes no words at all for a word that is no choice.
    parser.add_argument("kind", nargs="*", type=_kind, metavar="|".join(KINDS))
    parser.add_argument("--work", type=Path, default=product.ROOT / "build", metavar="DIR")
    parser.add_argument("--output", type=Path, default=product.ROOT / "dist", metavar="DIR")
    parser.add_argument(
        "--windows-runtime", type=Path, metavar="ZIP", help="python.org's embeddable Python"
    )
    parser.add_argument("--fast", action="store_true", help="compress less")
    parser.add_argument(
        "--keep-pictures", action="store_true", help="take the manual's pictures as they lie there"
    )
    parser.set_defaults(began=time.monotonic())
    return parser


def _kind(word: str) -> str:
    if word not in KINDS:
        raise argparse.ArgumentTypeError(f"{word} is none of {', '.join(KINDS)}")
    return word


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
