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

import environment
import frozen
import linux_packages
import mac_image
import product
import windows_setup
from commands import run

HERE = {"linux": ("deb", "portable", "windows"), "darwin": ("macos",), "win32": ()}
_WRAPPERS = {
    "deb": linux_packages.debian_package,
    "portable": linux_packages.portable_archive,
    "macos": mac_image.build,
}


def main(arguments: Sequence[str]) -> int:
    """Build, print each file with its size, seconds and SHA-256; 0 when all were built."""
    options = _parser().parse_args(arguments)
    kinds = options.kind or HERE[sys.platform]
    if not kinds:
        print("Nothing is built here: the Windows setup is built on Debian.", file=sys.stderr)
        return 1
    options.work.mkdir(parents=True, exist_ok=True)
    options.output.mkdir(parents=True, exist_ok=True)
    work, output = options.work.resolve(), options.output.resolve()
    try:
        _picture_the_manual(work)
        if "windows" in kinds:
            runtime = options.windows_runtime
            setup = windows_setup.build(work, output, runtime, fast=options.fast)
            _tell(setup, options.began)
        if set(kinds) - {"windows"}:
            folder = frozen.build(work)
            for kind in kinds:
                if kind in _WRAPPERS:
                    _tell(_WRAPPERS[kind](folder, work, output), options.began)
    except RuntimeError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


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
    parser.add_argument("kind", nargs="*", choices=["deb", "portable", "windows", "macos"])
    parser.add_argument("--work", type=Path, default=product.ROOT / "build", metavar="DIR")
    parser.add_argument("--output", type=Path, default=product.ROOT / "dist", metavar="DIR")
    parser.add_argument(
        "--windows-runtime", type=Path, metavar="ZIP", help="python.org's embeddable Python"
    )
    parser.add_argument("--fast", action="store_true", help="compress the Windows setup less")
    parser.set_defaults(began=time.monotonic())
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
