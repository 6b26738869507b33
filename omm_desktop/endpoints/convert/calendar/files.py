"""Files within events and tasks (ATTACH)."""

from __future__ import annotations

from mimetypes import guess_extension, guess_type

from ..content_lines import Line
from .values import AttachedFile

_NAMES = ("filename", "x-filename", "x-apple-filename", "x-oracle-filename", "x-label")


def read_file(line: Line, number: int) -> AttachedFile | None:
    """The file whose bytes are in the line, None when the line only points to one."""
    content = line.data()
    if content is None:
        return None
    media = next(iter(line.values("fmttype")), "")
    given = {name: values for name, values in line.params if values}
    name = next((given[one][0] for one in _NAMES if one in given), "")
    name = name or f"{number}{guess_extension(media) or '.bin'}"
    return AttachedFile(name, content, media or guess_type(name)[0] or "")
