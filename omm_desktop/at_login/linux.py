"""A file among what desktops start at a login (freedesktop.org, Desktop Application Autostart)."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_config_path

_ENTRY = """[Desktop Entry]
Type=Application
Name=OMM Desktop
Comment=Offers to go on with a copy that is not finished
Comment[de]=Bietet an, eine nicht beendete Kopie fortzusetzen
Comment[fr]=Propose de reprendre une copie qui n’est pas terminée
TryExec={program}
Exec={command}
Icon=omm-desktop
Terminal=false
"""
_SPECIAL = re.compile(r'(["`$\\])')


def file() -> Path:
    return user_config_path() / "autostart" / "omm-desktop.desktop"


def enter(command: Sequence[str]) -> None:
    """Raises OSError. `TryExec` keeps a desktop silent once the program has been removed."""
    text = _ENTRY.format(
        program=_as_value(command[0]),
        command=_as_value(" ".join(map(_as_argument, command))),
    )
    # A path may be no text.
    content = os.fsencode(text)
    entry = file()
    if entry.is_file() and entry.read_bytes() == content:
        return
    entry.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=entry.parent, prefix=".omm-desktop-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        os.replace(name, entry)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def leave() -> None:
    """Raises OSError."""
    file().unlink(missing_ok=True)


def _as_argument(word: str) -> str:
    """Quoted, as a key `Exec` wants it; a percent sign would be a field code."""
    return '"{}"'.format(_SPECIAL.sub(r"\\\1", word).replace("%", "%%"))


def _as_value(text: str) -> str:
    """As any key wants a string."""
    return text.replace("\\", "\\\\")
