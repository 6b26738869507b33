"""The drawings of the style sheet bear its colours, which no style sheet can hand to them."""

from __future__ import annotations

import re

import pytest

from omm_desktop import paths
from omm_desktop.ui.colours import CONTRAST, DARK, LIGHT, Colours


def strokes(drawing: str) -> set[str]:
    text = (paths.resources() / "style" / f"{drawing}.svg").read_text(encoding="utf-8")
    return set(re.findall("#[0-9a-f]{6}", text))


@pytest.mark.parametrize("colours", [LIGHT, DARK, CONTRAST], ids=lambda one: one.icons)
def test_drawings_have_the_colours_of_their_scheme(colours: Colours) -> None:
    assert strokes(f"focus-main-{colours.icons}") == {colours.accent}
    assert strokes(f"focus-removes-{colours.icons}") == {colours.problem}
    assert strokes(f"chevron-{colours.icons}") == strokes(f"chevron-closed-{colours.icons}")
