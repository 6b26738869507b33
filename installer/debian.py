"""Packages of Debian and its relatives: the few Qt and the tests need, and whose a file is."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from commands import run

Present = Callable[[], bool]

_APT = shutil.which("apt-get")
_SERIES = f"{sys.version_info.major}.{sys.version_info.minor}"


def _library(name: str) -> Present:
    def present() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return present


def _program(name: str) -> Present:
    return lambda: shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is not None


def _sasl(module: str) -> Present:
    return lambda: any(Path("/usr/lib").glob(f"*/sasl2/{module}*"))


def _fonts() -> bool:
    return os.path.isdir("/usr/share/fonts")


FOR_PYTHON: Mapping[str, Present] = {
    f"python{_SERIES}-venv": lambda: importlib.util.find_spec("ensurepip") is not None,
    "ca-certificates": lambda: os.path.exists("/etc/ssl/certs/ca-certificates.crt") or not _APT,
}
FOR_QT: Mapping[str, Present] = {
    "libglib2.0-0": _library("libgthread-2.0.so.0"),
    "libgl1": _library("libGL.so.1"),
    "libegl1": _library("libEGL.so.1"),
    "libxkbcommon0": _library("libxkbcommon.so.0"),
    "libdbus-1-3": _library("libdbus-1.so.3"),
    "libfontconfig1": _library("libfontconfig.so.1"),
    "fonts-dejavu-core": _fonts,
}
FOR_X11: Mapping[str, Present] = {
    "libxcb-cursor0": _library("libxcb-cursor.so.0"),
    "libxcb-icccm4": _library("libxcb-icccm.so.4"),
    "libxcb-keysyms1": _library("libxcb-keysyms.so.1"),
    "libxkbcommon-x11-0": _library("libxkbcommon-x11.so.0"),
}
# What the frozen program takes along from the system that it is built on.
FOR_FREEZING: Mapping[str, Present] = {
    f"libpython{_SERIES}": _library(f"libpython{_SERIES}.so.1.0"),
    "libcups2": _library("libcups.so.2"),
    "libgssapi-krb5-2": _library("libgssapi_krb5.so.2"),
    "libwayland-client0": _library("libwayland-client.so.0"),
    "libwayland-cursor0": _library("libwayland-cursor.so.0"),
    "libwayland-egl1": _library("libwayland-egl.so.1"),
    "libx11-xcb1": _library("libX11-xcb.so.1"),
    "libxcb-image0": _library("libxcb-image.so.0"),
    "libxcb-randr0": _library("libxcb-randr.so.0"),
    "libxcb-render-util0": _library("libxcb-render-util.so.0"),
    "libxcb-shape0": _library("libxcb-shape.so.0"),
    "libxcb-xkb1": _library("libxcb-xkb.so.1"),
}
FOR_TESTS: Mapping[str, Present] = {
    "dovecot-imapd": _program("dovecot"),
    "dovecot-pop3d": lambda: os.path.exists("/usr/lib/dovecot/pop3"),
    "dbus-daemon": _program("dbus-run-session"),
    "gnome-keyring": _program("gnome-keyring-daemon"),
    "at-spi2-core": lambda: os.path.exists("/usr/libexec/at-spi-bus-launcher"),
    "xvfb": _program("Xvfb"),
    "xz-utils": _program("xz"),
}
# What Cyrus and Courier need; their own packages are unpacked by the tests, not installed. The
# names are those of Debian 12.
FOR_TEST_SERVERS: Mapping[str, Present] = {
    "libgdbm6": _library("libgdbm.so.6"),
    "libicu72": _library("libicuuc.so.72"),
    "libidn12": _library("libidn.so.12"),
    "libjansson4": _library("libjansson.so.4"),
    "libkrb5-3": _library("libkrb5.so.3"),
    "libldap-2.5-0": _library("libldap-2.5.so.0"),
    "libltdl7": _library("libltdl.so.7"),
    "libpq5": _library("libpq.so.5"),
    "libsasl2-2": _library("libsasl2.so.2"),
    "libsasl2-modules": _sasl("libplain.so"),
    "libsasl2-modules-db": _sasl("libsasldb.so"),
    "libsqlite3-0": _library("libsqlite3.so.0"),
    "libwrap0": _library("libwrap.so.0"),
    "libxml2": _library("libxml2.so.2"),
}


class Missing(RuntimeError):
    """System packages that the person has to install; the text says how."""


def for_this_screen() -> Mapping[str, Present]:
    """What Qt needs besides for the screen it will draw on; nothing when there is none."""
    on_x11 = bool(os.environ.get("DISPLAY")) and not os.environ.get("WAYLAND_DISPLAY")
    return FOR_X11 if on_x11 else {}


def for_tests() -> Mapping[str, Present]:
    """What the tests need besides Qt; their three mail servers run on Debian 12 alone."""
    wanted = {**FOR_X11, **FOR_TESTS}
    return {**wanted, **FOR_TEST_SERVERS} if _codename() == "bookworm" else wanted


def _codename() -> str:
    try:
        return platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    except OSError:
        return ""


def provide(packages: Mapping[str, Present], as_root: bool | None = None) -> None:
    """Install what is absent when run by root, else raise `Missing` with the exact command.

    Raises `Failed` when that does not succeed. Does nothing on other systems than Linux.
    """
    if not sys.platform.startswith("linux"):
        return
    absent = [name for name, present in packages.items() if not present()]
    if not absent:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *absent]
    if not _APT:
        raise Missing(f"These system libraries are missing: {', '.join(absent)}.")
    if not (os.geteuid() == 0 if as_root is None else as_root):
        raise Missing(f"Please type this first, then start again:\n  sudo {' '.join(install)}")
    print(f"Installing system packages: {', '.join(absent)}", flush=True)
    for command in (["apt-get", "update"], install):
        run(command, settings={"DEBIAN_FRONTEND": "noninteractive"})


def owners(pattern: str) -> Iterator[tuple[str, str]]:
    """Each file of this system whose path fits, such as "*.so*", and the package it is from.

    Raises `Failed` when there is none.
    """
    for line in run(["dpkg-query", "--search", pattern]).splitlines():
        packages, _, path = line.partition(": ")
        yield path, packages.split(",")[0].partition(":")[0]
