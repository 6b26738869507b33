"""Pictures of every page, state and window, and one page of HTML to look at them all.

    python -m tests.gui.pictures FOLDER [LOOK ...]

A LOOK is a part of what their names end in: "900-100-fr-dark", "200-en", "contrast".
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
TAKING = ("take(", "wrong_with(", "look_beside(")
_PAGE = """<!doctype html><meta charset="utf-8"><title>Pictures</title>
<style>body {{ font: 16px/1.5 system-ui; margin: 2rem; background: #888 }}
figure {{ display: inline-block; margin: 0 1rem 1rem 0 }}
img {{ display: block; max-width: 45rem }}</style>
{figures}
"""


def take_all(folder: Path, looks: list[str]) -> int:
    """Runs the tests that take pictures; the exit status of pytest."""
    files = [
        str(file)
        for file in sorted(HERE.glob("test_*.py"))
        if any(call in file.read_text(encoding="utf-8") for call in TAKING)
    ]
    wanted = {"OMM_PICTURES": str(folder.absolute())} | (
        {"OMM_LOOKS": " ".join(looks)} if looks else {}
    )
    command = [sys.executable, "-m", "pytest", "--timeout", "0", "-k", "look or picture or home"]
    return subprocess.run([*command, *files], env=os.environ | wanted, check=False).returncode


def write_page(folder: Path) -> None:
    figures = [
        f'<figure><img loading="lazy" src="{escape(file.name)}"><figcaption>{escape(file.stem)}'
        "</figcaption></figure>"
        for file in sorted(folder.glob("*.png"))
    ]
    (folder / "index.html").write_text(_PAGE.format(figures="\n".join(figures)), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("look", nargs="*")
    chosen = parser.parse_args()
    status = take_all(chosen.folder, chosen.look)
    write_page(chosen.folder)
    return status


if __name__ == "__main__":
    sys.exit(main())
