"""The tree holds what it should and nothing that belongs elsewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
AT_THE_TOP = {
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "REFERENCE.md",
    "installer",
    "omm_desktop",
    "pyproject.toml",
    "resources",
    "tests",
}
# Put together here so that this file does not hold what it looks for.
FORBIDDEN = [
    re.compile(rb"(?<![\w/.-])/" + folder + rb"/")
    for folder in (b"root", b"work", b"opt/wheels", b"opt/pypi", b"home/[a-z]+")
] + [
    re.compile(b"(pypi" + rb"\.org|pythonhosted" + rb"\.org|--extra-index" + b"-url)"),
    re.compile(rb"\b(TO" + b"DO|FIX" + rb"ME)\b"),
]


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_only_known_things_lie_at_the_top() -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in _tracked()}
    assert {top for top in tops if not top.startswith(".")} <= AT_THE_TOP


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]!r}"
        for path in _tracked()
        if path.is_file()
        for pattern in FORBIDDEN
        for match in pattern.finditer(path.read_bytes())
    ]
    assert not found
