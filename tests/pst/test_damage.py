"""Damaged files: only `Damaged` comes out, soon, and without much memory."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from omm_desktop.endpoints.pst.damage import Damaged, NotOutlookFile
from omm_desktop.endpoints.pst.messaging.store import Store
from omm_desktop.endpoints.pst.rtf.decompress import decompress
from omm_desktop.endpoints.pst.rtf.encapsulated import unwrap
from omm_desktop.endpoints.pst.rtf.rich import rich_text

from .reading import read_everything

SMALL = (
    "Aspose.Email-for-.NET__passwordprotectedPST.pst",
    "java-libpst__dist-list.pst",
    "pstsdk__sample2.pst",
    "pstsdk__submessage.pst",
    "tika__testPST_variousBodyTypes.pst",
)
MOST_SECONDS = 10
MOST_MEMORY = 64 << 20
BYTES = st.sampled_from([0, 1, 2, 0x7F, 0x80, 0xFF]) | st.integers(0, 255)
CHANGES = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), BYTES), min_size=1, max_size=400)
TOKENS = (
    rb"{ } \par \'e9 \u-3913? \u-10179? \uc0 \htmlrtf \htmlrtf0 {\*\htmltag<b>} \bin5 \* \ text"
    rb" {\fonttbl{\f1\fcharset128x;}} {\field{\*\fldinst&HYPERLINK&http://x}{\fldrslt&y}} \f1"
    rb" \cf9 {\colortbl;\red1\green2\blue3;} \pict \v \super \cell \row \fs24 \ansicpg932"
).split(b" ")
RTF = st.lists(st.sampled_from(TOKENS) | st.binary(max_size=8), max_size=60).map(b" ".join)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file to write over, again and again."""
    return tmp_path_factory.mktemp("damaged") / "damaged.pst"


@pytest.mark.parametrize("name", SMALL)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes=CHANGES, kept=st.just(1.0) | st.floats(0, 1))
def test_changed_bytes(
    name: str,
    pst_files: dict[str, Path],
    scratch: Path,
    changes: list[tuple[float, int]],
    kept: float,
) -> None:
    content = bytearray(pst_files[name].read_bytes())
    # Most of a small file is empty: only what is in use is worth changing.
    used = [start for start in range(0, len(content), 64) if any(content[start : start + 64])]
    for place, value in changes:
        block, within = divmod(int(place * len(used) * 64), 64)
        content[used[block] + within] = value
    scratch.write_bytes(content[: int(len(content) * kept)])
    began = time.process_time()
    read_everything(scratch)
    assert time.process_time() - began < MOST_SECONDS


def test_memory_stays_small(pst_files: dict[str, Path]) -> None:
    tracemalloc.start()
    try:
        written, size, _ = read_everything(pst_files["enron.pst"])
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
    assert (written, size > 16_000_000) == (71, True)


@pytest.mark.parametrize("length", [0, 1, 10, 563, 564, 600])
def test_files_that_end_early_are_none_of_outlooks(
    length: int, pst_files: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "short.pst"
    path.write_bytes(pst_files[SMALL[0]].read_bytes()[:length])
    if length < 564:
        with pytest.raises(NotOutlookFile):
            Store(path)
    else:
        with Store(path) as store, pytest.raises(Damaged):
            list(store.folders())


def test_other_files_are_none_of_outlooks(tmp_path: Path) -> None:
    path = tmp_path / "letter.pst"
    path.write_bytes(b"From: a@example.test\r\n\r\n" * 100)
    with pytest.raises(NotOutlookFile):
        Store(path)


@given(st.binary(max_size=200), st.sampled_from([b"LZFu", b"MELA", b"none"]))
def test_compressed_rich_text_of_any_bytes(content: bytes, method: bytes) -> None:
    data = b"\0" * 8 + method + b"\0" * 4 + content
    if method == b"none":
        with pytest.raises(Damaged):
            decompress(data, 1 << 20)
    else:
        assert len(decompress(data, 1 << 20)) <= 18 * len(content)


def test_rich_text_larger_than_allowed_is_refused() -> None:
    repeated = b"LZFu" + b"\0" * 4 + (b"\xfe" + b"x" + b"\x0c\xff" * 7) * 1000
    with pytest.raises(Damaged, match="larger"):
        decompress(b"\0" * 8 + repeated, 10_000)


@settings(deadline=None)
@given(RTF)
@example(b"{" * 12_000)
@example(b"}{\\*\\htmltag")
def test_rich_text_of_any_tokens(rtf: bytes) -> None:
    for document in (rtf, b"{\\rtf1\\ansi\\fromhtml1 " + rtf):
        unwrap(document).encode("utf-8")
        found = rich_text(document)
        found.text.encode("utf-8")
        found.html.encode("utf-8")
