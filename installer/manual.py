"""Makes what the manual is read in beside the program: its pages, and its pictures.

python3 installer/manual.py [--pages]

The texts in resources/manual become one page for each language, which is kept with them. The demo
gives the pictures: they are taken anew for every installer and never kept, since they change with
every look of the program, and old ones would tell untruths.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANUAL = ROOT / "resources" / "manual"
LANGUAGES = ("fr", "en")
FAULTS = ("", "wrong-password", "password-changed", "full")
"""Each is a demo of its own, for the pictures of what goes wrong."""


def main(arguments: Sequence[str]) -> int:
    """0 when all was made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", action="store_true", help="the pages alone")
    parser.add_argument("--take", nargs=2, metavar=("LANGUAGE", "FAULT"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT))
    if options.take:
        return 0 if _take(*options.take) else 1
    for language in LANGUAGES:
        (MANUAL / f"{language}.html").write_bytes(page(language))
    if options.pages:
        return 0
    return max(_in_a_process(language, fault) for language in LANGUAGES for fault in FAULTS)


def page(language: str) -> bytes:
    """The page in this language."""
    from omm_desktop.guide.manual_page import page
    from omm_desktop.language import set_language

    set_language(language)
    return page().encode("utf-8")


def _in_a_process(language: str, fault: str) -> int:
    """Since a program has one Qt application, which ends with its window."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, __file__, "--take", language, fault]
    print(f"Pictures of the manual: {language} {fault}", flush=True)
    return subprocess.run(command, env=environment).returncode


def _take(language: str, fault: str) -> bool:
    from omm_desktop.app import take_pictures
    from omm_desktop.demo import Fault

    return take_pictures(MANUAL / "pictures" / language, language, Fault(fault) if fault else None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
