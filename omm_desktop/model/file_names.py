"""What every system takes as the name of a file.

By "Naming Files, Paths, and Namespaces" of Microsoft, which forbids most; a lone surrogate has no
bytes, and a dot hides a file elsewhere.
"""

from __future__ import annotations

import re

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])\s*(\.|\Z)", re.I)


def without_signs(name: str) -> str:
    """The name with "_" for each sign that no file's name may have."""
    return _UNSAFE.sub("_", name)


def no_device(name: str) -> str:
    """The name, with "_" before it where it is empty, hides a file, or is a device of Windows."""
    taken = not name or name.startswith(".") or _DEVICE.match(name)
    return f"_{name}" if taken else name
