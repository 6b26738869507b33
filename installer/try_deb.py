"""Tries a Debian package as a stranger would, in a clean tree with nothing of this machine.

    sudo python3 installer/try_deb.py dist/omm-desktop_*.deb [--suite bookworm]

Needs root, debootstrap and Xvfb. Installs with nothing but what the package depends on; tries it
without a screen, on an X11 screen, in French, with a keyring, through the demo's copy; removes it
and looks for what is left. Results and pictures stay in the folder given by --work.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import product
import trial
from commands import Failed, need, run

_INSIDE = "OMM_TRIAL_INSIDE"
_SCREEN = ":93"
_RESULTS = Path("home", "person", "results")
_APT = {"DEBIAN_FRONTEND": "noninteractive"}
# What apt and dpkg write about whatever is installed and removed.
_BOOKKEEPING = ("var/lib/dpkg", "var/lib/apt", "var/cache", "var/log", "home", "tmp", "proc", "dev")
_KEYRING = "echo | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "


def main(arguments: Sequence[str]) -> int:
    """Try it; 0 when everything is as it should be."""
    options = _parser().parse_args(arguments)
    try:
        if os.geteuid():
            raise Failed("This makes a system of its own, and needs root for that.")
        need(("debootstrap", "debootstrap"), ("Xvfb", "xvfb"), ("unshare", "util-linux"))
        if _INSIDE not in os.environ:
            # Mounts of the trial end with it, however it ends.
            command = ["unshare", "--mount", sys.executable, __file__, *arguments]
            return subprocess.run(command, env={**os.environ, _INSIDE: "1"}).returncode
        _try(options.package.resolve(), options.suite, options.work.resolve())
    except Failed as problem:
        print(problem, file=sys.stderr)
        return 1
    print("All of it is as it should be.")
    return 0


def _try(package: Path, suite: str, work: Path) -> None:
    root = _clean_tree(suite, work)
    tree = _Tree(root)
    before = tree.files()
    shutil.copy(package, root / "tmp")
    tree.install(f"/tmp/{package.name}")
    told = tree.selftest("bare", "--offscreen")
    trial.expect({"platform": "offscreen", "system_says": "en"}, told)
    with trial.screen(_SCREEN):
        french = {"LANG": "fr_FR.UTF-8", "DISPLAY": _SCREEN}
        told = tree.selftest("french", "--demo", settings=french)
        french_qt = {"platform": "xcb", "system_says": "fr", "cancel_in_french": "Annuler"}
        trial.expect(french_qt, told)
    tree.install("gnome-keyring", "dbus-daemon")
    told = tree.selftest("keyring", "--offscreen", "--keyring", session=_KEYRING)
    kept = {"back_end": "keyring.backends.SecretService", "stored_found_forgotten": True}
    trial.expect(kept, told)
    left = tree.home()
    if left:
        raise Failed(f"The self-test left in the home of the person: {left}")
    tree.apt("purge", "--autoremove", product.NAME, "gnome-keyring", "dbus-daemon")
    behind = sorted(tree.files() - before)
    ours = [name for name in behind if product.NAME in name]
    if ours:
        raise Failed(f"Left behind after removal: {ours}")
    print(f"Removed; {len(behind)} files of other packages remain: {behind[:9]}")
    pictures = work / "pictures"
    shutil.rmtree(pictures, ignore_errors=True)
    shutil.copytree(root / _RESULTS, pictures)
    print(f"Results and pictures: {pictures}")


class _Tree:
    """A clean system below a folder, used by one person."""

    def __init__(self, root: Path) -> None:
        self._root = root
        run(["mount", "-t", "proc", "proc", root / "proc"])
        run(["mount", "--rbind", "/dev", root / "dev"])
        run(["chroot", root, "useradd", "--create-home", "--shell", "/bin/sh", "person"])

    def apt(self, *words: str) -> None:
        command = ["chroot", self._root, "apt-get", "-qq", "--yes", *words]
        run(command, settings=_APT)

    def install(self, *what: str) -> None:
        began = time.monotonic()
        self.apt("install", "--no-install-recommends", *what)
        print(f"installed {' '.join(what)}: {time.monotonic() - began:.0f} s", flush=True)

    def selftest(
        self, name: str, *options: str, settings: dict[str, str] | None = None, session: str = ""
    ) -> dict[str, object]:
        """What was found, flat. Raises `Failed` when something is wrong."""
        results = f"/{_RESULTS}/{name}"
        run(["chroot", self._root, "install", "-d", "-o", "person", f"/{_RESULTS}", results])
        program = f"{product.NAME} --selftest --result {results}/result.json"
        line = f"{program} --pictures {results} {' '.join(options)}"
        if session:
            line = f"dbus-run-session -- sh -c '{session}{line}'"
        surroundings = {"PATH": "/usr/bin:/bin", "HOME": "/home/person", **(settings or {})}
        given = [f"{key}={value}" for key, value in surroundings.items()]
        user = ["--userspec", "person:person"]
        began = time.monotonic()
        command = ["chroot", *user, self._root, "env", "-i", *given, "sh", "-c", line]
        run(command, seconds=300)
        print(f"self-test {name}: {time.monotonic() - began:.1f} s", flush=True)
        return trial.found(self._root / results[1:] / "result.json")

    def files(self) -> set[str]:
        """Every file but those that apt and dpkg keep about any package."""
        found = run(["find", self._root, "-xdev", "-not", "-type", "d", "-printf", "%P\\n"])
        return {name for name in found.splitlines() if not name.startswith(_BOOKKEEPING)}

    def home(self) -> list[str]:
        """What programs wrote into the home of the person, keyrings and results apart."""
        home = self._root / "home" / "person"
        ours = (path.relative_to(home) for path in home.rglob("*") if path.is_file())
        kept = ("results", ".bash", ".profile", ".local/share/keyrings", ".cache")
        return sorted(str(path) for path in ours if not str(path).startswith(kept))


def _clean_tree(suite: str, work: Path) -> Path:
    """A minimal Debian; what debootstrap fetched is kept for the next time."""
    base, root = work / f"{suite}.tar", work / "root"
    work.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(root, ignore_errors=True)
    if not base.exists():
        print(f"making a clean {suite}", flush=True)
        run(["debootstrap", "--variant=minbase", suite, root])
        run(["tar", "-C", root, "-cf", base, "."])
    else:
        root.mkdir()
        run(["tar", "-C", root, "-xf", base])
    run(["chroot", root, "apt-get", "-qq", "update"])
    return root


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=trial.installer, metavar="DEB")
    parser.add_argument("--suite", default="bookworm")
    parser.add_argument(
        "--work", type=Path, default=product.ROOT / "build" / "trial", metavar="DIR"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
