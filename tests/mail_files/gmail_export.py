"""An export of Gmail as Takeout packs it, and that packing changes nothing of what is read."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from omm_desktop.endpoints.files.mail_source import open_mail
from omm_desktop.model.items import Holds
from tests.servers.corpus import corpus_folder
from tests.servers.process import need

from .reading import found_in

_BOX = "All mail Including Spam and Trash.mbox"


def members() -> dict[str, bytes]:
    """The files of the archive by their names in it; one is the mail."""
    return {
        "Takeout/archive_browser.html": b"<html></html>",
        f"Takeout/Mail/{_BOX}": _mail().read_bytes(),
    }


def assert_read_as_unpacked(archive: Path) -> None:
    """The same folders, keys and mail as of the file that was packed."""
    plain = archive.with_name(_BOX)
    plain.write_bytes(_mail().read_bytes())
    with closing(open_mail(archive)) as source, closing(open_mail(plain)) as same:
        folders, others = source.folders(), same.folders()
        assert [(f.path, f.holds, f.count, f.validity) for f in folders] == [
            (f.path, f.holds, f.count, f.validity) for f in others
        ]
        assert Holds.LABEL in {folder.holds for folder in folders}
        for folder, other in zip(folders, others, strict=True):
            assert found_in(source, folder) == found_in(same, other)
        assert [folder.key for folder in source.folders()] == [folder.key for folder in folders]


def _mail() -> Path:
    export = corpus_folder() / "mbox" / "got-your-back__takeout.mbox"
    need(export.is_file(), f"the collection of real files, OMM_CORPUS ({export})")
    return export
