"""Where the program's own files, the person's records and the logs are."""

from __future__ import annotations

import sys
from pathlib import Path

from platformdirs import PlatformDirs

_DIRS = PlatformDirs("omm-desktop", appauthor=False)
_PACKAGE = Path(__file__).resolve().parent


def resources(package: Path = _PACKAGE, bundle: str | None = None) -> Path:
    """The folder with services, problems, translations and icons.

    It lies in the root of a frozen `bundle`, inside an installed `package`, or beside the package
    in a checkout. Raises FileNotFoundError when it is in none of these places.
    """
    bundle = bundle or getattr(sys, "_MEIPASS", None)
    candidates = [package / "_resources", package.parent / "resources"]
    if bundle:
        candidates.insert(0, Path(bundle) / "resources")
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"resources not found in {', '.join(map(str, candidates))}")


def user_data() -> Path:
    """The folder of the ledger and the preferences, made when missing, for its owner alone."""
    return _private(Path(_DIRS.user_data_dir))


def logs() -> Path:
    """The folder of the log files, made when missing, for its owner alone."""
    return _private(Path(_DIRS.user_log_dir))


def _private(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder
