"""Preferences survive the program, and a bad file never stops it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from omm_desktop.store.preferences import Preferences, Theme, load, save

CHOSEN = Preferences("fr", 150, Theme.DARK, masked=True, told_about_tray=True)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "new" / "preferences.json"
    save(CHOSEN, file)
    assert load(file) == CHOSEN
    assert [one.name for one in file.parent.iterdir()] == ["preferences.json"]


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "missing.json") == Preferences()


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"null", b"[" * 100_000])
def test_a_broken_file_gives_defaults(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "preferences.json"
    file.write_bytes(content)
    assert load(file) == Preferences()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "tlh"),
        ("language", ["fr"]),
        ("text_size", 151),
        ("text_size", True),
        ("text_size", "150"),
        ("theme", "pink"),
        ("theme", {}),
        ("masked", 1),
        ("told_about_tray", None),
    ],
)
def test_one_bad_value_spoils_only_itself(tmp_path: Path, name: str, value: object) -> None:
    file = tmp_path / "preferences.json"
    save(CHOSEN, file)
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**content, name: value, "future": 1}), encoding="utf-8")
    loaded = load(file)
    assert getattr(loaded, name) == getattr(Preferences(), name)
    others = {"language", "text_size", "theme", "masked", "told_about_tray"} - {name}
    assert all(getattr(loaded, other) == getattr(CHOSEN, other) for other in others)


def test_a_failed_save_leaves_nothing_behind(tmp_path: Path) -> None:
    occupied = tmp_path / "preferences.json"
    occupied.mkdir()
    with pytest.raises(OSError, match="preferences"):
        save(CHOSEN, occupied)
    assert list(tmp_path.iterdir()) == [occupied]
