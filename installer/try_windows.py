"""Tries the Windows setup under Wine: silently installed, used, refused while open, removed.

    python3 installer/try_windows.py dist/omm-desktop-*-setup*.exe [--native]

Needs wine64, Xvfb and the MinGW compiler. Without --native the program draws on nothing, which
Wine 8 (Debian 12) can; --native shows its window with Windows' own platform, which takes Wine 10
(Debian 13). Wine is not Windows: the release workflow does the same there.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import product
import trial
from commands import Failed, need, run

_SCREEN = ":94"
_UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\omm-desktop"
# Wine 8 lacks what cryptography draws its random numbers from; for the trial's own prefix only.
_RANDOM = """
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL ProcessPrng(PBYTE data, SIZE_T size)
{ return SystemFunction036(data, (ULONG)size); }
"""

_PLAN = """
[source]
kind = "imap"
host = "localhost"
port = 993
security = "tls"
login = "old"
[destination]
kind = "imap"
host = "localhost"
port = 993
security = "tls"
login = "new"
"""
_TIME_TO_LOAD = 10


def main(arguments: Sequence[str]) -> int:
    """Try it; 0 when everything is as it should be."""
    options = _parser().parse_args(arguments)
    try:
        need(("wine", "wine wine64"), ("wineserver", "wine64"), ("Xvfb", "xvfb"))
        with trial.screen(_SCREEN):
            _try(_Wine(options.work.resolve()), options.setup.resolve(), native=options.native)
    except Failed as problem:
        print(problem, file=sys.stderr)
        return 1
    print("All of it is as it should be.")
    return 0


def _try(wine: _Wine, setup: Path, *, native: bool) -> None:
    wine.start(setup, "/S")
    place = wine.local / "Programs" / product.NAME
    program = place / f"{product.NAME}.exe"
    shortcut = next(wine.drive.rglob("OMM Desktop.lnk"), None)
    if not program.is_file() or shortcut is None:
        raise Failed("The setup did not install the program and its entry in the start menu.")
    drawn = () if native else ("--offscreen",)
    found = wine.selftest(program, "first", *drawn, "--keyring", "--demo")
    platform = "windows" if native else "offscreen"
    trial.expect({"platform": platform, "copied": found["listed"]}, found)
    trial.expect({"back_end": "keyring.backends.Windows", "stored_found_forgotten": True}, found)
    again = wine.selftest(program, "again", *drawn)
    print(f"  started again and shown: {again['seconds']} s for the first page")
    with wine.open_program(program):
        before = _files(place)
        for installer in (setup, place / "uninstall.exe"):
            wine.start(installer, "/S", may_fail=True)
        if _files(place) != before:
            raise Failed("A program that was open was replaced or removed.")
    print("  refused while the program was open", flush=True)
    wine.start(setup, "/S")
    remembered = wine.local / product.NAME
    remembered.mkdir(exist_ok=True)
    (remembered / "kept").write_text("history")
    wine.start(place / "uninstall.exe", "/S")
    _expect_gone(wine, place, shortcut)
    if not (remembered / "kept").is_file():
        raise Failed("The history was removed, though nobody asked for it.")
    wine.start(setup, "/S")
    wine.start(place / "uninstall.exe", "/S", "/FORGET")
    _expect_gone(wine, place, shortcut)
    if remembered.exists():
        raise Failed("The history was to be removed and is still there.")
    print("  removed: nothing left; the history went only when that was asked for", flush=True)


def _expect_gone(wine: _Wine, place: Path, shortcut: Path) -> None:
    """The uninstaller goes on for a moment after its first process has ended."""
    deadline = time.monotonic() + 60
    while place.exists() and time.monotonic() < deadline:
        time.sleep(0.5)
    left = sorted(str(path.relative_to(place)) for path in place.rglob("*"))
    if place.exists() or shortcut.exists():
        raise Failed(f"Left behind: {left or shortcut}")
    if wine.knows(_UNINSTALL):
        raise Failed("Windows still lists the program as installed.")


def _files(folder: Path) -> set[tuple[str, int]]:
    return {(str(path), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


class _Wine:
    """A Windows of its own for this trial."""

    def __init__(self, work: Path) -> None:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        self.drive = work / "prefix" / "drive_c"
        self._work = work
        self._settings = {
            "WINEPREFIX": str(work / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",
            "DISPLAY": _SCREEN,
        }
        began = time.monotonic()
        self._wine("wineboot", "--init")
        self.wait()
        self._lend_random_numbers()
        (self.local,) = self.drive.glob("users/*/AppData/Local")
        print(f"a new Windows under Wine: {time.monotonic() - began:.0f} s", flush=True)

    def start(self, program: Path, *words: str, may_fail: bool = False) -> None:
        began = time.monotonic()
        try:
            self._wine(program, *words)
        except Failed:
            if not may_fail:
                raise
        print(f"{program.name} {' '.join(words)}: {time.monotonic() - began:.0f} s", flush=True)

    def selftest(self, program: Path, name: str, *options: str) -> dict[str, object]:
        """What was found, flat; results and pictures are in the folder of the trial."""
        folder = self._work / name
        folder.mkdir()
        result = folder / "result.json"
        began = time.monotonic()
        words = ["--result", f"Z:{result}", "--pictures", f"Z:{folder}", *options]
        self._wine(program, "--selftest", *words)
        print(f"self-test {name}: {time.monotonic() - began:.1f} s", flush=True)
        return trial.found(result)

    @contextlib.contextmanager
    def open_program(self, program: Path) -> Iterator[None]:
        """While it runs: it waits for the passwords of a copy, which never come."""
        plan = self._work / "plan.toml"
        plan.write_text(_PLAN)
        environment = {**os.environ, **self._settings}
        command = ["wine", str(program), "migrate", f"Z:{plan}", "--secrets-stdin"]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT
        ) as running:
            time.sleep(_TIME_TO_LOAD)
            if running.poll() is not None:
                raise Failed(f"The program ended by itself with status {running.returncode}.")
            try:
                yield
            finally:
                self._wine("taskkill", "/F", "/IM", program.name)
                running.communicate()
        self.wait()

    def knows(self, key: str) -> bool:
        """Whether a key is in the registry."""
        try:
            self._wine("reg", "query", key)
        except Failed:
            return False
        return True

    def wait(self) -> None:
        run(["wineserver", "--wait"], settings=self._settings, seconds=120)

    def _wine(self, *words: object) -> str:
        # Python under Wine wants pipes at both ends.
        return run(["wine", *words], settings=self._settings, told="", seconds=900)

    def _lend_random_numbers(self) -> None:
        library = self.drive / "windows" / "system32" / "bcryptprimitives.dll"
        if library.exists():
            return
        need(("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64"))
        source = self._work / "random.c"
        source.write_text(_RANDOM)
        run(["x86_64-w64-mingw32-gcc", "-shared", "-o", library, source, "-ladvapi32"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("setup", type=trial.installer, metavar="SETUP")
    parser.add_argument("--native", action="store_true", help="show the window (Wine 10)")
    usual = product.ROOT / "build" / "wine"
    parser.add_argument("--work", type=Path, default=usual, metavar="DIR")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
