"""What goes into the installed program, and what does not."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as Tree
from pathlib import Path

import pytest

from omm_desktop import app, selftest
from omm_desktop.cli.main import COMMANDS
from omm_desktop.cli.main import main as command_line

ROOT = Path(__file__).parents[2]
INSTALLER = ROOT / "installer"


def _python(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=INSTALLER, capture_output=True, text=True
    )


def test_of_qt_and_of_libraries_only_what_is_used_goes_in() -> None:
    kept = [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/lib/libQt6Core.so.6",
        "PySide6/QtWidgets.abi3.so",
        "PySide6/QtSvg.pyd",
        "PySide6/translations/qtbase_fr.qm",
        "PySide6/translations/qtbase_de.qm",
        "babel/locale-data/fr_CA.dat",
        "babel/locale-data/de.dat",
        "babel/locale-data/root.dat",
        "resources/i18n/fr/LC_MESSAGES/omm.mo",
        "pygments/lexers/__init__.pyc",
        "keyring-25.7.0.dist-info/entry_points.txt",
        "omm_desktop/endpoints/convert/mail.pyc",
    ]
    dropped = [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/QtQml.abi3.so",
        "PySide6/Qt/qml/QtQuick/plugin.so",
        "PySide6\\resources\\icudtl.dat",
        "PySide6/translations/qtbase_it.qm",
        "PySide6/translations/linguist_fr.qm",
        "babel/locale-data/it.dat",
        "resources/i18n/fr/LC_MESSAGES/omm.po",
        "lxml/html/tests/test_clean.py",
        "keyring-25.7.0.dist-info/RECORD",
        "keyring-25.7.0.dist-info/licenses/LICENSE",
    ]
    code = "import json, sys, trimming; print(*map(trimming.is_wanted, json.loads(sys.argv[1])))"
    told = _python(code, json.dumps(kept + dropped))
    assert told.stdout.split() == ["True"] * len(kept) + ["False"] * len(dropped), told.stderr


def test_windows_gets_no_code_for_tests(tmp_path: Path) -> None:
    for name in ("setuptools/build.py", "lxml/etree.py", "lxml/usedoctest.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    told = _python(
        "import pathlib, sys, windows_setup as windows; windows._trim(pathlib.Path(sys.argv[1]))",
        str(tmp_path),
    )
    assert told.returncode == 0, told.stderr
    assert [path.name for path in tmp_path.rglob("*.py")] == ["etree.py"]


def test_the_bill_of_materials_names_every_requirement_with_its_hashes(tmp_path: Path) -> None:
    file = tmp_path / "bill.json"
    ended = subprocess.run(
        [sys.executable, "bill.py", str(file)], cwd=INSTALLER, capture_output=True, text=True
    )
    assert ended.stderr == ""
    told = json.loads(file.read_text())
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.5")
    pins = re.findall(
        r"^([a-z0-9-]+)==([^ ;]+)", (INSTALLER / "requirements/run.txt").read_text(), re.M
    )
    pythons = [one["version"] for one in told["components"] if one["type"] == "framework"]
    assert [version.rpartition(".")[0] for version in pythons] == ["3", "3.13"]
    listed = {(one["name"], one["version"]) for one in told["components"] if "purl" in one}
    assert listed == set(pins)
    assert all(len(one["properties"]) > 1 for one in told["components"] if "purl" in one)


def test_icons_are_what_each_system_expects(tmp_path: Path) -> None:
    names = ["one.ico", "one.icns", "one-48.png"]
    files = [tmp_path / name for name in names]
    command = [sys.executable, "icons.py", *map(str, files)]
    subprocess.run(command, cwd=INSTALLER, check=True)
    ico, icns, png = (file.read_bytes() for file in files)
    count = struct.unpack_from("<HHH", ico)[2]
    for index in range(count):
        size, start = struct.unpack_from("<II", ico, 6 + 16 * index + 8)
        assert ico[start : start + 4] == b"\x89PNG"
        assert start + size <= len(ico)
    assert icns[:4] == b"icns"
    assert struct.unpack_from(">I", icns, 4)[0] == len(icns)
    assert struct.unpack_from(">II", png, 16) == (48, 48)


def test_a_missing_tool_is_named_with_its_package() -> None:
    told = _python(
        "import commands\n"
        "wanted = ('no-tool', 'one two'), ('python3', 'python3'), ('no-more', 'two')\n"
        "try: commands.need(*wanted)\n"
        "except commands.Failed as failed: print(failed)"
    )
    assert told.stdout == "Missing here: no-tool, no-more. On Debian: apt-get install one two\n"
    assert told.stderr == ""


@pytest.mark.skipif(sys.platform != "linux", reason="for Linux")
def test_a_system_that_is_too_old_is_told_so_in_one_sentence(tmp_path: Path) -> None:
    text = (INSTALLER / "linux" / "start.sh").read_text()
    for needed, language, told in [
        ("99.9", "fr_FR.UTF-8", "demande un système plus récent"),
        ("99.9", "en_GB.UTF-8", "needs a newer system"),
        ("2.1", "fr_FR.UTF-8", "started with --version"),
    ]:
        script = tmp_path / "omm-desktop"
        script.write_text(text.replace("@GLIBC@", needed))
        program = tmp_path / "program" / "omm-desktop"
        program.parent.mkdir(exist_ok=True)
        program.write_text('#!/bin/sh\necho "started with $*"\n')
        program.chmod(0o755)
        ended = subprocess.run(
            ["sh", str(script), "--version"],
            env={"LANG": language, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
        )
        assert told in ended.stdout + ended.stderr


def test_the_entry_of_the_menu_and_its_description_speak_of_the_same_program() -> None:
    entry = (INSTALLER / "linux" / "omm-desktop.desktop").read_text()
    described = Tree.parse(INSTALLER / "linux" / "omm-desktop.metainfo.xml").getroot()
    assert described.findtext("launchable") == "omm-desktop.desktop"
    assert f"\nComment={described.findtext('summary')}\n" in entry
    assert "\nComment[fr]=" in entry


def test_the_manual_page_names_every_command_and_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = (INSTALLER / "linux" / "omm-desktop.1").read_text().replace("\\-", "-")
    commands = sorted(command for command in COMMANDS if not command.startswith("-"))
    for words in (["--help"], *([command, "--help"] for command in commands)):
        assert command_line(words, app.services()) == 0
    for face in (app.window, selftest.main):
        with pytest.raises(SystemExit):
            face(["--help"])
    options = set(re.findall(r"(--[a-z-]+)", capsys.readouterr().out))
    assert {"--secrets-stdin", "--version", "--masked", "--offscreen"} < options
    assert [option for option in options if option not in page] == []
    assert "--forget-passwords" in page
    for command in commands:
        assert f".B omm-desktop {command}\n" in page
        assert f".BI {command}\\ " in page


def test_what_is_missing_is_told_before_anything_is_made(tmp_path: Path) -> None:
    def told(script: str, *words: str) -> str:
        ended = subprocess.run(
            [sys.executable, script, *words],
            cwd=INSTALLER,
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 1
        assert ended.stdout == ""
        (line,) = ended.stderr.splitlines()
        return line

    places = ["--work", str(tmp_path / "work"), "--output", str(tmp_path / "dist")]
    setup = told("build.py", "windows", *places)
    assert setup.startswith("Missing here: makensis, x86_64-w64-mingw32-gcc, ")
    assert "apt-get install nsis gcc-mingw-w64-x86-64" in setup
    if sys.platform == "linux":
        assert told("build.py", *places) == setup
    assert told("lock.py") == "Missing here: uv"
    assert not any(tmp_path.iterdir())


def test_a_python_for_windows_that_cannot_load_our_modules_is_refused(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys, commands, windows_setup\n"
        "windows_setup.need = lambda *_: None\n"
        "try: windows_setup.check(pathlib.Path(sys.argv[1]))\n"
        "except commands.Failed as failed: print(failed)"
    )
    (tmp_path / "pythonw.exe").touch()
    assert _python(code, str(tmp_path)).stdout == f"{tmp_path} is no embeddable Python.\n"
    series = tmp_path / "python37._pth"
    series.touch()
    told = _python(code, str(tmp_path))
    assert told.stdout == "The Python for Windows is 3.7: run this with python3.7.\n"
    assert told.stderr == ""
    series.rename(tmp_path / "python{}{}._pth".format(*sys.version_info[:2]))
    assert _python(code, str(tmp_path)).stdout == ""


@pytest.mark.skipif(sys.platform != "linux", reason="for Linux")
def test_an_archive_is_the_same_whoever_packs_it(tmp_path: Path) -> None:
    code = (
        "import hashlib, os, pathlib, sys, linux_packages\n"
        "work = pathlib.Path(sys.argv[1])\n"
        "os.umask(int(sys.argv[2], 8))\n"
        "for name in sys.argv[3:]:\n"
        "    file = work / 'frozen' / name\n"
        "    file.parent.mkdir(parents=True, exist_ok=True)\n"
        "    file.write_text(name)\n"
        "packed = linux_packages.portable_archive(work / 'frozen', work, work, fast=True)\n"
        "print(hashlib.sha256(packed.read_bytes()).hexdigest())"
    )
    names = ["_internal/a.so", "_internal/resources/b.toml", "omm-desktop"]
    one = _python(code, str(tmp_path / "one"), "022", *names)
    other = _python(code, str(tmp_path / "other"), "077", *reversed(names))
    assert one.stderr == other.stderr == ""
    assert one.stdout == other.stdout


def test_windows_gets_its_files_in_one_order(tmp_path: Path) -> None:
    for name in ("runtime/q.dll", "lib/b/z.pyc", "lib/.dot/a.pyc", "omm-desktop.exe"):
        (tmp_path / "payload" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "payload" / name).touch()
    code = (
        "import pathlib, sys, windows_setup\n"
        "place = pathlib.Path(sys.argv[1])\n"
        "print(windows_setup._listed(place / 'payload', place / 'files.nsh').read_text())"
    )
    told = _python(code, str(tmp_path)).stdout.replace(f"{tmp_path}/payload/", "")
    assert told.splitlines()[:-1] == [
        'SetOutPath "$INSTDIR"',
        'File "omm-desktop.exe"',
        'SetOutPath "$INSTDIR\\lib"',
        'SetOutPath "$INSTDIR\\lib\\.dot"',
        'File "lib/.dot/a.pyc"',
        'SetOutPath "$INSTDIR\\lib\\b"',
        'File "lib/b/z.pyc"',
        'SetOutPath "$INSTDIR\\runtime"',
        'File "runtime/q.dll"',
    ]


def test_the_release_takes_the_python_for_windows_that_is_named() -> None:
    told = _python("import product; print(product.WINDOWS_PYTHON, product.WINDOWS_PYTHON_SHA256)")
    version, digest = told.stdout.split()
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    assert f'WINDOWS_PYTHON: "{version}"\n' in workflow
    assert f"WINDOWS_PYTHON_SHA256: {digest}\n" in workflow
