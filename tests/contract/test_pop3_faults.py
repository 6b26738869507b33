"""POP3 servers that lie, stop short, repeat themselves or fall silent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from omm_desktop.endpoints.pop3.connection import Connection
from omm_desktop.endpoints.pop3.source import Pop3Source
from omm_desktop.model.items import Item, ItemRef
from omm_desktop.model.ports import Refused
from omm_desktop.model.problem import ItemError, OmmError, ProblemId, TryAgain
from tests.servers.scripted import hang_up, stay_silent
from tests.servers.scripted_pop3 import ScriptedPop3, body, listing

LETTERS = [b"Subject: %d\r\n\r\nLetter %d\r\n" % (n, n) for n in range(1, 6)]


@contextmanager
def source_of(server: ScriptedPop3, seconds: float = 20) -> Iterator[Pop3Source]:
    account = server.account
    source = Pop3Source(Connection.open(account.as_account, account.secret, read_seconds=seconds))
    try:
        yield source
    finally:
        source.close()


def listed(source: Pop3Source) -> list[ItemRef]:
    (folder,) = source.folders()
    return [ref for window in source.refs(folder, None) for ref in window]


def fetched(source: Pop3Source, refs: list[ItemRef] | None = None) -> dict[str, bytes | ProblemId]:
    """What became of each key: its octets, or the problem."""
    (folder,) = source.folders()
    answers = source.fetch(folder, listed(source) if refs is None else refs)
    return {one.ref.key: outcome(one) for one in answers}


def outcome(answer: Item | Refused) -> bytes | ProblemId:
    if isinstance(answer, Refused):
        return answer.problem.id
    return b"".join(answer.payload.pieces())


@pytest.mark.parametrize("capabilities", [(), ("TOP",), ("PIPELINING",), ("TOP", "PIPELINING")])
@pytest.mark.parametrize(
    "message",
    [
        b".\r\n\r\n.dot\r\n..two\r\n.\r\n",
        b"A: b\r\n\r\nbare \n.\n..\n lines \r\r\n.\r\n",
        b"A: b\r\n\r\n\0\xff\x80 no end",
        b"A: b\r\n\r\n" + b"x" * 300_000 + b"\r\n." + b"y" * 70_000,
        b"A: b\r\n\r\nempty lines\r\n\r\n\r\n",
    ],
    ids=["dots", "bare ends", "octets", "huge line", "empty lines"],
)
def test_every_octet_arrives(message: bytes, capabilities: tuple[str, ...]) -> None:
    messages = [*LETTERS, message, *LETTERS]
    with ScriptedPop3(messages, capabilities=capabilities) as server, source_of(server) as source:
        assert list(fetched(source).values()) == messages
        taken_back = {b"RSET"} & set(server.commands)
        assert bool(taken_back) == bool(server.sent("RETR")) == ("TOP" not in capabilities)


def test_a_server_that_ends_its_lines_with_lf_alone() -> None:
    steps = [
        (rb"LIST", b"+OK\n1 17\n.\n"),
        (rb"UIDL", b"+OK\n1 id\n.\n"),
        (rb"TOP 1 .*", b"+OK\nSubject: 1\n\n..dot\n.\n"),
    ]
    with ScriptedPop3(LETTERS[:1], steps) as server, source_of(server) as source:
        assert fetched(source) == {"id": b"Subject: 1\n\n.dot\n"}


@pytest.mark.parametrize(
    "ids", [["a", "b", "b", "c", "b"], ["1", "2", "3", "4", "5"], ["", "x y", "a", "b", "c"]]
)
def test_ids_that_tell_nothing_are_no_keys(ids: list[str]) -> None:
    """Messages without an id of their own get another key in every session."""
    good = {id for id in ids if ids.count(id) == 1 and id.isalpha()}
    with ScriptedPop3(LETTERS, ids=ids) as server:
        with source_of(server) as source:
            first = {ref.key for ref in listed(source)}
            assert set(fetched(source).values()) == set(LETTERS)
        with source_of(server) as source:
            second = {ref.key for ref in listed(source)}
    assert len(first) == len(second) == len(LETTERS)
    assert first & second == good


def test_without_ids_a_key_leads_to_its_message_in_the_next_session() -> None:
    with ScriptedPop3(LETTERS, [(rb"UIDL", b"-ERR what?\r\n")]) as server:
        with source_of(server) as source:
            refs = listed(source)
            before = fetched(source, refs)
        server.messages.append(LETTERS[0])
        with source_of(server) as source:
            assert fetched(source, refs) == before


def test_without_ids_a_key_never_leads_to_another_message() -> None:
    with ScriptedPop3(LETTERS, [(rb"UIDL", b"-ERR what?\r\n")]) as server:
        server.messages[0] += b"longer\r\n"
        with source_of(server) as source:
            refs = listed(source)
        del server.messages[0]
        with source_of(server) as source, pytest.raises(ItemError) as caught:
            fetched(source, refs)
    assert caught.value.problem.id is ProblemId.FOLDER_RENUMBERED


def test_a_listing_shorter_than_announced_is_not_believed() -> None:
    short = (rb"LIST", listing(["1 3"]))
    with ScriptedPop3(LETTERS, [short]) as server, source_of(server) as source:
        with pytest.raises(ItemError) as caught:
            listed(source)
        assert caught.value.problem.id is ProblemId.FOLDER_UNREADABLE
        assert len(server.sent("LIST")) == 2


def test_a_listing_that_was_short_once_is_asked_for_again() -> None:
    short = (rb"LIST", listing(["1 3"]))
    with ScriptedPop3(LETTERS, once=[short]) as server, source_of(server) as source:
        assert len(listed(source)) == len(LETTERS)


def test_a_status_that_announces_too_little_loses_nothing() -> None:
    with (
        ScriptedPop3(LETTERS, [(rb"STAT", b"+OK 2 10\r\n")]) as server,
        source_of(server) as source,
    ):
        assert set(fetched(source).values()) == set(LETTERS)


def test_a_status_without_numbers() -> None:
    with ScriptedPop3(LETTERS, [(rb"STAT", b"+OK\r\n")]) as server, source_of(server) as source:
        with pytest.raises(ItemError) as caught:
            source.folders()
        assert caught.value.problem.id is ProblemId.FOLDERS_NOT_LISTED


@pytest.mark.parametrize("capabilities", [("UIDL", "PIPELINING"), ("UIDL", "TOP"), ("TOP",)])
@pytest.mark.parametrize(
    ("words", "id"),
    [
        (b"-ERR cannot open the file\r\n", ProblemId.ITEM_UNREADABLE),
        (b"-ERR Message 3 expunged.\r\n", ProblemId.ITEM_GONE),
        (b"+OK\r\n.\r\n", ProblemId.ITEM_UNREADABLE),
    ],
)
def test_one_message_that_cannot_be_read_stops_no_other(
    words: bytes, id: ProblemId, capabilities: tuple[str, ...]
) -> None:
    refusal = (rb"(RETR 3|TOP 3 \d\d+)", words)
    with (
        ScriptedPop3(LETTERS, [refusal], capabilities=capabilities) as server,
        source_of(server) as source,
    ):
        answers = list(fetched(source).values())
    assert set(answers) == {*LETTERS, id} - {LETTERS[2]}
    assert len(answers) == len(LETTERS)


def test_an_unreadable_message_is_told_by_its_header() -> None:
    refusal = (rb"(RETR 3|TOP 3 \d\d+)", b"-ERR cannot open the file\r\n")
    with ScriptedPop3(LETTERS, [refusal]) as server, source_of(server) as source:
        (folder,) = source.folders()
        refused = [one for one in source.fetch(folder, listed(source)) if isinstance(one, Refused)]
    assert [one.label.subject for one in refused] == ["3"]
    assert refused[0].problem.detail == "cannot open the file"


def test_what_top_cuts_short_is_read_by_retr() -> None:
    """Some servers give no more than so many lines, whatever they are asked for."""
    cut = (rb"TOP 2 \d\d+", body(LETTERS[1][:15]))
    with ScriptedPop3(LETTERS, [cut]) as server, source_of(server) as source:
        assert set(fetched(source).values()) == set(LETTERS)
        assert server.sent("RETR") == [b"RETR 2"]
        assert server.commands[-1] == b"RSET"


@pytest.mark.parametrize("factor", [0.5, 2])
def test_sizes_that_are_a_guess_change_nothing(factor: float) -> None:
    sizes = [f"{n} {int(len(one) * factor)}" for n, one in enumerate(LETTERS, 1)]
    with (
        ScriptedPop3(LETTERS, [(rb"LIST", listing(sizes))]) as server,
        source_of(server) as source,
    ):
        assert set(fetched(source).values()) == set(LETTERS)


def raised(act: Callable[[], object]) -> OmmError:
    with pytest.raises(OmmError) as caught:
        act()
    return caught.value


def test_a_cut_in_the_middle_of_a_message() -> None:
    parts = iter([b"+OK\r\nSubject: 2\r\n\r\nhalf of"])

    def cut(match: object) -> bytes:
        for part in parts:
            server._connections[-1].sendall(part)
        return hang_up(match)  # type: ignore[arg-type]

    with ScriptedPop3(LETTERS, [(rb"TOP 2 .*", cut)]) as server, source_of(server) as source:
        error = raised(lambda: fetched(source))
    assert isinstance(error, TryAgain)
    assert error.problem.id is ProblemId.CONNECTION_LOST


@pytest.mark.parametrize("command", [rb"STAT", rb"LIST", rb"UIDL", rb"TOP 2 .*"])
def test_silence_ends_in_a_moment(command: bytes) -> None:
    with (
        ScriptedPop3(LETTERS, [(command, stay_silent)]) as server,
        source_of(server, seconds=0.3) as source,
    ):
        error = raised(lambda: fetched(source))
    assert isinstance(error, TryAgain)
    assert error.problem.id is ProblemId.SERVER_SILENT


def test_abort_wakes_who_waits_for_a_silent_server() -> None:
    waits = threading.Event()

    def silent(match: object) -> bytes:
        waits.set()
        return stay_silent(match)  # type: ignore[arg-type]

    with ScriptedPop3(LETTERS, [(rb"TOP 2 .*", silent)]) as server, source_of(server) as source:

        def abort() -> None:
            waits.wait()
            source.abort()

        other = threading.Thread(target=abort)
        other.start()
        error = raised(lambda: fetched(source))
        other.join()
    assert error.problem.id is ProblemId.CONNECTION_LOST


@pytest.mark.parametrize(
    ("words", "id"),
    [
        (b"-ERR [SYS/TEMP] try later\r\n", ProblemId.ASKED_TO_SLOW_DOWN),
        (b"-ERR [SYS/PERM] exceeded command or bandwidth limits\r\n", ProblemId.DAILY_LIMIT),
        (b"* what is this\r\n", ProblemId.CONNECTION_LOST),
    ],
)
def test_a_refusal_that_passes_is_waited_for(words: bytes, id: ProblemId) -> None:
    with ScriptedPop3(LETTERS, [(rb"TOP 2 .*", words)]) as server, source_of(server) as source:
        error = raised(lambda: fetched(source))
    assert isinstance(error, TryAgain)
    assert error.problem.id is id


def test_an_answer_without_end_does_not_fill_the_memory() -> None:
    endless = (rb"LIST", b"+OK" + b"x" * 200_000)
    with ScriptedPop3(LETTERS, [endless]) as server, source_of(server) as source:
        error = raised(lambda: listed(source))
    assert isinstance(error, TryAgain)


@pytest.mark.parametrize("command", [rb"LIST", rb"UIDL"])
@pytest.mark.parametrize(
    "lines", [b"1 3\r\n" * 200_000, b"1 " + b"9" * 2_000], ids=["lines", "one line"]
)
def test_a_listing_without_end_is_left(command: bytes, lines: bytes) -> None:
    endless = (command, b"+OK\r\n" + lines)
    with ScriptedPop3(LETTERS, [endless]) as server, source_of(server, seconds=3) as source:
        error = raised(lambda: listed(source))
        source.close()
        assert not server.sent("QUIT")
    assert isinstance(error, TryAgain)
    assert error.problem.id is ProblemId.FOLDER_UNREADABLE


def test_the_announced_number_alone_makes_no_listing_endless() -> None:
    steps = [
        (rb"STAT", b"+OK 99999999999 9\r\n"),
        (rb"LIST", b"+OK\r\n" + b"1 3\r\n" * 1_000_100),
    ]
    with ScriptedPop3(LETTERS, steps) as server, source_of(server, seconds=3) as source:
        error = raised(lambda: listed(source))
    assert error.problem.id is ProblemId.FOLDER_UNREADABLE


def test_abilities_without_end_are_left() -> None:
    steps = [(rb"CAPA", b"+OK\r\n" + b"SASL PLAIN\r\n" * 2_000)]
    with ScriptedPop3(LETTERS, steps) as server:
        error = raised(lambda: source_of(server, seconds=3).__enter__())
    assert isinstance(error, TryAgain)
    assert error.problem.id is ProblemId.NOT_A_MAIL_SERVER
