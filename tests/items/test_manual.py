"""The manual of differences has a text for every rule, and no other."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from omm_desktop.endpoints.ews.differences import Difference

MANUAL = Path(__file__).parents[2] / "resources" / "exchange_differences.toml"
ENTRIES = tomllib.loads(MANUAL.read_text())
ADAPTER = Path(__file__).parents[2] / "omm_desktop" / "endpoints" / "ews"


def test_every_rule_has_its_text() -> None:
    assert set(ENTRIES["losses"]) == set(Difference)


@pytest.mark.parametrize("rule", list(Difference))
def test_every_rule_is_used(rule: Difference) -> None:
    sources = [path.read_text() for path in ADAPTER.rglob("*.py")]
    assert any(f"Difference.{rule.name}" in source for source in sources)


@pytest.mark.parametrize("section", ["losses", "always"])
def test_every_text_is_in_both_languages(section: str) -> None:
    for name, entry in ENTRIES[section].items():
        assert set(entry) == {"kinds", "exchange", "fr", "en"}, name
        assert all(entry.values()), name
        assert entry["fr"].endswith("."), name
        assert entry["en"].endswith("."), name
