"""What the program says before there is a window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from omm_desktop import app
from omm_desktop.language import set_language


@pytest.fixture(autouse=True)
def a_french_terminal_without_a_screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "LC_ALL", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    monkeypatch.setattr("sys.platform", "linux")
    yield
    set_language("en")


def test_that_there_is_no_screen(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.window([]) == 2
    assert "pas d’écran" in capsys.readouterr().err


def test_that_a_mistyped_command_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """And no plan, for which a window would open."""
    with pytest.raises(SystemExit) as ended:
        app.window(["setings"])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "Inconnu ici" in told
    assert "setings" not in told
