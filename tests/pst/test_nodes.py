"""Nodes in files of each generation and encoding, made for the purpose."""

from __future__ import annotations

import random
from pathlib import Path
from struct import pack

import pytest

from omm_desktop.endpoints.pst.damage import Damaged
from omm_desktop.endpoints.pst.ltp import values
from omm_desktop.endpoints.pst.ndb.database import Database
from omm_desktop.endpoints.pst.ndb.encoding import cyclic

from .writing import (
    ANSI,
    BLOCK,
    CHILDREN,
    UNICODE,
    UNICODE_4K,
    Encode,
    Generation,
    PstWriter,
    permute,
)

GENERATIONS = {"ansi": ANSI, "unicode": UNICODE, "unicode-4k": UNICODE_4K}
ENCODINGS: dict[str, tuple[int, Encode]] = {
    "none": (0, lambda data, bid: data),
    "permute": (1, permute),
    "cyclic": (2, cyclic),
}
SIZES = [0, 1, 64, BLOCK, BLOCK + 1, CHILDREN * BLOCK, CHILDREN * BLOCK + 1, 3 * CHILDREN * BLOCK]


@pytest.fixture(params=GENERATIONS)
def generation(request: pytest.FixtureRequest) -> Generation:
    return GENERATIONS[request.param]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_data_of_every_size_comes_back(
    generation: Generation, encoding: str, tmp_path: Path
) -> None:
    chance = random.Random(encoding)
    contents = {0x20 * number + 0x24: chance.randbytes(size) for number, size in enumerate(SIZES)}
    method, encode = ENCODINGS[encoding]
    writer = PstWriter(generation, method, encode)
    for nid, content in contents.items():
        writer.node(nid, writer.data(content), parent=0x122)
    writer.save(tmp_path / "made.pst")
    with Database(tmp_path / "made.pst") as database:
        for nid, content in contents.items():
            data = database.node(nid).data
            assert (data.size, data.read(1 << 20)) == (len(content), content)
        assert sorted(database.parents()) == [(nid, 0x122) for nid in contents]
        assert database.blocks.suspects == set()


@pytest.mark.parametrize("count", [0, 1, CHILDREN, CHILDREN + 1, CHILDREN * CHILDREN])
def test_subnodes_are_found(generation: Generation, count: int, tmp_path: Path) -> None:
    writer = PstWriter(generation)
    nids = [0x20 * number + 0x1F for number in range(1, count + 1)]
    within = writer.subnodes({0x41: (writer.data(b"deep"), 0)})
    nodes = {nid: (writer.data(b"%d" % nid), within) for nid in nids}
    writer.node(0x24, writer.data(b"top"), writer.subnodes(nodes))
    writer.save(tmp_path / "made.pst")
    with Database(tmp_path / "made.pst") as database:
        node = database.node(0x24)
        assert [nid for nid, _, _ in node.subnodes.walk()] == nids
        for nid in nids:
            subnode = node.subnode(nid)
            assert subnode.data.read(100) == b"%d" % nid
            assert subnode.subnode(0x41).data.read(100) == b"deep"
        for missing in (0x1E, 0x20 * (count + 2)):
            with pytest.raises(Damaged, match="missing"):
                node.subnode(missing)


def test_a_wrong_checksum_is_told_and_the_data_given(
    generation: Generation, tmp_path: Path
) -> None:
    path = tmp_path / "made.pst"
    writer = PstWriter(generation)
    writer.node(0x24, writer.data(b"seven and eight"))
    writer.save(path)
    path.write_bytes(path.read_bytes().replace(b"seven", b"Seven"))
    with Database(path) as database:
        assert database.node(0x24).data.read(100) == b"Seven and eight"
        assert len(database.blocks.suspects) == 1


def test_a_missing_node_is_damage(generation: Generation, tmp_path: Path) -> None:
    writer = PstWriter(generation)
    writer.node(0x24, writer.data(b"one"))
    writer.save(tmp_path / "made.pst")
    with Database(tmp_path / "made.pst") as database:
        for nid in (0x04, 0x44, 0xFFFFFFFF):
            with pytest.raises(Damaged, match="missing"):
                database.node(nid)


def test_a_value_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    writer = PstWriter()
    writer.node(0x24, writer.data(bytes(5 * BLOCK)))
    writer.save(tmp_path / "made.pst")
    with Database(tmp_path / "made.pst") as database, pytest.raises(Damaged, match="larger"):
        database.node(0x24).data.read(4 * BLOCK)


@pytest.mark.parametrize("bid", [0x1234, 0x0FFFFFFE])
def test_blocks_that_are_not_there_are_damage(
    generation: Generation, bid: int, tmp_path: Path
) -> None:
    writer = PstWriter(generation)
    writer.node(0x24, bid, bid)
    writer.save(tmp_path / "made.pst")
    with Database(tmp_path / "made.pst") as database:
        node = database.node(0x24)
        with pytest.raises(Damaged):
            node.data.read(100)
        with pytest.raises(Damaged):
            node.subnodes.find(0x41)


def test_a_list_that_lists_itself_ends(tmp_path: Path) -> None:
    writer = PstWriter()
    own = 6
    assert writer.list_of([own] * CHILDREN, 2, 1) == own
    writer.node(0x24, own)
    writer.node(0x44, 0, own)
    writer.save(tmp_path / "made.pst")
    with Database(tmp_path / "made.pst") as database:
        with pytest.raises(Damaged):
            database.node(0x24).data.read(100)
        with pytest.raises(Damaged):
            list(database.node(0x44).subnodes.walk())


def test_values_that_overlap_are_damage() -> None:
    """Of a list that begins again and again a few megabytes would become terabytes."""
    starts = [0, 1 << 20] * 1000
    with pytest.raises(Damaged):
        values.parts(pack("<2001I", len(starts), *starts) + bytes(1 << 20))


def test_cyclic_encoding_is_its_own_inverse_and_no_two_blocks_look_alike() -> None:
    data = bytes(range(256)) * 5
    keys = (0, 1, 0xFF, 0x100, 0xFFFF, 0x12345678, 0xFFFFFFFF)
    encoded = {cyclic(data, key) for key in keys}
    assert len(encoded) == len({(key ^ key >> 16) & 0xFFFF for key in keys})
    assert all(cyclic(cyclic(data, key), key) == data for key in keys)
