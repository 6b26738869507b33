"""The installed parts are pinned, proven by hashes, and come from no named place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "installer" / "requirements"
PIN = re.compile(
    r"^([a-z0-9-]+)==([^ ;]+)( ; .+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
)


def _pins(name: str) -> dict[str, str]:
    entries = re.split(r"^(?=\S)", (FOLDER / name).read_text(), flags=re.MULTILINE)
    found = [PIN.match(entry) for entry in entries if entry]
    assert None not in found, f"not pinned or not hashed in {name}"
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir()))
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    assert _pins(name)


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir()))
def test_no_address_and_no_index_is_named(name: str) -> None:
    text = (FOLDER / name).read_text()
    assert "//" not in text
    assert not re.search(r"--(index|extra|find|trusted)", text)


def test_tests_run_with_what_is_shipped() -> None:
    develop = _pins("develop.txt")
    assert {name: develop[name] for name in _pins("run.txt")} == _pins("run.txt")


def test_windows_and_macos_find_their_keyrings() -> None:
    run = (FOLDER / "run.txt").read_text()
    assert re.search(r"^pywin32-ctypes==.* ; sys_platform == 'win32'", run, re.MULTILINE)
    assert re.search(r"^secretstorage==.* ; sys_platform == 'linux'", run, re.MULTILINE)
