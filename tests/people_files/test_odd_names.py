"""Files whose names are no text of this system, as discs and old computers leave them."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from omm_desktop.endpoints.any_file import open_file
from omm_desktop.model.account import EndpointKind
from omm_desktop.model.items import Item
from omm_desktop.model.problem import ItemError
from tests.mail_files.test_folders import LETTER, MBOX, put

from .reading import calendar, card, event

NAMES = (b"Ren\xe9", b"Ren\xe8")


def test_each_is_read_and_all_that_is_told_of_it_can_be_stored(tmp_path: Path) -> None:
    for number, name in enumerate(map(os.fsdecode, NAMES)):
        put(tmp_path / f"{name}.mbox", MBOX)
        put(tmp_path / name / "1.eml", LETTER)
        put(tmp_path / f"box {name}" / "cur" / "1:2,S", LETTER)
        (tmp_path / f"box {name}" / "new").mkdir()
        put(tmp_path / f"{name}.vcf", card(f"FN:{number}") + card("FN:x"))
        put(tmp_path / f"{name}.ics", calendar(event(f"UID:{number}")))
        put(tmp_path / f"broken {name}.zip", b"PK\x03\x04 and no more")
        put(tmp_path / f"broken {name}.msg", b"No compound file at all.")
    read, refused = 0, []
    with closing(open_file(EndpointKind.FILE, tmp_path)) as source:
        folders = source.folders()
        for folder in folders:
            if folder.key.endswith("//"):
                with pytest.raises(ItemError) as caught:
                    list(source.refs(folder, None))
                refused.append(caught.value.problem.subject)
                continue
            for window in source.refs(folder, None):
                for answer in source.fetch(folder, window):
                    if isinstance(answer, Item):
                        read += 1
                        answer.payload.close()
                    else:
                        refused.append(answer.problem.subject)
                    f"{answer.ref.key} {answer.ref.folder_key}".encode()
    assert read == 12
    assert sorted(refused) == ["broken Ren\ufffd.msg"] * 2 + ["broken Ren\ufffd.zip"] * 2
    assert len({folder.key for folder in folders}) == len(folders)
    for folder in folders:
        "/".join((*folder.path, folder.key)).encode()
