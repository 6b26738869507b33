"""The Debian package and the portable archive around the frozen program."""

from __future__ import annotations

import gzip
import platform
import re
import shutil
import sys
import tarfile
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import debian
import product
import trimming
from commands import Failed, need, run

LINUX = product.INSTALLER / "linux"
PROGRAM = Path("usr", "lib", product.NAME)
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256)
# Files that libraries inside the program read: keyboards, fonts, authorities.
DATA_PACKAGES = (
    "ca-certificates",
    "fontconfig-config",
    "fonts-dejavu-core | fonts-freefont-ttf | fonts-liberation",
    "xkb-data",
)
COPYRIGHT = """OMM Desktop is under the MIT licence. What comes with it has licences of its own.
All the texts follow.
"""
RECOMMENDED = "gnome-keyring | kwalletmanager | keepassxc, xdg-utils"

_GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)")


def debian_package(frozen: Path, work: Path, output: Path) -> Path:
    """The .deb. It has no scripts: nothing but files is added and removed."""
    need(("dpkg-deb", "dpkg"), ("dpkg-query", "dpkg"))
    root = work / "deb"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(frozen, root / PROGRAM, symlinks=True)
    (root / "usr" / "bin").mkdir(parents=True)
    (root / "usr" / "bin" / product.NAME).symlink_to(Path("..", "lib", product.NAME, product.NAME))
    _desktop_files(root / "usr" / "share", work)
    _documents(root / "usr" / "share", root / PROGRAM / "licences")
    _modes(root)
    size = sum(path.lstat().st_size for path in root.rglob("*") if not path.is_dir()) // 1024
    control = root / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(_control(frozen, size))
    package = output / f"{product.NAME}_{product.version()}_{_architecture()}.deb"
    settings = {"SOURCE_DATE_EPOCH": str(product.source_date())}
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, package]
    run(command, settings=settings)
    return package


def portable_archive(frozen: Path, work: Path, output: Path) -> Path:
    """The .tar.xz with a start script, for other distributions."""
    name = f"{product.NAME}-{product.version()}"
    start = _filled(LINUX / "start.sh").replace("@GLIBC@", glibc(frozen))
    archive = output / f"{name}-linux-{platform.machine()}.tar.xz"
    script = work / "start.sh"
    script.write_text(start)
    script.chmod(0o755)
    with tarfile.open(archive, "w:xz") as tar:
        tar.add(script, f"{name}/{product.NAME}", filter=_owned_by_nobody)
        for path in [frozen, *sorted(frozen.rglob("*"))]:
            inside = f"{name}/program/{path.relative_to(frozen)}"
            tar.add(path, inside, recursive=False, filter=_owned_by_nobody)
    return archive


def glibc(frozen: Path) -> str:
    """The oldest C library that every file inside can do with, such as "2.36"."""
    wanted = {(0, 0)}
    for path in _elf_files(frozen):
        symbols = run(["objdump", "-T", path])
        wanted.update((int(major), int(minor)) for major, minor in _GLIBC.findall(symbols))
    return ".".join(map(str, max(wanted)))


def system_libraries(frozen: Path) -> set[str]:
    """What the program wants and does not bring, such as "libGL.so.1"."""
    files = _elf_files(frozen)
    brought = {path.name for path in files}
    wanted = {name for path in files for name in trimming.needed(path, "objdump")}
    return wanted - brought


def _control(frozen: Path, kilobytes: int) -> str:
    packages = {_package_of(name) for name in system_libraries(frozen)} - {"libc6"}
    depends = [f"libc6 (>= {glibc(frozen)})", *sorted(packages), *DATA_PACKAGES]
    return f"""Package: {product.NAME}
Version: {product.version()}
Architecture: {_architecture()}
Maintainer: {product.PUBLISHER} <omm-desktop@localhost>
Installed-Size: {kilobytes}
Depends: {", ".join(depends)}
Recommends: {RECOMMENDED}
Section: mail
Priority: optional
Description: {product.SUMMARY}
 A wizard in French, English and German copies mail, contacts, calendars and
 tasks by IMAP, POP3 and Exchange, and from and to files. The old mailbox is
 only read, the new one is only added to; a copy can be stopped and resumed.
"""


def _package_of(library: str) -> str:
    """The package of this Debian that has a library."""
    found = list(debian.owners(f"*/{library}"))
    for path, package in found:
        if re.fullmatch(r"(/usr)?/lib(64)?(/[^/]+-linux-gnu)?/[^/]+", path):
            return package
    raise Failed(f"No package of this system has {library} in its place: {found}")


def _desktop_files(share: Path, work: Path) -> None:
    applications = share / "applications"
    applications.mkdir(parents=True)
    shutil.copy(LINUX / f"{product.NAME}.desktop", applications)
    metainfo = share / "metainfo" / f"{product.NAME}.metainfo.xml"
    metainfo.parent.mkdir()
    metainfo.write_text(_filled(LINUX / metainfo.name), encoding="utf-8")
    icons = share / "icons" / "hicolor"
    drawn = [work / f"icon-{size}.png" for size in ICON_SIZES]
    python = work / "environment" / "bin" / "python"
    run([python, product.INSTALLER / "icons.py", *drawn], settings={"QT_QPA_PLATFORM": "offscreen"})
    for size, picture in zip(ICON_SIZES, drawn, strict=True):
        folder = icons / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True)
        shutil.copy(picture, folder / f"{product.NAME}.png")
    scalable = icons / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copy(product.ROOT / "resources" / "icons" / f"{product.NAME}.svg", scalable)


def _documents(share: Path, licences: Path) -> None:
    manual = share / "man" / "man1" / f"{product.NAME}.1.gz"
    manual.parent.mkdir(parents=True)
    manual.write_bytes(_gzipped(_filled(LINUX / f"{product.NAME}.1")))
    folder = share / "doc" / product.NAME
    folder.mkdir(parents=True)
    changes = (product.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (folder / "NEWS.md.gz").write_bytes(_gzipped(changes))
    (folder / "changelog.gz").write_bytes(_gzipped(_filled(LINUX / "changelog")))
    texts = [COPYRIGHT]
    for text in sorted(licences.iterdir(), key=lambda path: (path.stem != product.NAME, path.name)):
        texts.append(f"{'=' * 79}\n{text.stem}\n{'=' * 79}\n{text.read_text('utf-8', 'replace')}")
    (folder / "copyright").write_text("\n".join(texts), encoding="utf-8")
    shutil.rmtree(licences)


def _filled(file: Path) -> str:
    day = datetime.fromtimestamp(product.source_date(), UTC)
    text = file.read_text(encoding="utf-8").replace("@VERSION@", product.version())
    return text.replace("@DAY@", day.date().isoformat()).replace("@MOMENT@", format_datetime(day))


def _gzipped(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def _modes(root: Path) -> None:
    """Whoever builds may have a careful umask."""
    for path in root.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path == root / PROGRAM / product.NAME
            path.chmod(0o755 if runs else 0o644)


def _owned_by_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = product.source_date()
    return entry


def _elf_files(folder: Path) -> list[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.append(path)
    return found


def _architecture() -> str:
    if sys.platform != "linux":
        raise Failed("A Debian package is built on Linux.")
    return run(["dpkg", "--print-architecture"]).strip()
