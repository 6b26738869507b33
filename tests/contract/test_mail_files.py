"""Mail in files as a source, in every format."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from omm_desktop.endpoints.convert import mail
from omm_desktop.endpoints.files.mail_source import MailFiles, open_mail
from omm_desktop.model.items import Folder, Item, ItemRef
from omm_desktop.model.ports import Refused
from omm_desktop.model.problem import ProblemId, TryAgain

FIRST = b"From: a@example.test\nDate: Sat, 3 Feb 2001 04:05:06 +0000\nSubject: one\n\nFirst\n"
SECOND = b"From: b@example.test\nDate: Wed, 3 Feb 2021 04:05:06 +0000\nSubject: two\n\nSecond\n"
LARGE = b"Subject: large\n\n" + b"y" * (17 << 20) + b"\n"


def as_mbox(top: Path, messages: list[bytes]) -> Path:
    entries = [b"From a Mon Jan  1 00:00:00 2001\n" + one + b"\n" for one in messages]
    (top / "box").write_bytes(b"".join(entries))
    return top / "box"


def as_eml(top: Path, messages: list[bytes]) -> Path:
    for number, message in enumerate(messages):
        (top / f"{number:05}.eml").write_bytes(message)
    return top


def as_emlx(top: Path, messages: list[bytes]) -> Path:
    for number, message in enumerate(messages):
        (top / f"{number:05}.emlx").write_bytes(b"%d\n" % len(message) + message)
    return top


def as_maildir(top: Path, messages: list[bytes]) -> Path:
    for part in ("cur", "new", "tmp"):
        (top / part).mkdir()
    for number, message in enumerate(messages):
        (top / "cur" / f"{number:05}.host").write_bytes(message)
    return top


def as_zip(top: Path, messages: list[bytes]) -> Path:
    with zipfile.ZipFile(top / "mail.zip", "w") as archive:
        for number, message in enumerate(messages):
            archive.writestr(f"{number:05}.eml", message)
    return top / "mail.zip"


def as_zipped_mbox(top: Path, messages: list[bytes]) -> Path:
    box = as_mbox(top, messages)
    with zipfile.ZipFile(top / "mail.zip", "w") as archive:
        archive.write(box, "box.mbox")
    box.unlink()
    return top / "mail.zip"


Keep = Callable[[Path, list[bytes]], Path]
FORMATS: list[Keep] = [as_mbox, as_eml, as_emlx, as_maildir, as_zip, as_zipped_mbox]


@pytest.fixture(params=FORMATS, ids=lambda keep: keep.__name__)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., MailFiles]]:
    """`kept(messages)`: a source that holds them."""
    opened: list[MailFiles] = []

    def keep(*messages: bytes) -> MailFiles:
        opened.append(open_mail(request.param(tmp_path, list(messages))))
        return opened[-1]

    yield keep
    for source in opened:
        source.close()


def all_refs(source: MailFiles, folder: Folder, since: date | None = None) -> list[ItemRef]:
    return [ref for window in source.refs(folder, since) for ref in window]


def test_items_come_byte_for_byte_and_nothing_is_changed(
    kept: Callable[..., MailFiles], tmp_path: Path
) -> None:
    source = kept(FIRST, SECOND)
    before = snapshot(tmp_path)
    (folder,) = source.folders()
    assert folder.count == 2
    items = list(source.fetch(folder, all_refs(source, folder)))
    found = {}
    for item in items:
        assert isinstance(item, Item)
        message = b"".join(item.payload.pieces())
        assert item.fingerprint == mail.fingerprint(message[: mail.split(message)[0]])
        assert item.content == mail.content_hash(item.payload)
        found[message] = item
    assert found.keys() == {FIRST, SECOND}
    assert found[FIRST].label.subject == "one"
    source.close()
    assert snapshot(tmp_path) == before


def snapshot(top: Path) -> dict[str, tuple[int, bytes | None]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
        for path in top.rglob("*")
    }


def test_a_period_leaves_out_older_mail(kept: Callable[..., MailFiles]) -> None:
    source = kept(FIRST, SECOND)
    (folder,) = source.folders()
    assert len(all_refs(source, folder, date(2021, 2, 3))) == 1
    assert len(all_refs(source, folder, date(2021, 2, 4) + timedelta(days=1))) == 0


def test_keys_last_from_one_opening_to_the_next(kept: Callable[..., MailFiles]) -> None:
    source = kept(FIRST, SECOND, SECOND)
    (folder,) = source.folders()
    keys = [ref.key for ref in all_refs(source, folder)]
    assert len(set(keys)) == 3
    with closing(open_mail(source.path)) as again:
        assert again.folders() == [folder]
        assert [ref.key for ref in all_refs(again, folder)] == keys


def test_a_listing_left_half_way_does_no_harm(kept: Callable[..., MailFiles]) -> None:
    source = kept(*[b"Subject: %d\n\nText\n" % number for number in range(300)])
    (folder,) = source.folders()
    listing = source.refs(folder, None)
    window = next(iter(listing))
    listing.close()  # type: ignore[attr-defined]
    fetching = source.fetch(folder, window)
    assert isinstance(next(iter(fetching)), Item)
    fetching.close()  # type: ignore[attr-defined]
    assert len(all_refs(source, folder)) == 300


def test_what_is_not_there_is_told_as_gone(kept: Callable[..., MailFiles]) -> None:
    source = kept(FIRST)
    (folder,) = source.folders()
    (ref,) = all_refs(source, folder)
    missing = ItemRef(folder.key, ref.key + "7")
    gone, there = source.fetch(folder, [missing, ref])
    assert isinstance(gone, Refused)
    assert gone.problem.id is ProblemId.ITEM_GONE
    assert isinstance(there, Item)


def test_a_large_mail_never_lies_in_memory(kept: Callable[..., MailFiles]) -> None:
    source = kept(LARGE)
    (folder,) = source.folders()
    (item,) = source.fetch(folder, all_refs(source, folder))
    assert isinstance(item, Item)
    assert type(item.payload).__name__ == "FilePayload"
    assert item.payload.size == len(LARGE)
    assert b"".join(item.payload.pieces()) == LARGE
    item.payload.close()


def test_what_was_aborted_reads_no_more(kept: Callable[..., MailFiles]) -> None:
    source = kept(FIRST)
    (folder,) = source.folders()
    refs = all_refs(source, folder)
    source.abort()
    with pytest.raises(TryAgain):
        list(source.fetch(folder, refs))
