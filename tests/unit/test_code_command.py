"""`omm-desktop code`: the words of a code in either language, near ones for a wrong one."""

from __future__ import annotations

import io

import pytest

from omm_desktop.cli import main as command_line
from omm_desktop.cli.main import is_command, main
from omm_desktop.cli.migrate import Console
from omm_desktop.cli.services import Services


class NoServices:
    """Looking up needs no copy."""


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(command_line, "system_language", lambda: "en")
    out, err = io.StringIO(), io.StringIO()
    services: Services = NoServices()  # type: ignore[assignment]
    status = main(["code", *arguments], services, Console(io.StringIO(), out, err))
    return status, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("typed", ["11-01", "1101"])
def test_a_code_is_told(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    status, out, err = run(monkeypatch, typed)
    assert is_command(["code"])
    assert (status, err) == (0, "")
    title, cause, remedy = out.splitlines()
    assert title == "11-01 · The server refuses the address or the password."
    assert cause
    assert remedy


def test_in_the_language_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, _ = run(monkeypatch, "26-01", "--language", "fr")
    assert status == 0
    assert out.startswith("26-01 · La nouvelle boîte est pleine.")


def test_a_wrong_code_names_the_near_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = run(monkeypatch, "11-09")
    assert (status, out) == (2, "")
    assert "11-01 · The server refuses" in err
    assert run(monkeypatch, "zero")[2] == "There is no such code.\n"
