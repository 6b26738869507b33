"""Where newer versions of the program are. Nothing here asks anybody: a person does."""

from __future__ import annotations

import tomllib

from omm_desktop import paths


def page() -> str:
    """The address that this copy of the program was built with; empty when it has none."""
    text = (paths.resources() / "releases.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["page"])
