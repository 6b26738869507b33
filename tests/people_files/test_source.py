"""What every source owes the engine, by files of contacts and calendars."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omm_desktop.endpoints.convert.payload import whole
from omm_desktop.endpoints.files import content as content_module
from omm_desktop.endpoints.files.content import Brake, Content
from omm_desktop.endpoints.files.edges import LONGEST, find_edges, line_pattern
from omm_desktop.endpoints.files.people import WINDOW, PeopleSource
from omm_desktop.endpoints.files.people_destination import PeopleFolder
from omm_desktop.model.items import Item, ItemKind, ItemRef
from omm_desktop.model.ports import FolderWish, Refused, Source
from omm_desktop.model.problem import ItemError, OwnerNeeded, ProblemId, TryAgain

from .reading import answers, calendar, card, event, items, made, open_files, stored


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "x.vcf"
    path.write_bytes(b"".join(card(f"FN:{number}") for number in range(WINDOW + 5)))
    return path


@pytest.fixture
def source(file: Path) -> Iterator[Source]:
    opened = PeopleSource(file)
    yield opened
    opened.close()


def test_the_newest_come_first_in_windows(source: Source) -> None:
    (folder,) = source.folders()
    windows = list(source.refs(folder, None))
    assert [len(window) for window in windows] == [WINDOW, 5]
    keys = [int(ref.key) for window in windows for ref in window]
    assert keys == list(range(WINDOW + 5, 0, -1))
    assert (folder.count, folder.next_key) == (WINDOW + 5, WINDOW + 6)
    assert folder.size == sum(ref.size or 0 for window in windows for ref in window)


def test_each_reference_gets_one_answer(source: Source) -> None:
    (folder,) = source.folders()
    refs = [ItemRef(folder.key, key) for key in ("3", "1", "9999999", "0")]
    given_ = list(source.fetch(folder, refs))
    assert [one.ref for one in given_] == refs
    assert [one.label.subject for one in given_ if isinstance(one, Item)] == ["2", "0"]
    refused = [one.problem.id for one in given_ if isinstance(one, Refused)]
    assert refused == [ProblemId.ITEM_GONE] * 2


def test_the_same_file_is_known_again_under_any_name(file: Path, tmp_path: Path) -> None:
    def seen(path: Path) -> list[tuple[int | None, str, bytes]]:
        source = PeopleSource(path)
        (folder,) = source.folders()
        found = [
            (folder.validity, one.ref.key, whole(one.payload)) for one in items(source, folder)
        ]
        source.close()
        return found

    copy = tmp_path / "copy.vcf"
    copy.write_bytes(file.read_bytes())
    assert seen(file) == seen(copy)
    copy.write_bytes(card("FN:new") + file.read_bytes())
    assert seen(copy)[0][0] != seen(file)[0][0]


def test_a_file_that_changes_meanwhile_is_told(source: Source, file: Path) -> None:
    (folder,) = source.folders()
    (ref, *_), *_ = source.refs(folder, None)
    with file.open("ab") as more:
        more.write(card("FN:more"))
    with pytest.raises(ItemError) as caught:
        list(source.fetch(folder, [ref]))
    assert caught.value.problem.id is ProblemId.FILE_CHANGED


def test_nothing_is_written_beside_the_file(source: Source, file: Path) -> None:
    before = file.stat()
    answers(source, source.folders()[0])
    assert list(file.parent.iterdir()) == [file]
    assert (file.stat().st_mtime_ns, file.stat().st_size) == (before.st_mtime_ns, before.st_size)


def test_a_file_that_may_only_be_read(file: Path) -> None:
    file.chmod(0o400)
    source = PeopleSource(file)
    assert source.folders()[0].count == WINDOW + 5
    source.close()


@pytest.mark.parametrize("name", ["missing.vcf", "."])
def test_a_file_that_cannot_be_opened(name: str, tmp_path: Path) -> None:
    with pytest.raises(OwnerNeeded) as caught:
        PeopleSource(tmp_path / name)
    assert caught.value.problem.id is ProblemId.FILE_UNREADABLE


def test_reading_ends_soon_after_it_was_ended(source: Source) -> None:
    (folder,) = source.folders()
    (ref, *_), *_ = source.refs(folder, None)
    source.abort()
    with pytest.raises(TryAgain):
        list(source.fetch(folder, [ref]))


def test_a_line_of_any_length_hides_nothing_behind_it(tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    endless = b"X" * (40 * LONGEST)
    with file.open("wb") as out:
        out.write(b"BEGIN:VCALENDAR\r\n" + event("a", "SUMMARY:1"))
        out.write(endless + b"\r\n")
        out.write(event("b", "SUMMARY:2") + b"END:VCALENDAR\r\n")
    source = PeopleSource(file)
    (folder,) = source.folders()
    assert [one.label.subject for one in items(source, folder)] == ["1", "2"]
    source.close()


def test_a_long_file_whose_lines_are_all_indented_is_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "x.vcf"
    one = b"  BEGIN:VCARD\r\n  FN:A\r\n  NOTE:" + b"x" * 1000 + b"\r\n  END:VCARD\r\n"
    file.write_bytes(one * (4 * LONGEST // len(one)))
    source = PeopleSource(file)
    (folder,) = source.folders()
    assert folder.count == 4 * LONGEST // len(one)
    source.close()


@pytest.mark.timeout(30)
@pytest.mark.parametrize("lines", [b"\r\n", b"\n", b"\r", b" \n", b"UID:\n", b"BEGIN:VCALENDAR\n"])
def test_no_number_of_empty_lines_takes_long(lines: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    inner = lines * (200_000 // len(lines))
    file.write_bytes(calendar(event("a", "SUMMARY:1").replace(b"END:", inner + b"END:")))
    source = PeopleSource(file)
    for folder in source.folders():
        answers(source, folder)
    source.close()


def test_no_depth_is_too_deep(tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    deep = b"BEGIN:VALARM\r\n" * 20_000 + b"END:VALARM\r\n" * 20_000
    bad = event("a", "SUMMARY:1").replace(b"END:", deep + b"END:")
    file.write_bytes(calendar(bad, event("b", "SUMMARY:2")) + b"BEGIN:VCARD\r\n" * 20_000)
    source = PeopleSource(file)
    labels = {
        one.label.subject
        for folder in source.folders()
        if folder.kind is ItemKind.EVENTS
        for one in items(source, folder)
    }
    assert labels == {"1", "2"}
    source.close()


def test_a_calendar_of_five_thousand_events(tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    file.write_bytes(calendar(*(event(f"{number}", f"SUMMARY:{number}") for number in range(5000))))
    source = PeopleSource(file)
    (folder,) = source.folders()
    refs = [ref for window in source.refs(folder, None) for ref in window]
    given_ = [one for one in source.fetch(folder, refs) if isinstance(one, Item)]
    assert len({one.fingerprint for one in given_}) == 5000
    source.close()


@pytest.mark.parametrize("day", ["16010101T000000Z", "99991231T235959Z", "16010101", "00010101"])
def test_days_at_the_ends_of_time(day: str, tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    file.write_bytes(calendar(event("a", f"DTSTART:{day}", "RRULE:FREQ=YEARLY")))
    source = PeopleSource(file)
    (folder,) = source.folders()
    (one,) = items(source, folder)
    assert one.label.date == day
    source.close()


_PIECES = st.sampled_from(
    [
        b"BEGIN:A",
        b"END:A",
        b"\r",
        b"\n",
        b"\r\n",
        b" ",
        b"\t",
        b"x",
        b":",
        b"\xef\xbb\xbf",
        b"UID:1",
    ]
)


_FOLDED = rb"(?:(BEGIN|END):A|UID:[^\r\n]*(?:[\r\n]+[ \t][^\r\n]*)*)"


@given(st.lists(_PIECES, max_size=40), st.integers(1, 9), st.booleans())
@example([b"UID:1", b"\r", b"\r", b" ", b"\r", b"BEGIN:A"], 1, False)
@example([b"UID:1", b"\r\n", b"\r\n", b"\t", b"x"], 8, False)
def test_how_a_file_is_read_makes_no_difference(
    parts: list[bytes], size: int, indented: bool
) -> None:
    """The same lines are found whatever the size of the pieces."""
    text = b"".join(parts)
    pattern = line_pattern(rb"(BEGIN|END):A" if indented else _FOLDED, indented=indented)

    def found() -> list[tuple[int, int]]:
        content = Content(io.BytesIO(text), "x", Brake())
        edges = find_edges(content, pattern, indented=indented)
        return [(edge.start, edge.end) for edge in edges]

    whole_file = found()
    piece = content_module.PIECE
    content_module.PIECE = size
    try:
        assert found() == whole_file
    finally:
        content_module.PIECE = piece


@given(st.binary(max_size=400), st.sampled_from(["x.ics", "x.vcf"]))
def test_no_bytes_raise_anything_unexpected(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    file = tmp_path_factory.getbasetemp() / name
    head = b"BEGIN:VCARD\n" if name.endswith("f") else b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n"
    file.write_bytes(head + data)
    source = PeopleSource(file)
    for folder in source.folders():
        answers(source, folder)
    source.close()


@pytest.mark.parametrize(
    "inner",
    [
        b"PHOTO;ENCODING=b:" + "é".encode() * 60,
        b"DESCRIPTION:a\r\n BEGIN:VEVENT",
        b"BEGIN:VEVENT   END;V",
        b'ATTENDEE;ME"MBER=x:y',
        b'UID;X="\r\n :1',
        b"ATTACH;ENCODING=BASE64:" + b"\xff" * 90,
    ],
)
@pytest.mark.parametrize("kind", [ItemKind.CONTACTS, ItemKind.EVENTS])
def test_what_a_fuzzer_found(inner: bytes, kind: ItemKind, tmp_path: Path) -> None:
    """It is saved and read again as it is, like anything else."""
    file = tmp_path / "x"
    whole_ = card("FN:A") if kind is ItemKind.CONTACTS else calendar(event("a", "SUMMARY:A"))
    file.write_bytes(whole_.replace(b"END:", inner + b"\r\nEND:", 1))
    source = PeopleSource(file)
    folder = next(one for one in source.folders() if one.kind is kind)
    found = items(source, folder)
    source.close()
    with closing(PeopleFolder(tmp_path)) as destination:
        target = made(destination, FolderWish(("y",), kind=kind))
        stored(destination, target, found)
    with closing(PeopleFolder(tmp_path)) as destination:
        seen = [one for window in destination.existing(target.key, None) for one in window]
    assert {(one.fingerprint, one.content) for one in seen} == {
        (one.fingerprint, one.content) for one in found
    }


def test_open_files_are_given_back(file: Path) -> None:
    before = open_files()
    for _ in range(20):
        source = PeopleSource(file)
        source.folders()
        source.close()
    assert open_files() <= before


def test_cards_in_a_calendar_and_a_calendar_in_a_file_of_cards(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_bytes(card("FN:A") + calendar(event("a", "SUMMARY:1")) + card("FN:B"))
    source = PeopleSource(file)
    counts = {folder.kind: folder.count for folder in source.folders()}
    assert counts == {ItemKind.CONTACTS: 2, ItemKind.EVENTS: 1}
    source.close()


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (["DTSTART:20191231T230000Z", "DTEND:20191231T233000Z"], False),
        (["DTSTART:20191231T230000Z", "DTEND:20200101T003000Z"], True),
        (["DTSTART;VALUE=DATE:20191231", "DTEND;VALUE=DATE:20200101"], False),
        (["DTSTART;VALUE=DATE:20191231", "DTEND;VALUE=DATE:20200102"], True),
        (["DTSTART;VALUE=DATE:20200101"], True),
        (["DTSTART:20100101T080000Z", "RRULE:FREQ=YEARLY"], True),
        (["DTSTART:20100101T080000Z", "RRULE:FREQ=YEARLY;COUNT=2"], True),
        (["DTSTART:20100101T080000Z", "RRULE:FREQ=YEARLY;UNTIL=20150101T080000Z"], False),
        (["DTSTART:20100101T080000Z", "RRULE:FREQ=YEARLY;UNTIL=20200101T080000Z"], True),
        (["DTSTART:20100101T080000Z", "RDATE:20210101T080000Z"], True),
        (["SUMMARY:without a day"], True),
    ],
)
def test_events_that_were_over_before_the_first_day_stay_behind(
    lines: list[str], kept: bool, tmp_path: Path
) -> None:
    file = tmp_path / "x.ics"
    always = event("always", "DTSTART:20300101T000000Z")
    file.write_bytes(calendar(event("1", *lines), always) + card("FN:Zoe"))
    source = PeopleSource(file)
    by_kind = {folder.kind: folder for folder in source.folders()}
    keys = {
        kind: [ref.key for window in source.refs(folder, date(2020, 1, 1)) for ref in window]
        for kind, folder in by_kind.items()
    }
    source.close()
    assert keys[ItemKind.EVENTS] == (["2", "1"] if kept else ["2"])
    assert keys[ItemKind.CONTACTS] == ["1"]


def test_nothing_is_read_out_of_a_file_that_is_cut_meanwhile(file: Path) -> None:
    with closing(PeopleSource(file)) as source:
        (folder,) = source.folders()
        refs = next(source.refs(folder, None))
        given = iter(source.fetch(folder, refs))
        assert isinstance(next(given), Item)
        with file.open("rb+") as opened:
            opened.truncate(8)
        with pytest.raises(ItemError) as caught:
            next(given)
    assert caught.value.problem.id is ProblemId.FILE_CHANGED
