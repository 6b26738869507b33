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

from commands import Failed

ROOT = Path(__file__).resolve().parent.parent
HERE = {"linux": ("deb", "portable", "windows"), "darwin": ("macos",), "win32": ()}


def main(arguments: Sequence[str]) -> int:
    """Build, print each file with its size, seconds and SHA-256; 0 when all were built."""
    options = _parser().parse_args(arguments)
    kinds = options.kind or HERE[sys.platform]
    if not kinds:
        print("Nothing is built here: the Windows setup is built on Debian.", file=sys.stderr)
        return 1
    options.work.mkdir(parents=True, exist_ok=True)
    options.output.mkdir(parents=True, exist_ok=True)
    try:
        for kind in kinds:
            _tell(_build(kind, options), options.began)
    except (Failed, RuntimeError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _build(kind: str, options: argparse.Namespace) -> Path:
    import frozen
    import linux_packages
    import mac_image
    import windows_setup

    work: Path = options.work.resolve()
    output: Path = options.output.resolve()
    if kind == "windows":
        return windows_setup.build(work, output, options.windows_runtime, fast=options.fast)
    folder = work / "frozen" / "omm-desktop"
    if not folder.is_dir():
        folder = frozen.build(work)
    if kind == "macos":
        return mac_image.build(folder, work, output, options.mac_identity)
    if kind == "deb":
        return linux_packages.debian_package(folder, work, output)
    return linux_packages.portable_archive(folder, output)


def _tell(file: Path, began: float) -> None:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    size = file.stat().st_size / 1e6
    print(
        f"{file.name}  {size:.1f} MB  after {time.monotonic() - began:.0f} s  {digest}", flush=True
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", nargs="*", choices=["deb", "portable", "windows", "macos"])
    parser.add_argument("--work", type=Path, default=ROOT / "build", metavar="DIR")
    parser.add_argument("--output", type=Path, default=ROOT / "dist", metavar="DIR")
    parser.add_argument(
        "--windows-runtime", type=Path, metavar="ZIP", help="python.org's embeddable Python"
    )
    parser.add_argument("--fast", action="store_true", help="compress the Windows setup less")
    parser.add_argument(
        "--mac-identity", default="-", metavar="NAME", help="who signs the macOS application"
    )
    parser.set_defaults(began=time.monotonic())
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
