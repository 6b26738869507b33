"""What is kept in temporary files while it is read, where the disk has no room for it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.model.problem import CannotGoOn, ProblemId
from tests.contract.test_mail_folder import no_room

from .test_packed import tarred
from .test_zipped import MBOX


@pytest.mark.parametrize("more", [100, 2 << 20])
def test_a_full_disk_is_told_as_such_be_it_the_last_bytes_alone(tmp_path: Path, more: int) -> None:
    path = tarred(tmp_path / "x.tgz", {"a.mbox": MBOX + b"\n" * ((1 << 20) - len(MBOX) + more)})
    with closing(open_mail(path)) as source, no_room(), pytest.raises(CannotGoOn) as caught:
        source.folders()
    assert caught.value.problem.id is ProblemId.DISK_FULL
