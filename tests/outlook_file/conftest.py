"""What the tests of Outlook files as a source share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pst.collection import unpacked_files


@pytest.fixture(scope="session")
def pst_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The collection's Outlook files by name."""
    return unpacked_files(tmp_path_factory.mktemp("outlook"))
