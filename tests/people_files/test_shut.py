"""Files and folders that nobody may open, among others that are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from omm_desktop.endpoints.any_file import open_file
from omm_desktop.model.account import EndpointKind
from omm_desktop.model.problem import ItemError, ProblemId
from tests.unprivileged import permissions_hold

from .reading import calendar, card, event

SHUT = ("shut.ics", "Shut", "Outlook.pst", "notes.txt")


@pytest.fixture
def exports(tmp_path: Path) -> Iterator[Path]:
    """Those in `SHUT` can be opened by nobody."""
    (tmp_path / "cards.vcf").write_bytes(card("FN:1"))
    (tmp_path / "shut.ics").write_bytes(calendar(event("UID:1")))
    (tmp_path / "Shut").mkdir()
    (tmp_path / "Shut" / "more.vcf").write_bytes(card("FN:2"))
    (tmp_path / "Outlook.pst").write_bytes(b"!BDN")
    (tmp_path / "notes.txt").write_bytes(b"of any kind")
    for name in SHUT:
        (tmp_path / name).chmod(0)
    with permissions_hold():
        yield tmp_path
    for name in SHUT:
        (tmp_path / name).chmod(0o700)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (EndpointKind.FILE, sorted(SHUT)),
        # What may hold mail alone was not asked for.
        (EndpointKind.VCF, ["Shut", "shut.ics"]),
    ],
)
def test_what_nobody_may_open_is_told_and_the_rest_is_read(
    exports: Path, kind: EndpointKind, told: list[str]
) -> None:
    read, failed = 0, []
    with closing(open_file(kind, exports)) as source:
        for folder in source.folders():
            try:
                read += sum(map(len, source.refs(folder, None)))
            except ItemError as error:
                failed.append(error.problem)
    assert read == 1
    assert {problem.id for problem in failed} == {ProblemId.FILE_UNREADABLE}
    assert sorted(problem.subject for problem in failed) == told
