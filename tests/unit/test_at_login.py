"""The program opened again at the next login, by the entries of three systems."""

from __future__ import annotations

import logging
import os
import plistlib
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from omm_desktop import app, paths
from omm_desktop.at_login import linux, macos, reopening
from omm_desktop.at_login.reopening import Reopening, own_command


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(paths, "user_data", lambda: tmp_path / "data")
    return tmp_path


def _keys(file: Path) -> dict[str, str]:
    """Of a desktop entry, each value as a desktop reads it."""
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "[Desktop Entry]"
    pairs = (line.split("=", 1) for line in lines[1:])
    return {key: value.replace("\\\\", "\\") for key, value in pairs}


@pytest.mark.parametrize(
    "command",
    [
        ["/usr/lib/omm-desktop/omm-desktop"],
        ['/home/zoé/a $place `of` "hers" \\ 100 %/python', "-m", "omm_desktop"],
    ],
)
def test_a_desktop_starts_the_very_command_once_it_exists(home: Path, command: list[str]) -> None:
    for _time in range(2):
        linux.enter(command)
    assert linux.file() == home / "config" / "autostart" / "omm-desktop.desktop"
    keys = _keys(linux.file())
    assert keys["Type"] == "Application"
    assert keys["TryExec"] == command[0]
    # Between double quotes the entry escapes what a shell would.
    assert shlex.split(keys["Exec"].replace("%%", "%").replace("\\$", "$").replace("\\`", "`")) == (
        command
    )
    assert [file.name for file in linux.file().parent.iterdir()] == ["omm-desktop.desktop"]
    for _time in range(2):
        linux.leave()
    assert not linux.file().exists()


def test_no_path_and_no_file_is_too_odd_for_an_entry(home: Path) -> None:
    """A folder may have a name that is no text, and the file that was there may hold anything."""
    linux.file().parent.mkdir(parents=True)
    linux.file().write_bytes(b"\xff\xfe")
    odd = b"/opt/caf\xe9/omm-desktop"
    linux.enter([os.fsdecode(odd)])
    assert b"TryExec=" + odd + b"\n" in linux.file().read_bytes()


def test_an_older_command_is_replaced(home: Path) -> None:
    linux.enter(["/opt/old/omm-desktop"])
    linux.enter(["/opt/new/omm-desktop"])
    assert _keys(linux.file())["TryExec"] == "/opt/new/omm-desktop"


def test_the_launch_agent_of_macos_is_one_that_its_reader_understands(home: Path) -> None:
    command = ["/Applications/OMM Desktop.app/Contents/MacOS/omm-desktop"]
    macos.enter(command)
    agent = plistlib.loads((home / "Library/LaunchAgents/omm-desktop.plist").read_bytes())
    assert (agent["ProgramArguments"], agent["RunAtLoad"]) == (command, True)
    for _time in range(2):
        macos.leave()
    assert not macos.file().exists()


@pytest.mark.parametrize(
    ("executable", "command"),
    [
        ("/usr/lib/omm-desktop/omm-desktop", ["/usr/lib/omm-desktop/omm-desktop"]),
        ("/opt/omm/omm-desktop.com", ["/opt/omm/omm-desktop.exe"]),
        ("/opt/omm/omm-desktop.exe", ["/opt/omm/omm-desktop.exe"]),
        ("/usr/bin/python3", ["/usr/bin/python3", "-m", "omm_desktop"]),
    ],
)
def test_what_is_started_is_the_window(executable: str, command: Sequence[str]) -> None:
    assert own_command(executable) == command


def test_a_place_that_takes_nothing_costs_a_line_of_the_log(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (home / "config").write_text("a file where a folder should be")
    with caplog.at_level(logging.WARNING):
        Reopening(linux, ["/usr/bin/omm-desktop"]).settle(wanted=True)
    assert "NotADirectoryError" in caplog.text
    assert str(home) not in caplog.text


def test_an_uninstaller_that_forgets_leaves_no_entry(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reopening, "_system", lambda: linux)
    (home / "data").mkdir()
    linux.enter(["/usr/bin/omm-desktop"])
    assert app.forget_passwords() == 0
    assert not linux.file().exists()
