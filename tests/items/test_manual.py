"""The manual of differences has an entry for everything that Exchange changes, and for no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from omm_desktop import paths
from omm_desktop.endpoints.ews.differences import Difference
from omm_desktop.model.items import ItemKind
from omm_desktop.report.differences import ManualEntry, differences, load, read
from tests.contract.entries import entry

from .explaining import MANUAL
from .manual_examples import EXAMPLES
from .test_adapters import Mailbox, mailbox

__all__ = ["mailbox"]

ADAPTER = Path(__file__).parents[2] / "omm_desktop" / "endpoints" / "ews"
KINDS = (ItemKind.CONTACTS, ItemKind.EVENTS, ItemKind.TASKS)


def test_what_is_told_of_an_item_has_its_entry() -> None:
    assert {one.name for one in differences() if one.told} == set(Difference)


@pytest.mark.parametrize("rule", list(Difference))
def test_every_rule_is_used(rule: Difference) -> None:
    sources = [path.read_text() for path in ADAPTER.rglob("*.py")]
    assert any(f"Difference.{rule.name}" in source for source in sources)


@pytest.mark.parametrize("one", differences(), ids=lambda one: one.name)
def test_every_entry_is_whole(one: ManualEntry) -> None:
    assert one.kinds
    assert one.exchange.isascii()
    for text in (one.fr, one.en):
        assert text.endswith(".")
        assert text == text.strip()
    assert not re.search(r"[^\u202f][;:?!»]|«[^\u202f]|'", one.fr)


def test_an_entry_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    whole = (paths.resources() / "exchange_differences.toml").read_text()
    bad = tmp_path / "bad.toml"
    bad.write_text(whole.replace("exchange = ", "rule = ", 1))
    with pytest.raises(TypeError, match="rule"):
        load(bad)


def test_every_entry_has_an_example() -> None:
    assert set(EXAMPLES) == MANUAL


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_examples_become(mailbox: Mailbox, kind: ItemKind) -> None:
    """What the manual says is what happens, and the report names it where the manual says so."""
    ours = {name: one for name, one in EXAMPLES.items() if one.kind is kind}
    entries = {one.name: one for one in differences()}
    found = mailbox.through([entry(kind, name, one.data) for name, one in ours.items()])
    wrong = []
    for name, (answer, out) in found.items():
        text = re.sub("\r\n[ \t]", "", out.decode())
        told = {one.name for problem in answer.adapted if (one := read(problem.detail)[1])}
        if not re.search(ours[name].comes, text, re.DOTALL):
            wrong.append(f"{name}: no {ours[name].comes} in {text}")
        if ours[name].gone and ours[name].gone in text:
            wrong.append(f"{name}: still {ours[name].gone} in {text}")
        if entries[name].told and name not in told:
            wrong.append(f"{name}: told is {told}")
        if kind not in entries[name].kinds:
            wrong.append(f"{name}: not of {kind}")
    assert not wrong, "\n".join(wrong)
    assert found.keys() == ours.keys()
